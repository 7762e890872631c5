import { on } from "../../access/Permission.ts";
import { aclOf, keptAcl } from "../../store/buckets/ownership.ts";
import { shownVersionId } from "../../store/objects/versionIds.ts";
import type { BucketRecord } from "../../store/records/BucketRecord.ts";
import type { ObjectRecord } from "../../store/records/ObjectRecord.ts";
import { refuseBlockedAcl } from "../headers/blockedAcls.ts";
import { foundAcl } from "../headers/grantees.ts";
import { refuseDisabledAcl } from "../headers/objectOwner.ts";
import { byVersion } from "../objects/permissions.ts";
import { presentObject } from "../objects/presentVersion.ts";
import { checkVersionId } from "../objects/versionIds.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";
import { askedAcl, refuseOtherOwner } from "../settings/askedAcl.ts";
import { shownAcl } from "../settings/shownAcl.ts";
import { describeObject } from "./describeObject.ts";

/**
 * Shows who may do what with an object by its ACL.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAcl.html
 */
export const GetObjectAcl: Operation<"GetObjectAcl"> = operation({
  name: "GetObjectAcl",
  permissions: byVersion(on.object("s3:GetObjectAcl"), on.object("s3:GetObjectVersionAcl")),
  resource: "object",
  async handle(input, context) {
    const bucket = context.bucket;
    checkVersionId(input.VersionId);
    const object = await presentObject(context, bucket, input);
    return { output: await shownAcl(context, object), headers: versionHeader(bucket, object) };
  },
});

/**
 * Says who may do what with an object, in place of what was said before. Where ACLs are disabled, only what holds there anyway can be said.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectAcl.html
 */
export const PutObjectAcl: Operation<"PutObjectAcl"> = operation({
  name: "PutObjectAcl",
  permissions: byVersion(on.object("s3:PutObjectAcl"), on.object("s3:PutObjectVersionAcl")),
  resource: "object",
  async handle(input, context) {
    checkVersionId(input.VersionId);
    const put = askedAcl(input);
    const { bucket, caller } = context;
    const asked = await foundAcl(context, put.sent, put.names);
    const action = input.VersionId === undefined ? "s3:PutObjectAcl" : "s3:PutObjectVersionAcl";
    await refuseBlockedAcl(context, aclOf(asked, bucket.ownerId, bucket.ownerId), { action, key: input.Key });
    const object = await describeObject(context, input, (version, committed) => {
      refuseDisabledAcl(put.sent, committed, caller.canonicalId);
      if (committed.objectOwnership === "BucketOwnerEnforced") {
        refuseOtherOwner(put, committed.ownerId);
        return version;
      }
      refuseOtherOwner(put, version.ownerId);
      return { ...version, acl: keptAcl(aclOf(asked, version.ownerId, committed.ownerId)) };
    });
    return { output: {}, headers: versionHeader(bucket, object) };
  },
});

/** S3 says of which version an ACL is; the schemas do not know of it. */
function versionHeader(bucket: BucketRecord, object: ObjectRecord): Readonly<Record<string, string>> {
  const id = shownVersionId(bucket, object);
  return id === undefined ? {} : { "x-amz-version-id": id };
}
