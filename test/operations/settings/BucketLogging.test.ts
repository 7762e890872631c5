import assert from "node:assert/strict";
import { test } from "node:test";
import { GetBucketLogging } from "../../../src/operations/settings/BucketLogging.ts";
import { answerTo, document } from "./newBucket.ts";

test("GetBucketLogging: access is not logged, which is an empty document", async () => {
  assert.deepEqual(await answerTo(GetBucketLogging, { Bucket: "bucket" }), [200, document("BucketLoggingStatus")]);
});
