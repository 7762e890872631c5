import { on } from "../../access/Permission.ts";
import { describeBucket } from "../../store/buckets/buckets.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";

/**
 * Shows who pays for requests: the owner of the bucket, or whoever asks.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketRequestPayment.html
 */
export const GetBucketRequestPayment: Operation<"GetBucketRequestPayment"> = operation({
  name: "GetBucketRequestPayment",
  permissions: on.bucket("s3:GetBucketRequestPayment"),
  resource: "bucket",
  async handle(_input, { bucket }) {
    return { output: { Payer: bucket.requesterPays ? "Requester" : "BucketOwner" } };
  },
});

/**
 * Says who pays for requests.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketRequestPayment.html
 */
export const PutBucketRequestPayment: Operation<"PutBucketRequestPayment"> = operation({
  name: "PutBucketRequestPayment",
  permissions: on.bucket("s3:PutBucketRequestPayment"),
  resource: "bucket",
  async handle(input, { store, bucket }) {
    const requesterPays = input.RequestPaymentConfiguration.Payer === "Requester";
    await describeBucket(store, bucket, (committed) => ({ ...committed, requesterPays }));
    return { output: {} };
  },
});
