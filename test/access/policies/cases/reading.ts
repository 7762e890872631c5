import { parseBucketPolicy } from "../../../../src/access/policies/parseBucketPolicy.ts";
import { parseIdentityPolicy } from "../../../../src/access/policies/parseIdentityPolicy.ts";
import { parseTrustPolicy } from "../../../../src/access/policies/parseTrustPolicy.ts";
import type { PolicyRequest } from "../../../../src/access/policies/PolicyRequest.ts";
import type { NamedPolicy, Policies } from "../../../../src/access/policies/Verdict.ts";
import type { Document, PolicyCase } from "./PolicyCase.ts";
import { ALICE, OURS } from "./PolicyCase.ts";

/** The request of a case, whose condition keys are asked for in lower case. */
export function requestOf({
  action,
  resource,
  asks = ALICE,
  keys = {},
}: Pick<PolicyCase, "action" | "resource" | "asks" | "keys">): PolicyRequest {
  const values = new Map(
    Object.entries(keys).map(([key, value]) => [key.toLowerCase(), typeof value === "string" ? [value] : value]),
  );
  return { action, resource, principal: asks, values: (key) => values.get(key) };
}

/** The policies of a case, read as what they are. */
export function policiesOf({
  bucket,
  trust,
  identity,
  boundary,
  session,
  asks = ALICE,
  resource,
  owner = OURS,
}: PolicyCase): Policies {
  const hasPolicies = asks.kind !== "root" && asks.kind !== "anonymous";
  return {
    identity:
      identity === "unlimited" || (identity === undefined && !hasPolicies) ? undefined : named("identity policy", identity ?? []),
    boundary: boundary === undefined ? undefined : named("boundary", boundary)[0],
    session: session === undefined ? undefined : named("session policy", session),
    resource: resourcePolicyOf(resource, bucket, trust),
    resourceAccountId: owner === "nobody" ? undefined : owner,
  };
}

function resourcePolicyOf(resource: string, bucket: Document | undefined, trust: Document | undefined): NamedPolicy | undefined {
  if (trust !== undefined) return { name: "trust policy", policy: parseTrustPolicy(JSON.stringify(trust)) };
  if (bucket === undefined) return undefined;
  const bucketName = resource.slice("arn:aws:s3:::".length).split("/", 1)[0]!;
  return { name: "bucket policy", policy: parseBucketPolicy(JSON.stringify(bucket), bucketName) };
}

function named(name: string, documents: Document | readonly Document[]): readonly NamedPolicy[] {
  return [documents].flat().map((one, at) => ({ name: `${name} ${at}`, policy: parseIdentityPolicy(JSON.stringify(one)) }));
}
