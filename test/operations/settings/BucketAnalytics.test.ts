import assert from "node:assert/strict";
import { test } from "node:test";
import {
  GetBucketAnalyticsConfiguration,
  ListBucketAnalyticsConfigurations,
} from "../../../src/operations/settings/BucketAnalytics.ts";
import { refusal } from "../contextFor.ts";
import { answerTo, document } from "./newBucket.ts";

test("GetBucketAnalyticsConfiguration: there is none of any id, which is NoSuchConfiguration", async () => {
  await refusal(answerTo(GetBucketAnalyticsConfiguration, { Bucket: "bucket", Id: "mine" }), {
    code: "NoSuchConfiguration",
    status: 404,
    details: {},
  });
});

test("ListBucketAnalyticsConfigurations: there is none, and no token leads further", async () => {
  const first = await answerTo(ListBucketAnalyticsConfigurations, { Bucket: "bucket" });
  assert.deepEqual(first, [200, document("ListBucketAnalyticsConfigurationResult", "<IsTruncated>false</IsTruncated>")]);
  await refusal(answerTo(ListBucketAnalyticsConfigurations, { Bucket: "bucket", ContinuationToken: "x" }), {
    code: "InvalidArgument",
    message: "The continuation token provided is incorrect",
    details: { ArgumentName: "continuation-token" },
  });
});
