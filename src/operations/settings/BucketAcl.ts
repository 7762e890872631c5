import { on } from "../../access/Permission.ts";
import { describeBucket } from "../../store/buckets/buckets.ts";
import { aclOf, keptAcl } from "../../store/buckets/ownership.ts";
import { checkBucketCannedAcl } from "../headers/aclHeaders.ts";
import { refuseBlockedAcl } from "../headers/blockedAcls.ts";
import { foundAcl } from "../headers/grantees.ts";
import { aclsDisabled } from "../headers/objectOwner.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";
import { askedAcl, refuseOtherOwner } from "./askedAcl.ts";
import { shownAcl } from "./shownAcl.ts";

/**
 * Shows who may do what with a bucket by its ACL.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketAcl.html
 */
export const GetBucketAcl: Operation<"GetBucketAcl"> = operation({
  name: "GetBucketAcl",
  permissions: on.bucket("s3:GetBucketAcl"),
  resource: "bucket",
  async handle(_input, context) {
    return { output: await shownAcl(context, context.bucket) };
  },
});

/**
 * Says who may do what with a bucket, in place of what was said before. Where ACLs are disabled, nothing can be said.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAcl.html
 */
export const PutBucketAcl: Operation<"PutBucketAcl"> = operation({
  name: "PutBucketAcl",
  permissions: on.bucket("s3:PutBucketAcl"),
  resource: "bucket",
  async handle(input, context) {
    checkBucketCannedAcl(input);
    const put = askedAcl(input);
    const { store, bucket } = context;
    const asked = await foundAcl(context, put.sent, put.names);
    await refuseBlockedAcl(context, aclOf(asked, bucket.ownerId, bucket.ownerId), { action: "s3:PutBucketAcl" });
    await describeBucket(store, bucket, (committed) => {
      const { ownerId, objectOwnership } = committed;
      if (objectOwnership === "BucketOwnerEnforced") throw aclsDisabled("An ACL came for the bucket.");
      refuseOtherOwner(put, ownerId);
      return { ...committed, acl: keptAcl(aclOf(asked, ownerId, ownerId)) };
    });
    return { output: {} };
  },
});
