import assert from "node:assert/strict";
import { test } from "node:test";
import { FolderJournal } from "../../src/journal/FolderJournal.ts";
import { idsOf, someRecord, someStory } from "../journal/someRecord.ts";
import { noSmallDisk, SmallDisk } from "../SmallDisk.ts";

const MEBIBYTE = 1024 * 1024;
const HOUR_MS = 3_600_000;
const NAME = "FolderJournal: on a full disk nothing fails; what waited is written once there is room, and nothing of it twice";

test(NAME, { skip: noSmallDisk }, async (t) => {
  const disk = SmallDisk.mount(t, 4 * MEBIBYTE);
  if (disk === undefined) return;
  const journal = new FolderJournal(disk.path, { sizeBytes: MEBIBYTE, ageMs: HOUR_MS });
  const beganMs = Date.now() - 2_000;
  const story = someStory({ stack: "x".repeat(2_000) });
  // Files have the time of the system: these ended just now, one millisecond behind the other.
  const records = Array.from({ length: 100 }, (_, index) => someRecord({ atMs: beganMs + index, story }));
  for (const record of records.slice(0, 10)) journal.enter(record);
  await journal.settle();
  disk.fill();
  for (const record of records.slice(10)) journal.enter(record);
  const found = idsOf(await journal.find({}));
  assert.ok(found.length < 100);
  assert.deepEqual(found, idsOf(records.slice(0, found.length)));
  disk.release();
  assert.deepEqual(idsOf(await journal.find({})), idsOf(records));
  await journal.close();
});
