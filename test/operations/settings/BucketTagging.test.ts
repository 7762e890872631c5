import assert from "node:assert/strict";
import { test } from "node:test";
import { DeleteBucketTagging, GetBucketTagging } from "../../../src/operations/settings/BucketTagging.ts";
import { refusal } from "../contextFor.ts";
import { answerTo } from "./newBucket.ts";

test("GetBucketTagging: a bucket has no tags, which is NoSuchTagSet", async () => {
  await refusal(answerTo(GetBucketTagging, { Bucket: "bucket" }), {
    code: "NoSuchTagSet",
    status: 404,
    details: { BucketName: "bucket" },
  });
});

test("DeleteBucketTagging: there is nothing to delete, which is 204", async () => {
  assert.deepEqual(await answerTo(DeleteBucketTagging, { Bucket: "bucket" }), [204, ""]);
});
