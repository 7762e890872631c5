import { S3Error } from "../../errors/S3Error.ts";
import type { AccessControlPolicy } from "../../protocol/generated/types.ts";
import type { AclMembers, SentAcl } from "../headers/aclHeaders.ts";
import { checkAclHeaders, malformedAcl, sentAcl, sentGrant } from "../headers/aclHeaders.ts";
import type { ArgumentNames } from "../headers/grantees.ts";
import { DOCUMENT_ARGUMENTS, HEADER_ARGUMENTS } from "../headers/grantees.ts";

/** The members of PutBucketAcl and PutObjectAcl by which an ACL is set: headers, or a document. */
export interface PutAclMembers extends AclMembers {
  readonly AccessControlPolicy?: AccessControlPolicy | undefined;
}

/** An ACL that is to be put, as it was sent. */
export interface PutAcl {
  readonly sent: SentAcl;
  /** Whom a document names as the owner, which it cannot change; `undefined` where headers came, or SOAP, whose document names none. */
  readonly ownerId: string | undefined;
  /** What its grantees are called where one is wrong. */
  readonly names: ArgumentNames;
}

/**
 * The ACL that a request puts, by headers or document, and never both. Throws InvalidRequest and InvalidArgument for headers that do not
 * read, UnexpectedContent, MissingSecurityHeader and MalformedACLError.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectAcl.html
 */
export function askedAcl(input: PutAclMembers): PutAcl {
  checkAclHeaders(input);
  const sent = sentAcl(input);
  const policy = input.AccessControlPolicy;
  if (sent !== undefined) {
    const names = input.AccessControlList === undefined ? HEADER_ARGUMENTS : DOCUMENT_ARGUMENTS;
    if (policy === undefined) return { sent, ownerId: undefined, names };
    throw new S3Error("UnexpectedContent", {
      explanation:
        "The ACL came in headers and in a document: send x-amz-acl or x-amz-grant-* with an empty body, or the document alone.",
    });
  }
  if (policy === undefined) {
    throw new S3Error("MissingSecurityHeader", {
      details: [["MissingHeaderName", "x-amz-acl"]],
      explanation: "No ACL came: send x-amz-acl, x-amz-grant-* headers, or an AccessControlPolicy document.",
    });
  }
  const ownerId = policy.Owner?.ID;
  if (ownerId === undefined || ownerId === "")
    throw malformedAcl("AccessControlPolicy has no Owner with an ID; it names the present owner.");
  if (policy.Grants === undefined) throw malformedAcl("AccessControlPolicy has no AccessControlList; it may be an empty one.");
  const grants = policy.Grants.map((grant) => sentGrant(grant, malformedAcl));
  return { sent: { kind: "grants", grants }, ownerId, names: DOCUMENT_ARGUMENTS };
}

/** Refuses a document that names somebody else as the owner, who cannot be changed. Throws AccessDenied. */
export function refuseOtherOwner({ ownerId }: PutAcl, presentOwnerId: string): void {
  if (ownerId === undefined || ownerId === presentOwnerId) return;
  throw new S3Error("AccessDenied", {
    explanation: "The document's Owner is not the owner of this resource, and an ACL cannot give it to another one.",
  });
}
