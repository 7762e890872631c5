import type { ChecksumAlgorithm, ChecksumType } from "../../protocol/checksumAlgorithms.ts";
import { successorOfPrefix } from "../metadata/byteOrder.ts";
import { CHECKSUM_ALGORITHMS, CHECKSUM_TYPES } from "./checksumField.ts";
import type { SystemMetadata, UserMetadata } from "./metadataFields.ts";
import { metadataFields } from "./metadataFields.ts";
import { DEFAULT_STORAGE_CLASS } from "./ObjectRecord.ts";
import { id, integer, oneOf, recordCodec, text } from "./recordCodec.ts";
import type { Codec, Row, Rows } from "./Row.ts";
import { presence, rowsIn } from "./Row.ts";
import { BASE_SIZE_BYTES, keyInBucket, nameInKey, namedKey, tableRange, TABLES } from "./tables.ts";

/** A multipart upload under way, stored under (bucket, key, upload id). */
export interface UploadRecord {
  readonly uploadId: string;
  readonly key: string;
  readonly initiatedAtMs: number;
  readonly storageClass: string;
  readonly ownerId: string;
  readonly ownerName: string;
  readonly initiatorId: string;
  readonly initiatorName: string;
  readonly system: SystemMetadata;
  readonly user: UserMetadata;
  readonly checksumAlgorithm: ChecksumAlgorithm | undefined;
  readonly checksumType: ChecksumType | undefined;
  /**
   * The object under the key as the upload began, as `objectIdentity` names it; "" for none. `undefined` where a version of Holdfast that
   * did not look began the upload.
   */
  readonly begunOn: string | undefined;
}

/** Uploads as bytes. */
export const uploadCodec: Codec<UploadRecord, Buffer> = recordCodec<UploadRecord>(
  () => ({
    uploadId: "",
    key: "",
    initiatedAtMs: 0,
    storageClass: DEFAULT_STORAGE_CLASS,
    ownerId: "",
    ownerName: "",
    initiatorId: "",
    initiatorName: "",
    system: {},
    user: [],
    checksumAlgorithm: undefined,
    checksumType: undefined,
    begunOn: undefined,
  }),
  [
    id(1, "uploadId"),
    text(2, "key"),
    integer(3, "initiatedAtMs"),
    text(4, "storageClass", DEFAULT_STORAGE_CLASS),
    id(5, "ownerId"),
    text(6, "ownerName"),
    id(7, "initiatorId"),
    text(8, "initiatorName"),
    oneOf(9, "checksumAlgorithm", CHECKSUM_ALGORITHMS),
    oneOf(10, "checksumType", CHECKSUM_TYPES),
    text(11, "begunOn"),
    metadataFields(),
  ],
);

/** Ends the S3 key inside the key of an upload; see {@link uploadRow}. */
const KEY_TERMINATOR = 0x00;
/** The lowest byte behind the terminator. */
const BEHIND_TERMINATOR = 0x01;

/**
 * An upload under way. Its S3 key must end before the upload id begins, yet sort as it does alone, and may hold any byte of
 * UTF-8, 0x00 too. UTF-8 never holds 0xFF, so every byte is stored plus one, which keeps the order and frees 0x00 to end the key.
 */
export function uploadRow(bucketId: string, key: string, uploadId: string): Row<UploadRecord> {
  const end = Buffer.from(uploadId);
  return { key: Buffer.concat([beginningOf(bucketId, key), Buffer.of(KEY_TERMINATOR), end]), codec: uploadCodec };
}

/** Uploads under way in a bucket of which the S3 key begins with this, by key and then by id. */
export function uploadsOf(bucketId: string, limit: number, prefix: string = ""): Rows<UploadRecord> {
  const start = beginningOf(bucketId, prefix);
  return rowsIn({ start, end: successorOfPrefix(start)! }, limit, uploadCodec);
}

/** The lowest key behind an upload, or, with an empty upload id, behind all uploads of the S3 key. */
export function keyBehindUpload(bucketId: string, key: string, uploadId: string): Buffer {
  if (uploadId === "") return Buffer.concat([beginningOf(bucketId, key), Buffer.of(BEHIND_TERMINATOR)]);
  return Buffer.concat([uploadRow(bucketId, key, uploadId).key, Buffer.of(0)]);
}

/** What the keys of uploads begin with whose S3 keys begin with `prefix`. */
function beginningOf(bucketId: string, prefix: string): Buffer {
  const bytes = keyInBucket(TABLES.uploads, bucketId, prefix);
  for (let index = BASE_SIZE_BYTES; index < bytes.length; index++) bytes[index]! += 1;
  return bytes;
}

/** Queue: an aborted upload whose parts are still there. */
export function abandonedUploadRow(uploadId: string): Row<true> {
  return { key: namedKey(TABLES.abandonedUploads, uploadId), codec: presence };
}

/** Queue: the ids of aborted uploads. */
export function abandonedUploads(limit: number): Rows<string> {
  return { ...tableRange(TABLES.abandonedUploads), limit, decode: ({ key }) => nameInKey(key) };
}
