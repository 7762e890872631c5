import type { BlobId } from "../blobs/BlobEngine.ts";
import type { Codec, Row, Rows } from "./Row.ts";
import { presence } from "./Row.ts";
import { nameInKey, namedKey, tableRange, TABLES } from "./tables.ts";

/** Says that some record names this blob. */
export function namedBlobRow(blob: BlobId): Row<true> {
  return { key: namedKey(TABLES.namedBlobs, blob), codec: presence };
}

/** A time, in milliseconds since 1970, as 8 bytes. */
const timeCodec: Codec<number> = {
  encode(atMs) {
    const bytes = Buffer.allocUnsafe(8);
    bytes.writeBigUInt64BE(BigInt(Math.trunc(atMs)));
    return bytes;
  },
  decode: (bytes) => Number(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).readBigUInt64BE(0)),
};

/** Queue: a blob nobody names any more, and when it died. */
export function deadBlobRow(blob: BlobId): Row<number> {
  return { key: namedKey(TABLES.deadBlobs, blob), codec: timeCodec };
}

/** A blob that nobody names any more. */
export interface DeadBlob {
  readonly blob: BlobId;
  readonly diedAtMs: number;
}

/** Queue: dead blobs. */
export function deadBlobs(limit: number): Rows<DeadBlob> {
  return {
    ...tableRange(TABLES.deadBlobs),
    limit,
    decode: ({ key, value }) => ({ blob: nameInKey(key), diedAtMs: timeCodec.decode(value) }),
  };
}
