import type { SignedCaller } from "../auth/Caller.ts";
import type { SentMembers } from "../protocol/SentMembers.ts";
import type { Soon } from "../store/metadata/MetadataEngine.ts";
import type { Store } from "../store/Store.ts";

/**
 * What a permission is about: the service; the bucket or the object that the request addresses; the object that a copy reads; or each
 * object that the request's body lists. The last two are known to the operation alone, which asks for itself.
 */
export type PermissionResource = "service" | "bucket" | "object" | "source" | "listed";

/** One of the permissions that an operation needs. */
export type Permission = S3Permission | ArnPermission;

/** A permission on something of S3's. */
export interface S3Permission {
  /** An IAM action, such as "s3:GetObject". */
  readonly action: string;
  readonly resource: PermissionResource;
  /** True for an object that is yet to be made: whoever owns the present one under its key has no say in that. */
  readonly ofNewObject?: boolean;
}

/** A permission on what only its own service knows: users, roles, policies. */
export interface ArnPermission {
  /** An IAM action, such as "iam:CreateUser". */
  readonly action: string;
  readonly resource: "arn";
  /** The ARN acted on; a promise where the store has to be asked, for names alone do not tell paths. */
  readonly arnOf: (asked: Asked) => Soon<string>;
}

/** What an ARN is made of. */
export interface Asked {
  readonly caller: SignedCaller;
  readonly sent: SentMembers;
  readonly store: Store;
}

/** The permissions that an operation needs: for most the same for every request, for some by what was sent. */
export type Permissions = readonly Permission[] | ((sent: SentMembers) => readonly Permission[]);

/** Permissions on one kind of resource, as operations declare them: `on.object("s3:GetObject")`. */
export const on: Readonly<Record<PermissionResource, (...actions: readonly string[]) => readonly S3Permission[]>> = {
  service: (...actions) => of("service", actions),
  bucket: (...actions) => of("bucket", actions),
  object: (...actions) => of("object", actions),
  source: (...actions) => of("source", actions),
  listed: (...actions) => of("listed", actions),
};

/** The permission for an action on an ARN: `onArn("iam:GetUser", userArn)`. */
export function onArn(action: string, arnOf: ArnPermission["arnOf"]): readonly Permission[] {
  return [{ action, resource: "arn", arnOf }];
}

/** Permissions on the object that the request makes. */
export function onNewObject(...actions: readonly string[]): readonly S3Permission[] {
  return of("object", actions).map((permission) => ({ ...permission, ofNewObject: true }));
}

function of(resource: PermissionResource, actions: readonly string[]): readonly S3Permission[] {
  return actions.map((action) => ({ action, resource }));
}

/** What a request needs by what it sent. Makes nothing where an operation's permissions are always the same. */
export function permissionsFor(permissions: Permissions, sent: SentMembers): readonly Permission[] {
  return typeof permissions === "function" ? permissions(sent) : permissions;
}

/**
 * Permissions of which each is needed as well, on what the first plain one is on, where any of these members was sent:
 * `withExtras(on.object("s3:PutObject"), { "s3:PutObjectTagging": ["Tagging"] })`.
 */
export function withExtras(
  plain: readonly S3Permission[],
  extras: Readonly<Record<string, readonly string[]>>,
): (sent: SentMembers) => readonly Permission[] {
  const [first] = plain;
  const rules = Object.entries(extras).map(([action, members]) => ({ permission: { ...first!, action }, members }));
  return (sent) => {
    const extra: Permission[] = [];
    for (const { permission, members } of rules) if (asksFor(sent, members)) extra.push(permission);
    return extra.length === 0 ? plain : [...plain, ...extra];
  };
}

/** True when any of these members was sent and asks for something: clients also send "" or "false" to say that they want nothing. */
function asksFor(sent: SentMembers, members: readonly string[]): boolean {
  for (const member of members) {
    const text = sent.text(member);
    if (text !== undefined && text !== "" && text.toLowerCase() !== "false") return true;
  }
  return false;
}
