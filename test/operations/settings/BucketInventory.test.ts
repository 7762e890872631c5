import assert from "node:assert/strict";
import { test } from "node:test";
import {
  GetBucketInventoryConfiguration,
  ListBucketInventoryConfigurations,
} from "../../../src/operations/settings/BucketInventory.ts";
import { refusal } from "../contextFor.ts";
import { answerTo, document } from "./newBucket.ts";

test("GetBucketInventoryConfiguration: there is none of any id, which is NoSuchConfiguration", async () => {
  await refusal(answerTo(GetBucketInventoryConfiguration, { Bucket: "bucket", Id: "mine" }), {
    code: "NoSuchConfiguration",
    status: 404,
    details: {},
  });
});

test("ListBucketInventoryConfigurations: there is none, and no token leads further", async () => {
  const first = await answerTo(ListBucketInventoryConfigurations, { Bucket: "bucket" });
  assert.deepEqual(first, [200, document("ListInventoryConfigurationsResult", "<IsTruncated>false</IsTruncated>")]);
  await refusal(answerTo(ListBucketInventoryConfigurations, { Bucket: "bucket", ContinuationToken: "x" }), {
    code: "InvalidArgument",
    message: "The continuation token provided is incorrect",
    details: { ArgumentName: "continuation-token" },
  });
});
