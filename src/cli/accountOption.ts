import type { AccountRecord } from "../store/records/AccountRecord.ts";
import { AccountError, FIRST_USER_NAME } from "../store/accounts/accountForms.ts";
import { findAccount } from "../store/accounts/findAccount.ts";
import type { IdentityPage, PageRequest } from "../store/accounts/pages.ts";
import type { Store } from "../store/Store.ts";
import { flagOf } from "./actions.ts";
import type { DataArguments } from "./dataOption.ts";

/** Names the account whose users, groups, roles or policies are meant. */
export const ACCOUNT_FLAG = "account";

/** The account that `--account` names, by its name or number; the first one without it. Throws `AccountError`. */
export async function accountOf(store: Store, read: Pick<DataArguments, "flags">): Promise<AccountRecord> {
  const given = flagOf(read, ACCOUNT_FLAG) ?? FIRST_USER_NAME;
  const found = (await findAccount(store, { accountId: given })) ?? (await findAccount(store, { displayName: given }));
  if (found === undefined) throw new AccountError(`There is no account "${given}"; holdfast account list shows them.`);
  return found;
}

const ITEMS_AT_ONCE = 1_000;

/** All of a list that comes in pages. */
export async function allOf<Item>(pageOf: (page: PageRequest) => Promise<IdentityPage<Item>>): Promise<readonly Item[]> {
  const all: Item[] = [];
  let marker: string | undefined;
  do {
    const page = await pageOf({ marker, maxItems: ITEMS_AT_ONCE });
    all.push(...page.items);
    ({ marker } = page);
  } while (marker !== undefined);
  return all;
}
