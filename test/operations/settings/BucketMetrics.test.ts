import assert from "node:assert/strict";
import { test } from "node:test";
import {
  GetBucketMetricsConfiguration,
  ListBucketMetricsConfigurations,
} from "../../../src/operations/settings/BucketMetrics.ts";
import { refusal } from "../contextFor.ts";
import { answerTo, document } from "./newBucket.ts";

test("GetBucketMetricsConfiguration: there is none of any id, which is NoSuchConfiguration", async () => {
  await refusal(answerTo(GetBucketMetricsConfiguration, { Bucket: "bucket", Id: "mine" }), {
    code: "NoSuchConfiguration",
    status: 404,
    details: {},
  });
});

test("ListBucketMetricsConfigurations: there is none, and no token leads further", async () => {
  const first = await answerTo(ListBucketMetricsConfigurations, { Bucket: "bucket" });
  assert.deepEqual(first, [200, document("ListMetricsConfigurationsResult", "<IsTruncated>false</IsTruncated>")]);
  await refusal(answerTo(ListBucketMetricsConfigurations, { Bucket: "bucket", ContinuationToken: "x" }), {
    code: "InvalidArgument",
    message: "The continuation token provided is incorrect",
    details: { ArgumentName: "continuation-token" },
  });
});
