import type { Permission, Permissions } from "../../access/Permission.ts";
import { on, onNewObject, permissionsFor, withExtras } from "../../access/Permission.ts";
import type { SentMembers } from "../../protocol/SentMembers.ts";

/**
 * What operations on objects need of their caller, where it depends on the request.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 */

/** Permissions that depend on the request. */
type PermissionsBySent = (sent: SentMembers) => readonly Permission[];

/** Who names a version by its id needs other permissions for it than for the current one, not more of them. */
export function byVersion(current: Permissions, version: Permissions): PermissionsBySent {
  return (sent) => permissionsFor(sent.text("VersionId") === undefined ? current : version, sent);
}

/** To read an object. */
export const readPermissions: PermissionsBySent = byVersion(on.object("s3:GetObject"), on.object("s3:GetObjectVersion"));

/** To write an object: what is said of it beside its content needs permissions of its own. */
export const writePermissions: PermissionsBySent = withExtras(onNewObject("s3:PutObject"), {
  "s3:PutObjectAcl": ["ACL", "GrantFullControl", "GrantRead", "GrantReadACP", "GrantWriteACP"],
  "s3:PutObjectTagging": ["Tagging"],
  "s3:PutObjectRetention": ["ObjectLockMode", "ObjectLockRetainUntilDate"],
  "s3:PutObjectLegalHold": ["ObjectLockLegalHoldStatus"],
});

/** Who deletes in spite of a retention in governance mode needs a permission for that too. */
const BYPASS = { "s3:BypassGovernanceRetention": ["BypassGovernanceRetention"] };

/** To delete an object. */
export const deletePermissions: PermissionsBySent = byVersion(
  withExtras(on.object("s3:DeleteObject"), BYPASS),
  withExtras(on.object("s3:DeleteObjectVersion"), BYPASS),
);

/** To delete the objects that a list names; of those of whom it names a version, `s3:DeleteObjectVersion` instead. */
export const listedDeletePermissions: PermissionsBySent = withExtras(on.listed("s3:DeleteObject"), BYPASS);

/** The actions that deleting one object of a list takes. */
export function listedDeleteActions(versionId: string | undefined, bypasses: boolean | undefined): readonly string[] {
  const action = versionId === undefined ? "s3:DeleteObject" : "s3:DeleteObjectVersion";
  return bypasses === true ? [action, "s3:BypassGovernanceRetention"] : [action];
}
