import assert from "node:assert/strict";
import { test } from "node:test";
import { DeleteBucketPolicy, GetBucketPolicy, GetBucketPolicyStatus } from "../../../src/operations/settings/BucketPolicy.ts";
import { refusal } from "../contextFor.ts";
import { answerTo } from "./newBucket.ts";

const NO_POLICY = { code: "NoSuchBucketPolicy", status: 404, details: { BucketName: "bucket" } } as const;

test("GetBucketPolicy: a bucket has no policy, which is NoSuchBucketPolicy", async () => {
  await refusal(answerTo(GetBucketPolicy, { Bucket: "bucket" }), NO_POLICY);
});

test("GetBucketPolicyStatus: without a policy there is no status either", async () => {
  await refusal(answerTo(GetBucketPolicyStatus, { Bucket: "bucket" }), NO_POLICY);
});

test("DeleteBucketPolicy: there is nothing to delete, which is 204", async () => {
  assert.deepEqual(await answerTo(DeleteBucketPolicy, { Bucket: "bucket" }), [204, ""]);
});
