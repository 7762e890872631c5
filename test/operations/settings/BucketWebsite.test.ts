import assert from "node:assert/strict";
import { test } from "node:test";
import { DeleteBucketWebsite, GetBucketWebsite } from "../../../src/operations/settings/BucketWebsite.ts";
import { refusal } from "../contextFor.ts";
import { answerTo } from "./newBucket.ts";

test("GetBucketWebsite: a bucket has no website settings, which is NoSuchWebsiteConfiguration", async () => {
  await refusal(answerTo(GetBucketWebsite, { Bucket: "bucket" }), {
    code: "NoSuchWebsiteConfiguration",
    status: 404,
    details: { BucketName: "bucket" },
  });
});

test("DeleteBucketWebsite: there is nothing to delete, which is 204", async () => {
  assert.deepEqual(await answerTo(DeleteBucketWebsite, { Bucket: "bucket" }), [204, ""]);
});
