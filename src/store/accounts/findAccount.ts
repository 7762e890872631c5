import type { Soon } from "../metadata/MetadataEngine.ts";
import type { AccountRecord } from "../records/AccountRecord.ts";
import { accountRow } from "../records/AccountRecord.ts";
import { idHolderRow } from "../records/identityRows.ts";
import { whenHere } from "../soon.ts";
import type { Store } from "../Store.ts";
import { readRow } from "../transact.ts";

/** What an account is looked up by: one of these. */
export type AccountKey =
  | { readonly accountId: string }
  | { readonly canonicalId: string }
  | { readonly email: string }
  | { readonly displayName: string };

/** Nothing that an account is found by is longer, in characters. */
const LONGEST_KEY_CHARACTERS = 320;

const FORMS = { accountId: /^\d{12}$/, canonicalId: /^[0-9a-f]{64}$/, email: /@/ } as const;

/** The account of a number, canonical id, e-mail address (in any case) or display name, if there is one. */
export function findAccount(store: Store, by: AccountKey): Soon<AccountRecord | undefined> {
  if ("displayName" in by) {
    return by.displayName.length > LONGEST_KEY_CHARACTERS ? undefined : readRow(store, accountRow(by.displayName));
  }
  const [kind, id] = Object.entries(by)[0] as [keyof typeof FORMS, string];
  if (id.length > LONGEST_KEY_CHARACTERS || !FORMS[kind].test(id)) return undefined;
  return whenHere(readRow(store, idHolderRow(id)), (holder) =>
    holder === undefined ? undefined : readRow(store, accountRow(holder.name)),
  );
}
