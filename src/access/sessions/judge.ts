import type { SignedCaller } from "../../auth/Caller.ts";
import type { Store } from "../../store/Store.ts";
import { findCallerPolicies } from "../callerPolicies.ts";
import { evaluate } from "../policies/evaluate.ts";
import type { PolicyRequest } from "../policies/PolicyRequest.ts";
import { refusalFacts } from "../RefusalFacts.ts";
import type { AssumptionVerdict } from "./assumption.ts";

/** May a caller do this, to something of their own account's that has no policy of its own? */
export async function judge(
  store: Store,
  caller: SignedCaller,
  request: Omit<PolicyRequest, "principal">,
): Promise<AssumptionVerdict> {
  const { identity, boundary, session } = await findCallerPolicies(store, caller);
  const asked = { ...request, principal: caller };
  const policies = { identity, boundary, session, resourceAccountId: caller.accountId };
  const { effect, reasons } = evaluate(asked, policies);
  return { allowed: effect === "allow", reasons, facts: () => refusalFacts(asked, policies) };
}
