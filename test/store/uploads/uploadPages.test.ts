import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { PartRecord } from "../../../src/store/records/PartRecord.ts";
import { partRow } from "../../../src/store/records/PartRecord.ts";
import { put } from "../../../src/store/records/Row.ts";
import type { UploadRecord } from "../../../src/store/records/UploadRecord.ts";
import { uploadRow } from "../../../src/store/records/UploadRecord.ts";
import type { UploadPage, UploadPagePlan } from "../../../src/store/uploads/uploadPages.ts";
import { pageOfParts, pageOfUploads } from "../../../src/store/uploads/uploadPages.ts";
import { BUCKET, commit, openTestStore, openUncheckedStore } from "../testStore.ts";
import { MemoryMetadataEngine } from "../../../src/store/metadata/memory/MemoryMetadataEngine.ts";
import { PLAIN_OBJECT } from "../../../src/store/records/ObjectRecord.ts";

function upload(key: string, uploadId: string): UploadRecord {
  return {
    uploadId,
    key,
    initiatedAtMs: 1,
    storageClass: "STANDARD",
    ownerId: "o",
    ownerName: "O",
    initiatorId: "o",
    initiatorName: "O",
    system: {},
    user: [],
    checksumAlgorithm: undefined,
    ...PLAIN_OBJECT,
    checksumType: undefined,
    begunOn: undefined,
  };
}

function shown({ items, more }: UploadPage): { readonly items: string[]; readonly more: boolean } {
  const names = items.map((item) =>
    "commonPrefix" in item ? `prefix ${item.commonPrefix}` : `${item.upload.key} ${item.upload.uploadId}`,
  );
  return { items: names, more };
}

/** What a page must show, found by looking at every upload. */
function naivePage(uploads: readonly UploadRecord[], plan: UploadPagePlan): { readonly items: string[]; readonly more: boolean } {
  const fold = (key: string): string | undefined => {
    const at = plan.delimiter === "" || !key.startsWith(plan.prefix) ? -1 : key.indexOf(plan.delimiter, plan.prefix.length);
    return at === -1 ? undefined : key.slice(0, at + plan.delimiter.length);
  };
  const bytes = (text: string): Buffer => Buffer.from(text);
  const sorted = uploads.toSorted(
    (one, other) => Buffer.compare(bytes(one.key), bytes(other.key)) || (one.uploadId < other.uploadId ? -1 : 1),
  );
  const items: string[] = [];
  for (const { key, uploadId } of sorted) {
    const order = Buffer.compare(bytes(key), bytes(plan.afterKey));
    const isAfter = order > 0 || (order === 0 && plan.afterUploadId !== "" && uploadId > plan.afterUploadId);
    if (!key.startsWith(plan.prefix) || (plan.afterKey !== "" && !isAfter)) continue;
    const folded = fold(key);
    if (folded !== undefined && folded === fold(plan.afterKey)) continue;
    const item = folded === undefined ? `${key} ${uploadId}` : `prefix ${folded}`;
    if (items.at(-1) !== item) items.push(item);
  }
  return { items: items.slice(0, plan.limit), more: plan.limit > 0 && items.length > plan.limit };
}

// Few letters make many shared prefixes; upload ids hold "0" and "a", which are delimiters of keys here too.
const letters = fc.constantFrom("a", "b", "/", "0", "\0", "ä", "\u{10FFFF}");
const word = (maxLength: number) => fc.array(letters, { maxLength }).map((parts) => parts.join(""));

test("pageOfUploads: shows what looking at every upload shows, whatever prefix, delimiter and position", async () => {
  const plans = fc.record({
    uploads: fc.uniqueArray(fc.tuple(word(5), fc.constantFrom("0a", "0b", "1a")), { maxLength: 40, selector: String }),
    prefix: word(2),
    delimiter: fc.oneof(fc.constant(""), fc.constant("/"), fc.constant("0"), fc.constant("a"), word(2)),
    afterKey: fc.oneof(fc.constant(""), word(5)),
    afterUploadId: fc.constantFrom("", "0a", "0b", "zz"),
    limit: fc.integer({ min: 0, max: 8 }),
  });
  await fc.assert(
    fc.asyncProperty(plans, async ({ uploads, ...plan }) => {
      const store = await openUncheckedStore({ metadata: new MemoryMetadataEngine() });
      const records = uploads.filter(([key]) => key !== "").map(([key, uploadId]) => upload(key, uploadId));
      const changes = records.map((record) => put(uploadRow(BUCKET.id, record.key, record.uploadId), record));
      // Of other buckets, before and behind.
      const others = ["0123456789abcdee", "0123456789abcdf0"].map((id) => put(uploadRow(id, "a/b", "0a"), upload("a/b", "0a")));
      await commit(store, [...changes, ...others]);
      assert.deepEqual(shown(await pageOfUploads(store, BUCKET, plan)), naivePage(records, plan));
    }),
    { numRuns: 300 },
  );
});

test("pageOfUploads: a page costs what it shows, however many uploads lie under a common prefix", async () => {
  const store = await openTestStore();
  const keys = ["a", "b", "c"].flatMap((folder) => Array.from({ length: 500 }, (_, index) => `${folder}/${index}`));
  await commit(
    store,
    keys.map((key) => put(uploadRow(BUCKET.id, key, "0a"), upload(key, "0a"))),
  );
  let rows = 0;
  const { metadata } = store;
  const read = metadata.read.bind(metadata);
  metadata.read = (readSet) => {
    const found = read(readSet);
    assert.ok(!(found instanceof Promise));
    for (const range of found.ranges) rows += range.length;
    return found;
  };
  const plan = { prefix: "", delimiter: "/", afterKey: "", afterUploadId: "", limit: 1000 };
  assert.deepEqual(shown(await pageOfUploads(store, BUCKET, plan)).items, ["prefix a/", "prefix b/", "prefix c/"]);
  assert.ok(rows < 100, `${rows} rows were read`);
});

test("pageOfParts: shows so many parts behind a number, whatever that is, and whether more follow", async () => {
  const store = await openTestStore();
  const numbers = [1, 2, 5, 9_999, 10_000];
  const part = (partNumber: number): PartRecord => {
    return { partNumber, sizeBytes: 0, etag: "0", lastModifiedMs: 1, blob: undefined, checksum: undefined, cipher: undefined };
  };
  const changes = ["aa", "ab"].flatMap((id) => numbers.map((number) => put(partRow(id, number), part(number))));
  await commit(store, changes);
  for (const [after, limit, shownNumbers, more] of [
    [0, 5, numbers, false],
    [0, 4, numbers.slice(0, 4), true],
    [0, 0, [], true],
    [1, 2, [2, 5], true],
    [3, 9, [5, 9_999, 10_000], false],
    [9_999, 1, [10_000], false],
    [10_000, 1, [], false],
    [2_147_483_647, 1, [], false],
  ] as const) {
    const page = await pageOfParts(store, "aa", after, limit);
    assert.deepEqual(
      [page.parts.map(({ partNumber }) => partNumber), page.more],
      [shownNumbers, more],
      `${limit} after ${after}`,
    );
  }
});
