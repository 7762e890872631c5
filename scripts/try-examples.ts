/**
 * `npm run test:examples`: packs the package as it would be published, installs it into a copy of each example, and runs the example's
 * test, on this Node and on 24; then runs the installed `holdfast` command, and hears what older Nodes are told. Nothing of this checkout is
 * used but the packed file. With names of examples, only these are tried.
 */
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import type { Readable } from "node:stream";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { otherNode } from "./nodes/otherNode.ts";
import { tryOldNodes } from "./nodes/tryOldNodes.ts";

const ROOT = join(import.meta.dirname, "..");
const EXAMPLES = join(ROOT, "examples");
/** All that may be in the package. */
const PUBLISHED = new RegExp(
  `^(?:${[
    "dist/.+\\.(?:js|d\\.ts)",
    "docs/.+\\.(?:md|svg)",
    "docs/openapi\\.json",
    "examples/(?!.*(?:node_modules|package-lock|__pycache__)).+",
    "faults/[a-z0-9-]+\\.json",
    "(?:operations|packaging)/.+",
    "package\\.json",
    "(?:README|CHANGELOG|CONTRIBUTING|SECURITY)\\.md",
    "LICENSE",
    "NOTICE",
  ].join("|")})$`,
);
/** What the published package.json is made of. */
const MANIFEST_MEMBERS = "name version description keywords license man bin files type exports dependencies engines".split(" ");
/** Installing from a slow registry is the longest of it. */
const STEP_TIMEOUT_MS = 300_000;

const run = promisify(execFile);
/** The surroundings of what is run: a Node comes first, as with `npm run`; nothing of npm's own is handed on. */
function surroundings(node: string): NodeJS.ProcessEnv {
  const handedOn = Object.entries(process.env).filter(([name]) => !/^(?:npm_|NODE_OPTIONS$|HOLDFAST_)/i.test(name));
  return { ...Object.fromEntries(handedOn), PATH: [dirname(node), process.env["PATH"]].join(delimiter) };
}

const env = surroundings(process.execPath);

