import type { SentMembers } from "../protocol/SentMembers.ts";

/**
 * What a permission is about: the service; the bucket or the object that the request addresses; the object that a copy reads; or each
 * object that the request's body lists. The last two are known to the operation alone, which asks for itself.
 */
export type PermissionResource = "service" | "bucket" | "object" | "source" | "listed";

/** One of the permissions that an operation needs. */
export interface Permission {
  /** An IAM action, such as "s3:GetObject". */
  readonly action: string;
  readonly resource: PermissionResource;
}

/** The permissions that an operation needs: for most the same for every request, for some by what was sent. */
export type Permissions = readonly Permission[] | ((sent: SentMembers) => readonly Permission[]);

/** Permissions on one kind of resource, as operations declare them: `on.object("s3:GetObject")`. */
export const on: Readonly<Record<PermissionResource, (...actions: readonly string[]) => readonly Permission[]>> = {
  service: (...actions) => of("service", actions),
  bucket: (...actions) => of("bucket", actions),
  object: (...actions) => of("object", actions),
  source: (...actions) => of("source", actions),
  listed: (...actions) => of("listed", actions),
};

function of(resource: PermissionResource, actions: readonly string[]): readonly Permission[] {
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
  plain: readonly Permission[],
  extras: Readonly<Record<string, readonly string[]>>,
): (sent: SentMembers) => readonly Permission[] {
  const { resource } = plain[0]!;
  const rules = Object.entries(extras).map(([action, members]) => ({ permission: { action, resource }, members }));
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
