import assert from "node:assert/strict";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import type { FolderJournalOptions } from "../../src/journal/FolderJournal.ts";
import { FolderJournal } from "../../src/journal/FolderJournal.ts";
import { openFolderJournal } from "../../src/journal/folder/FolderReader.ts";
import { recordLine } from "../../src/journal/folder/recordLine.ts";
import { segmentName } from "../../src/journal/folder/segments.ts";
import type { RequestRecord } from "../../src/journal/RequestRecord.ts";
import { newFolder } from "../newFolder.ts";
import { idsOf, SOME_DAY_MS, someRecord, someStory } from "./someRecord.ts";

const MEBIBYTE = 1024 * 1024;
const HOUR_MS = 3_600_000;

/** A journal in a folder that goes with the test. The records of these tests end now, for files have the time of the system. */
function opened(t: TestContext, folder: string, options: Partial<FolderJournalOptions> = {}): FolderJournal {
  const journal = new FolderJournal(folder, {
    sizeBytes: 64 * MEBIBYTE,
    ageMs: HOUR_MS,
    settleOthers: async () => undefined,
    ...options,
  });
  t.after(() => journal.close());
  return journal;
}

let count = 0;

/** A record of a request that ended just now, a millisecond behind the one before. */
function freshRecord(parts: Partial<RequestRecord> = {}): RequestRecord {
  count += 1;
  return someRecord({ atMs: Date.now() - 2_000 + count, ...parts });
}

function segments(folder: string): string[] {
  return readdirSync(join(folder, "journal")).toSorted();
}

function sizeOf(folder: string): number {
  return segments(folder).reduce((sum, name) => sum + statSync(join(folder, "journal", name)).size, 0);
}

test("FolderJournal: find tells of what was entered before it, in its order, and so does whoever reads the folder", async (t) => {
  const folder = newFolder(t);
  const journal = opened(t, folder);
  assert.deepEqual(await journal.find({}), []);
  const records = [freshRecord(), freshRecord({ status: 404, story: someStory() }), freshRecord({ key: 'ä\u2028\n"' })];
  for (const record of records) journal.enter(record);
  assert.deepEqual(await journal.find({}), records);
  assert.deepEqual(await journal.find({ status: 404 }), [records[1]]);
  assert.deepEqual(await journal.find({ key: 'ä\u2028\n"' }), [records[2]]);
  assert.deepEqual(await journal.find({ id: records[0]!.hostId }), [records[0]]);
  const more = freshRecord();
  journal.enter(more);
  assert.deepEqual(await journal.find({ limit: 2 }), [records[2], more]);
  assert.deepEqual(await openFolderJournal(folder, { settle: async () => undefined }).find({}), [...records, more]);
});

test("FolderJournal: only the owner may read what it keeps", async (t) => {
  const folder = newFolder(t);
  const journal = opened(t, folder);
  journal.enter(freshRecord());
  await journal.settle();
  assert.equal(statSync(join(folder, "journal")).mode & 0o777, 0o700);
  for (const name of segments(folder)) assert.equal(statSync(join(folder, "journal", name)).mode & 0o777, 0o600);
});

test("FolderJournal: a process that never had a request leaves no file", async (t) => {
  const folder = newFolder(t);
  await opened(t, folder).close();
  assert.equal(existsSync(join(folder, "journal")), false);
});

test("FolderJournal: records of several processes are found together, in the order in which requests ended", async (t) => {
  const folder = newFolder(t);
  const [one, other] = [opened(t, folder, { writers: 2 }), opened(t, folder, { writers: 2 })];
  const records = Array.from({ length: 40 }, () => freshRecord());
  for (const [index, record] of records.entries()) (index % 3 === 0 ? one : other).enter(record);
  await other.settle();
  assert.deepEqual(idsOf(await one.find({})), idsOf(records));
  assert.deepEqual(idsOf(await one.find({ limit: 5 })), idsOf(records.slice(-5)));
  assert.equal(segments(folder).length, 2);
});

test("FolderJournal: find has other processes write what they answered, before it reads", async (t) => {
  const folder = newFolder(t);
  const other = opened(t, folder, { writers: 2 });
  const one = opened(t, folder, { writers: 2, settleOthers: () => other.settle() });
  const record = freshRecord();
  other.enter(record);
  assert.deepEqual(await one.find({}), [record]);
});

test("FolderJournal: a request whose client may have the answer is found, though it is recorded a moment later", async (t) => {
  const journal = opened(t, newFolder(t));
  const answered = { awaitsRecord: true };
  journal.watch(() => [answered, { awaitsRecord: false }]);
  const finding = journal.find({});
  const record = freshRecord();
  setImmediate(() => setImmediate(() => journal.enter(record, answered)));
  assert.deepEqual(await finding, [record]);
});

