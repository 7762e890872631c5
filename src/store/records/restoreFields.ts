import type { FieldReader, FieldWriter } from "./fields.ts";
import type { Draft, Field, NumberedNames } from "./recordCodec.ts";
import { numberedNames } from "./recordCodec.ts";

/** How fast an archived object is restored. */
export type RestoreTier = "Expedited" | "Standard" | "Bulk";

/** Tiers as stored. */
const RESTORE_TIERS: NumberedNames<RestoreTier> = numberedNames({ Expedited: 1, Standard: 2, Bulk: 3 });

/** A restore of an archived object. All times are S3's, in milliseconds since 1970. */
export interface Restore {
  readonly tier: RestoreTier;
  /** For how long a copy was asked for. */
  readonly days: number;
  readonly requestedAtMs: number;
  /** From when on the copy can be read. */
  readonly completesAtMs: number;
  /** From when on it can no longer. */
  readonly expiresAtMs: number;
}

/** The tag that begins a restore, and those of what else it is. */
const REQUESTED_TAG = 60;
const COMPLETES_TAG = 61;
const EXPIRES_TAG = 62;
const TIER_TAG = 63;
const DAYS_TAG = 64;

/** The last tag of what a list shows of a restore. */
export const LAST_SHOWN_RESTORE_TAG: number = EXPIRES_TAG;

type Restorable = { readonly restore: Restore | undefined };

function field(
  tag: number,
  value: (restore: Restore) => number,
  read: (fields: FieldReader, restore: Draft<Restore>) => void,
): Field<Restorable> {
  return {
    tag,
    write: ({ restore }: Restorable, out: FieldWriter) => out.integer(tag, restore && value(restore)),
    read(fields, draft) {
      read(fields, (draft.restore ??= emptyRestore()));
    },
  };
}

function emptyRestore(): Restore {
  return { tier: "Standard", days: 0, requestedAtMs: 0, completesAtMs: 0, expiresAtMs: 0 };
}

const FIELDS: readonly Field<Restorable>[] = [
  field(
    REQUESTED_TAG,
    ({ requestedAtMs }) => requestedAtMs,
    (fields, restore) => void (restore.requestedAtMs = fields.integer),
  ),
  field(
    COMPLETES_TAG,
    ({ completesAtMs }) => completesAtMs,
    (fields, restore) => void (restore.completesAtMs = fields.integer),
  ),
  field(
    EXPIRES_TAG,
    ({ expiresAtMs }) => expiresAtMs,
    (fields, restore) => void (restore.expiresAtMs = fields.integer),
  ),
  field(
    TIER_TAG,
    ({ tier }) => RESTORE_TIERS.numbers[tier],
    (fields, restore) => void (restore.tier = RESTORE_TIERS.names[fields.integer] ?? "Standard"),
  ),
  field(
    DAYS_TAG,
    ({ days }) => days,
    (fields, restore) => void (restore.days = fields.integer),
  ),
];

/** The fields of an object's restore. */
export function restoreFields<Record extends Restorable>(): readonly Field<Record>[] {
  return FIELDS;
}

/** Takes what a list shows of a restore from the field that the reader stands on. */
export function readShownRestore(tag: number, fields: FieldReader, draft: Draft<Restorable>): void {
  FIELDS[tag - REQUESTED_TAG]?.read(fields, draft);
}
