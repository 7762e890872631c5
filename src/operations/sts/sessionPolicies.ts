import { parseIdentityPolicy } from "../../access/policies/parseIdentityPolicy.ts";
import { PolicyFault } from "../../access/policies/PolicyFault.ts";
import { findManagedDocument } from "../../access/sessions/managedDocuments.ts";
import type { Tags } from "../../access/sessions/tags.ts";
import { packedSizeBytes } from "../../auth/sessionTokens.ts";
import { QueryError } from "../../errors/QueryError.ts";
import { quoted } from "../../errors/quoted.ts";
import type { Store } from "../../store/Store.ts";

/** What session policies and tags may come to, packed, in bytes: it leaves a token room for the rest. */
const MAX_PACKED_SIZE_BYTES = 2_048;

/** What requests say of session policies. */
export interface SentPolicies {
  readonly Policy?: string | undefined;
  readonly PolicyArns?: readonly { readonly arn?: string | undefined }[] | undefined;
}

/** What a session is limited to, as its token says it. */
export interface SessionPolicies {
  readonly policies: readonly string[] | undefined;
  readonly policyArns: readonly string[];
}

/**
 * The session policies of a request, for a session in an account. Throws MalformedPolicyDocument and, for a managed policy that is none of the
 * account's nor AWS's, ValidationError.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session
 */
export async function sessionPolicies(
  store: Store,
  accountId: string,
  { Policy, PolicyArns = [] }: SentPolicies,
): Promise<SessionPolicies> {
  if (Policy !== undefined) checkPolicy(Policy);
  const policyArns = [...new Set(PolicyArns.map(({ arn }) => arn).filter((arn) => arn !== undefined))];
  for (const arn of policyArns) {
    if ((await findManagedDocument(store, accountId, arn)) !== undefined) continue;
    throw new QueryError("ValidationError", {
      message: `The specified managed policy ${arn} does not exist or cannot be used as a session policy.`,
      explanation: `Session policies are AWS's managed policies, or those of the account ${accountId}; ${quoted(arn)} is neither.`,
    });
  }
  return { policies: Policy === undefined ? undefined : [Policy], policyArns };
}

function checkPolicy(document: string): void {
  try {
    parseIdentityPolicy(document);
  } catch (cause) {
    if (!(cause instanceof PolicyFault)) throw cause;
    throw new QueryError("MalformedPolicyDocument", { message: cause.message, explanation: cause.explanation });
  }
}

/**
 * How much of the room for session policies and tags is taken, in percent; `undefined` where neither was passed. Throws PackedPolicyTooLarge
 * for more than there is.
 */
export function packedPolicySize({ policies, policyArns }: SessionPolicies, tags: Tags): number | undefined {
  const pairs = Object.entries(tags);
  if (policies === undefined && policyArns.length === 0 && pairs.length === 0) return undefined;
  const sizeBytes = packedSizeBytes(JSON.stringify([policies, policyArns, pairs]));
  const percent = Math.ceil((100 * sizeBytes) / MAX_PACKED_SIZE_BYTES);
  if (percent <= 100) return percent;
  const only = pairs.length > 0 && policies === undefined && policyArns.length === 0;
  throw new QueryError("PackedPolicyTooLarge", {
    message: only
      ? `Packed size of session tags consumes ${percent}% of allotted space.`
      : `Packed policy consumes ${percent}% of allotted space, please use smaller policy.`,
    explanation: `Session policies and tags come to ${sizeBytes} bytes when packed; a session token has room for ${MAX_PACKED_SIZE_BYTES}.`,
  });
}
