import type { Change, ReadResult, ReadSet } from "../metadata/MetadataEngine.ts";
import { decodeOwnerRecord, decodeUserRecord, encodeOwnerRecord } from "../records/codecs.ts";
import { ownerKey, ownerRange, userRange } from "../records/keys.ts";
import type { OwnerRecord } from "../records/OwnerRecord.ts";
import type { UserRecord } from "../records/UserRecord.ts";

/** Most access keys, and most users, that one store holds; all of them are read when one is changed. */
export const MAX_USERS = 10_000;

/** What a decision about users reads first; it may read further ranges behind these. */
export const DIRECTORY_RANGES: NonNullable<ReadSet["ranges"]> = [
  { ...ownerRange(), limit: MAX_USERS },
  { ...userRange(), limit: MAX_USERS },
];

/** Every user and every access key of a store, from one moment. */
export class Directory {
  /** By display name. Users that an older version kept only inside their keys are among them. */
  readonly owners: ReadonlyMap<string, OwnerRecord>;
  /** By access key id, in the order of these. */
  readonly keys: ReadonlyMap<string, UserRecord>;
  readonly #stored: ReadonlySet<OwnerRecord>;

  /** From what was read with `DIRECTORY_RANGES`. */
  constructor({ ranges: [ownerRows = [], keyRows = []] }: ReadResult) {
    this.keys = new Map(keyRows.map((row) => decodeUserRecord(row.value)).map((key) => [key.accessKeyId, key]));
    this.#stored = new Set(ownerRows.map((row) => decodeOwnerRecord(row.value)));
    const owners = new Map([...this.#stored].map((owner) => [owner.displayName, owner]));
    for (const key of this.keys.values()) {
      const known = owners.get(key.displayName);
      const isOlder = known !== undefined && !this.#stored.has(known) && key.createdAtMs < known.createdAtMs;
      if (known === undefined || isOlder) owners.set(key.displayName, ownerIn(key));
    }
    this.owners = owners;
  }

  keysOf(owner: OwnerRecord): readonly UserRecord[] {
    return [...this.keys.values()].filter((key) => key.displayName === owner.displayName);
  }

  /** What a commit about a user's keys or buckets has to write of the user: nothing when it is stored as it is. */
  written(owner: OwnerRecord): readonly Change[] {
    return this.#stored.has(owner) ? [] : [{ key: ownerKey(owner.displayName), value: encodeOwnerRecord(owner) }];
  }
}

/** The owner that an older version knew only by their keys. */
function ownerIn({ canonicalId, displayName, createdAtMs }: UserRecord): OwnerRecord {
  return { canonicalId, displayName, createdAtMs, keptKeyId: undefined };
}
