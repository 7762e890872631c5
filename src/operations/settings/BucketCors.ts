import { S3Error } from "../../errors/S3Error.ts";
import type { Operation } from "../Operation.ts";
import { bucketSetting } from "./bucketSetting.ts";

const cors = bucketSetting<"GetBucketCors">({ kind: "cors", name: "CORS rules" });

/**
 * Shows a bucket's CORS rules.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketCors.html
 */
export const GetBucketCors: Operation<"GetBucketCors"> = cors.get(
  "GetBucketCors",
  "s3:GetBucketCORS",
  (options) => new S3Error("NoSuchCORSConfiguration", options),
);

/**
 * Deletes a bucket's CORS rules. One without any is no error.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketCors.html
 */
export const DeleteBucketCors: Operation<"DeleteBucketCors"> = cors.delete("DeleteBucketCors", "s3:PutBucketCORS");
