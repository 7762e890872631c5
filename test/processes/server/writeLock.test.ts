import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { WriteLockWatch } from "../../../src/store/metadata/lmdb/WriteLockWatch.ts";
import { newFolder } from "../../newFolder.ts";
import { ServerProcess } from "../../serverProcess.ts";
import { Load, missing } from "./Load.ts";

const BUCKET = "bucket";
const KILLS = 3;
const UNDER_LOAD_MS = 500;
/** Who holds the lock for longer is stuck, or the machine is slow; the server says so only after several times as long. */
const STUCK_AFTER_MS = 200;
/** What an operator may count on, in ms. Machines with much else to do take a multiple of it; what never happens takes longer still. */
const GONE_WITHIN_MS = 2_000;
const STARTED_WITHIN_MS = 5_000;
const WRITES_AGAIN_WITHIN_MS = 5_000;
const SAYS_WITHIN_MS = 4_000;
const SLOWNESS = 10;

const LOCKING_PROCESS = join(import.meta.dirname, "..", "store", "lockingProcess.ts");

/** Workers that do on SIGUSR2 what a source text says. */
function onSignal(source: string): Readonly<Record<string, string>> {
  const script = `import cluster from "node:cluster"; if (cluster.isWorker) process.on("SIGUSR2", () => { ${source} });`;
  return { NODE_OPTIONS: `${process.env["NODE_OPTIONS"] ?? ""} --import data:text/javascript,${encodeURIComponent(script)}` };
}

async function startWithBucket(
  t: TestContext,
  data: string,
  options: { args?: readonly string[]; environment?: Readonly<Record<string, string>> } = {},
): Promise<ServerProcess> {
  const server = await ServerProcess.start(data, { ...options, args: ["--workers", "2", ...(options.args ?? [])] });
  t.after(() => killGroup(server.pid));
  await server.client().send(new CreateBucketCommand({ Bucket: BUCKET }));
  return server;
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // All of it is gone already.
  }
}

/** The processes that a server has started, its workers among them. */
async function childrenOf(pid: number): Promise<{ readonly all: readonly number[]; readonly workers: readonly number[] }> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8");
  const all = children.trim().split(" ").filter(Boolean).map(Number);
  return { all, workers: all.filter((child) => readFileSync(`/proc/${child}/cmdline`, "utf8").includes("workerMain")) };
}

