import type {
  AttachedPermissionsBoundary,
  AttachedPolicy,
  Group,
  Policy,
  Role,
  Tag,
  User,
} from "../../protocol/generated/iamTypes.ts";
import { identityArn } from "../../store/accounts/arns.ts";
import type { AttachedPolicy as StoredAttachment } from "../../store/accounts/attachments.ts";
import type { ManagedPolicy } from "../../store/accounts/managedPolicies.ts";
import type { IdentityPage, PageRequest } from "../../store/accounts/pages.ts";
import type { GroupRecord } from "../../store/records/GroupRecord.ts";
import type { IdentityTag } from "../../store/records/identityFields.ts";
import type { RoleRecord } from "../../store/records/RoleRecord.ts";
import type { UserRecord } from "../../store/records/UserRecord.ts";

/** A user as lists show it: without tags and boundary. */
export function listedUser(record: UserRecord): User {
  const { name, path, uniqueId, createdAtMs } = record;
  return {
    Path: path,
    UserName: name,
    UserId: uniqueId,
    Arn: identityArn("user", record),
    CreateDate: new Date(createdAtMs),
  };
}

/** A user with all there is to show. */
export function shownUser(record: UserRecord): User {
  return { ...listedUser(record), PermissionsBoundary: shownBoundary(record.boundaryArn), Tags: someTags(record.tags) };
}

/** A group. */
export function shownGroup(record: GroupRecord): Group {
  const { name, path, uniqueId, createdAtMs } = record;
  return {
    Path: path,
    GroupName: name,
    GroupId: uniqueId,
    Arn: identityArn("group", record),
    CreateDate: new Date(createdAtMs),
  };
}

/** A role as lists show it: without tags and boundary. */
export function listedRole(record: RoleRecord): Role {
  const { name, path, uniqueId, createdAtMs, trustPolicy, description, maxSessionDurationSeconds } = record;
  return {
    Path: path,
    RoleName: name,
    RoleId: uniqueId,
    Arn: identityArn("role", record),
    CreateDate: new Date(createdAtMs),
    AssumeRolePolicyDocument: encodedDocument(trustPolicy),
    Description: description === "" ? undefined : description,
    MaxSessionDuration: maxSessionDurationSeconds,
  };
}

/** A role with all there is to show. When it was last used is not noted. */
export function shownRole(record: RoleRecord): Role {
  const { boundaryArn, tags } = record;
  return { ...listedRole(record), PermissionsBoundary: shownBoundary(boundaryArn), Tags: someTags(tags), RoleLastUsed: {} };
}

/** A managed policy as lists show it: without description and tags. */
export function listedPolicy(policy: ManagedPolicy): Policy {
  return {
    PolicyName: policy.policyName,
    PolicyId: policy.policyId,
    Arn: policy.policyArn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersionId,
    AttachmentCount: policy.attachmentCount,
    PermissionsBoundaryUsageCount: policy.boundaryUsageCount,
    IsAttachable: true,
    CreateDate: new Date(policy.createdAtMs),
    UpdateDate: new Date(policy.updatedAtMs),
  };
}

/** A managed policy with all there is to show. */
export function shownPolicy(policy: ManagedPolicy): Policy {
  const { description, tags } = policy;
  return { ...listedPolicy(policy), Description: description === "" ? undefined : description, Tags: shownTags(tags) };
}

function shownBoundary(boundaryArn: string | undefined): AttachedPermissionsBoundary | undefined {
  // "Policy" is what AWS's documentation and answers have, whatever the SDK's enumeration says.
  return boundaryArn === undefined ? undefined : { PermissionsBoundaryType: "Policy", PermissionsBoundaryArn: boundaryArn };
}

/** Tags as they are shown. */
export function shownTags(tags: readonly IdentityTag[]): readonly Tag[] {
  return tags.map(([Key, Value]) => ({ Key, Value }));
}

/** Where there are none, users and roles have no element for them. */
function someTags(tags: readonly IdentityTag[]): readonly Tag[] | undefined {
  return tags.length === 0 ? undefined : shownTags(tags);
}

/** Tags as they were sent. */
export function sentTags(tags: readonly Tag[] | undefined): readonly IdentityTag[] {
  return (tags ?? []).map(({ Key, Value }) => [Key, Value]);
}

const RESERVED = /[!'()*]/g;

/**
 * A policy's document as answers have it: percent-encoded.
 * @see https://www.rfc-editor.org/rfc/rfc3986#section-2
 */
export function encodedDocument(document: string): string {
  return encodeURIComponent(document).replace(RESERVED, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** The part of a list that was asked for. */
export function pageOf({
  Marker,
  MaxItems,
}: {
  readonly Marker?: string | undefined;
  readonly MaxItems?: number | undefined;
}): PageRequest {
  return { marker: Marker, maxItems: MaxItems };
}

/** Whether a list goes on, and where. */
export function endOf({ marker }: IdentityPage<unknown>): { readonly IsTruncated: boolean; readonly Marker: string | undefined } {
  return { IsTruncated: marker !== undefined, Marker: marker };
}

/** A managed policy among those of whom it is attached to. */
export function shownAttached({ policyArn, policyName }: StoredAttachment): AttachedPolicy {
  return { PolicyName: policyName, PolicyArn: policyArn };
}
