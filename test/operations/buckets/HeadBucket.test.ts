import assert from "node:assert/strict";
import { test } from "node:test";
import { GetBucketLocation } from "../../../src/operations/buckets/GetBucketLocation.ts";
import { HeadBucket } from "../../../src/operations/buckets/HeadBucket.ts";
import { bucketIn, contextFor, memoryStore } from "../contextFor.ts";

test("HeadBucket: names the region and the bucket's ARN", async () => {
  const store = memoryStore();
  const bucket = await bucketIn(store, "bucket", "eu-west-1");
  const { output, headers } = await HeadBucket.handle({ Bucket: "bucket" }, contextFor({ store, bucket }));
  assert.deepEqual(output, { BucketArn: "arn:aws:s3:::bucket", BucketRegion: "eu-west-1", AccessPointAlias: false });
  assert.deepEqual(headers, { "Content-Type": "application/xml" });
});

test("GetBucketLocation: is the region, and nothing in us-east-1", async () => {
  const store = memoryStore();
  const locationIn = async (region: string) => {
    const bucket = await bucketIn(store, `bucket-${region}`, region);
    return (await GetBucketLocation.handle({ Bucket: bucket.name }, contextFor({ store, bucket }))).output.LocationConstraint;
  };
  assert.equal(await locationIn("eu-west-1"), "eu-west-1");
  assert.equal(await locationIn("us-east-1"), undefined);
});
