import type { Decision, Soon } from "../metadata/MetadataEngine.ts";
import type { SealingKeyRecord } from "../records/SealingKeyRecord.ts";
import { sealingKeyRow, sealingKeys } from "../records/SealingKeyRecord.ts";
import { put, remove } from "../records/Row.ts";
import type { Store } from "../Store.ts";
import { readRow, readRows, transact } from "../transact.ts";

/**
 * The keys that session tokens are sealed with: shared by all processes of a store, kept over restarts, and replaced before a key has sealed
 * so much that it could be told from chance.
 */

const HOUR_MS = 3_600_000;
/** No session lasts longer. */
const MAX_SESSION_MS = 36 * HOUR_MS;
/** A key seals for so long; the next token gets a new one. */
export const SEALING_MS: number = 7 * 24 * HOUR_MS;
/** A key opens for so long: what it sealed last has run out by then, a day of a clock that was set aside. */
export const OPENING_MS: number = SEALING_MS + MAX_SESSION_MS + 24 * HOUR_MS;

const KEY_ID_SIZE_BYTES = 8;
const SECRET_SIZE_BYTES = 32;
/** One a week, of which those of a fortnight are kept; a clock that jumped may have left more. */
const MAX_SEALING_KEYS = 1_000;

const EVERY_KEY = { keys: sealingKeys(MAX_SEALING_KEYS) };

/** The sealing key of an id, unless it is too old or was never there. */
export function findSealingKey(store: Store, keyId: string): Soon<SealingKeyRecord | undefined> {
  return readRow(store, sealingKeyRow(keyId));
}

/** The key to seal with now. A new one is made, and those that open nothing any more are removed, when the newest is too old. */
export async function currentSealingKey(store: Store): Promise<SealingKeyRecord> {
  const { keys } = await readRows(store, EVERY_KEY);
  const current = newestOf(keys, store.realClock());
  if (current !== undefined) return current;
  const made = store.randomBytes(KEY_ID_SIZE_BYTES + SECRET_SIZE_BYTES);
  const keyId = made.subarray(0, KEY_ID_SIZE_BYTES).toString("hex");
  const secret = made.subarray(KEY_ID_SIZE_BYTES).toString("hex");
  return transact(store, EVERY_KEY, ({ keys: known }, { realNowMs }): Decision<SealingKeyRecord> => {
    const other = newestOf(known, realNowMs);
    if (other !== undefined) return { changes: [], result: other };
    const record = { keyId, secret, createdAtMs: realNowMs };
    const tooOld = known.filter(({ createdAtMs }) => createdAtMs + OPENING_MS < realNowMs);
    const changes = [put(sealingKeyRow(keyId), record), ...tooOld.map((key) => remove(sealingKeyRow(key.keyId)))];
    return { changes, result: record };
  });
}

/** The newest key that still seals. One from the future, of a clock that has been set back, seals as well. */
function newestOf(keys: readonly SealingKeyRecord[], nowMs: number): SealingKeyRecord | undefined {
  let newest: SealingKeyRecord | undefined;
  for (const key of keys) if (newest === undefined || key.createdAtMs > newest.createdAtMs) newest = key;
  return newest !== undefined && newest.createdAtMs + SEALING_MS > nowMs ? newest : undefined;
}