test("FolderJournal: what it takes stays below its size, and the oldest records go first", async (t) => {
  const folder = newFolder(t);
  const sizeBytes = 64 * 1024;
  const [one, other] = [opened(t, folder, { sizeBytes, writers: 2 }), opened(t, folder, { sizeBytes, writers: 2 })];
  const records: RequestRecord[] = [];
  for (let round = 0; round < 60; round += 1) {
    for (const journal of [one, other]) {
      for (let index = 0; index < 3; index += 1) {
        const record = freshRecord();
        records.push(record);
        journal.enter(record);
      }
      await journal.settle();
    }
    assert.ok(sizeOf(folder) <= sizeBytes, `${sizeOf(folder)} bytes`);
  }
  const found = idsOf(await one.find({}));
  // Both processes lose their oldest: at the joint, records of one may be there that are older than the oldest of the other.
  assert.ok(found.length > 60, `${found.length} are left`);
  assert.deepEqual(found.slice(-40), idsOf(records.slice(-40)));
  assert.equal(found.includes(records[0]!.requestId), false);
});

test("FolderJournal: a record that no segment has room for is dropped and counted, and others are kept", async (t) => {
  const journal = opened(t, newFolder(t), { sizeBytes: 16 * 1024 });
  const [before, behind] = [freshRecord(), freshRecord()];
  journal.enter(before);
  journal.enter(freshRecord({ story: someStory({ stack: "x".repeat(4_000) }) }));
  journal.enter(behind);
  assert.deepEqual(await journal.find({}), [before, behind]);
  assert.equal(journal.dropped, 1);
});

test("FolderJournal: what is older than its time is not found, and its file goes when the next one is begun", async (t) => {
  const folder = newFolder(t);
  let nowMs = SOME_DAY_MS;
  const clock = (): number => nowMs;
  const old = opened(t, folder, { clock });
  old.enter(someRecord({ atMs: SOME_DAY_MS }));
  assert.equal((await old.find({})).length, 1);
  await old.close();
  const [name] = segments(folder);
  utimesSync(join(folder, "journal", name!), SOME_DAY_MS / 1000, SOME_DAY_MS / 1000);
  nowMs += HOUR_MS + 3;
  const next = opened(t, folder, { clock });
  assert.deepEqual(await next.find({}), []);
  assert.deepEqual(segments(folder), [name]);
  next.enter(someRecord({ atMs: nowMs }));
  assert.equal((await next.find({})).length, 1);
  assert.equal(segments(folder).includes(name!), false);
});

test("FolderJournal: a segment is not written for longer than an eighth of the time that records are kept", async (t) => {
  const folder = newFolder(t);
  let nowMs = Date.now();
  const journal = opened(t, folder, { clock: () => nowMs });
  for (const laterMs of [0, HOUR_MS / 8, 1]) {
    nowMs += laterMs;
    journal.enter(freshRecord());
    await journal.settle();
  }
  assert.equal(segments(folder).length, 2);
});

test("FolderJournal: records are there after a restart, whatever stood at the end of a torn file", async (t) => {
  const folder = newFolder(t);
  const first = opened(t, folder);
  const records = [freshRecord(), freshRecord(), freshRecord()];
  for (const record of records) first.enter(record);
  await first.close();
  const path = join(folder, "journal", segments(folder)[0]!);
  truncateSync(path, statSync(path).size - 20);
  writeFileSync(join(folder, "journal", "notes.txt"), "not ours");
  const next = opened(t, folder);
  const more = freshRecord();
  next.enter(more);
  assert.deepEqual(await next.find({}), [records[0], records[1], more]);
  assert.deepEqual(await next.find({ limit: 2 }), [records[1], more]);
});

test("FolderJournal: a damaged line is passed over, be it longer than any line", async (t) => {
  const folder = newFolder(t);
  mkdirSync(join(folder, "journal"));
  const path = join(folder, "journal", segmentName(Date.now(), 1, 1));
  const records = [freshRecord(), freshRecord(), freshRecord()];
  writeFileSync(path, recordLine(records[0]!));
  appendFileSync(path, `{"requestId":"\0\0\0${recordLine(records[1]!)}`);
  appendFileSync(path, `${"x".repeat(MEBIBYTE)}\n`);
  appendFileSync(path, recordLine(records[1]!));
  appendFileSync(path, `${"y".repeat(300 * 1024)}\n${recordLine(records[2]!)}`);
  assert.deepEqual(await opened(t, folder).find({}), records);
});

