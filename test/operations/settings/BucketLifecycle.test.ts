import assert from "node:assert/strict";
import { test } from "node:test";
import { DeleteBucketLifecycle, GetBucketLifecycleConfiguration } from "../../../src/operations/settings/BucketLifecycle.ts";
import { refusal } from "../contextFor.ts";
import { answerTo } from "./newBucket.ts";

test("GetBucketLifecycleConfiguration: a bucket has no lifecycle rules, which is NoSuchLifecycleConfiguration", async () => {
  await refusal(answerTo(GetBucketLifecycleConfiguration, { Bucket: "bucket" }), {
    code: "NoSuchLifecycleConfiguration",
    status: 404,
    details: { BucketName: "bucket" },
  });
});

test("DeleteBucketLifecycle: there is nothing to delete, which is 204", async () => {
  assert.deepEqual(await answerTo(DeleteBucketLifecycle, { Bucket: "bucket" }), [204, ""]);
});
