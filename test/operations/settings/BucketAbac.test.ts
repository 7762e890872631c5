import assert from "node:assert/strict";
import { test } from "node:test";
import { findAskedTags } from "../../../src/access/bucketTags.ts";
import { GetBucketAbac, PutBucketAbac } from "../../../src/operations/settings/BucketAbac.ts";
import { PutBucketTagging } from "../../../src/operations/settings/BucketTagging.ts";
import { findBucket } from "../../../src/store/buckets/buckets.ts";
import { bucketIn, contextFor, memoryStore } from "../contextFor.ts";

const Bucket = "bucket";

test("GetBucketAbac: is Disabled for a bucket of which nobody ever said it", async () => {
  const store = memoryStore();
  const { output } = await GetBucketAbac.handle({ Bucket }, contextFor({ store, bucket: await bucketIn(store) }));
  assert.deepEqual(output, { AbacStatus: { Status: "Disabled" } });
});

test("PutBucketAbac: says whether policies may ask for the bucket's tags", async () => {
  const store = memoryStore();
  await bucketIn(store);
  const present = async () => (await findBucket(store, Bucket))!;
  const context = async () => contextFor({ store, bucket: await present() });
  await PutBucketTagging.handle({ Bucket, Tagging: { TagSet: [{ Key: "team", Value: "blue" }] } }, await context());
  assert.equal(await findAskedTags(store, await present()), undefined);
  for (const [Status, tags] of [
    ["Enabled", [["team", "blue"]]],
    ["Disabled", undefined],
  ] as const) {
    await PutBucketAbac.handle({ Bucket, AbacStatus: { Status } }, await context());
    assert.deepEqual((await GetBucketAbac.handle({ Bucket }, await context())).output, { AbacStatus: { Status } });
    assert.deepEqual(await findAskedTags(store, await present()), tags);
  }
});
