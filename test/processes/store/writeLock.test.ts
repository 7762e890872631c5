import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { LmdbMetadataEngine } from "../../../src/store/metadata/lmdb/LmdbMetadataEngine.ts";
import type { WriteLockHolder } from "../../../src/store/metadata/WriteLockHolder.ts";
import { describeHolder } from "../../../src/store/metadata/WriteLockHolder.ts";
import { newFolder } from "../../newFolder.ts";

const SCRIPT = join(import.meta.dirname, "lockingProcess.ts");
/** A process that waits for its threads would wait for good. */
const END_TIMEOUT_MS = 60_000;

function begin(path: string, task: string): ChildProcess {
  return spawn(process.execPath, [SCRIPT, path, task], { stdio: ["ignore", "pipe", "pipe"] });
}

const open = (path: string, onLockHeld?: (holder: WriteLockHolder) => void): Promise<LmdbMetadataEngine> =>
  LmdbMetadataEngine.open({ path, durability: "synced", mapSizeBytes: 2 ** 30, onLockHeld });

const commit = (engine: LmdbMetadataEngine): Promise<undefined> =>
  engine.transact({ keys: [] }, () => ({
    changes: [{ key: Buffer.from("key"), value: Buffer.from("mine") }],
    result: undefined,
  }));

for (const [task, { how, signal, code, says }] of Object.entries({
  exit: { how: "exits while it decides", signal: "SIGKILL", code: null, says: /^$/ },
  throw: {
    how: "has an uncaught exception while its commit waits",
    signal: "SIGKILL",
    code: null,
    says: /nobody catches this\n {4}at/,
  },
  late: { how: "exits once it has decided", signal: null, code: 3, says: /^$/ },
})) {
  test(`Write lock: a process that ${how} ends, and leaves the lock free`, async (t) => {
    const path = newFolder(t);
    const child = begin(path, task);
    let errors = "";
    child.stderr!.on("data", (bytes: Buffer) => (errors += bytes.toString()));
    const deadline = setTimeout(() => child.kill("SIGABRT"), END_TIMEOUT_MS);
    await once(child, "close");
    clearTimeout(deadline);
    assert.deepEqual([child.exitCode, child.signalCode], [code, signal]);
    assert.match(errors, says);
    const engine = await open(path);
    await commit(engine);
    await engine.close();
  });
}

test("Write lock: who opens the index or writes hears who keeps the lock, and goes on once it is free", async (t) => {
  const path = newFolder(t);
  const holders: WriteLockHolder[] = [];
  const writer = await open(path, (holder) => holders.push(holder));
  const child = begin(path, "hold");
  t.after(() => child.kill("SIGKILL"));
  await once(child.stdout!, "data");
  const written = commit(writer);
  while (holders.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  const [holder] = holders;
  assert.equal(holder!.isHolding(), true);
  assert.match(describeHolder(holder!), new RegExp(`process ${child.pid} \\(node lockingProcess\\.ts\\)`));
  assert.ok(holder!.heldMs >= 1_000, `${holder!.heldMs} ms`);
  child.kill("SIGKILL");
  await written;
  assert.equal(holder!.isHolding(), false);
  await writer.close();
});

test("Write lock: an index opens only when the lock moves, hears signals until then, and says when the holder is stopped", async (t) => {
  const path = newFolder(t);
  const child = begin(path, "hold");
  t.after(() => child.kill("SIGKILL"));
  await once(child.stdout!, "data");
  child.kill("SIGSTOP");
  const held = Promise.withResolvers<WriteLockHolder>();
  const opened = open(path, held.resolve);
  assert.match(describeHolder(await held.promise), new RegExp(`process ${child.pid} \\(.*stopped by a signal\\)`));
  child.kill("SIGKILL");
  await (await opened).close();
});

test("Write lock: an index that another process writes to all the time opens without a word", async (t) => {
  const path = newFolder(t);
  const child = begin(path, "write");
  t.after(() => child.kill("SIGKILL"));
  await once(child.stdout!, "data");
  // A commit of a machine with much else to do may take a second, and is rightly told of; not one after the other.
  let roundsWithoutWord = 0;
  for (let round = 0; round < 5; round += 1) {
    const words: string[] = [];
    const engine = await open(path, (holder) => words.push(describeHolder(holder)));
    await commit(engine);
    await engine.close();
    if (words.length === 0) roundsWithoutWord += 1;
  }
  assert.ok(roundsWithoutWord > 0);
});

test("Write lock: LMDB's lock file is for the owner only", async (t) => {
  const path = newFolder(t);
  const engine = await open(path);
  assert.equal((await stat(join(path, "lock.mdb"))).mode & 0o777, 0o600);
  await engine.close();
});
