import { quoted } from "../../errors/quoted.ts";
import { invalidArgument } from "../../errors/invalidArgument.ts";
import { S3Error } from "../../errors/S3Error.ts";

/** The members by which a request sets an ACL. */
export interface AclMembers {
  readonly ACL?: string | undefined;
  readonly GrantFullControl?: string | undefined;
  readonly GrantRead?: string | undefined;
  readonly GrantReadACP?: string | undefined;
  readonly GrantWrite?: string | undefined;
  readonly GrantWriteACP?: string | undefined;
}

const GRANT_HEADERS = [
  ["GrantFullControl", "x-amz-grant-full-control"],
  ["GrantRead", "x-amz-grant-read"],
  ["GrantReadACP", "x-amz-grant-read-acp"],
  ["GrantWrite", "x-amz-grant-write"],
  ["GrantWriteACP", "x-amz-grant-write-acp"],
] as const;

/** One grantee of a grant header: how it is named, and its name, quoted or not. */
const GRANTEE = /^(?:id|uri|emailAddress)=(?:"[^"]*"|[^",]+)$/i;

/**
 * Refuses headers of an ACL that contradict each other or cannot be read. Throws InvalidRequest and InvalidArgument.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html
 */
export function checkAclHeaders(input: AclMembers): void {
  for (const [member, header] of GRANT_HEADERS) {
    const grant = input[member];
    if (grant === undefined) continue;
    if (input.ACL !== undefined) {
      throw new S3Error("InvalidRequest", {
        message: "Specifying both Canned ACLs and Header Grants is not allowed",
        explanation: `x-amz-acl is ${quoted(input.ACL)}, and ${header} came too; send one of the two.`,
      });
    }
    if (grant.split(",").every((grantee) => GRANTEE.test(grantee.trim()))) continue;
    throw invalidArgument(header, grant, {
      message: "Argument format not recognized",
      explanation: `${header} is ${quoted(grant)}; it lists grantees as id="…", uri="…" or emailAddress="…", between commas.`,
    });
  }
}
