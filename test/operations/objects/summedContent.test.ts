import assert from "node:assert/strict";
import { test } from "node:test";
import { summedContent } from "../../../src/operations/objects/summedContent.ts";
import { writeBlob } from "../../../src/store/objects/content.ts";
import { patternBytes } from "../../store/blobs/blobs.suite.ts";
import { objectRecord, openTestStore, putObject } from "../../store/testStore.ts";

const SIZE_BYTES = 100_000;

test("summedContent: nothing is read, and nobody waits for it, where there is no room for what it becomes", async () => {
  const store = await openTestStore();
  await putObject(store, "key", patternBytes(SIZE_BYTES));
  const object = (await objectRecord(store, "key"))!;
  const context = { store, signal: AbortSignal.timeout(10_000) };
  const asked = { object, start: 0, end: SIZE_BYTES, dataKey: undefined };
  const full = new Error("the disk is full");
  const blobs = { ...store.blobs, create: async () => Promise.reject(full) } as typeof store.blobs;
  await assert.rejects(writeBlob({ ...store, blobs }, summedContent(context, asked, [])), full);
  assert.equal(store.readers.count, 0);
  const bytes = summedContent(context, asked, [])[Symbol.asyncIterator]();
  await bytes.next();
  assert.equal(store.readers.count, 1);
  await bytes.return?.();
  assert.equal(store.readers.count, 0);
});
