import assert from "node:assert/strict";
import { test } from "node:test";
import {
  GetBucketAccelerateConfiguration,
  PutBucketAccelerateConfiguration,
} from "../../../src/operations/settings/BucketAccelerate.ts";
import { findBucket } from "../../../src/store/buckets/buckets.ts";
import type { Store } from "../../../src/store/Store.ts";
import { bucketIn, contextFor, memoryStore } from "../contextFor.ts";
import { answerTo, document } from "./newBucket.ts";

async function show(store: Store, name: string): Promise<unknown> {
  const bucket = await findBucket(store, name);
  return (await GetBucketAccelerateConfiguration.handle({ Bucket: name }, contextFor({ store, bucket }))).output;
}

async function set(store: Store, name: string, AccelerateConfiguration: { readonly Status?: string }): Promise<unknown> {
  const bucket = await findBucket(store, name);
  const input = { Bucket: name, AccelerateConfiguration };
  return (await PutBucketAccelerateConfiguration.handle(input, contextFor({ store, bucket }))).output;
}

test("GetBucketAccelerateConfiguration: a bucket that never had acceleration shows a document without Status", async () => {
  assert.deepEqual(await answerTo(GetBucketAccelerateConfiguration, { Bucket: "bucket" }), [
    200,
    document("AccelerateConfiguration"),
  ]);
});

test("PutBucketAccelerateConfiguration: the status that is set is shown, of this bucket alone", async () => {
  const store = memoryStore();
  await bucketIn(store);
  await bucketIn(store, "other");
  for (const Status of ["Enabled", "Suspended"]) {
    assert.deepEqual(await set(store, "bucket", { Status }), {});
    assert.deepEqual(await show(store, "bucket"), { Status });
  }
  assert.deepEqual(await show(store, "other"), { Status: undefined });
});

test("PutBucketAccelerateConfiguration: without a status, and for names that no host could have, it changes nothing", async () => {
  const store = memoryStore();
  for (const [name, configuration, code] of [
    ["bucket", {}, "MalformedXML"],
    ["with.periods", { Status: "Enabled" }, "InvalidRequest"],
    ["Old_Name", { Status: "Suspended" }, "InvalidRequest"],
  ] as const) {
    await bucketIn(store, name);
    await assert.rejects(set(store, name, configuration), { code });
    assert.deepEqual(await show(store, name), { Status: undefined });
  }
});
