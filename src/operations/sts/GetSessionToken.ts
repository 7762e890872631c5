import { operation } from "../Operation.ts";
import type { Operation } from "../Operation.ts";
import { longTermCaller, refuseUnbuilt } from "./callers.ts";
import { userDurationSeconds } from "./durations.ts";
import { issue } from "./issue.ts";
import { mfaProof } from "./mfaProof.ts";

/**
 * Temporary credentials of whoever asks, a user or an account's root: with the code of an MFA device, which policies can ask for. No permission
 * is needed, and no policy can forbid it.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
 */
export const GetSessionToken: Operation<"GetSessionToken"> = operation({
  name: "GetSessionToken",
  resource: "service",
  permissions: [],
  async handle(input, context) {
    refuseUnbuilt(input, "MinimumSessionTokenSize");
    const caller = longTermCaller(context.caller, "GetSessionToken");
    const { accountId, canonicalId, displayName, userId: uniqueId, userName } = caller;
    const account = { accountId, canonicalId, displayName };
    const durationSeconds = userDurationSeconds(input.DurationSeconds, caller);
    const mfaAtMs = await mfaProof(context, caller, input);
    const principal =
      caller.kind === "root"
        ? ({ ...account, kind: "root" } as const)
        : ({ ...account, kind: "user", userName: userName!, uniqueId } as const);
    return { output: { Credentials: await issue(context, principal, { kind: "GetSessionToken", durationSeconds, mfaAtMs }) } };
  },
});
