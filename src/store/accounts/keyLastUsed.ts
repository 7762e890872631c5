import type { AccessKeyRecord } from "../records/AccessKeyRecord.ts";
import { accessKeyRow } from "../records/AccessKeyRecord.ts";
import type { KeyUseRecord } from "../records/identityRows.ts";
import { keyUseRow } from "../records/identityRows.ts";
import { put } from "../records/Row.ts";
import type { Store } from "../Store.ts";
import { readRow, transact } from "../transact.ts";
import { knownKeyOf } from "./accessKeys.ts";

/** So long a use waits for others to be written down with it, in milliseconds. */
const GATHERING_MS = 1_000;

/**
 * Notes that an access key was used. A key costs a row in a minute at most, or for another service or region, all keys together a commit in
 * {@link GATHERING_MS}, and a request that uses one again nothing.
 */
export function noteKeyUse(store: Store, accessKeyId: string, use: KeyUseRecord): void {
  if (!store.keyUses.note(accessKeyId, use)) return;
  setTimeout(() => {
    // What cannot be written down is missed by nobody but who asks for it; the next use is noted again.
    writeKeyUses(store).catch(() => undefined);
  }, GATHERING_MS).unref();
}

/** Writes down the uses that this process has seen. */
export async function writeKeyUses(store: Store): Promise<void> {
  const uses = store.keyUses.take();
  if (uses.length === 0) return;
  const rows = uses.map(([accessKeyId]) => ({ use: keyUseRow(accessKeyId), key: accessKeyRow(accessKeyId) }));
  await transact(store, { rows }, ({ rows: found }) => {
    const changes = uses.flatMap(([accessKeyId, use], index) => {
      const { use: written, key } = found[index]!;
      // A key that was deleted meanwhile leaves nothing behind, and another process may know better.
      if (key === undefined || (written !== undefined && written.usedAtMs >= use.usedAtMs)) return [];
      return [put(keyUseRow(accessKeyId), use)];
    });
    return { changes, result: undefined };
  });
}

/**
 * An access key of an account, and its last use; `undefined` for one never used. What other processes have seen in the last second is not
 * known yet. Throws `IdentityError` NoSuchEntity.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccessKeyLastUsed.html
 */
export async function keyLastUsed(
  store: Store,
  accountId: string,
  accessKeyId: string,
): Promise<{ readonly key: AccessKeyRecord; readonly use: KeyUseRecord | undefined }> {
  const key = await knownKeyOf(store, accountId, accessKeyId);
  await writeKeyUses(store);
  return { key, use: await readRow(store, keyUseRow(accessKeyId)) };
}
