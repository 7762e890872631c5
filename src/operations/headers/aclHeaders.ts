import { quoted } from "../../errors/quoted.ts";
import { invalidArgument } from "../../errors/invalidArgument.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { Grant } from "../../protocol/generated/types.ts";
import type { AclPermission } from "../../store/records/Acl.ts";
import type { CannedAcl } from "../../store/buckets/ownership.ts";

/** The members by which a request sets an ACL. */
export interface AclMembers {
  /** Of SOAP alone: the grants as its document has them, in place of headers. */
  readonly AccessControlList?: readonly Grant[];
  readonly ACL?: string | undefined;
  readonly GrantFullControl?: string | undefined;
  readonly GrantRead?: string | undefined;
  readonly GrantReadACP?: string | undefined;
  readonly GrantWrite?: string | undefined;
  readonly GrantWriteACP?: string | undefined;
}

/** How a grantee is named. */
export type GranteeName = "id" | "emailAddress" | "uri";

/** A grant as it was sent: whether there is such a grantee is not known yet. */
export interface SentGrant {
  readonly by: GranteeName;
  readonly name: string;
  readonly permission: AclPermission;
}

/** An ACL as it was sent. */
export type SentAcl =
  | { readonly kind: "canned"; readonly name: CannedAcl }
  | { readonly kind: "grants"; readonly grants: readonly SentGrant[] };

const GRANT_HEADERS: readonly (readonly [
  member: Exclude<keyof AclMembers, "ACL" | "AccessControlList">,
  header: string,
  permission: AclPermission,
])[] = [
  ["GrantFullControl", "x-amz-grant-full-control", "FULL_CONTROL"],
  ["GrantRead", "x-amz-grant-read", "READ"],
  ["GrantReadACP", "x-amz-grant-read-acp", "READ_ACP"],
  ["GrantWrite", "x-amz-grant-write", "WRITE"],
  ["GrantWriteACP", "x-amz-grant-write-acp", "WRITE_ACP"],
];

/** One grantee of a grant header: how it is named, and its name, quoted or not. */
const GRANTEE = /^(?<by>id|uri|emailAddress)=(?:"(?<quoted>[^"]*)"|(?<bare>[^",]+))$/i;

const GRANTEE_NAMES: ReadonlyMap<string, GranteeName> = new Map([
  ["id", "id"],
  ["uri", "uri"],
  ["emailaddress", "emailAddress"],
]);

/** The canned ACLs that S3 takes for buckets, more than its schemas list; those of the bucket's owner mean nothing more than `private` there. */
const BUCKET_CANNED_ACLS: ReadonlySet<string> = new Set<CannedAcl>([
  "private",
  "public-read",
  "public-read-write",
  "authenticated-read",
  "aws-exec-read",
  "bucket-owner-read",
  "bucket-owner-full-control",
  "log-delivery-write",
]);

/** Refuses a canned ACL that no bucket can have. Throws InvalidArgument; the protocol has checked those of objects. */
export function checkBucketCannedAcl({ ACL: name }: AclMembers): void {
  if (name === undefined || BUCKET_CANNED_ACLS.has(name)) return;
  const explanation = `x-amz-acl is ${quoted(name)}; it can be ${[...BUCKET_CANNED_ACLS].join(", ")}.`;
  throw invalidArgument("x-amz-acl", name, { message: "", explanation });
}

/**
 * Refuses headers of an ACL that contradict each other or cannot be read. Throws InvalidRequest and InvalidArgument.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html
 */
export function checkAclHeaders(input: AclMembers): void {
  for (const [member, header] of GRANT_HEADERS) {
    const grants = input[member];
    if (grants === undefined) continue;
    if (input.ACL !== undefined) {
      throw new S3Error("InvalidRequest", {
        message: "Specifying both Canned ACLs and Header Grants is not allowed",
        explanation: `x-amz-acl is ${quoted(input.ACL)}, and ${header} came too; send one of the two.`,
      });
    }
    if (grants.split(",").every((grantee) => GRANTEE.test(grantee.trim()))) continue;
    throw invalidArgument(header, grants, {
      message: "Argument format not recognized",
      explanation: `${header} is ${quoted(grants)}; it lists grantees as id="…", uri="…" or emailAddress="…", between commas.`,
    });
  }
}

/** The ACL that headers ask for, of a form that `checkAclHeaders` has found right; `undefined` where none does. */
export function sentAcl(input: AclMembers): SentAcl | undefined {
  const list = input.AccessControlList;
  if (list !== undefined) return { kind: "grants", grants: list.map((grant) => sentGrant(grant, malformedAcl)) };
  if (input.ACL !== undefined) return { kind: "canned", name: input.ACL as CannedAcl };
  let grants: SentGrant[] | undefined;
  for (const [member, , permission] of GRANT_HEADERS) {
    const header = input[member];
    if (header !== undefined) (grants ??= []).push(...header.split(",").map((grantee) => grantTo(grantee, permission)));
  }
  return grants && { kind: "grants", grants };
}

/** How each type of grantee is named, and in which element. */
const NAMED_BY: Readonly<Record<string, readonly [GranteeName, "ID" | "EmailAddress" | "URI"]>> = {
  CanonicalUser: ["id", "ID"],
  AmazonCustomerByEmail: ["emailAddress", "EmailAddress"],
  Group: ["uri", "URI"],
};

/** A grant of a document, whose form the protocol has checked. Throws what `refusal` makes of one that lacks something. */
export function sentGrant({ Grantee, Permission }: Grant, refusal: (explanation: string) => S3Error): SentGrant {
  if (Grantee === undefined || Permission === undefined)
    throw refusal("A Grant has a Grantee and a Permission, and one lacks its own.");
  const [by, element] = NAMED_BY[Grantee.Type]!;
  const name = Grantee[element];
  if (name === undefined) throw refusal(`A Grantee of type ${Grantee.Type} has no ${element}.`);
  return { by, name, permission: Permission as AclPermission };
}

/** The error of a document of grants that does not say what S3 needs. */
export function malformedAcl(explanation: string): S3Error {
  return new S3Error("MalformedACLError", { explanation });
}

function grantTo(grantee: string, permission: AclPermission): SentGrant {
  const { by, quoted: inside, bare } = GRANTEE.exec(grantee.trim())!.groups!;
  return { by: GRANTEE_NAMES.get(by!.toLowerCase())!, name: inside ?? bare!, permission };
}
