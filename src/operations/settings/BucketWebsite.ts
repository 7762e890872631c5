import { S3Error } from "../../errors/S3Error.ts";
import type { Operation } from "../Operation.ts";
import { bucketSetting } from "./bucketSetting.ts";

const website = bucketSetting<"GetBucketWebsite">({ kind: "website", name: "website settings" });

/**
 * Shows a bucket's website settings.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketWebsite.html
 */
export const GetBucketWebsite: Operation<"GetBucketWebsite"> = website.get(
  "GetBucketWebsite",
  "s3:GetBucketWebsite",
  (options) => new S3Error("NoSuchWebsiteConfiguration", options),
);

/**
 * Deletes a bucket's website settings. One without any is no error.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketWebsite.html
 */
export const DeleteBucketWebsite: Operation<"DeleteBucketWebsite"> = website.delete(
  "DeleteBucketWebsite",
  "s3:DeleteBucketWebsite",
);
