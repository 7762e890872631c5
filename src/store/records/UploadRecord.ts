import type { ChecksumAlgorithm, ChecksumType } from "../../protocol/checksumAlgorithms.ts";
import { CHECKSUM_ALGORITHMS, CHECKSUM_TYPES } from "./checksumField.ts";
import type { SystemMetadata, UserMetadata } from "./metadataFields.ts";
import { metadataFields } from "./metadataFields.ts";
import { DEFAULT_STORAGE_CLASS } from "./ObjectRecord.ts";
import { id, integer, oneOf, recordCodec, text } from "./recordCodec.ts";
import type { Codec, Row, Rows } from "./Row.ts";
import { presence, rowsIn } from "./Row.ts";
import { BASE_SIZE_BYTES, baseKey, nameInKey, namedKey, rangeInBucket, tableRange, TABLES } from "./tables.ts";

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

/** Ends the S3 key inside the key of an upload; see {@link encodeUploadKeyPrefix}. */
export const UPLOAD_KEY_TERMINATOR = 0x00;

/**
 * An upload under way. Its S3 key must end before the upload id begins, yet sort as it does alone, and may hold any byte of
 * UTF-8, 0x00 too. UTF-8 never holds 0xFF, so every byte is stored plus one, which keeps the order and frees 0x00 to end the key.
 */
export function uploadRow(bucketId: string, key: string, uploadId: string): Row<UploadRecord> {
  const base = baseKey(TABLES.uploads, bucketId);
  const bytes = Buffer.concat([base, encodeUploadKeyPrefix(key), Buffer.of(UPLOAD_KEY_TERMINATOR), Buffer.from(uploadId)]);
  return { key: bytes, codec: uploadCodec };
}

/** What stands before the S3 key in the keys of a bucket's uploads. */
export function uploadBase(bucketId: string): Buffer {
  return baseKey(TABLES.uploads, bucketId);
}

/** Uploads under way in a bucket, by key and then by id. */
export function uploadsOf(bucketId: string, limit: number): Rows<UploadRecord> {
  return rowsIn(rangeInBucket(TABLES.uploads, bucketId), limit, uploadCodec);
}

/** Where a page of uploads goes on: behind this upload of the key, or, with an empty upload id, behind all of the key's uploads. */
export function uploadPosition(key: string, uploadId: string): Buffer {
  const end = uploadId === "" ? Buffer.of(UPLOAD_KEY_TERMINATOR, 0xff) : Buffer.from(`\0${uploadId}`);
  return Buffer.concat([encodeUploadKeyPrefix(key), end]);
}

/** An S3 key, the beginning of one, or a delimiter, as upload keys hold it. */
export function encodeUploadKeyPrefix(key: string): Buffer {
  const bytes = Buffer.from(key);
  for (let index = 0; index < bytes.length; index++) bytes[index]! += 1;
  return bytes;
}

/** The common prefix of several uploads' S3 keys, in the beginning of their own keys. */
export function commonPrefixOfUploads(beginning: Buffer): string {
  const bytes = Buffer.from(beginning.subarray(BASE_SIZE_BYTES));
  for (let index = 0; index < bytes.length; index++) bytes[index]! -= 1;
  return bytes.toString("utf8");
}

/** Queue: an aborted upload whose parts are still there. */
export function abandonedUploadRow(uploadId: string): Row<true> {
  return { key: namedKey(TABLES.abandonedUploads, uploadId), codec: presence };
}

/** Queue: the ids of aborted uploads. */
export function abandonedUploads(limit: number): Rows<string> {
  return { ...tableRange(TABLES.abandonedUploads), limit, decode: ({ key }) => nameInKey(key) };
}
