import { considered } from "./policies/considered.ts";
import type { ConsideredStatement } from "./policies/considered.ts";
import type { PolicyRequest } from "./policies/PolicyRequest.ts";
import type { Policies, PolicyKind } from "./policies/Verdict.ts";

/** What no policy of those that were asked can help against. */
export type Obstacle =
  /** Nobody may do this without signing. */
  | "onlyUsers"
  /** The bucket's policy is public, and Block Public Access takes away what it allows to others than the owner's account. */
  | "restrictPublicBuckets"
  /** The object belongs to another account than the bucket, whose policy cannot give it to others. */
  | "objectOfOther";

/** A refusal for the journal, as plain data: what was missing, and every statement that was considered. */
export interface RefusalFacts {
  /** The permission that was missing. */
  readonly action: string;
  readonly resource: string;
  /** An ARN, a role's own for its sessions; "*" for those who do not sign. */
  readonly principal: string;
  readonly principalKind: PolicyRequest["principal"]["kind"];
  /** Twelve digits each. */
  readonly accountId?: string;
  readonly resourceAccountId?: string;
  /** The kind of policy that forbids it. */
  readonly deniedBy?: PolicyKind;
  /** The kinds of policies that would have to allow it as well, and do not. */
  readonly lacks: readonly PolicyKind[];
  readonly obstacle?: Obstacle;
  readonly statements: readonly ConsideredStatement[];
  readonly omittedStatements: number;
}

/** What is told of a request that policies do not let through. */
export function refusalFacts(request: PolicyRequest, policies: Policies, obstacle?: Obstacle): RefusalFacts {
  const { statements, omittedStatements, allowing } = considered(request, policies);
  const { principal, action, resource } = request;
  const deniedBy = statements.find(({ applies, effect }) => applies && effect === "Deny")?.policyKind;
  return {
    action,
    resource,
    principal: principal.principalArn ?? principal.arn ?? "*",
    principalKind: principal.kind,
    ...(principal.accountId !== undefined && { accountId: principal.accountId }),
    ...(policies.resourceAccountId !== undefined && { resourceAccountId: policies.resourceAccountId }),
    ...(deniedBy !== undefined && { deniedBy }),
    lacks: deniedBy === undefined ? lacking(request, policies, allowing) : [],
    ...(obstacle !== undefined && { obstacle }),
    statements,
    omittedStatements,
  };
}

/** Which kinds of policies have to allow it, by the rules of `evaluate`, and do not. */
function lacking({ principal }: PolicyRequest, policies: Policies, allowing: ReadonlySet<PolicyKind>): readonly PolicyKind[] {
  if (principal.accountId === undefined) return ["resource"];
  const { identity, boundary, session, resource, resourceAccountId } = policies;
  const hasSession = session !== undefined || principal.kind === "federated-user";
  const needed: PolicyKind[] = [];
  if (identity !== undefined) needed.push("identity");
  if (boundary !== undefined) needed.push("boundary");
  if (hasSession) needed.push("session");
  const isOfOther = resourceAccountId !== undefined && resourceAccountId !== principal.accountId;
  if (isOfOther || resource?.policy.use === "trust") needed.push("resource");
  return needed.filter((kind) => !allowing.has(kind));
}
