import type { ChecksumAlgorithm, ChecksumType } from "../../protocol/checksumAlgorithms.ts";
import type { ObjectChecksum } from "../../protocol/Payload.ts";
import type { Acl } from "./Acl.ts";
import { aclFields } from "./Acl.ts";
import type { Encryption } from "./Encryption.ts";
import { encryptionFields } from "./Encryption.ts";
import { checksum, CHECKSUM_ALGORITHMS, CHECKSUM_TYPES } from "./checksumField.ts";
import type { SystemMetadata, UserMetadata } from "./metadataFields.ts";
import { metadataFields } from "./metadataFields.ts";
import { FieldReader } from "./fields.ts";
import type { Draft, Field, NumberedNames } from "./recordCodec.ts";
import { flag, id, integer, list, numberedNames, oneOf, recordCodec, text } from "./recordCodec.ts";
import type { Codec, Row, Rows } from "./Row.ts";
import { rowsIn } from "./Row.ts";
import { BASE_SIZE_BYTES, baseKey, keyInBucket, rangeInBucket, tableRange, TABLES, textInKey } from "./tables.ts";

/** Where the bytes of an object or part are. */
export type ContentLocation =
  /** Small: one row `inline/<id>` holds the bytes; it belongs to this object alone. */
  | { readonly kind: "inline"; readonly id: string }
  /** Larger: one record `content/<id>` names the blobs; copies of an object share it. */
  | { readonly kind: "content"; readonly id: string }
  | { readonly kind: "empty" };

/** A tag of an object. */
export type Tag = readonly [key: string, value: string];

/** How a version is kept from being deleted until a time; nobody ends compliance early. */
export type RetentionMode = "GOVERNANCE" | "COMPLIANCE";

/** Whether a version is held back from being deleted, without any end. */
export type LegalHold = "ON" | "OFF";

/** An object as stored: one version of its key, which may also be the marker of a deletion. */
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
  /** `undefined` for the null version: what was written while its bucket did not have versioning. */
  readonly versionId: string | undefined;
  /** Its place among the versions of its key: later ones have larger numbers. 0 for what was there before its bucket had versioning. */
  readonly sequence: number;
  /** True for what says that the key was deleted. It has no bytes, and is never the current object. */
  readonly isDeleteMarker: boolean;
  readonly tags: readonly Tag[];
  /** Both of these or neither; in milliseconds since 1970. */
  readonly retentionMode: RetentionMode | undefined;
  readonly retainUntilMs: number;
  /** `undefined` where it was never said. */
  readonly legalHold: LegalHold | undefined;
  /** `undefined`: its owner may do everything by it, and nobody else anything. Means nothing while its bucket has ACLs disabled. */
  readonly acl: Acl | undefined;
  /** `undefined`: its bytes are stored as they came. */
  readonly encryption: Encryption | undefined;
}

/** What makes a version of an object that was written without versioning. */
export const UNVERSIONED: Pick<ObjectRecord, "versionId" | "sequence" | "isDeleteMarker"> = {
  versionId: undefined,
  sequence: 0,
  isDeleteMarker: false,
};

/** What an object has besides, of which nothing was said: no tags, no ACL, no encryption, and nothing that keeps it from being deleted. */
export const PLAIN_OBJECT: Pick<ObjectRecord, "tags" | "retentionMode" | "retainUntilMs" | "legalHold" | "acl" | "encryption"> = {
  // Shared by all: decoding a record begins a list of its own.
  tags: Object.freeze([]),
  retentionMode: undefined,
  retainUntilMs: 0,
  legalHold: undefined,
  acl: undefined,
  encryption: undefined,
};

/** The class of nearly every object, and so not written. */
export const DEFAULT_STORAGE_CLASS = "STANDARD";

/** The fields that listings show come first, the owner last among them, so that a listing reads no further than it needs. */
const OWNER_ID_TAG = 7;
const VERSION_ID_TAG = 13;
const SEQUENCE_TAG = 14;
const DELETE_MARKER_TAG = 15;

const LEGAL_HOLDS: NumberedNames<LegalHold> = numberedNames({ ON: 1, OFF: 2 });

