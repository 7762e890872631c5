import { accountSummary } from "../../store/accounts/accountSummary.ts";
import type { Operation } from "../Operation.ts";
import { anything } from "./arns.ts";
import { iamOperation } from "./iamOperation.ts";

/**
 * Counts what an account holds, beside what it may hold.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html
 */
export const GetAccountSummary: Operation<"GetAccountSummary"> = iamOperation({
  name: "GetAccountSummary",
  on: anything,
  handle: async (_input, { store, accountId }) => ({ SummaryMap: await accountSummary(store, accountId) }),
});
