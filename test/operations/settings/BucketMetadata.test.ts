import { test } from "node:test";
import { GetBucketMetadataConfiguration } from "../../../src/operations/settings/BucketMetadata.ts";
import { refusal } from "../contextFor.ts";
import { answerTo } from "./newBucket.ts";

test("GetBucketMetadataConfiguration: a bucket has no metadata tables, which is MetadataConfigurationNotFound", async () => {
  await refusal(answerTo(GetBucketMetadataConfiguration, { Bucket: "bucket" }), {
    code: "MetadataConfigurationNotFound",
    status: 404,
    details: { BucketName: "bucket" },
  });
});
