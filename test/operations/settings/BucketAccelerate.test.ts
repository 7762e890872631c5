import assert from "node:assert/strict";
import { test } from "node:test";
import { GetBucketAccelerateConfiguration } from "../../../src/operations/settings/BucketAccelerate.ts";
import { answerTo, document } from "./newBucket.ts";

test("GetBucketAccelerateConfiguration: a bucket that never had acceleration shows a document without Status", async () => {
  assert.deepEqual(await answerTo(GetBucketAccelerateConfiguration, { Bucket: "bucket" }), [
    200,
    document("AccelerateConfiguration"),
  ]);
});
