import assert from "node:assert/strict";
import { test } from "node:test";
import { DeleteBucketReplication, GetBucketReplication } from "../../../src/operations/settings/BucketReplication.ts";
import { refusal } from "../contextFor.ts";
import { answerTo } from "./newBucket.ts";

test("GetBucketReplication: a bucket has no replication rules, which is ReplicationConfigurationNotFoundError", async () => {
  await refusal(answerTo(GetBucketReplication, { Bucket: "bucket" }), {
    code: "ReplicationConfigurationNotFoundError",
    status: 404,
    details: { BucketName: "bucket" },
  });
});

test("DeleteBucketReplication: there is nothing to delete, which is 204", async () => {
  assert.deepEqual(await answerTo(DeleteBucketReplication, { Bucket: "bucket" }), [204, ""]);
});
