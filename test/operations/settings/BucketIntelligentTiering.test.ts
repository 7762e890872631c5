import assert from "node:assert/strict";
import { test } from "node:test";
import {
  GetBucketIntelligentTieringConfiguration,
  ListBucketIntelligentTieringConfigurations,
} from "../../../src/operations/settings/BucketIntelligentTiering.ts";
import { refusal } from "../contextFor.ts";
import { answerTo, document } from "./newBucket.ts";

test("GetBucketIntelligentTieringConfiguration: there is none of any id, which is NoSuchConfiguration", async () => {
  await refusal(answerTo(GetBucketIntelligentTieringConfiguration, { Bucket: "bucket", Id: "mine" }), {
    code: "NoSuchConfiguration",
    status: 404,
    details: {},
  });
});

test("ListBucketIntelligentTieringConfigurations: there is none, and no token leads further", async () => {
  const first = await answerTo(ListBucketIntelligentTieringConfigurations, { Bucket: "bucket" });
  assert.deepEqual(first, [
    200,
    document("ListBucketIntelligentTieringConfigurationsOutput", "<IsTruncated>false</IsTruncated>"),
  ]);
  await refusal(answerTo(ListBucketIntelligentTieringConfigurations, { Bucket: "bucket", ContinuationToken: "x" }), {
    code: "InvalidArgument",
    message: "The continuation token provided is incorrect",
    details: { ArgumentName: "continuation-token" },
  });
});
