import type { Draft, Field } from "./recordCodec.ts";
import { numberedNames } from "./recordCodec.ts";

/**
 * What a grant allows. On a bucket READ lists it and WRITE makes and deletes objects; on an object READ reads it, and WRITE means nothing.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#permissions
 */
export type AclPermission = "FULL_CONTROL" | "WRITE" | "WRITE_ACP" | "READ" | "READ_ACP";

/** Everybody; everybody who signs; the service that writes access logs. */
export type AclGroup = "AllUsers" | "AuthenticatedUsers" | "LogDelivery";

/** Who is granted something: an account by its canonical id, 64 hexadecimal characters, or one of S3's groups. */
export type Grantee = { readonly kind: "id"; readonly id: string } | { readonly kind: "group"; readonly group: AclGroup };

/** One grant of an access control list. */
export interface Grant {
  readonly grantee: Grantee;
  readonly permission: AclPermission;
}

/** An access control list, with at most 100 grants, in the order they were given. Its owner is the owner of what it belongs to. */
export interface Acl {
  readonly ownerId: string;
  readonly grants: readonly Grant[];
}

/** What has an ACL. `undefined`: its owner may do everything by it, and nobody else anything. */
interface Listed {
  readonly ownerId: string;
  readonly acl: Acl | undefined;
}

/** The tags of an ACL, the same in every record that has one. They are larger than every owner's. */
const ACL_TAG = 19;
const GRANT_TAG = 27;
const GRANTEE_ID_TAG = 28;

/** A grant is a number: its permission, and its group times eight, 0 for an account, whose id is a field of its own. */
const PERMISSIONS = numberedNames<AclPermission>({ FULL_CONTROL: 1, WRITE: 2, WRITE_ACP: 3, READ: 4, READ_ACP: 5 });
const GROUPS = numberedNames<AclGroup>({ AllUsers: 1, AuthenticatedUsers: 2, LogDelivery: 3 });
const GROUP_FACTOR = 8;

const FIELDS: readonly Field<Listed>[] = [
  {
    tag: ACL_TAG,
    // Its owner stands in the record already.
    write: ({ acl }, out) => out.integer(ACL_TAG, acl === undefined ? undefined : 1),
    read: (_fields, draft) => void (draft.acl = { ownerId: draft.ownerId, grants: [] }),
  },
  {
    tag: GRANT_TAG,
    write({ acl }, out) {
      for (const { grantee, permission } of acl?.grants ?? []) {
        const group = grantee.kind === "group" ? GROUPS.numbers[grantee.group] : 0;
        out.integer(GRANT_TAG, group * GROUP_FACTOR + PERMISSIONS.numbers[permission]);
        if (grantee.kind === "id") out.id(GRANTEE_ID_TAG, grantee.id);
      }
    },
    read({ integer }, draft) {
      const permission = PERMISSIONS.names[integer % GROUP_FACTOR];
      const groupNumber = Math.floor(integer / GROUP_FACTOR);
      const group = GROUPS.names[groupNumber];
      // What a later version grants, and this one does not know, is granted to nobody.
      if (permission === undefined || (groupNumber !== 0 && group === undefined)) return;
      grantsOf(draft)?.push({ grantee: group === undefined ? { kind: "id", id: "" } : { kind: "group", group }, permission });
    },
  },
  {
    tag: GRANTEE_ID_TAG,
    read(fields, draft) {
      const grants = grantsOf(draft);
      const last = grants?.at(-1);
      // A grant that was passed over leaves its id behind.
      if (last?.grantee.kind !== "id" || last.grantee.id !== "") return;
      grants![grants!.length - 1] = { grantee: { kind: "id", id: fields.text() }, permission: last.permission };
    },
  },
];

/** The list being read; `undefined` where damage to a record without a checksum has left grants without their beginning. */
function grantsOf({ acl }: Draft<Listed>): Grant[] | undefined {
  return acl?.grants as Grant[] | undefined;
}

/** The field `acl`, which buckets, objects and uploads hold under the same tags. It is read after `ownerId`. */
export function aclFields<Record extends Listed>(): readonly Field<Record>[] {
  return FIELDS;
}
