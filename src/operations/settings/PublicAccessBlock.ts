import { on } from "../../access/Permission.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { PublicAccessBlockConfiguration } from "../../protocol/generated/types.ts";
import { describeBucket } from "../../store/buckets/buckets.ts";
import type { PublicAccessBlock } from "../../store/records/PublicAccessBlock.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";

/**
 * Shows what keeps the public out of a bucket: everything, by S3's default since April 2023.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetPublicAccessBlock.html
 */
export const GetPublicAccessBlock: Operation<"GetPublicAccessBlock"> = operation({
  name: "GetPublicAccessBlock",
  permissions: on.bucket("s3:GetBucketPublicAccessBlock"),
  resource: "bucket",
  async handle(_input, { bucket }) {
    const { publicAccessBlock: block, name } = bucket;
    if (block !== undefined) return { output: { PublicAccessBlockConfiguration: shownBlock(block) } };
    throw new S3Error("NoSuchPublicAccessBlockConfiguration", {
      details: [["BucketName", name]],
      explanation: `The public access block of the bucket "${name}" was deleted: only that of its owner's account, if there is one, keeps the public out.`,
    });
  },
});

/**
 * Says what keeps the public out of a bucket, in place of what did; a switch that is not said is off.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutPublicAccessBlock.html
 */
export const PutPublicAccessBlock: Operation<"PutPublicAccessBlock"> = operation({
  name: "PutPublicAccessBlock",
  permissions: on.bucket("s3:PutBucketPublicAccessBlock"),
  resource: "bucket",
  async handle(input, { store, bucket }) {
    const publicAccessBlock = sentBlock(input.PublicAccessBlockConfiguration);
    await describeBucket(store, bucket, (committed) => ({ ...committed, publicAccessBlock }));
    return { output: {} };
  },
});

/**
 * Takes away what keeps the public out of a bucket; there being nothing is no error.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeletePublicAccessBlock.html
 */
export const DeletePublicAccessBlock: Operation<"DeletePublicAccessBlock"> = operation({
  name: "DeletePublicAccessBlock",
  permissions: on.bucket("s3:PutBucketPublicAccessBlock"),
  resource: "bucket",
  async handle(_input, { store, bucket }) {
    await describeBucket(store, bucket, (committed) => ({ ...committed, publicAccessBlock: undefined }));
    return { output: {} };
  },
});

function shownBlock(block: PublicAccessBlock): PublicAccessBlockConfiguration {
  return {
    BlockPublicAcls: block.blockPublicAcls,
    IgnorePublicAcls: block.ignorePublicAcls,
    BlockPublicPolicy: block.blockPublicPolicy,
    RestrictPublicBuckets: block.restrictPublicBuckets,
  };
}

/** Throws InvalidRequest for a document that says nothing. */
function sentBlock(configuration: PublicAccessBlockConfiguration): PublicAccessBlock {
  const { BlockPublicAcls, IgnorePublicAcls, BlockPublicPolicy, RestrictPublicBuckets } = configuration;
  if ([BlockPublicAcls, IgnorePublicAcls, BlockPublicPolicy, RestrictPublicBuckets].every((sent) => sent === undefined)) {
    throw new S3Error("InvalidRequest", {
      message: "Must specify at least one configuration.",
      explanation: "PublicAccessBlockConfiguration is empty: say at least one of its four switches, true or false.",
    });
  }
  return {
    blockPublicAcls: BlockPublicAcls === true,
    ignorePublicAcls: IgnorePublicAcls === true,
    blockPublicPolicy: BlockPublicPolicy === true,
    restrictPublicBuckets: RestrictPublicBuckets === true,
  };
}
