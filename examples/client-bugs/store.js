import { after, beforeEach } from "node:test";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { Holdfast } from "holdfast";

/** One server for the file; each test begins with an empty bucket "bucket" and no faults. */
export const holdfast = await Holdfast.start();
export const client = new S3Client({ ...holdfast.clientConfig(), maxAttempts: 1 });

after(() => holdfast.stop());
beforeEach(async () => {
  await holdfast.reset();
  await client.send(new CreateBucketCommand({ Bucket: "bucket" }));
});

/** A signed URL, for clients that speak HTTP themselves. What is signed goes into the query, and no checksum is asked for. */
const presigning = new S3Client({
  ...holdfast.clientConfig(),
  requestChecksumCalculation: "WHEN_REQUIRED",
  responseChecksumValidation: "WHEN_REQUIRED",
});
export function urlOf(command) {
  return getSignedUrl(presigning, command, { expiresIn: 600 });
}
