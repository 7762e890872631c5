import assert from "node:assert/strict";
import { readFile, stat, writeFile } from "node:fs/promises";
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
  sentBytes: 3,
  milliseconds: 1.5,
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
  assert.deepEqual(lines.at(-1), { droppedLines: 3 });
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
