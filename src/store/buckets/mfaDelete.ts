import { S3Error } from "../../errors/S3Error.ts";
import type { MfaDeleteStatus } from "../records/BucketRecord.ts";

/**
 * Refuses, inside the commit, what a bucket with MFA delete takes with a second factor only: to delete versions for good, and to change its
 * versioning. Throws AccessDenied.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiFactorAuthenticationDelete.html
 */
export function requireSecondFactor(mfaDelete: MfaDeleteStatus | undefined, hasSecondFactor: boolean): void {
  if (mfaDelete !== "Enabled" || hasSecondFactor) return;
  throw new S3Error("AccessDenied", {
    message: "Mfa Authentication must be used for this request",
    explanation:
      "MFA delete needs x-amz-mfa for this: the serial number of the bucket owner's MFA device, a space, and the code it shows.",
  });
}
