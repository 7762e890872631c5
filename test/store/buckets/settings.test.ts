import assert from "node:assert/strict";
import { test } from "node:test";
import { deleteBucket, findBucket } from "../../../src/store/buckets/buckets.ts";
import { MAX_PARSED_SETTINGS, ParsedSettings } from "../../../src/store/buckets/ParsedSettings.ts";
import { deleteSetting, parsedSetting, putSetting, readSetting } from "../../../src/store/buckets/settings.ts";
import { createStore } from "../../../src/store/createStore.ts";
import type { BucketRecord } from "../../../src/store/records/BucketRecord.ts";
import { deletedBuckets } from "../../../src/store/records/deletedBucketRows.ts";
import { settingKindsOf } from "../../../src/store/records/SettingRecord.ts";
import type { Store } from "../../../src/store/Store.ts";
import { readRows } from "../../../src/store/transact.ts";
import { collect } from "../../../src/tasks/collect.ts";
import { BUCKET, openTestStore } from "../testStore.ts";

async function bucketOf(store: Store): Promise<BucketRecord> {
  return (await findBucket(store, BUCKET.name))!;
}

/** Parses documents that are numbers, and counts how often. */
function numbers() {
  const parser = { parsed: 0, parse: (document: string): number => (parser.parsed++, Number(document)) };
  return parser;
}

test("putSetting: the document is kept as it is, and the revision is raised with each change", async () => {
  const store = await openTestStore();
  assert.equal(await readSetting(store, await bucketOf(store), "cors"), undefined);
  await putSetting(store, BUCKET, "cors", '{"ä":1}');
  await putSetting(store, await bucketOf(store), "policy", "p");
  const { configurationRevision, ...rest } = await bucketOf(store);
  assert.equal(configurationRevision, 2);
  assert.deepEqual({ ...rest, configurationRevision: 0 }, BUCKET);
  assert.equal(await readSetting(store, await bucketOf(store), "cors"), '{"ä":1}');
  await putSetting(store, await bucketOf(store), "cors", "other");
  assert.equal(await readSetting(store, await bucketOf(store), "cors"), "other");
  assert.equal(await readSetting(store, await bucketOf(store), "policy"), "p");
  assert.equal((await bucketOf(store)).configurationRevision, 3);
});

test("deleteSetting: the setting goes, and deleting it again changes nothing", async () => {
  const store = await openTestStore();
  await deleteSetting(store, await bucketOf(store), "cors");
  await putSetting(store, await bucketOf(store), "cors", "c");
  await deleteSetting(store, await bucketOf(store), "cors");
  assert.equal(await readSetting(store, await bucketOf(store), "cors"), undefined);
  assert.equal((await bucketOf(store)).configurationRevision, 2);
  await deleteSetting(store, await bucketOf(store), "cors");
  assert.equal((await bucketOf(store)).configurationRevision, 2);
});

test("putSetting: a bucket deleted meanwhile, or made anew, takes no setting", async () => {
  const store = await openTestStore();
  const other = { ...BUCKET, id: "ffffffffffffffff" };
  await assert.rejects(putSetting(store, other, "cors", "c"), { code: "NoSuchBucket" });
  await deleteBucket(store, BUCKET);
  await assert.rejects(putSetting(store, BUCKET, "cors", "c"), { code: "NoSuchBucket" });
  assert.deepEqual(await readRows(store, { kinds: settingKindsOf(BUCKET.id, 9) }), { kinds: [] });
});

test("parsedSetting: a document is parsed once, until the bucket's settings change, be it by another process", async () => {
  const here = await openTestStore();
  const elsewhere = createStore(here);
  const counted = numbers();
  const parsed = async (store: Store): Promise<number | undefined> =>
    parsedSetting(store, await bucketOf(store), "size", counted.parse);
  assert.equal(await parsed(here), undefined);
  await putSetting(elsewhere, BUCKET, "size", "1");
  assert.deepEqual([await parsed(here), await parsed(here), await parsed(elsewhere)], [1, 1, 1]);
  assert.equal(counted.parsed, 2, "once in each process");
  await putSetting(elsewhere, BUCKET, "size", "2");
  assert.deepEqual([await parsed(here), await parsed(here)], [2, 2]);
  assert.equal(counted.parsed, 3);
  await putSetting(here, await bucketOf(here), "other", "x");
  assert.equal(await parsed(elsewhere), 2);
  await deleteSetting(elsewhere, await bucketOf(elsewhere), "size");
  assert.deepEqual([await parsed(here), await parsed(elsewhere)], [undefined, undefined]);
});

test("parsedSetting: who looked at the bucket before a change gets what holds now, and spoils it for nobody", async () => {
  const store = await openTestStore();
  await putSetting(store, BUCKET, "size", "1");
  const before = await bucketOf(store);
  await putSetting(store, before, "size", "2");
  const { parse } = numbers();
  assert.equal(await parsedSetting(store, before, "size", parse), 2);
  assert.equal(await parsedSetting(store, await bucketOf(store), "size", parse), 2);
});

test("ParsedSettings: what a slow read brings does not take the place of a later revision", () => {
  const settings = new ParsedSettings();
  const [earlier, later] = [1, 2].map((configurationRevision) => ({ ...BUCKET, configurationRevision })) as [
    BucketRecord,
    BucketRecord,
  ];
  settings.keep(later, "size", 2);
  settings.keep(earlier, "size", 1);
  assert.equal(settings.find(later, "size")?.parsed, 2);
  assert.equal(settings.find({ ...later, id: "ffffffffffffffff" }, "size"), undefined);
});

test("parsedSetting: a document that cannot be parsed is an error each time", async () => {
  const store = await openTestStore();
  await putSetting(store, BUCKET, "size", "{");
  const bucket = await bucketOf(store);
  for (let time = 0; time < 2; time++) {
    await assert.rejects(
      async () => parsedSetting(store, bucket, "size", (document): unknown => JSON.parse(document)),
      SyntaxError,
    );
  }
});

test("parsedSetting: what is kept is bounded, and what had to go is parsed again", async () => {
  const store = await openTestStore();
  await putSetting(store, BUCKET, "first", "1");
  const bucket = await bucketOf(store);
  const counted = numbers();
  const first = (): unknown => parsedSetting(store, bucket, "first", counted.parse);
  first();
  for (let other = 1; other < MAX_PARSED_SETTINGS; other++) await parsedSetting(store, bucket, `other${other}`, counted.parse);
  first();
  assert.equal(counted.parsed, 1);
  await parsedSetting(store, bucket, "one too many", counted.parse);
  first();
  assert.equal(counted.parsed, 2);
});

test("deleteBucket: its settings go with it, and a bucket of the same name has none of them", async () => {
  const store = await openTestStore();
  const { entries } = await store.metadata.statistics();
  for (const kind of ["cors", "policy"]) await putSetting(store, await bucketOf(store), kind, kind);
  await deleteBucket(store, await bucketOf(store));
  assert.deepEqual(await readRows(store, { queued: deletedBuckets(9) }), { queued: [BUCKET.id] });
  const signal = new AbortController().signal;
  await collect(store, {
    signal,
    onFailure: assert.fail,
    pause: async () => undefined,
  });
  assert.equal((await store.metadata.statistics()).entries, entries - 1, "nothing is left of it");
});