/** Modes of retention as stored. */
export const RETENTION_MODES: NumberedNames<RetentionMode> = numberedNames({ GOVERNANCE: 1, COMPLIANCE: 2 });

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
    // As UNVERSIONED and PLAIN_OBJECT, which would be spread with each record that is read, one member behind the other.
    versionId: undefined,
    sequence: 0,
    isDeleteMarker: false,
    tags: [],
    retentionMode: undefined,
    retainUntilMs: 0,
    legalHold: undefined,
    acl: undefined,
    encryption: undefined,
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
    text(VERSION_ID_TAG, "versionId"),
    integer(SEQUENCE_TAG, "sequence", 0),
    flag(DELETE_MARKER_TAG, "isDeleteMarker"),
    ...lockFields(),
    aclFields(),
    metadataFields(),
    tagFields(),
    encryptionFields(),
  ],
);

/** The fields of what keeps a version from being deleted, which objects and uploads hold under the same tags. */
export function lockFields<
  Record extends Pick<ObjectRecord, "retentionMode" | "retainUntilMs" | "legalHold">,
>(): Field<Record>[] {
  return [
    oneOf(16, "retentionMode", RETENTION_MODES),
    integer(17, "retainUntilMs", 0),
    oneOf(18, "legalHold", LEGAL_HOLDS),
  ] as Field<Pick<ObjectRecord, "retentionMode" | "retainUntilMs" | "legalHold">>[];
}

/** A tag as fields see it. */
type Pair = { readonly 0: string; readonly 1: string };

/** The field `tags`, which objects and uploads hold under the same tags. */
export function tagFields<Record extends { readonly tags: readonly Tag[] }>(): Field<Record>[] {
  return list<{ readonly tags: readonly Tag[] }, Pair>("tags", () => ["", ""], [text(40, 0), text(41, 1)]);
}

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
  /** These three, as in the record, only where versions are asked for. */
  readonly versionId: string | undefined;
  readonly sequence: number;
  readonly isDeleteMarker: boolean;
}

/** How much of an object a listing shows: each word stands for what the one before it does, too. */
export type SummaryDetail = "plain" | "owner" | "version";

const LAST_TAGS: Readonly<Record<SummaryDetail, number>> = {
  plain: OWNER_ID_TAG - 1,
  owner: OWNER_ID_TAG,
  version: DELETE_MARKER_TAG,
};

/** Reads of an object's row what a listing shows. By hand: a page decodes a thousand. Throws `UnreadableRecordError`. */
export function decodeObjectSummary(bytes: Uint8Array, key: Uint8Array, detail: SummaryDetail): ObjectSummary {
  const lastTag = LAST_TAGS[detail];
  const summary: Draft<ObjectSummary> = {
    lastModifiedMs: 0,
    sizeBytes: 0,
    etag: "",
    storageClass: DEFAULT_STORAGE_CLASS,
    checksumAlgorithm: undefined,
    checksumType: undefined,
    ownerId: "",
    versionId: undefined,
    sequence: 0,
    isDeleteMarker: false,
  };
  const fields = new FieldReader(bytes, key);
  for (let tag = fields.next(); tag !== 0 && tag <= lastTag; tag = fields.next()) {
    if (tag === 1) summary.lastModifiedMs = fields.integer;
    else if (tag === 2) summary.sizeBytes = fields.integer;
    else if (tag === 3) summary.etag = fields.text();
    else if (tag === 4) summary.storageClass = fields.text();
    else if (tag === 5) summary.checksumAlgorithm = CHECKSUM_ALGORITHMS.names[fields.integer];
    else if (tag === 6) summary.checksumType = CHECKSUM_TYPES.names[fields.integer];
    else if (tag === OWNER_ID_TAG) summary.ownerId = fields.text();
    else if (tag === VERSION_ID_TAG) summary.versionId = fields.text();
    else if (tag === SEQUENCE_TAG) summary.sequence = fields.integer;
    else if (tag === DELETE_MARKER_TAG) summary.isDeleteMarker = fields.integer === 1;
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

/** Objects of every bucket. */
export function objects(limit: number): Rows<ObjectRecord> {
  return rowsIn(tableRange(TABLES.objects), limit, objectCodec);
}

/** The S3 key, or the common prefix of several, in the key of an object. */
export function keyOfObject(key: Uint8Array): string {
  return textInKey(key, BASE_SIZE_BYTES, key.length);
}
