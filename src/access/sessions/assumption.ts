import { identityArn } from "../../store/accounts/arns.ts";
import type { RoleRecord } from "../../store/records/RoleRecord.ts";
import type { CallerPolicies } from "../callerPolicies.ts";
import { NO_POLICIES } from "../callerPolicies.ts";
import { evaluate } from "../policies/evaluate.ts";
import { parseTrustPolicy } from "../policies/parseTrustPolicy.ts";
import type { PolicyRequest } from "../policies/PolicyRequest.ts";
import type { NamedPolicy } from "../policies/Verdict.ts";
import type { RefusalFacts } from "../RefusalFacts.ts";
import { refusalFacts } from "../RefusalFacts.ts";

/** What somebody wants to do to a role: assume it, pass tags to the session, say whom they act for. */
export interface Assumption extends Omit<PolicyRequest, "resource"> {
  readonly role: RoleRecord;
  /** Those of who asks; none of who shows a web identity. */
  readonly policies?: CallerPolicies;
}

/** Whether they may, and why; the reasons are for the journal. */
export interface AssumptionVerdict {
  readonly allowed: boolean;
  readonly reasons: readonly string[];
  /** All that was weighed, statement by statement; of use where it was refused. */
  readonly facts: () => RefusalFacts;
}

const parsed = new WeakMap<RoleRecord, NamedPolicy>();

/**
 * May somebody assume a role? Its trust policy has to allow it in any case, even to who has its account's permission; that permission is needed
 * as well, unless they are of the role's account and the trust policy names them and not just the account.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-single-account.html
 */
export function judgeAssumption({ role, policies = NO_POLICIES, ...request }: Assumption): AssumptionVerdict {
  const asked: PolicyRequest = { ...request, resource: identityArn("role", role) };
  const trust = trustOf(role);
  // Asked as if of another account, where no permission of the caller's can stand for the role's.
  const byTrust = evaluate(asked, { identity: undefined, resource: trust, resourceAccountId: undefined });
  const { identity, boundary, session } = policies;
  const all = { identity, boundary, session, resource: trust, resourceAccountId: role.accountId };
  const facts = (): RefusalFacts => refusalFacts(asked, all);
  if (byTrust.effect !== "allow") return { allowed: false, reasons: byTrust.reasons, facts };
  const byAll = evaluate(asked, all);
  return { allowed: byAll.effect === "allow", reasons: byAll.reasons, facts };
}

function trustOf(role: RoleRecord): NamedPolicy {
  let trust = parsed.get(role);
  if (trust === undefined) {
    trust = { name: `trust policy of ${role.name}`, policy: parseTrustPolicy(role.trustPolicy) };
    parsed.set(role, trust);
  }
  return trust;
}
