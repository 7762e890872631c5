import { on } from "../../access/Permission.ts";
import { S3Error } from "../../errors/S3Error.ts";
import { describeBucket } from "../../store/buckets/buckets.ts";
import { grantsOthers } from "../../store/buckets/ownership.ts";
import type { ObjectOwnership } from "../../store/records/BucketRecord.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";

/**
 * Shows who owns what is written into a bucket: its owner, by S3's default since April 2023, under which ACLs are disabled.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketOwnershipControls.html
 */
export const GetBucketOwnershipControls: Operation<"GetBucketOwnershipControls"> = operation({
  name: "GetBucketOwnershipControls",
  permissions: on.bucket("s3:GetBucketOwnershipControls"),
  resource: "bucket",
  async handle(_input, { bucket }) {
    const { objectOwnership: ObjectOwnership, ownershipControlsDeleted, name } = bucket;
    if (!ownershipControlsDeleted) return { output: { OwnershipControls: { Rules: [{ ObjectOwnership }] } } };
    throw new S3Error("OwnershipControlsNotFoundError", {
      details: [["BucketName", name]],
      explanation: `The ownership controls of the bucket "${name}" were deleted; who writes an object owns it, as by ObjectWriter.`,
    });
  },
});

/**
 * Says who owns what is written into a bucket from now on. ACLs are disabled only where the bucket's own grants nothing to others; it comes
 * back, as those of objects do, when they are enabled again.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketOwnershipControls.html
 */
export const PutBucketOwnershipControls: Operation<"PutBucketOwnershipControls"> = operation({
  name: "PutBucketOwnershipControls",
  permissions: on.bucket("s3:PutBucketOwnershipControls"),
  resource: "bucket",
  async handle(input, { store, bucket }) {
    const { Rules: rules } = input.OwnershipControls;
    if (rules.length !== 1) {
      throw new S3Error("MalformedXML", { explanation: `OwnershipControls has one Rule, and ${rules.length} came.` });
    }
    const objectOwnership = rules[0]!.ObjectOwnership as ObjectOwnership;
    await describeBucket(store, bucket, (committed) => {
      if (objectOwnership === "BucketOwnerEnforced" && grantsOthers(committed.acl)) throw grantedToOthers();
      return { ...committed, objectOwnership, ownershipControlsDeleted: false };
    });
    return { output: {} };
  },
});

function grantedToOthers(): S3Error {
  return new S3Error("InvalidBucketAclWithObjectOwnership", {
    explanation:
      "The bucket's ACL grants something to others than its owner, and BucketOwnerEnforced disables ACLs: put the grants into a bucket " +
      "policy, set the ACL to private, and then disable ACLs.",
  });
}

/**
 * Deletes a bucket's ownership controls: whoever writes an object owns it then. There being none is no error.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketOwnershipControls.html
 */
export const DeleteBucketOwnershipControls: Operation<"DeleteBucketOwnershipControls"> = operation({
  name: "DeleteBucketOwnershipControls",
  permissions: on.bucket("s3:PutBucketOwnershipControls"),
  resource: "bucket",
  async handle(_input, { store, bucket }) {
    await describeBucket(store, bucket, (committed) => ({
      ...committed,
      objectOwnership: "ObjectWriter",
      ownershipControlsDeleted: true,
    }));
    return { output: {} };
  },
});
