import { quoted } from "../errors/quoted.ts";
import { S3Error } from "../errors/S3Error.ts";
import { notImplemented } from "./unbuilt.ts";

/**
 * Refuses to check that a bucket belongs to an AWS account, which is what x-amz-expected-bucket-owner asks for: owners here are canonical
 * users without account numbers, and passing the check over would be worse than failing.
 * Throws InvalidBucketOwnerAWSAccountID and NotImplemented.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html
 */
export function refuseExpectedOwner(header: string, accountId: string | undefined): void {
  if (accountId === undefined) return;
  if (/^\d{12}$/.test(accountId)) throw notImplemented(header, "Checking a bucket's owner by AWS account");
  throw new S3Error("InvalidBucketOwnerAWSAccountID", {
    message: `The value of the expected bucket owner parameter must be an AWS Account ID... [${accountId}]`,
    explanation: `${header} takes the twelve digits of an AWS account; ${quoted(accountId)} came.`,
  });
}
