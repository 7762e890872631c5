import type { PolicyRequest, Principal } from "../../../src/access/policies/PolicyRequest.ts";
import type { NamedPolicy } from "../../../src/access/policies/Verdict.ts";
import { parseBucketPolicy } from "../../../src/access/policies/parseBucketPolicy.ts";
import { parseIdentityPolicy } from "../../../src/access/policies/parseIdentityPolicy.ts";
import { parseTrustPolicy } from "../../../src/access/policies/parseTrustPolicy.ts";

/** The account that owns the bucket, and another one. */
export const OWNER = "111122223333";
export const OTHER = "444455556666";

export const BUCKET = "bucket";
export const BUCKET_ARN: string = `arn:aws:s3:::${BUCKET}`;

export const anonymous: Principal = { kind: "anonymous", accountId: undefined };

export function root(accountId: string): Principal {
  const arn = `arn:aws:iam::${accountId}:root`;
  return { kind: "root", accountId, canonicalId: canonicalIdOf(accountId), arn, principalArn: arn, userId: accountId };
}

export function user(accountId: string, name = "alice"): Principal {
  const arn = `arn:aws:iam::${accountId}:user/${name}`;
  return {
    kind: "user",
    accountId,
    canonicalId: canonicalIdOf(accountId),
    arn,
    principalArn: arn,
    userId: `AIDA${name.toUpperCase()}EXAMPLE12345`,
  };
}

export function roleSession(accountId: string, role = "reader", session = "one"): Principal {
  return {
    kind: "assumed-role",
    accountId,
    canonicalId: canonicalIdOf(accountId),
    arn: `arn:aws:sts::${accountId}:assumed-role/${role}/${session}`,
    principalArn: `arn:aws:iam::${accountId}:role/${role}`,
    userId: `AROAEXAMPLEID12345678:${session}`,
  };
}

export function federatedUser(accountId: string, name = "bob", by = "alice"): Principal {
  const arn = `arn:aws:sts::${accountId}:federated-user/${name}`;
  return {
    kind: "federated-user",
    accountId,
    canonicalId: canonicalIdOf(accountId),
    arn,
    principalArn: arn,
    userId: `${accountId}:${name}`,
    federatedBy: `arn:aws:iam::${accountId}:user/${by}`,
  };
}

export function canonicalIdOf(accountId: string): string {
  return accountId.padEnd(64, "0");
}

/** A request, with its condition keys as AWS spells them. */
export function request(
  action: string,
  resource: string,
  principal: Principal,
  keys: Readonly<Record<string, string | readonly string[]>> = {},
): PolicyRequest {
  const values = new Map(
    Object.entries(keys).map(([key, value]) => [key.toLowerCase(), typeof value === "string" ? [value] : value]),
  );
  return { action, resource, principal, values: (key) => values.get(key) };
}

type Statement = Readonly<Record<string, unknown>>;

export function document(...statements: readonly Statement[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

export function bucketPolicy(...statements: readonly Statement[]): NamedPolicy {
  return { name: "bucket policy", policy: parseBucketPolicy(document(...statements), BUCKET) };
}

export function identityPolicy(...statements: readonly Statement[]): NamedPolicy {
  return { name: "inline test", policy: parseIdentityPolicy(document(...statements)) };
}

export function trustPolicy(...statements: readonly Statement[]): NamedPolicy {
  return { name: "trust policy", policy: parseTrustPolicy(document(...statements)) };
}