interface PackedFile {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** Packs into a folder and resolves with the path of the packed file. The tree must be as before. */
async function pack(folder: string): Promise<string> {
  const before = await readFile(join(ROOT, "package.json"), "utf8");
  let stdout: string;
  try {
    ({ stdout } = await command("npm", ["pack", "--json", "--pack-destination", folder], ROOT));
  } finally {
    await command("node", ["scripts/published-manifest.ts", "restore"], ROOT);
  }
  assert.equal(await readFile(join(ROOT, "package.json"), "utf8"), before, "packing changed package.json");
  // What the build prints stands before the JSON.
  const [packed] = JSON.parse(stdout.slice(stdout.indexOf("[\n"))) as PackedFile[];
  assert.ok(packed);
  const paths = packed.files.map((file) => file.path);
  assert.deepEqual(
    paths.filter((path) => !PUBLISHED.test(path)),
    [],
    "files that do not belong into the package",
  );
  for (const path of ["dist/main.js", "dist/index.js", "dist/index.d.ts", "README.md", "LICENSE"])
    assert.ok(paths.includes(path), path);
  return join(folder, packed.filename);
}

/** Installs the package into a copy of an example and runs its test, on this Node and on 24. Resolves with the copy's folder. */
async function tryExample(name: string, packed: string, folder: string): Promise<string> {
  const copy = join(folder, name);
  await cp(join(EXAMPLES, name), copy, { recursive: true, filter: (path) => !path.includes("node_modules") });
  await command("npm", ["install", "--no-audit", "--no-fund", "--save-dev", packed], copy);
  await command("npm", ["test"], copy);
  await command("npm", ["test"], copy, surroundings(await otherNode(24)));
  return copy;
}

/** The installed package.json names nothing that is not there for who installs it. */
async function tryManifest(folder: string): Promise<void> {
  const manifest = JSON.parse(await readFile(join(folder, "node_modules/holdfast/package.json"), "utf8")) as {
    exports: Record<string, Record<string, string>>;
  };
  assert.deepEqual(Object.keys(manifest).toSorted(), MANIFEST_MEMBERS.toSorted());
  for (const path of Object.values(manifest.exports).flatMap((conditions) => Object.values(conditions)))
    assert.ok(existsSync(join(folder, "node_modules/holdfast", path)), path);
}

/** Runs the installed command on a Node as a user does: its version, and a server that keeps an object over a restart. */
async function tryCommand(folder: string, node: string): Promise<void> {
  const its = surroundings(node);
  await rm(join(folder, "holdfast-data"), { recursive: true, force: true });
  const { version } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as { version: string };
  const { stdout } = await command("npx", ["--no-install", "holdfast", "--version"], folder, its);
  assert.equal(stdout, `${version}\n`);
  for (const step of ["write", "read"]) {
    const server = spawn("npx", ["--no-install", "holdfast", "serve", "--port", "0"], {
      cwd: folder,
      env: its,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = once(server, "close");
    const endpoint = await endpointOf(server.stdout);
    const { pid } = JSON.parse(await readFile(join(folder, "holdfast-data", "holder.json"), "utf8")) as { pid: number };
    try {
      await useServer(endpoint, join(folder, "holdfast-data"), step === "write");
    } finally {
      // npx passes no signal on beyond the shell it starts: the server itself gets it.
      process.kill(pid, "SIGTERM");
    }
    assert.deepEqual(await ended, [0, null], "how npx holdfast serve ended after SIGTERM");
  }
}

async function endpointOf(output: Readable): Promise<string> {
  let text = "";
  output.setEncoding("utf8").on("data", (more: string) => (text += more));
  const closed = once(output, "close").then(() => {
    throw new Error(`npx holdfast serve ended before it listened: ${text}`);
  });
  while (!text.includes("first-bucket\n")) await Promise.race([once(output, "data"), closed]);
  closed.catch(() => undefined);
  return /listens on (\S+)\n/.exec(text)![1]!;
}

/** Reads an object, which the first of two servers gets beforehand. */
async function useServer(endpoint: string, data: string, write: boolean): Promise<void> {
  const credentials = JSON.parse(await readFile(join(data, "credentials.json"), "utf8"));
  const client = new S3Client({ endpoint, region: "us-east-1", credentials, forcePathStyle: true });
  const object = { Bucket: "first-bucket", Key: "greeting.txt" };
  if (write) {
    await client.send(new CreateBucketCommand({ Bucket: object.Bucket }));
    await client.send(new PutObjectCommand({ ...object, Body: "hello" }));
  }
  const { Body } = await client.send(new GetObjectCommand(object));
  assert.equal(await Body!.transformToString(), "hello");
  client.destroy();
}

async function command(file: string, args: readonly string[], cwd: string, its = env): Promise<{ stdout: string }> {
  try {
    return await run(file, args, { cwd, env: its, timeout: STEP_TIMEOUT_MS });
  } catch (cause) {
    const { stdout, stderr } = cause as { stdout: string; stderr: string };
    throw new Error(`${file} ${args.join(" ")} in ${cwd} failed:\n${stdout}\n${stderr}`, { cause });
  }
}

const folder = await mkdtemp(join(tmpdir(), "holdfast-examples-"));
try {
  const packed = await pack(folder);
  process.stdout.write("packed\n");
  const copies: string[] = [];
  const asked = process.argv.slice(2);
  // Those in other languages are run with their clients, by test/interop.
  const names = (await readdir(EXAMPLES)).filter((name) => existsSync(join(EXAMPLES, name, "package.json")));
  for (const name of names.filter((one) => asked.length === 0 || asked.includes(one))) {
    copies.push(await tryExample(name, packed, folder));
    process.stdout.write(`examples/${name}: its tests pass\n`);
  }
  await tryManifest(copies[0]!);
  await tryOldNodes(copies[0]!);
  process.stdout.write("Node 20 and 22: one sentence from command and library; holdfast/errors works\n");
  for (const node of [process.execPath, await otherNode(24)]) await tryCommand(copies[0]!, node);
  process.stdout.write("npx holdfast: version, serve, put, get, stop, and again, on both\n");
} finally {
  await rm(folder, { recursive: true, force: true });
}
