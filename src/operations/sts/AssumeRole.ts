import { findCallerPolicies } from "../../access/callerPolicies.ts";
import { judgeAssumption } from "../../access/sessions/assumption.ts";
import type { SignedCaller } from "../../auth/Caller.ts";
import { QueryError } from "../../errors/QueryError.ts";
import type { AssumeRoleRequest } from "../../protocol/generated/stsTypes.ts";
import type { RoleRecord } from "../../store/records/RoleRecord.ts";
import { operation } from "../Operation.ts";
import type { Operation } from "../Operation.ts";
import type { RequestContext } from "../RequestContext.ts";
import { assumeConditions } from "./assumeConditions.ts";
import { notAuthorized, refuseUnbuilt, signedCaller } from "./callers.ts";
import { roleDurationSeconds } from "./durations.ts";
import { mfaProof } from "./mfaProof.ts";
import type { RoleSessionFacts } from "./roleSession.ts";
import { beginRoleSession } from "./roleSession.ts";
import { roleToAssume } from "./roleToAssume.ts";
import { inheritedTags, sessionTags } from "./sessionTags.ts";

/**
 * Temporary credentials of a role, for whom its trust policy and their own policies let assume it.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export const AssumeRole: Operation<"AssumeRole"> = operation({
  name: "AssumeRole",
  resource: "service",
  permissions: [],
  async handle(input, context) {
    refuseUnbuilt(input, "ProvidedContexts", "MinimumSessionTokenSize");
    const caller = assumingCaller(context, input);
    const role = await roleToAssume(context.store, input.RoleArn);
    if (role === undefined) throw notAuthorized(caller, "sts:AssumeRole", input.RoleArn);
    const tags = sessionTags(input.Tags ?? [], input.TransitiveTagKeys ?? [], inheritedTags(caller));
    const sourceIdentity = sourceIdentityOf(input, caller);
    const hasMfa = (await mfaProof(context, caller, input)) !== undefined;
    const facts = { role, sessionName: input.RoleSessionName, externalId: input.ExternalId, sourceIdentity, tags, hasMfa };
    const durationSeconds = input.DurationSeconds;
    await requireAssumption(context, caller, role, { ...facts, durationSeconds });
    const isChained = caller.session !== undefined;
    const lasting = roleDurationSeconds(durationSeconds, role, isChained);
    const { output } = await beginRoleSession(context, input, { kind: "AssumeRole", ...facts, durationSeconds: lasting });
    return { output };
  },
});

/** Who can assume roles at all: users, and sessions of users and roles. Throws AccessDenied. */
function assumingCaller({ caller }: RequestContext, { RoleArn }: AssumeRoleRequest): SignedCaller {
  const signed = signedCaller(caller);
  if (signed.kind === "root") throw new QueryError("AccessDenied", { message: "Roles may not be assumed by root accounts." });
  if (signed.kind === "federated-user") throw notAuthorized(signed, "sts:AssumeRole", RoleArn);
  return signed;
}

/** Whom the session acts for: as said here, or once for all earlier in the chain. Throws ValidationError for who says something else then. */
function sourceIdentityOf({ SourceIdentity: said }: AssumeRoleRequest, { session }: SignedCaller): string | undefined {
  const earlier = session?.sourceIdentity;
  if (earlier === undefined || said === undefined || said === earlier) return earlier ?? said;
  throw new QueryError("ValidationError", { message: "The source identity is already set for this assume role session" });
}

/** Throws AccessDenied unless the caller may assume the role, with such tags and such a source identity. */
async function requireAssumption(
  context: RequestContext,
  caller: SignedCaller,
  role: RoleRecord,
  facts: Omit<RoleSessionFacts, "kind" | "durationSeconds"> & { readonly durationSeconds: number | undefined },
): Promise<void> {
  const policies = await findCallerPolicies(context.store, caller);
  const actions = ["sts:AssumeRole"];
  if (Object.keys(facts.tags.tags).length > 0) actions.push("sts:TagSession");
  if (facts.sourceIdentity !== undefined) actions.push("sts:SetSourceIdentity");
  for (const action of actions) {
    const values = assumeConditions(facts, context.conditionsFor(action));
    const { allowed, reasons, facts: refusal } = judgeAssumption({ action, role, principal: caller, policies, values });
    context.note(allowed ? "allowed" : "refused", allowed ? { reasons } : { reasons, ...refusal() });
    if (!allowed) throw notAuthorized(caller, action, `arn:aws:iam::${role.accountId}:role${role.path}${role.name}`);
  }
}
