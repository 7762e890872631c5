import { quoted } from "../../errors/quoted.ts";
import { S3Error } from "../../errors/S3Error.ts";
import { accountIdOf } from "../../store/accounts/accountIds.ts";
import type { BucketRecord } from "../../store/records/BucketRecord.ts";

/**
 * Checks that a bucket belongs to the account a header names, which is what x-amz-expected-bucket-owner asks for. `undefined` (none was
 * sent) passes. Throws InvalidBucketOwnerAWSAccountID and AccessDenied.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html
 */
export function checkExpectedOwner(header: string, accountId: string | undefined, bucket: BucketRecord): void {
  if (accountId === undefined) return;
  if (!/^\d{12}$/.test(accountId)) {
    throw new S3Error("InvalidBucketOwnerAWSAccountID", {
      message: `The value of the expected bucket owner parameter must be an AWS Account ID... [${accountId}]`,
      explanation: `${header} takes the twelve digits of an AWS account; ${quoted(accountId)} came.`,
    });
  }
  if (accountId === accountIdOf(bucket.ownerId)) return;
  throw new S3Error("AccessDenied", {
    explanation: `${header} is ${accountId}, and the bucket "${bucket.name}" belongs to another account.`,
  });
}
