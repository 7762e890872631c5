import { test } from "node:test";
import { GetObjectLockConfiguration } from "../../../src/operations/settings/ObjectLockConfiguration.ts";
import { refusal } from "../contextFor.ts";
import { answerTo } from "./newBucket.ts";

test("GetObjectLockConfiguration: a bucket has no Object Lock, which is ObjectLockConfigurationNotFoundError", async () => {
  await refusal(answerTo(GetObjectLockConfiguration, { Bucket: "bucket" }), {
    code: "ObjectLockConfigurationNotFoundError",
    status: 404,
    details: { BucketName: "bucket" },
  });
});
