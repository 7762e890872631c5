import assert from "node:assert/strict";
import { test } from "node:test";
import { GetBucketVersioning } from "../../../src/operations/settings/BucketVersioning.ts";
import { answerTo, document } from "./newBucket.ts";

test("GetBucketVersioning: a bucket that never had versioning shows a document without Status", async () => {
  assert.deepEqual(await answerTo(GetBucketVersioning, { Bucket: "bucket" }), [200, document("VersioningConfiguration")]);
});
