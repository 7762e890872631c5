import type { ObjectChecksum } from "../../protocol/Payload.ts";
import type { BlobId } from "../blobs/BlobEngine.ts";
import { checksum } from "./checksumField.ts";
import type { Cipher } from "./ContentRecord.ts";
import { cipherFields } from "./ContentRecord.ts";
import { id, integer, recordCodec } from "./recordCodec.ts";
import type { Codec, Row, Rows } from "./Row.ts";
import { rowsIn } from "./Row.ts";
import { namedKey, TABLES } from "./tables.ts";

/** One part of an upload under way, stored under (upload id, part number). */
export interface PartRecord {
  readonly partNumber: number;
  readonly sizeBytes: number;
  readonly etag: string;
  readonly lastModifiedMs: number;
  /** Parts are never inline: completion names their blobs. `undefined` for a part without bytes. */
  readonly blob: BlobId | undefined;
  readonly checksum: ObjectChecksum | undefined;
  /** How its blob is encrypted; `undefined`: not at all. */
  readonly cipher: Cipher | undefined;
}

/** Parts as bytes. */
export const partCodec: Codec<PartRecord, Buffer> = recordCodec<PartRecord>(
  () => ({ partNumber: 0, sizeBytes: 0, etag: "", lastModifiedMs: 0, blob: undefined, checksum: undefined, cipher: undefined }),
  [
    integer(1, "partNumber"),
    integer(2, "sizeBytes"),
    id(3, "etag"),
    integer(4, "lastModifiedMs"),
    id(5, "blob"),
    checksum(6, 7, 8),
    cipherFields(),
  ],
);

const PART_NUMBER_SIZE_BYTES = 2;

/** A part of an upload; `partNumber` is 0 to 65,535 so that positions before and behind the parts can be written. */
export function partRow(uploadId: string, partNumber: number): Row<PartRecord> {
  const number = Buffer.allocUnsafe(PART_NUMBER_SIZE_BYTES);
  number.writeUInt16BE(partNumber);
  return { key: Buffer.concat([namedKey(TABLES.parts, `${uploadId}\x00`), number]), codec: partCodec };
}

/** The number of the part in such a row. */
export function partNumberInKey(key: Uint8Array): number {
  return new DataView(key.buffer, key.byteOffset).getUint16(key.length - PART_NUMBER_SIZE_BYTES);
}

/** Parts of an upload, by number. */
export function partsOf(uploadId: string, limit: number): Rows<PartRecord> {
  const range = { start: namedKey(TABLES.parts, `${uploadId}\x00`), end: namedKey(TABLES.parts, `${uploadId}\x01`) };
  return rowsIn(range, limit, partCodec);
}
