import type { Operation } from "../Operation.ts";
import { anything } from "./arns.ts";
import { iamOperation } from "./iamOperation.ts";

/**
 * Lists the names an account has beside its number: none, for accounts of this store have none.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAccountAliases.html
 */
export const ListAccountAliases: Operation<"ListAccountAliases"> = iamOperation({
  name: "ListAccountAliases",
  on: anything,
  handle: () => Promise.resolve({ AccountAliases: [], IsTruncated: false }),
});
