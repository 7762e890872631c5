import assert from "node:assert/strict";
import { test } from "node:test";
import { GetBucketOwnershipControls } from "../../../src/operations/settings/BucketOwnershipControls.ts";
import { answerTo, document } from "./newBucket.ts";

test("GetBucketOwnershipControls: the owner of the bucket owns its objects", async () => {
  assert.deepEqual(await answerTo(GetBucketOwnershipControls, { Bucket: "bucket" }), [
    200,
    document("OwnershipControls", "<Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule>"),
  ]);
});
