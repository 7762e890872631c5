import type { ChecksumAlgorithm, ChecksumType } from "../../protocol/checksumAlgorithms.ts";
import type { Acl } from "./Acl.ts";
import { aclFields } from "./Acl.ts";
import type { Encryption } from "./Encryption.ts";
import { encryptionFields } from "./Encryption.ts";
import { CHECKSUM_ALGORITHMS, CHECKSUM_TYPES } from "./checksumField.ts";
import type { SystemMetadata, UserMetadata } from "./metadataFields.ts";
import { metadataFields } from "./metadataFields.ts";
import type { LegalHold, RetentionMode, Tag } from "./ObjectRecord.ts";
import { DEFAULT_STORAGE_CLASS, lockFields, PLAIN_OBJECT, tagFields } from "./ObjectRecord.ts";
import { id, integer, oneOf, recordCodec, text } from "./recordCodec.ts";
import type { Codec, Row, Rows } from "./Row.ts";
import { presence, rowsIn } from "./Row.ts";
import { nameInKey, namedKey, tableRange, TABLES } from "./tables.ts";
import { uploadInKey, uploadKey, uploadRange } from "./uploadKeys.ts";

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
  /** What the object is to have besides, as in its record. */
  readonly tags: readonly Tag[];
  readonly retentionMode: RetentionMode | undefined;
  readonly retainUntilMs: number;
  readonly legalHold: LegalHold | undefined;
  readonly acl: Acl | undefined;
  /** How its parts are encrypted, and the object will be. */
  readonly encryption: Encryption | undefined;
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
    ...PLAIN_OBJECT,
    tags: [],
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
    ...lockFields(),
    aclFields(),
    metadataFields(),
    tagFields(),
    encryptionFields(),
  ],
);

/** An upload under way. */
export function uploadRow(bucketId: string, key: string, uploadId: string): Row<UploadRecord> {
  return { key: uploadKey(bucketId, key, uploadId), codec: uploadCodec };
}

/** Uploads under way in a bucket of which the S3 key begins with this, by key and then by id. */
export function uploadsOf(bucketId: string, limit: number, prefix: string = ""): Rows<UploadRecord> {
  return rowsIn(uploadRange(bucketId, prefix), limit, uploadCodec);
}

/** Uploads under way in every bucket. */
export function uploads(limit: number): Rows<UploadRecord> {
  return rowsIn(tableRange(TABLES.uploads), limit, uploadCodec);
}

/** The keys of uploads under way in a bucket, and the ids that stand in them. */
export function uploadKeysOf(bucketId: string, limit: number): Rows<{ readonly key: Uint8Array; readonly uploadId: string }> {
  return { ...uploadRange(bucketId, ""), limit, decode: ({ key }) => ({ key, uploadId: uploadInKey(key).uploadId }) };
}

/** Queue: an aborted upload whose parts are still there. */
export function abandonedUploadRow(uploadId: string): Row<true> {
  return { key: namedKey(TABLES.abandonedUploads, uploadId), codec: presence };
}

/** Queue: the ids of aborted uploads. */
export function abandonedUploads(limit: number): Rows<string> {
  return { ...tableRange(TABLES.abandonedUploads), limit, decode: ({ key }) => nameInKey(key) };
}
