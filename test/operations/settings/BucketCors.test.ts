import assert from "node:assert/strict";
import { test } from "node:test";
import { DeleteBucketCors, GetBucketCors } from "../../../src/operations/settings/BucketCors.ts";
import { refusal } from "../contextFor.ts";
import { answerTo } from "./newBucket.ts";

test("GetBucketCors: a bucket has no CORS rules, which is NoSuchCORSConfiguration", async () => {
  await refusal(answerTo(GetBucketCors, { Bucket: "bucket" }), {
    code: "NoSuchCORSConfiguration",
    status: 404,
    details: { BucketName: "bucket" },
  });
});

test("DeleteBucketCors: there is nothing to delete, which is 204", async () => {
  assert.deepEqual(await answerTo(DeleteBucketCors, { Bucket: "bucket" }), [204, ""]);
});
