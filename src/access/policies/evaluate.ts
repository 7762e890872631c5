import type { Statement } from "./Policy.ts";
import type { Directness } from "./Principals.ts";
import type { PolicyRequest, Principal } from "./PolicyRequest.ts";
import { Trace } from "./Trace.ts";
import type { NamedPolicy, Policies, PolicyKind, Verdict } from "./Verdict.ts";

/** What the root of a bucket owner's account may do whatever the bucket's policy says, lest nobody can change that policy again. */
const ALWAYS_OF_ROOT: ReadonlySet<string> = new Set(["s3:getbucketpolicy", "s3:putbucketpolicy", "s3:deletebucketpolicy"]);

const NAMES: Readonly<Record<PolicyKind, string>> = {
  identity: "identity-based policy",
  resource: "resource-based policy",
  boundary: "permissions boundary",
  session: "session policy",
};

/** A request on its way through policies. */
interface Course {
  readonly request: PolicyRequest;
  /** The action in lower case. */
  readonly action: string;
  readonly policies: Policies;
  readonly trace: Trace;
}

/** What the policies of one kind say: "deny"; how they allow, at most; or nothing. */
type Say = "deny" | Directness | undefined;

/**
 * What policies say of a request, by the whole of AWS's evaluation logic.
 *
 * - A statement that denies it decides, in whichever policy it stands.
 * - Within an account either side may allow: the resource's policy, or the caller's own. Those of the caller's are limited by a permissions
 *   boundary and by session policies; so is what the resource's policy gives to the role of a session or to the user who asked for it, and so
 *   is not what it gives to the caller by their own ARN. What it gives to the account is for the account's own policies to hand on. A role's
 *   trust policy has to allow in any case.
 * - Across accounts both sides have to allow.
 * - A caller who has no policies of their own, as a root, is limited only by those of resources that others own.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
export function evaluate(request: PolicyRequest, policies: Policies): Verdict {
  const course = { request, action: request.action.toLowerCase(), policies, trace: new Trace() };
  const resource = policies.resource === undefined ? undefined : ask(course, policies.resource, "resource");
  if (resource === "deny") return denied(course, "resource");
  const identity = askAll(course, policies.identity, "identity");
  if (identity === "deny") return denied(course, "identity");
  const boundary = policies.boundary === undefined ? undefined : ask(course, policies.boundary, "boundary");
  if (boundary === "deny") return denied(course, "boundary");
  const session = askAll(course, policies.session, "session");
  if (session === "deny") return denied(course, "session");

  const { principal } = request;
  // Whoever does not sign has no policies of their own, and neither has a service.
  if (principal.accountId === undefined) return decided(course, resource === undefined ? "resource" : undefined, "resource");
  const limit = lackingOf(course, boundary, session);
  const lacking = policies.identity !== undefined && identity === undefined ? "identity" : limit;
  if (policies.resourceAccountId !== undefined && policies.resourceAccountId !== principal.accountId) {
    if (lacking !== undefined) return decided(course, lacking, "identity");
    return decided(course, resource === undefined ? "resource" : undefined, "resource");
  }
  if (resource === "itself") return decided(course, undefined, "resource");
  if (resource === "origin") return decided(course, limit, "resource");
  const isTrust = policies.resource?.policy.use === "trust";
  if (isTrust && resource === undefined) return decided(course, "resource", "resource");
  return decided(course, lacking, "identity");
}

/** Which of the limits on a caller's own policies does not allow the request. */
function lackingOf({ policies, request }: Course, boundary: Say, session: Say): "boundary" | "session" | undefined {
  if (policies.boundary !== undefined && boundary === undefined) return "boundary";
  // A federated user who was given no policies may do nothing but what resources allow to them.
  const hasSession = policies.session !== undefined || request.principal.kind === "federated-user";
  return hasSession && session === undefined ? "session" : undefined;
}

function askAll(course: Course, policies: readonly NamedPolicy[] | undefined, kind: PolicyKind): Say {
  let say: Say;
  if (policies === undefined) return say;
  for (const policy of policies) {
    const one = ask(course, policy, kind);
    if (one === "deny") return one;
    say ??= one;
  }
  return say;
}

/** Asks a policy, whose every statement counts: one that denies wins. */
function ask(course: Course, { name, policy }: NamedPolicy, kind: PolicyKind): Say {
  let say: Directness | undefined;
  for (const statement of policy.statements) {
    if (!statement.actions.has(course.action)) continue;
    const means = applies(course, name, statement);
    if (means === undefined) continue;
    if (statement.effect === "Deny") {
      if (kind === "resource" && isAlwaysAllowed(course)) {
        course.trace.add(name, statement, "denies, which the root of the owner's account may disregard");
        continue;
      }
      course.trace.add(name, statement, "denies");
      return "deny";
    }
    course.trace.add(name, statement, allowing(course.request.principal, means));
    say = moreDirect(say, means);
  }
  return say;
}

/** How a statement about the request's action means the caller; `undefined` where it does not apply. */
function applies({ request, policies, trace }: Course, name: string, statement: Statement): Directness | undefined {
  const { principals, resources, conditions } = statement;
  const means = principals === undefined ? "itself" : principals.means(request.principal, policies.boundary !== undefined);
  if (means === undefined) {
    trace.add(name, statement, "means others");
    return undefined;
  }
  if (resources !== undefined && !resources.has(request)) {
    trace.add(name, statement, "is about other resources");
    return undefined;
  }
  for (const condition of conditions) {
    if (condition.holds(request)) continue;
    trace.add(name, statement, condition);
    return undefined;
  }
  return means;
}

function allowing(
  principal: Principal,
  means: Directness,
): "allows" | "allows the account of the caller, whose own policies have to allow it as well" {
  return means === "account" && principal.kind !== "root"
    ? "allows the account of the caller, whose own policies have to allow it as well"
    : "allows";
}

function moreDirect(one: Directness | undefined, other: Directness): Directness {
  if (one === "itself" || other === "itself") return "itself";
  return one === "origin" || other === "origin" ? "origin" : "account";
}

function isAlwaysAllowed({ action, request: { principal }, policies }: Course): boolean {
  return principal.kind === "root" && principal.accountId === policies.resourceAccountId && ALWAYS_OF_ROOT.has(action);
}

function denied({ trace }: Course, by: PolicyKind): Verdict {
  return new TracedVerdict("deny", by, trace);
}

/** Allowed by one kind of policies, unless another one lacks an allow that it needs. */
function decided({ trace, request }: Course, lacking: PolicyKind | undefined, by: PolicyKind): Verdict {
  if (lacking === undefined) return new TracedVerdict("allow", by, trace);
  trace.remark(`no ${NAMES[lacking]} allows ${request.action} on ${request.resource}`);
  return new TracedVerdict("none", lacking, trace);
}

/** A verdict whose reasons are put into words when somebody asks. */
class TracedVerdict implements Verdict {
  readonly effect: Verdict["effect"];
  readonly by: PolicyKind;
  readonly #trace: Trace;

  constructor(effect: Verdict["effect"], by: PolicyKind, trace: Trace) {
    this.effect = effect;
    this.by = by;
    this.#trace = trace;
  }

  get explicit(): boolean {
    return this.effect === "deny";
  }

  get reasons(): readonly string[] {
    return this.#trace.reasons();
  }
}
