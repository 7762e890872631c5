import type { Change } from "../metadata/MetadataEngine.ts";
import type { AccessKeyRecord } from "../records/AccessKeyRecord.ts";
import { accessKeys } from "../records/AccessKeyRecord.ts";
import type { AccountRecord } from "../records/AccountRecord.ts";
import { accountRow, accounts } from "../records/AccountRecord.ts";
import { idHolderRow, keyOwnerRow } from "../records/identityRows.ts";
import { mark, put } from "../records/Row.ts";
import type { Store } from "../Store.ts";
import { readRow, readRows, transact } from "../transact.ts";
import { accountIdOf } from "./accountIds.ts";

/** An older version held no more accounts and keys than this. */
const MOST_OLD_ROWS = 10_000;

/**
 * Takes over the accounts of a store that an older version wrote: each gets the rows by which it and the keys of its root are found, and one of
 * its own where it was only in its keys. Done once, by a server's start, before anybody else is at work; what is done is not done again.
 */
export async function takeOverAccounts(store: Store): Promise<void> {
  if (await isTakenOver(store)) return;
  await transact(store, { known: accounts(MOST_OLD_ROWS), keys: accessKeys(MOST_OLD_ROWS) }, ({ known, keys }) => {
    const stored = new Set(known.map(({ displayName }) => displayName));
    const all = new Map(known.map((account) => [account.displayName, account]));
    for (const key of keys) {
      const other = all.get(key.displayName);
      const isOlder = other !== undefined && !stored.has(key.displayName) && key.createdAtMs < other.createdAtMs;
      if (other === undefined || isOlder) all.set(key.displayName, accountIn(key));
    }
    const changes: Change[] = [...all.values()].flatMap((account) => {
      const { accountId, canonicalId, displayName: name } = account;
      return [
        put(accountRow(name), account),
        put(idHolderRow(accountId), { accountId, name }),
        put(idHolderRow(canonicalId), { accountId, name }),
      ];
    });
    for (const key of keys) changes.push(mark(keyOwnerRow(accountIdOf(key.canonicalId), key.accessKeyId)));
    return { changes, result: undefined };
  });
}

/** Whether there is nothing to take over: the accounts are in one commit, so that any of them tells of all. */
async function isTakenOver(store: Store): Promise<boolean> {
  const { some, key } = await readRows(store, { some: accounts(1), key: accessKeys(1) });
  const canonicalId = some[0]?.canonicalId ?? key[0]?.canonicalId;
  return canonicalId === undefined || (await readRow(store, idHolderRow(canonicalId))) !== undefined;
}

/** The account that an older version knew only by the keys of its root. */
function accountIn({ accountId, canonicalId, displayName, createdAtMs }: AccessKeyRecord): AccountRecord {
  return { accountId, canonicalId, displayName, email: undefined, createdAtMs, keptKeyId: undefined };
}
