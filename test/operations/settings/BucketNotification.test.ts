import assert from "node:assert/strict";
import { test } from "node:test";
import { GetBucketNotificationConfiguration } from "../../../src/operations/settings/BucketNotification.ts";
import { answerTo, document } from "./newBucket.ts";

test("GetBucketNotificationConfiguration: nobody is notified, which is an empty document", async () => {
  assert.deepEqual(await answerTo(GetBucketNotificationConfiguration, { Bucket: "bucket" }), [
    200,
    document("NotificationConfiguration"),
  ]);
});
