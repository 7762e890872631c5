import assert from "node:assert/strict";
import { open, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import type { AccessLogEntry } from "../../../src/server/figures/AccessLog.ts";
import { AccessLog } from "../../../src/server/figures/AccessLog.ts";
import { newFolder } from "../../newFolder.ts";

const FLUSH_INTERVAL_MS = 1_000;
const FLUSH_SIZE_CHARACTERS = 64 * 1024;
const MEBI = 1024 * 1024;

const ENTRY: AccessLogEntry = {
  time: "2026-03-01T12:00:00.000Z",
  requestId: "R",
  remoteAddress: "127.0.0.1",
  method: "GET",
  target: "/bucket/key",
  operation: "GetObject",
  status: 200,
  errorCode: undefined,
  receivedSizeBytes: 0,
  sentSizeBytes: 3,
  milliseconds: 1.5,
  turnAroundMilliseconds: 0.5,
};

/** A file that goes with the test, in a world where time stands still. */
async function pathFor(t: TestContext): Promise<string> {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const folder = newFolder(t);
  return join(folder, "access.log");
}

/** What the lines of a file say; none where it is not there yet. */
async function linesOf(path: string): Promise<unknown[]> {
  const text = await readFile(path, "utf8").catch(() => "");
  assert.ok(text === "" || text.endsWith("\n"));
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as unknown);
}

