import { flag, id, integer, recordCodec, text } from "./recordCodec.ts";
import type { Codec, Row, Rows } from "./Row.ts";
import { rowsIn } from "./Row.ts";
import { namedKey, tableRange, TABLES } from "./tables.ts";

/** The MFA device of a root or user, and which of its codes have come. Stored under whose it is. */
export interface MfaDeviceRecord {
  /** The canonical id of the account whose root's it is, or the unique id of a user. */
  readonly ownerId: string;
  /** What a user's is called in its serial number; `undefined` for a root's. */
  readonly name: string | undefined;
  /** What it shares with this store, in hexadecimal. */
  readonly secret: string;
  /** True once the user has shown that it makes the right codes. */
  readonly isActive: boolean;
  /** The step of the latest code that was used: neither it nor an older one is taken again. */
  readonly usedStep: number;
  /** How many wrong codes have come since the last right one, and when the latest did. */
  readonly wrongCodes: number;
  readonly wrongAtMs: number;
}

/** MFA devices as bytes. */
export const mfaDeviceCodec: Codec<MfaDeviceRecord, Buffer> = recordCodec<MfaDeviceRecord>(
  () => ({ ownerId: "", name: undefined, secret: "", isActive: false, usedStep: 0, wrongCodes: 0, wrongAtMs: 0 }),
  [
    id(1, "ownerId"),
    id(2, "secret"),
    flag(3, "isActive"),
    integer(4, "usedStep", 0),
    integer(5, "wrongCodes", 0),
    integer(6, "wrongAtMs", 0),
    text(7, "name"),
  ],
);

/** The MFA device of a root, by the canonical id of the account, or of a user, by their unique id. */
export function mfaDeviceRow(ownerId: string): Row<MfaDeviceRecord> {
  return { key: namedKey(TABLES.mfaDevices, ownerId), codec: mfaDeviceCodec };
}

/** MFA devices, by whose they are. */
export function mfaDevices(limit: number): Rows<MfaDeviceRecord> {
  return rowsIn(tableRange(TABLES.mfaDevices), limit, mfaDeviceCodec);
}
