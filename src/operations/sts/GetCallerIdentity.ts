import { operation } from "../Operation.ts";
import type { Operation } from "../Operation.ts";
import { signedCaller } from "./callers.ts";

/**
 * Tells who asks; nobody needs permission for that.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export const GetCallerIdentity: Operation<"GetCallerIdentity"> = operation({
  name: "GetCallerIdentity",
  resource: "service",
  permissions: [],
  async handle(_input, context) {
    const { userId, accountId, arn } = signedCaller(context.caller);
    return { output: { UserId: userId, Account: accountId, Arn: arn } };
  },
});
