import { on } from "../../access/Permission.ts";
import { S3Error } from "../../errors/S3Error.ts";
import { describeBucket } from "../../store/buckets/buckets.ts";
import { requireSecondFactor } from "../../store/buckets/mfaDelete.ts";
import type { BucketRecord, MfaDeleteStatus, VersioningStatus } from "../../store/records/BucketRecord.ts";
import { hasSecondFactor } from "../headers/mfaHeader.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";

/**
 * Shows whether a bucket keeps versions, and whether deleting them needs a second factor: of one that never had versioning, a document without
 * a Status.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketVersioning.html
 */
export const GetBucketVersioning: Operation<"GetBucketVersioning"> = operation({
  name: "GetBucketVersioning",
  permissions: on.bucket("s3:GetBucketVersioning"),
  resource: "bucket",
  async handle(_input, { bucket }) {
    return { output: { Status: bucket.versioning, MFADelete: bucket.mfaDelete } };
  },
});

/**
 * Has a bucket keep versions, or make no further ones; and has deleting them need a second factor, or not. What is there stays.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketVersioning.html
 */
export const PutBucketVersioning: Operation<"PutBucketVersioning"> = operation({
  name: "PutBucketVersioning",
  permissions: on.bucket("s3:PutBucketVersioning"),
  resource: "bucket",
  async handle(input, context) {
    const { Status: status, MFADelete } = input.VersioningConfiguration;
    const mfaDelete = MFADelete as MfaDeleteStatus | undefined;
    if (status === undefined) {
      throw new S3Error("IllegalVersioningConfigurationException", {
        explanation: "VersioningConfiguration has no Status; it is Enabled or Suspended.",
      });
    }
    const mfa = await hasSecondFactor(input.MFA, context);
    await describeBucket(context.store, context.bucket, (committed) => {
      requireSecondFactor(committed.mfaDelete, mfa);
      // Whoever asks for MFA delete shows the device that it needs from then on.
      requireSecondFactor(mfaDelete, mfa);
      return { ...withVersioning(committed, status as VersioningStatus), mfaDelete: mfaDelete ?? committed.mfaDelete };
    });
    return { output: {} };
  },
});

/** Throws InvalidBucketState for a bucket whose locks rely on its versions. */
function withVersioning(bucket: BucketRecord, versioning: VersioningStatus): BucketRecord {
  if (versioning === "Enabled" || !bucket.objectLock) return { ...bucket, versioning };
  throw new S3Error("InvalidBucketState", {
    explanation:
      "The bucket has Object Lock, which keeps versions: versioning cannot be suspended as long as the bucket is there.",
  });
}
