import type { ChecksumAlgorithm, ChecksumType } from "../../protocol/checksumAlgorithms.ts";
import type { ObjectChecksum } from "../../protocol/Payload.ts";
import { checksum, CHECKSUM_ALGORITHMS, CHECKSUM_TYPES } from "./checksumField.ts";
import type { SystemMetadata, UserMetadata } from "./metadataFields.ts";
import { metadataFields } from "./metadataFields.ts";
import { FieldReader } from "./fields.ts";
import type { Draft, Field } from "./recordCodec.ts";
import { id, integer, RECORD_FORMAT, recordCodec, text } from "./recordCodec.ts";
import type { Codec, Row, Rows } from "./Row.ts";
import { rowsIn } from "./Row.ts";
import { BASE_SIZE_BYTES, baseKey, keyInBucket, rangeInBucket, TABLES, textInKey } from "./tables.ts";

/** Where the bytes of an object or part are. */
export type ContentLocation =
  /** Small: one row `inline/<id>` holds the bytes; it belongs to this object alone. */
  | { readonly kind: "inline"; readonly id: string }
  /** Larger: one record `content/<id>` names the blobs; copies of an object share it. */
  | { readonly kind: "content"; readonly id: string }
  | { readonly kind: "empty" };

/** An object as stored: the current entry of its key. */
export interface ObjectRecord {
  readonly lastModifiedMs: number;
  readonly sizeBytes: number;
  /** Without quotes; "-N" at its end for multipart objects. */
  readonly etag: string;
  readonly storageClass: string;
  readonly ownerId: string;
  readonly ownerName: string;
  readonly content: ContentLocation;
  readonly checksum: ObjectChecksum | undefined;
  readonly system: SystemMetadata;
  readonly user: UserMetadata;
  /** Parts of a multipart object; 0 for an object put as one. */
  readonly partsCount: number;
}

/** The class of nearly every object, and so not written. */
export const DEFAULT_STORAGE_CLASS = "STANDARD";

/** The fields that listings show come first, the owner last among them, so that a listing reads no further than it needs. */
const OWNER_ID_TAG = 7;

/** Objects as bytes. */
export const objectCodec: Codec<ObjectRecord, Buffer> = recordCodec<ObjectRecord>(
  () => ({
    lastModifiedMs: 0,
    sizeBytes: 0,
    etag: "",
    storageClass: DEFAULT_STORAGE_CLASS,
    ownerId: "",
    ownerName: "",
    content: { kind: "empty" },
    checksum: undefined,
    system: {},
    user: [],
    partsCount: 0,
  }),
  [
    integer(1, "lastModifiedMs"),
    integer(2, "sizeBytes"),
    id(3, "etag"),
    text(4, "storageClass", DEFAULT_STORAGE_CLASS),
    checksum(5, 6, 9),
    id(OWNER_ID_TAG, "ownerId"),
    text(8, "ownerName"),
    location(10, "inline"),
    location(11, "content"),
    integer(12, "partsCount", 0),
    metadataFields(),
  ],
);

function location(tag: number, kind: "inline" | "content"): Field<ObjectRecord> {
  return {
    tag,
    write({ content }, out) {
      if (content.kind === kind) out.id(tag, content.id);
    },
    read: (fields, draft) => void (draft.content = { kind, id: fields.text() }),
  };
}

/** What a listing shows of an object. */
export interface ObjectSummary {
  readonly lastModifiedMs: number;
  readonly sizeBytes: number;
  /** Without quotes. */
  readonly etag: string;
  readonly storageClass: string;
  readonly checksumAlgorithm: ChecksumAlgorithm | undefined;
  readonly checksumType: ChecksumType | undefined;
  /** Empty unless asked for. */
  readonly ownerId: string;
}

/** Reads of an object's bytes what a listing shows, and the owner only `withOwner`. By hand: a page decodes a thousand. */
export function decodeObjectSummary(bytes: Uint8Array, withOwner: boolean): ObjectSummary {
  const lastTag = withOwner ? OWNER_ID_TAG : OWNER_ID_TAG - 1;
  const summary: Draft<ObjectSummary> = {
    lastModifiedMs: 0,
    sizeBytes: 0,
    etag: "",
    storageClass: DEFAULT_STORAGE_CLASS,
    checksumAlgorithm: undefined,
    checksumType: undefined,
    ownerId: "",
  };
  const fields = new FieldReader(bytes, RECORD_FORMAT);
  for (let tag = fields.next(); tag !== 0 && tag <= lastTag; tag = fields.next()) {
    if (tag === 1) summary.lastModifiedMs = fields.integer;
    else if (tag === 2) summary.sizeBytes = fields.integer;
    else if (tag === 3) summary.etag = fields.text();
    else if (tag === 4) summary.storageClass = fields.text();
    else if (tag === 5) summary.checksumAlgorithm = CHECKSUM_ALGORITHMS.names[fields.integer];
    else if (tag === 6) summary.checksumType = CHECKSUM_TYPES.names[fields.integer];
    else if (tag === OWNER_ID_TAG) summary.ownerId = fields.text();
  }
  return summary;
}

/** The current object under an S3 key; `bucketId` is 16 hexadecimal characters. */
export function objectRow(bucketId: string, key: string): Row<ObjectRecord> {
  return { key: keyInBucket(TABLES.objects, bucketId, key), codec: objectCodec };
}

/** What stands before the S3 key in the keys of a bucket's objects. */
export function objectBase(bucketId: string): Buffer {
  return baseKey(TABLES.objects, bucketId);
}

/** Objects of a bucket, by key. */
export function objectsOf(bucketId: string, limit: number): Rows<ObjectRecord> {
  return rowsIn(rangeInBucket(TABLES.objects, bucketId), limit, objectCodec);
}

/** The S3 key, or the common prefix of several, in the key of an object. */
export function keyOfObject(key: Uint8Array): string {
  return textInKey(key, BASE_SIZE_BYTES, key.length);
}
