import type { BlobId } from "../blobs/BlobEngine.ts";
import { id, integer, recordCodec } from "./recordCodec.ts";
import type { Codec, Row, Rows } from "./Row.ts";
import { presence } from "./Row.ts";
import { nameInKey, namedKey, tableRange, TABLES } from "./tables.ts";

/** Says that some record names this blob. */
export function namedBlobRow(blob: BlobId): Row<true> {
  return { key: namedKey(TABLES.namedBlobs, blob), codec: presence };
}

/** What is known of a blob nobody names any more. */
export interface DeadBlobRecord {
  /** Milliseconds since 1970. */
  readonly diedAtMs: number;
  /** The content it belonged to; "" for a part that never came to belong to one; `undefined` where an older version queued it. */
  readonly contentId: string | undefined;
}

const writtenCodec = recordCodec<DeadBlobRecord>(
  () => ({ diedAtMs: 0, contentId: undefined }),
  [integer(1, "diedAtMs"), id(2, "contentId")],
);

/** Older versions wrote the time alone, as 8 bytes. Its first one is 0 for millions of years, which is the format of no record. */
const TIME_BEGINNING = 0;
const TIME_SIZE_BYTES = 8;

/** Dead blobs as bytes. */
export const deadBlobCodec: Codec<DeadBlobRecord, Buffer> = {
  encode: writtenCodec.encode,
  decode(bytes, key) {
    if (bytes[0] !== TIME_BEGINNING || bytes.length !== TIME_SIZE_BYTES) return writtenCodec.decode(bytes, key);
    const diedAtMs = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0));
    return { diedAtMs, contentId: undefined };
  },
};

/** Queue: a blob nobody names any more. */
export function deadBlobRow(blob: BlobId): Row<DeadBlobRecord> {
  return { key: namedKey(TABLES.deadBlobs, blob), codec: deadBlobCodec };
}

/** A blob that nobody names any more. */
export interface DeadBlob extends DeadBlobRecord {
  readonly blob: BlobId;
}

/** Queue: dead blobs. */
export function deadBlobs(limit: number): Rows<DeadBlob> {
  return {
    ...tableRange(TABLES.deadBlobs),
    limit,
    decode: ({ key, value }) => ({ blob: nameInKey(key), ...deadBlobCodec.decode(value, key) }),
  };
}
