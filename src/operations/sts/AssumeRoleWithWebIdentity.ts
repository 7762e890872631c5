import { judgeAssumption } from "../../access/sessions/assumption.ts";
import { QueryError } from "../../errors/QueryError.ts";
import type { WebIdentity } from "../../auth/webIdentity.ts";
import { operation } from "../Operation.ts";
import type { Operation } from "../Operation.ts";
import type { RequestContext } from "../RequestContext.ts";
import { assumeConditions } from "./assumeConditions.ts";
import { refuseUnbuilt } from "./callers.ts";
import { roleDurationSeconds } from "./durations.ts";
import type { RoleSessionFacts } from "./roleSession.ts";
import { beginRoleSession } from "./roleSession.ts";
import { roleToAssume } from "./roleToAssume.ts";
import { sessionTags } from "./sessionTags.ts";
import { identityTags, sourceIdentityIn } from "./webIdentityClaims.ts";

/**
 * Temporary credentials of a role, for whom a token of an identity provider names, if the role's trust policy lets the provider vouch for them. The
 * request is not signed.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 */
export const AssumeRoleWithWebIdentity: Operation<"AssumeRoleWithWebIdentity"> = operation({
  name: "AssumeRoleWithWebIdentity",
  resource: "service",
  permissions: [],
  mayBeUnsigned: true,
  async handle(input, context) {
    refuseUnbuilt(input, "ProviderId", "MinimumSessionTokenSize");
    const role = await roleToAssume(context.store, input.RoleArn);
    // What reads such tokens is loaded for the first one: few servers ever meet any.
    const { verifyWebIdentity } = await import("../../auth/webIdentity.ts");
    const identity = await verifyWebIdentity(input.WebIdentityToken, context.identityProviders, context.nowMs);
    const { passed, transitiveKeys } = identityTags(identity);
    const tags = sessionTags(passed, transitiveKeys);
    const sourceIdentity = sourceIdentityIn(identity);
    const { DurationSeconds: wanted, RoleSessionName: sessionName } = input;
    if (role === undefined) throw notTrusted();
    // A provider belongs to the account in which it is trusted; those of this server are in each.
    const federatedProvider = `arn:aws:iam::${role.accountId}:oidc-provider/${identity.providerName}`;
    const facts = { role, sessionName, sourceIdentity, tags, federatedProvider };
    requireTrust(context, identity, { ...facts, durationSeconds: wanted });
    const durationSeconds = roleDurationSeconds(wanted, role, false);
    const { output } = await beginRoleSession(context, input, { kind: "AssumeRoleWithWebIdentity", ...facts, durationSeconds });
    const { subject, audience, issuer } = identity;
    return { output: { ...output, SubjectFromWebIdentityToken: subject, Audience: audience, Provider: issuer } };
  },
});

/** Throws AccessDenied unless the role's trust policy lets this identity assume it, with such tags and such a source identity. */
function requireTrust(
  context: RequestContext,
  identity: WebIdentity,
  facts: Omit<RoleSessionFacts, "kind" | "durationSeconds"> & { readonly durationSeconds: number | undefined },
): void {
  const { role, federatedProvider } = facts;
  const claims = claimKeys(identity);
  const principal = { kind: "anonymous", accountId: undefined, federatedProvider } as const;
  const actions = ["sts:AssumeRoleWithWebIdentity"];
  if (Object.keys(facts.tags.tags).length > 0) actions.push("sts:TagSession");
  if (facts.sourceIdentity !== undefined) actions.push("sts:SetSourceIdentity");
  for (const action of actions) {
    const values = assumeConditions({ ...facts, claims }, context.conditionsFor(action));
    const { allowed, reasons, facts: refusal } = judgeAssumption({ action, role, principal, values });
    context.note(allowed ? "allowed" : "refused", allowed ? { reasons } : { reasons, ...refusal() });
    if (!allowed) throw notTrusted();
  }
}

/**
 * What the token says, by condition keys in lower case.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
 */
function claimKeys({ providerName, subject, audience, audiences, methods }: WebIdentity): Map<string, readonly string[]> {
  const name = providerName.toLowerCase();
  return new Map([
    [`${name}:sub`, [subject]],
    [`${name}:aud`, [audience]],
    [`${name}:oaud`, audiences],
    ...(methods.length === 0 ? [] : [[`${name}:amr`, methods] as const]),
  ]);
}

function notTrusted(): QueryError {
  return new QueryError("AccessDenied", {
    message: "Not authorized to perform sts:AssumeRoleWithWebIdentity",
    explanation: "There is no such role, or its trust policy does not let the token's provider vouch for this subject.",
  });
}
