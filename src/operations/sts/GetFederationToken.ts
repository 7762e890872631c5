import { judge } from "../../access/sessions/judge.ts";
import { operation } from "../Operation.ts";
import type { Operation } from "../Operation.ts";
import { assumeConditions } from "./assumeConditions.ts";
import { longTermCaller, notAuthorized, refuseUnbuilt } from "./callers.ts";
import { userDurationSeconds } from "./durations.ts";
import { issue } from "./issue.ts";
import { packedPolicySize, sessionPolicies } from "./sessionPolicies.ts";
import { sessionTags } from "./sessionTags.ts";

/**
 * Temporary credentials for somebody whom a user vouches for: what they may do is what both the user and the session policies may, and without
 * session policies nothing but what policies of resources allow them by name.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html
 */
export const GetFederationToken: Operation<"GetFederationToken"> = operation({
  name: "GetFederationToken",
  resource: "service",
  permissions: [],
  async handle(input, context) {
    refuseUnbuilt(input, "MinimumSessionTokenSize");
    const caller = longTermCaller(context.caller, "GetFederationToken");
    const { accountId, canonicalId, displayName, userName, userId } = caller;
    const arn = `arn:aws:sts::${accountId}:federated-user/${input.Name}`;
    const tags = sessionTags(input.Tags ?? [], []);
    const durationSeconds = userDurationSeconds(input.DurationSeconds, caller);
    const actions = ["sts:GetFederationToken", ...(input.Tags?.length ? ["sts:TagSession"] : [])];
    for (const action of actions) {
      const values = assumeConditions({ tags, durationSeconds }, context.conditionsFor(action));
      const { allowed, reasons, facts: refusal } = await judge(context.store, caller, { action, resource: arn, values });
      context.note(allowed ? "allowed" : "refused", allowed ? { reasons } : { reasons, ...refusal() });
      if (!allowed) throw notAuthorized(caller, action, arn);
    }
    const { policies = [], policyArns } = await sessionPolicies(context.store, accountId, input);
    const packed = packedPolicySize({ policies: policies.length === 0 ? undefined : policies, policyArns }, tags.tags);
    const by = caller.kind === "root" ? undefined : { userName: userName!, uniqueId: userId };
    const account = { accountId, canonicalId, displayName };
    const principal = { ...account, kind: "federated-user", name: input.Name, by, tags: tags.tags } as const;
    return {
      output: {
        Credentials: await issue(context, principal, { kind: "GetFederationToken", durationSeconds, policies, policyArns }),
        FederatedUser: { FederatedUserId: `${accountId}:${input.Name}`, Arn: arn },
        PackedPolicySize: packed,
      },
    };
  },
});
