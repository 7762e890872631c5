/**
 * `npm run install:clients`: installs the clients that test/interop and test/long drive, each pinned, into a folder of the user's cache; what is
 * there already costs nothing. Names of clients as arguments ("debian" for Debian's packages) install only those, "soap" those that
 * test/soap drives, and "web" the browser of test/web.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { schemaDocument } from "../src/protocol/soap/description/schema.ts";
import { wsdlDocument } from "../src/protocol/soap/description/wsdl.ts";
import type { Client, PackageGroup } from "../test/interop/installed.ts";
import {
  AXIS_CLASS_PATH,
  cacheFolder,
  CLIENT_SOURCES,
  COMPLETE,
  folderOf,
  isPackageGroup,
  missingPackages,
  S3_INSTALLATIONS,
  SOAP_CLIENT_SOURCES,
  SOAP_INSTALLATIONS,
  WEB_INSTALLATIONS,
} from "../test/interop/installed.ts";

const TIMEOUT_MS: Readonly<Record<Client | PackageGroup, number>> = {
  debian: 300_000,
  soapDebian: 300_000,
  webDebian: 300_000,
  proxiesDebian: 300_000,
  packagingDebian: 300_000,
  python: 300_000,
  s3fs: 300_000,
  openbao: 300_000,
  go: 300_000,
  java: 300_000,
  rust: 900_000,
  s3rver: 300_000,
  npmSoap: 300_000,
  axis: 300_000,
};
const LAST_LINES = 30;
const MAVEN_COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies";

/** Runs a program to its end. Throws an error with the last lines it printed if it fails, cannot be had, or takes too long. */
async function run(
  signal: AbortSignal,
  program: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<void> {
  const child = spawn(program, args, { env: { ...process.env, ...env }, signal, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes: Buffer) => (output += bytes.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  const printed = output.trim().split("\n").slice(-LAST_LINES).join("\n");
  if (code !== 0) throw new Error(`${[program, ...args].join(" ")} ended with ${code}:\n${printed}`);
}

async function installPackages(signal: AbortSignal, group: PackageGroup): Promise<void> {
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const missing = missingPackages(group);
  // The part of Python that makes environments is a package of its own.
  if (group === "debian" && !(await hasEnsurepip(signal))) missing.push("python3-venv");
  if (missing.length === 0) return;
  await run(signal, "apt-get", ["update", "-qq"], env);
  await run(signal, "apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...missing], env);
}

function hasEnsurepip(signal: AbortSignal): Promise<boolean> {
  return run(signal, "/usr/bin/python3", ["-c", "import ensurepip"]).then(
    () => true,
    () => false,
  );
}

async function makeEnvironment(signal: AbortSignal, folder: string, requirements: string): Promise<void> {
  await run(signal, "/usr/bin/python3", ["-m", "venv", folder]);
  // Everything is named and pinned; pip has nothing to resolve.
  const args = ["install", "-q", "--no-deps", "-r", join(CLIENT_SOURCES, "python", requirements)];
  await run(signal, join(folder, "bin/pip"), args);
}

async function installNpm(signal: AbortSignal, folder: string, sources: string): Promise<void> {
  for (const name of ["package.json", "package-lock.json"]) await cp(join(sources, name), join(folder, name));
  await run(signal, "npm", ["ci", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund"]);
}

/** How each client gets into its folder. What compilers keep for their next run lies elsewhere. */
const INSTALL: Readonly<Record<Client, (signal: AbortSignal, folder: string) => Promise<void>>> = {
  python: (signal, folder) => makeEnvironment(signal, folder, "requirements.txt"),
  s3fs: (signal, folder) => makeEnvironment(signal, folder, "s3fs.requirements.txt"),
  openbao: (signal, folder) => makeEnvironment(signal, folder, "openbao.requirements.txt"),
  go: (signal, folder) => run(signal, "go", ["build", "-C", join(CLIENT_SOURCES, "go"), "-o", join(folder, "round"), "."]),
  async java(signal, folder) {
    const sources = join(CLIENT_SOURCES, "java");
    const copy = [MAVEN_COPY, "-DincludeScope=runtime", `-DoutputDirectory=${join(folder, "lib")}`];
    await run(signal, "mvn", ["-B", "-q", "-f", join(sources, "pom.xml"), ...copy]);
    await run(signal, "javac", ["-proc:none", "-cp", join(folder, "lib/*"), "-d", folder, join(sources, "Round.java")]);
  },
  async rust(signal, folder) {
    const target = join(cacheFolder(), "rust-target");
    const manifest = join(CLIENT_SOURCES, "rust/Cargo.toml");
    await run(signal, "cargo", ["build", "--locked", "-q", "--manifest-path", manifest, "--target-dir", target]);
    for (const program of ["round", "greeting"]) await cp(join(target, "debug", program), join(folder, program));
  },
  s3rver: (signal, folder) => installNpm(signal, folder, join(CLIENT_SOURCES, "s3rver")),
  npmSoap: (signal, folder) => installNpm(signal, folder, join(SOAP_CLIENT_SOURCES, "npm")),
  async axis(signal, folder) {
    const wsdl = join(folder, "AmazonS3.wsdl");
    const stubs = join(folder, "stubs");
    await writeFile(wsdl, wsdlDocument("https://localhost/soap"));
    await writeFile(join(folder, "AmazonS3.xsd"), schemaDocument);
    await run(signal, "java", ["-cp", AXIS_CLASS_PATH, "org.apache.axis.wsdl.WSDL2Java", "-o", stubs, "-p", "s3", wsdl]);
    const generated = (await readdir(join(stubs, "s3"))).map((name) => join(stubs, "s3", name));
    const sources = [...generated, join(SOAP_CLIENT_SOURCES, "axis/Calls.java")];
    await run(signal, "javac", ["-proc:none", "-nowarn", "-cp", AXIS_CLASS_PATH, "-d", folder, ...sources]);
  },
};

/** Installs a client into an empty folder, unless it is there. */
async function install(client: Client, signal: AbortSignal): Promise<void> {
  const folder = folderOf(client);
  if (existsSync(join(folder, COMPLETE))) return;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await INSTALL[client](signal, folder);
  await writeFile(join(folder, COMPLETE), "");
}

/** Whether it could be installed; says so either way. */
async function tell(name: Client | PackageGroup): Promise<boolean> {
  const began = performance.now();
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS[name]);
    await (isPackageGroup(name) ? installPackages(signal, name) : install(name, signal));
    process.stdout.write(`${name}: installed (${Math.round((performance.now() - began) / 1000)} s)\n`);
    return true;
  } catch (failure) {
    const isLate = failure instanceof Error && failure.name === "AbortError";
    const reason = isLate ? `it took longer than ${TIMEOUT_MS[name] / 1000} s` : String(failure);
    process.stdout.write(`${name}: could not be installed: ${reason}\n`);
    return false;
  }
}

/** What several suites' words for all that they need stand for. */
const SUITES: Readonly<Record<string, readonly (Client | PackageGroup)[]>> = { soap: SOAP_INSTALLATIONS, web: WEB_INSTALLATIONS };

const asked = process.argv.slice(2).flatMap((name) => SUITES[name] ?? [name as Client | PackageGroup]);
const unknown = asked.filter((name) => !(name in TIMEOUT_MS));
if (unknown.length > 0)
  throw new Error(
    `no such clients: ${unknown.join(", ")}; there are ${Object.keys(SUITES).join(", ")}, ${Object.keys(TIMEOUT_MS).join(", ")}`,
  );
let isComplete = true;
for (const name of asked.length === 0 ? S3_INSTALLATIONS : asked) {
  const isInstalled = await tell(name);
  isComplete &&= isInstalled;
}
process.exitCode = isComplete ? 0 : 1;