function isAlive(pid: number): boolean {
  try {
    return !/\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until something holds, and fails if that takes too long. */
async function within(ms: number, what: string, holds: () => boolean): Promise<void> {
  const startedAt = performance.now();
  while (!holds()) {
    assert.ok(performance.now() - startedAt < ms * SLOWNESS, `${what}: not within ${ms * SLOWNESS} ms`);
    await sleep(10);
  }
}

test("Primary: with kill -9 of it under load every process is gone, the next start is quick, and nothing acknowledged is lost", async (t) => {
  const data = newFolder(t);
  let server = await startWithBucket(t, data);
  for (let round = 0; round < KILLS; round += 1) {
    const load = new Load(server, BUCKET, round);
    await sleep(UNDER_LOAD_MS);
    const { all, workers } = await childrenOf(server.pid);
    assert.equal(workers.length, 2);
    process.kill(server.pid, "SIGKILL");
    await within(GONE_WITHIN_MS, "every process is gone", () => ![server.pid, ...all].some(isAlive));
    await load.end();
    const startedAt = performance.now();
    server = await ServerProcess.start(data, { args: ["--workers", "2"] });
    const { pid } = server;
    t.after(() => killGroup(pid));
    assert.ok(performance.now() - startedAt < STARTED_WITHIN_MS * SLOWNESS);
    assert.deepEqual(await missing(server, BUCKET, load.acknowledged), []);
  }
});

for (const workers of ["1", "2"]) {
  test(`SIGTERM: with no time for requests, commits are no reason to wait (workers: ${workers})`, async (t) => {
    const data = newFolder(t);
    const server = await startWithBucket(t, data, { args: ["--workers", workers, "--shutdown-timeout-ms", "0"] });
    const load = new Load(server, BUCKET);
    await sleep(UNDER_LOAD_MS);
    const { all } = await childrenOf(server.pid);
    const startedAt = performance.now();
    assert.equal(await server.stop(), 0);
    assert.ok(performance.now() - startedAt < GONE_WITHIN_MS * SLOWNESS);
    await within(GONE_WITHIN_MS, "every process is gone", () => !all.some(isAlive));
    await load.end();
    assert.doesNotMatch(server.output, /"level":"(?:error|fatal)"/);
  });
}

test("Workers: one with an uncaught exception under load ends with its stack, is replaced, and the others go on", async (t) => {
  const data = newFolder(t);
  // A turn in which the next commit has its lock, and waits.
  const source = 'for (const end = Date.now() + 200; Date.now() < end;); throw new Error("thrown by a test");';
  const server = await startWithBucket(t, data, { environment: onSignal(source) });
  const load = new Load(server, BUCKET);
  await sleep(UNDER_LOAD_MS);
  const [worker] = (await childrenOf(server.pid)).workers;
  process.kill(worker!, "SIGUSR2");
  await within(GONE_WITHIN_MS, "the worker is gone", () => !isAlive(worker!));
  await load.another();
  await load.end();
  assert.match(server.output, /Error: thrown by a test\n +at/);
  assert.doesNotMatch(server.output, /said nothing and is ended/);
});

test("Workers: one that is stuck in JavaScript does not outlive the primary", async (t) => {
  const data = newFolder(t);
  const server = await startWithBucket(t, data, { environment: onSignal("for (;;);") });
  const { all, workers } = await childrenOf(server.pid);
  process.kill(workers[0]!, "SIGUSR2");
  process.kill(workers[1]!, "SIGSTOP");
  process.kill(server.pid, "SIGKILL");
  await within(GONE_WITHIN_MS, "every process is gone", () => !all.some(isAlive));
});

/** The last that is done within the lock is to take the index from the set of those that may not be left. */
const STUCK_IN_COMMIT = `
  const { delete: remove } = Set.prototype;
  Set.prototype.delete = function (value) {
    while (value?.constructor.name === "LmdbMetadataEngine");
    return remove.call(this, value);
  };
`;

for (const [how, keepLock] of [
  ["frozen", freezeHolder],
  ["stuck in JavaScript", catchHolder],
] as const) {
  test(`Workers: one that is ${how} while it holds the write lock is replaced, and the others write again`, async (t) => {
    const data = newFolder(t);
    const server = await startWithBucket(t, data, { environment: onSignal(STUCK_IN_COMMIT) });
    const load = new Load(server, BUCKET);
    const watch = new WriteLockWatch(join(data, "metadata"));
    const stuck = await keepLock(watch);
    watch.close();
    // Others may write until it has the lock the next time.
    await within(WRITES_AGAIN_WITHIN_MS, "it is gone", () => !isAlive(stuck));
    const { acknowledged } = load;
    const before = acknowledged.length;
    await within(WRITES_AGAIN_WITHIN_MS, "writes go on", () => acknowledged.length > before + 20);
    assert.match(server.output, new RegExp(`"holderPid":${stuck},.*said nothing and is ended`));
    await load.end();
    await within(WRITES_AGAIN_WITHIN_MS, "the worker is replaced", () => /died and is replaced/.test(server.output));
    assert.deepEqual(await missing(server, BUCKET, acknowledged), []);
    assert.equal(await server.stop(), 0);
  });
}

/** The process that holds the lock at some moment. */
async function someHolder(watch: WriteLockWatch): Promise<number> {
  for (;;) {
    const pid = watch.holder()?.pid;
    if (pid !== undefined && isAlive(pid)) return pid;
    await sleep(1);
  }
}

/** Freezes a process that holds the lock: it gets stuck there first, so that it cannot give the lock back before it is frozen. */
async function freezeHolder(watch: WriteLockWatch): Promise<number> {
  const pid = await catchHolder(watch);
  for (;;) {
    await within(WRITES_AGAIN_WITHIN_MS, "it is stuck", () => {
      const holder = watch.holder();
      return holder?.pid === pid && holder.heldMs >= STUCK_AFTER_MS;
    });
    process.kill(pid, "SIGSTOP");
    if (watch.holder()?.pid === pid) return pid;
    // It was only slow.
    process.kill(pid, "SIGCONT");
  }
}

/** Has a process that commits get stuck in its next commit. */
async function catchHolder(watch: WriteLockWatch): Promise<number> {
  await sleep(UNDER_LOAD_MS);
  const pid = await someHolder(watch);
  process.kill(pid, "SIGUSR2");
  return pid;
}

test("Start: one that finds the lock held says by whom, hears SIGTERM, and goes on once the lock is free", async (t) => {
  const data = newFolder(t);
  const first = await startWithBucket(t, data);
  assert.equal(await first.stop(), 0);
  const holder = spawn(process.execPath, [LOCKING_PROCESS, join(data, "metadata"), "hold"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.after(() => holder.kill("SIGKILL"));
  await once(holder.stdout, "data");
  const says = new RegExp(`process ${holder.pid} \\(node lockingProcess\\.ts\\)`);
  for (const end of ["SIGTERM", "SIGINT"] as const) {
    const waiting = start(t, data);
    await within(SAYS_WITHIN_MS, "the progress says who", () =>
      /^Starting on .*: the index's write lock/m.test(waiting.output()),
    );
    await within(SAYS_WITHIN_MS, "the log says who", () => /^\{"level":"error".*write lock is held/m.test(waiting.output()));
    assert.match(waiting.output(), says);
    waiting.process.kill(end);
    await once(waiting.process, "close");
    assert.equal(waiting.process.signalCode, end);
  }
  const waiting = start(t, data);
  await within(SAYS_WITHIN_MS, "the log says who", () => says.test(waiting.output()));
  holder.kill("SIGKILL");
  await within(STARTED_WITHIN_MS, "the server listens", () => /^Holdfast \S+ listens/m.test(waiting.output()));
  waiting.process.kill("SIGTERM");
  await once(waiting.process, "close");
});

/** Starts a server without waiting for it. */
function start(t: TestContext, data: string) {
  const child = spawn(process.execPath, ["src/main.ts", "serve", "--port", "0", "--data", data, "--workers", "2"], {
    detached: true,
  });
  t.after(() => killGroup(child.pid!));
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes: Buffer) => (output += bytes.toString()));
  return { process: child, output: () => output };
}

test("SIGTERM: a server whose commits wait for another process's lock ends all the same", async (t) => {
  const data = newFolder(t);
  const server = await startWithBucket(t, data, { args: ["--shutdown-timeout-ms", "0"] });
  const holder = spawn(process.execPath, [LOCKING_PROCESS, join(data, "metadata"), "hold"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.after(() => holder.kill("SIGKILL"));
  await once(holder.stdout, "data");
  const load = new Load(server, BUCKET);
  await within(SAYS_WITHIN_MS, "the log says who", () => new RegExp(`held by process ${holder.pid} `).test(server.output));
  const { all } = await childrenOf(server.pid);
  await server.stop();
  assert.deepEqual(all.filter(isAlive), []);
  await load.end();
});
