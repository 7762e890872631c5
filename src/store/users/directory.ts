import type { Change } from "../metadata/MetadataEngine.ts";
import type { OwnerRecord } from "../records/OwnerRecord.ts";
import { ownerRow, owners } from "../records/OwnerRecord.ts";
import type { Rows } from "../records/Row.ts";
import { put } from "../records/Row.ts";
import type { UserRecord } from "../records/UserRecord.ts";
import { users } from "../records/UserRecord.ts";
import type { Records } from "../transact.ts";

/** Most access keys, and most users, that one store holds; all of them are read when one is changed. */
export const MAX_USERS = 10_000;

/** What a decision about users has to see. */
export const DIRECTORY_ROWS: { readonly owners: Rows<OwnerRecord>; readonly keys: Rows<UserRecord> } = {
  owners: owners(MAX_USERS),
  keys: users(MAX_USERS),
};

/** Every user and every access key of a store, from one moment. */
export class Directory {
  /** By display name. Users that an older version kept only inside their keys are among them. */
  readonly owners: ReadonlyMap<string, OwnerRecord>;
  /** By access key id, in the order of these. */
  readonly keys: ReadonlyMap<string, UserRecord>;
  readonly #stored: ReadonlySet<OwnerRecord>;

  constructor({ owners: stored, keys }: Records<typeof DIRECTORY_ROWS>) {
    this.keys = new Map(keys.map((key) => [key.accessKeyId, key]));
    this.#stored = new Set(stored);
    const byName = new Map(stored.map((owner) => [owner.displayName, owner]));
    for (const key of this.keys.values()) {
      const known = byName.get(key.displayName);
      const isOlder = known !== undefined && !this.#stored.has(known) && key.createdAtMs < known.createdAtMs;
      if (known === undefined || isOlder) byName.set(key.displayName, ownerIn(key));
    }
    this.owners = byName;
  }

  keysOf(owner: OwnerRecord): readonly UserRecord[] {
    return [...this.keys.values()].filter((key) => key.displayName === owner.displayName);
  }

  /** What a commit about a user's keys or buckets has to write of the user: nothing when it is stored as it is. */
  written(owner: OwnerRecord): readonly Change[] {
    return this.#stored.has(owner) ? [] : [put(ownerRow(owner.displayName), owner)];
  }
}

/** The owner that an older version knew only by their keys. */
function ownerIn({ canonicalId, displayName, createdAtMs }: UserRecord): OwnerRecord {
  return { canonicalId, displayName, createdAtMs, keptKeyId: undefined };
}