test("FolderJournal: find reads files of many pieces, and the same from any limit", async (t) => {
  const folder = newFolder(t);
  const journal = opened(t, folder);
  const records = Array.from({ length: 2_000 }, (_, index) => freshRecord({ key: `${"ü".repeat(index % 90)}${index}` }));
  for (const record of records) journal.enter(record);
  assert.deepEqual(await journal.find({}), records);
  for (const limit of [1, 700, 1_999, 2_000, 5_000]) assert.deepEqual(await journal.find({ limit }), records.slice(-limit));
});

test("FolderJournal: clear forgets what was entered before, and what comes then is kept", async (t) => {
  const folder = newFolder(t);
  const [one, other] = [opened(t, folder), opened(t, folder)];
  one.enter(freshRecord());
  other.enter(freshRecord());
  await other.settle();
  await one.clear();
  assert.deepEqual(await one.find({}), []);
  const record = freshRecord();
  other.enter(record);
  await other.settle();
  assert.deepEqual(await one.find({}), [record]);
});

test("FolderJournal: names of files that are there already are left to them", async (t) => {
  const folder = newFolder(t);
  const nowMs = Date.now();
  mkdirSync(join(folder, "journal"));
  const taken = recordLine(freshRecord());
  const path = join(folder, "journal", segmentName(nowMs, process.pid, 1));
  writeFileSync(path, taken);
  const journal = opened(t, folder, { clock: () => nowMs });
  journal.enter(freshRecord());
  assert.equal((await journal.find({})).length, 2);
  assert.equal(readFileSync(path, "utf8"), taken);
});

test("FolderJournal: a data folder that is gone does not come back, disturbs nobody, and is told once", async (t) => {
  const folder = join(newFolder(t), "data");
  mkdirSync(folder);
  const warnings: string[] = [];
  const journal = opened(t, folder, { warn: (_, what) => warnings.push(what) });
  journal.enter(freshRecord());
  await journal.settle();
  await rm(folder, { recursive: true });
  const lost = [freshRecord(), freshRecord()];
  for (const record of lost) {
    journal.enter(record);
    await journal.settle();
  }
  assert.deepEqual(await journal.find({}), []);
  assert.equal(existsSync(folder), false);
  assert.deepEqual(warnings, ["requests cannot be recorded in the journal"]);
  // What waited is written when there is a place for it.
  mkdirSync(folder);
  assert.deepEqual(await journal.find({}), lost);
  assert.deepEqual(warnings.slice(1), ["requests are recorded in the journal again"]);
});

test("FolderJournal: while nothing can be written, a bounded part of the records waits, and the others are counted", async (t) => {
  const folder = join(newFolder(t), "data");
  const journal = opened(t, folder);
  const record = freshRecord({ story: someStory({ stack: "x".repeat(60_000) }) });
  for (let index = 0; index < 300; index += 1) journal.enter(record);
  await journal.settle();
  assert.ok(journal.dropped > 100, `${journal.dropped} are dropped`);
  mkdirSync(folder);
  const found = await journal.find({});
  assert.equal(found.length + journal.dropped, 300);
});

test("FolderReader.follow: tells the latest, then whatever comes, of files begun meanwhile too, until the signal", async (t) => {
  const folder = newFolder(t);
  const one = opened(t, folder);
  const records = Array.from({ length: 6 }, () => freshRecord());
  for (const record of records.slice(0, 3)) one.enter(record);
  await one.settle();
  const abort = new AbortController();
  const told: RequestRecord[] = [];
  let seen = Promise.withResolvers<void>();
  const following = (async () => {
    const reader = openFolderJournal(folder, { settle: async () => undefined });
    for await (const record of reader.follow({ limit: 2, method: "GET" }, abort.signal)) {
      told.push(record);
      seen.resolve();
      seen = Promise.withResolvers();
    }
  })();
  const until = async (length: number): Promise<void> => {
    while (told.length < length) await seen.promise;
  };
  await until(2);
  one.enter(records[3]!);
  one.enter(freshRecord({ method: "PUT" }));
  await one.settle();
  await until(3);
  const other = opened(t, folder);
  other.enter(records[4]!);
  await other.settle();
  await until(4);
  await one.clear();
  one.enter(records[5]!);
  await one.settle();
  await until(5);
  abort.abort();
  await following;
  assert.deepEqual(idsOf(told), idsOf(records.slice(1)));
});

test("openFolderJournal: a data folder without a journal has no requests", async (t) => {
  const folder = newFolder(t);
  const reader = openFolderJournal(folder, { settle: async () => undefined });
  assert.deepEqual(await reader.find({}), []);
  rmSync(folder, { recursive: true });
  assert.deepEqual(await reader.find({}), []);
});
