import { isWithin, readRange } from "./addresses.ts";
import type { Condition } from "./Condition.ts";
import type { Policy, Statement } from "./Policy.ts";

/** Keys whose fixed values keep the public out, in lower case. */
const FIXING: ReadonlySet<string> = new Set([
  "aws:principalaccount",
  "aws:principalarn",
  "aws:principalorgid",
  "aws:principalorgpaths",
  "aws:sourceaccount",
  "aws:sourcearn",
  "aws:sourceorgid",
  "aws:sourceowner",
  "aws:sourcevpc",
  "aws:sourcevpce",
  "aws:userid",
  "s3:dataaccesspointaccount",
  "s3:dataaccesspointarn",
  "s3:x-amz-server-side-encryption-aws-kms-key-id",
]);

/** Operators that hold for nothing but a value of the policy, if that has no wildcards. */
const EQUAL: ReadonlySet<string> = new Set(["StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike"]);

/** Ranges of addresses that are broader are as good as everybody. */
const BROADEST_IPV4_BITS = 8;
const BROADEST_IPV6_BITS = 32;
/** The range of IPv6 that no address of the Internet is of; of RFC 1918's none is broader than the broadest. */
const PRIVATE_IPV6 = readRange("fc00::/7")!;

/** An access point's ARN, whose account is fixed and whose name need not be. */
const ACCESS_POINT_OF_ACCOUNT = /^arn:aws:s3:[^:$]*:\d{12}:accesspoint\/[^$]*$/;

/**
 * True when a bucket's policy lets in anybody who is not fixed: S3 takes a policy for public until each of its statements that allow is limited
 * to principals it names, or by a condition to values without wildcards and variables.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
 */
export function isPublic(policy: Policy): boolean {
  const variables = policy.version === "2012-10-17";
  return policy.statements.some(
    (statement) =>
      statement.effect === "Allow" && letsInEveryone(statement) && !statement.conditions.some((one) => fixes(one, variables)),
  );
}

function letsInEveryone({ principals }: Statement): boolean {
  if (principals === undefined || principals.isNegated || principals.names.everyone) return true;
  // Whom a provider of the public vouches for can be anybody; one with an ARN is an account's own.
  return principals.names.federated.some((provider) => !provider.startsWith("arn:"));
}

/** True for a condition that only requests with fixed values meet; those without the key must not. */
function fixes({ key, base, quantifier, ifExists, values }: Condition, variables: boolean): boolean {
  if (quantifier === "ForAllValues" || (ifExists && quantifier === undefined) || values.length === 0) return false;
  if (key === "aws:sourceip") return base === "IpAddress" && values.every(isNarrow);
  return FIXING.has(key) && EQUAL.has(base) && values.every((value) => isFixed(key, value, variables));
}

function isFixed(key: string, value: string, variables: boolean): boolean {
  if (key === "s3:dataaccesspointarn" && ACCESS_POINT_OF_ACCOUNT.test(value)) return true;
  return value !== "" && !/[*?]/.test(value) && !(variables && value.includes("${"));
}

function isNarrow(value: string): boolean {
  const range = readRange(value);
  if (range === undefined) return false;
  if (range.address.length === 1) return range.prefixBits >= BROADEST_IPV4_BITS;
  if (range.prefixBits >= BROADEST_IPV6_BITS) return true;
  return range.prefixBits >= PRIVATE_IPV6.prefixBits && isWithin(PRIVATE_IPV6, range.address);
}