/** Resolves once a file has so many lines, and ends with one: large ones are written in pieces. */
async function written(path: string, count: number): Promise<void> {
  for (;;) {
    const text = await readFile(path, "utf8").catch(() => "");
    if (text.endsWith("\n") && text.split("\n").length > count) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Lets everything be written that is going to be. */
async function settled(path: string): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await linesOf(path);
}

test("Access log: lines are there a second later, behind those of before, for the owner of the server alone", async (t) => {
  const path = await pathFor(t);
  const log = new AccessLog(path);
  log.write(ENTRY);
  log.write({ ...ENTRY, status: 404, errorCode: "NoSuchKey" });
  t.mock.timers.tick(FLUSH_INTERVAL_MS - 1);
  await settled(path);
  assert.deepEqual(await linesOf(path), []);
  t.mock.timers.tick(1);
  await written(path, 2);
  const { errorCode: _, ...first } = ENTRY;
  assert.deepEqual(await linesOf(path), [first, { ...ENTRY, status: 404, errorCode: "NoSuchKey" }]);
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  await log.close();
  const next = new AccessLog(path);
  next.write(ENTRY);
  await next.close();
  assert.equal((await linesOf(path)).length, 3);
});

test("Access log: with 64 KiB of lines nobody waits for the second", async (t) => {
  const path = await pathFor(t);
  const log = new AccessLog(path);
  const emptySize = JSON.stringify({ ...ENTRY, target: "" }).length + 1;
  log.write({ ...ENTRY, target: "x".repeat(FLUSH_SIZE_CHARACTERS - 2 * emptySize - 1) });
  log.write({ ...ENTRY, target: "" });
  await settled(path);
  assert.deepEqual(await linesOf(path), []);
  // What waits has one character less than it takes.
  log.write({ ...ENTRY, target: "" });
  await written(path, 3);
  await log.close();
  assert.equal((await linesOf(path)).length, 3);
});

test("Access log: lines that the disk cannot take in time are dropped beyond 16 MiB, and counted; the others are kept", async (t) => {
  const path = await pathFor(t);
  const log = new AccessLog(path);
  // The first is given to the file at once; the others wait for that, all in one turn.
  for (let count = 0; count < 20; count += 1) log.write({ ...ENTRY, target: `${count} ${"x".repeat(MEBI)}` });
  await log.close();
  const lines = (await linesOf(path)) as ({ readonly target: string } | { readonly droppedLines: number })[];
  const targets = lines.flatMap((line) => ("target" in line ? Number.parseInt(line.target, 10) : []));
  assert.deepEqual(
    targets,
    Array.from({ length: 17 }, (_, index) => index),
  );
  const { time, ...last } = lines.at(-1) as { readonly time?: string };
  assert.deepEqual(last, { droppedLines: 3 });
  assert.match(time!, /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
});

test("Access log: while the file does not keep up lines gather, and go on when it does", async (t) => {
  const path = await pathFor(t);
  const log = new AccessLog(path);
  for (let count = 0; count < 3; count += 1) log.write({ ...ENTRY, target: "x".repeat(MEBI) });
  t.mock.timers.tick(FLUSH_INTERVAL_MS);
  await written(path, 1);
  await settled(path);
  t.mock.timers.tick(FLUSH_INTERVAL_MS);
  await written(path, 3);
  t.mock.timers.tick(FLUSH_INTERVAL_MS);
  await log.close();
  assert.equal((await linesOf(path)).length, 3);
});

test("Access log: opened anew, lines of before go to the file that was moved away, and later ones to the new one", async (t) => {
  const path = await pathFor(t);
  const log = new AccessLog(path);
  const write = (from: number, end: number): void => {
    for (let count = from; count < end; count += 1) log.write({ ...ENTRY, requestId: String(count), target: "x".repeat(1_000) });
  };
  // More than is written at once, so that a write is under way and lines wait behind it.
  write(0, 100);
  await written(path, 1);
  write(100, 200);
  await rename(path, `${path}.1`);
  const reopened = log.reopen();
  write(200, 300);
  await reopened;
  write(300, 310);
  await log.close();
  const ids = async (file: string): Promise<number[]> =>
    (await linesOf(file)).map((line) => Number((line as AccessLogEntry).requestId));
  const [old, fresh] = [await ids(`${path}.1`), await ids(path)];
  assert.deepEqual(
    [...old, ...fresh],
    Array.from({ length: 310 }, (_, index) => index),
  );
  assert.ok(old.includes(199), "what waited went to the file of before");
  assert.ok(fresh.includes(300), "what came later goes to the new one");
  assert.equal((await stat(path)).mode & 0o777, 0o600);
});

test("Access log: a line that the old file has a part of stands whole in the new one", async (t) => {
  const path = await pathFor(t);
  const log = new AccessLog(path);
  log.write({ ...ENTRY, requestId: "first" });
  t.mock.timers.tick(FLUSH_INTERVAL_MS);
  await written(path, 1);
  const probe = await open(path);
  const handle = Object.getPrototypeOf(probe) as { write: (bytes: Buffer) => Promise<{ bytesWritten: number }> };
  await probe.close();
  const { write } = handle;
  const line = `${JSON.stringify({ ...ENTRY, requestId: "kept" })}\n`.length;
  let isFull = false;
  // The disk takes the first line and ten bytes of the second.
  t.mock.method(handle, "write", function (this: unknown, bytes: Buffer) {
    if (isFull) throw Object.assign(new Error("full"), { code: "ENOSPC" });
    isFull = true;
    return write.call(this, bytes.subarray(0, line + 10));
  });
  log.write({ ...ENTRY, requestId: "kept" });
  log.write({ ...ENTRY, requestId: "cut!" });
  await rename(path, `${path}.1`);
  await log.reopen();
  t.mock.restoreAll();
  await log.close();
  const ids = (await linesOf(path)).map((entry) => (entry as AccessLogEntry).requestId);
  assert.deepEqual(ids, ["cut!"]);
  assert.equal((await readFile(`${path}.1`, "utf8")).split("\n").length, 3);
});

test("Access log: opened anew where nothing was written yet, or after its end, it does nothing", async (t) => {
  const path = await pathFor(t);
  const log = new AccessLog(path);
  await log.reopen();
  await log.close();
  await log.reopen();
  await assert.rejects(stat(path), { code: "ENOENT" });
});

test("Access log: once closed it writes nothing more, and one that cannot be written harms nobody", async (t) => {
  const path = await pathFor(t);
  await writeFile(path, "");
  const log = new AccessLog(path);
  await log.close();
  log.write(ENTRY);
  t.mock.timers.tick(FLUSH_INTERVAL_MS);
  await settled(path);
  assert.deepEqual(await linesOf(path), []);
  const impossible = new AccessLog(join(path, "below"));
  impossible.write(ENTRY);
  t.mock.timers.tick(FLUSH_INTERVAL_MS);
  await impossible.close();
});
