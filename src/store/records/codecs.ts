/**
 * Every record as bytes, and back. Tags are forever: a tag once used keeps its meaning, a field no longer written is still read.
 * `test/store/records/codecs.test.ts` holds samples of every format ever written; they decode for ever.
 */
import type { ChecksumAlgorithm, ChecksumType } from "../../protocol/checksumAlgorithms.ts";
import type { ObjectChecksum } from "../../protocol/Payload.ts";
import type { BucketRecord } from "./BucketRecord.ts";
import type { ContentRecord } from "./ContentRecord.ts";
import { FieldReader, FieldWriter } from "./fields.ts";
import type { ContentLocation, ObjectRecord, SystemMetadata } from "./ObjectRecord.ts";
import type { OwnerRecord } from "./OwnerRecord.ts";
import type { CompletedUploadRecord, PartRecord, UploadRecord } from "./UploadRecord.ts";
import type { UserRecord } from "./UserRecord.ts";

const FORMAT = 1;

type Mutable<Record> = { -readonly [Member in keyof Record]: Record[Member] };

/** Checksum algorithms as stored. */
const ALGORITHM_CODES: Readonly<Record<ChecksumAlgorithm, number>> = {
  CRC32: 1,
  CRC32C: 2,
  CRC64NVME: 3,
  SHA1: 4,
  SHA256: 5,
  SHA512: 6,
  MD5: 7,
  XXHASH64: 8,
  XXHASH3: 9,
  XXHASH128: 10,
};
const TYPE_CODES: Readonly<Record<ChecksumType, number>> = { FULL_OBJECT: 1, COMPOSITE: 2 };

const ALGORITHMS = inverted(ALGORITHM_CODES);
const TYPES = inverted(TYPE_CODES);

function inverted<Name extends string>(codes: Readonly<Record<Name, number>>): readonly (Name | undefined)[] {
  const names: (Name | undefined)[] = [];
  for (const name of Object.keys(codes) as Name[]) names[codes[name]] = name;
  return names;
}

/** The class of nearly every object, and so not written. */
const DEFAULT_STORAGE_CLASS = "STANDARD";

function unlessDefault(storageClass: string): string | undefined {
  return storageClass === DEFAULT_STORAGE_CLASS ? undefined : storageClass;
}

const SYSTEM_METADATA_TAGS: readonly (readonly [name: keyof SystemMetadata, tag: number])[] = [
  ["contentType", 20],
  ["cacheControl", 21],
  ["contentDisposition", 22],
  ["contentEncoding", 23],
  ["contentLanguage", 24],
  ["expires", 25],
  ["websiteRedirectLocation", 26],
];
const SYSTEM_METADATA_NAMES: readonly (keyof SystemMetadata | undefined)[] = SYSTEM_METADATA_TAGS.reduce<
  (keyof SystemMetadata | undefined)[]
>((names, [name, tag]) => {
  names[tag] = name;
  return names;
}, []);
const USER_NAME_TAG = 30;
const USER_VALUE_TAG = 31;

/** What clients keep beside an object or upload; both hold it under the same tags. */
class MetadataFields {
  readonly system: Mutable<SystemMetadata> = {};
  readonly user: (readonly [name: string, value: string])[] = [];
  #userName = "";

  static write(out: FieldWriter, record: Pick<ObjectRecord, "system" | "user">): void {
    for (const [name, tag] of SYSTEM_METADATA_TAGS) out.text(tag, record.system[name]);
    for (const [name, value] of record.user) {
      out.text(USER_NAME_TAG, name);
      out.text(USER_VALUE_TAG, value);
    }
  }

  /** Takes the field the reader stands on, if it is one of these. */
  read(tag: number, fields: FieldReader): void {
    const name = SYSTEM_METADATA_NAMES[tag];
    if (name !== undefined) this.system[name] = fields.text();
    else if (tag === USER_NAME_TAG) this.#userName = fields.text();
    else if (tag === USER_VALUE_TAG) this.user.push([this.#userName, fields.text()]);
  }
}

function checksumOf(algorithm: number, type: number, value: string): ObjectChecksum | undefined {
  const algorithmName = ALGORITHMS[algorithm];
  const typeName = TYPES[type];
  return algorithmName === undefined || typeName === undefined ? undefined : { algorithm: algorithmName, type: typeName, value };
}

/** A bucket as bytes. */
export function encodeBucketRecord(record: BucketRecord): Buffer {
  const out = new FieldWriter(FORMAT);
  out.text(1, record.name);
  out.id(2, record.id);
  out.integer(3, record.createdAtMs);
  out.text(4, record.region);
  out.id(5, record.ownerId);
  out.text(6, record.ownerName);
  return out.finish();
}

/** Reads {@link encodeBucketRecord}'s bytes; throws `RecordFormatError`, as all of these do. */
export function decodeBucketRecord(bytes: Uint8Array): BucketRecord {
  const record: Mutable<BucketRecord> = { name: "", id: "", region: "", ownerId: "", ownerName: "", createdAtMs: 0 };
  const fields = new FieldReader(bytes, FORMAT);
  for (let tag = fields.next(); tag !== 0; tag = fields.next()) {
    if (tag === 1) record.name = fields.text();
    else if (tag === 2) record.id = fields.text();
    else if (tag === 3) record.createdAtMs = fields.integer;
    else if (tag === 4) record.region = fields.text();
    else if (tag === 5) record.ownerId = fields.text();
    else if (tag === 6) record.ownerName = fields.text();
  }
  return record;
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

/** An object's fields that listings show come first, the owner last among them, so that a listing reads no further than it needs. */
const OWNER_ID_TAG = 7;
const OWNER_NAME_TAG = 8;

/** An object as bytes. */
export function encodeObjectRecord(record: ObjectRecord): Buffer {
  const out = new FieldWriter(FORMAT);
  out.integer(1, record.lastModifiedMs);
  out.integer(2, record.sizeBytes);
  out.id(3, record.etag);
  out.text(4, unlessDefault(record.storageClass));
  if (record.checksum !== undefined) {
    out.integer(5, ALGORITHM_CODES[record.checksum.algorithm]);
    out.integer(6, TYPE_CODES[record.checksum.type]);
  }
  out.id(OWNER_ID_TAG, record.ownerId);
  out.text(OWNER_NAME_TAG, record.ownerName);
  out.text(9, record.checksum?.value);
  if (record.content.kind === "inline") out.id(10, record.content.id);
  if (record.content.kind === "content") out.id(11, record.content.id);
  if (record.partsCount > 0) out.integer(12, record.partsCount);
  MetadataFields.write(out, record);
  return out.finish();
}

/** Reads the whole of {@link encodeObjectRecord}'s bytes. */
export function decodeObjectRecord(bytes: Uint8Array): ObjectRecord {
  const metadata = new MetadataFields();
  const record: Mutable<ObjectRecord> = {
    lastModifiedMs: 0,
    sizeBytes: 0,
    etag: "",
    storageClass: DEFAULT_STORAGE_CLASS,
    ownerId: "",
    ownerName: "",
    content: { kind: "empty" } satisfies ContentLocation,
    checksum: undefined,
    system: metadata.system,
    user: metadata.user,
    partsCount: 0,
  };
  let algorithm = 0;
  let type = 0;
  const fields = new FieldReader(bytes, FORMAT);
  for (let tag = fields.next(); tag !== 0; tag = fields.next()) {
    if (tag === 1) record.lastModifiedMs = fields.integer;
    else if (tag === 2) record.sizeBytes = fields.integer;
    else if (tag === 3) record.etag = fields.text();
    else if (tag === 4) record.storageClass = fields.text();
    else if (tag === 5) algorithm = fields.integer;
    else if (tag === 6) type = fields.integer;
    else if (tag === OWNER_ID_TAG) record.ownerId = fields.text();
    else if (tag === OWNER_NAME_TAG) record.ownerName = fields.text();
    else if (tag === 9) record.checksum = checksumOf(algorithm, type, fields.text());
    else if (tag === 10) record.content = { kind: "inline", id: fields.text() };
    else if (tag === 11) record.content = { kind: "content", id: fields.text() };
    else if (tag === 12) record.partsCount = fields.integer;
    else metadata.read(tag, fields);
  }
  return record;
}

/** Reads of {@link encodeObjectRecord}'s bytes what a listing shows, and the owner only `withOwner`. */
export function decodeObjectSummary(bytes: Uint8Array, withOwner: boolean): ObjectSummary {
  const lastTag = withOwner ? OWNER_ID_TAG : OWNER_ID_TAG - 1;
  const summary: Mutable<ObjectSummary> = {
    lastModifiedMs: 0,
    sizeBytes: 0,
    etag: "",
    storageClass: DEFAULT_STORAGE_CLASS,
    checksumAlgorithm: undefined,
    checksumType: undefined,
    ownerId: "",
  };
  const fields = new FieldReader(bytes, FORMAT);
  for (let tag = fields.next(); tag !== 0 && tag <= lastTag; tag = fields.next()) {
    if (tag === 1) summary.lastModifiedMs = fields.integer;
    else if (tag === 2) summary.sizeBytes = fields.integer;
    else if (tag === 3) summary.etag = fields.text();
    else if (tag === 4) summary.storageClass = fields.text();
    else if (tag === 5) summary.checksumAlgorithm = ALGORITHMS[fields.integer];
    else if (tag === 6) summary.checksumType = TYPES[fields.integer];
    else if (tag === OWNER_ID_TAG) summary.ownerId = fields.text();
  }
  return summary;
}

/** Content as bytes. */
export function encodeContentRecord(record: ContentRecord): Buffer {
  const out = new FieldWriter(FORMAT);
  out.integer(1, record.references);
  for (const segment of record.segments) {
    out.id(2, segment.blob);
    out.integer(3, segment.sizeBytes);
  }
  for (const part of record.parts) {
    out.integer(4, part.partNumber);
    out.integer(5, part.sizeBytes);
    out.text(6, part.checksum);
  }
  return out.finish();
}

/** Reads {@link encodeContentRecord}'s bytes. */
export function decodeContentRecord(bytes: Uint8Array): ContentRecord {
  const segments: Mutable<ContentRecord["segments"][number]>[] = [];
  const parts: Mutable<ContentRecord["parts"][number]>[] = [];
  let references = 0;
  const fields = new FieldReader(bytes, FORMAT);
  for (let tag = fields.next(); tag !== 0; tag = fields.next()) {
    // A segment begins with its blob, a part with its number; the fields behind belong to it.
    if (tag === 1) references = fields.integer;
    else if (tag === 2) segments.push({ blob: fields.text(), sizeBytes: 0 });
    else if (tag === 3) segments.at(-1)!.sizeBytes = fields.integer;
    else if (tag === 4) parts.push({ partNumber: fields.integer, sizeBytes: 0, checksum: undefined });
    else if (tag === 5) parts.at(-1)!.sizeBytes = fields.integer;
    else if (tag === 6) parts.at(-1)!.checksum = fields.text();
  }
  return { references, segments, parts };
}

/** An upload under way as bytes. */
export function encodeUploadRecord(record: UploadRecord): Buffer {
  const out = new FieldWriter(FORMAT);
  out.id(1, record.uploadId);
  out.text(2, record.key);
  out.integer(3, record.initiatedAtMs);
  out.text(4, unlessDefault(record.storageClass));
  out.id(5, record.ownerId);
  out.text(6, record.ownerName);
  out.id(7, record.initiatorId);
  out.text(8, record.initiatorName);
  if (record.checksumAlgorithm !== undefined) out.integer(9, ALGORITHM_CODES[record.checksumAlgorithm]);
  if (record.checksumType !== undefined) out.integer(10, TYPE_CODES[record.checksumType]);
  out.text(11, record.begunOn);
  MetadataFields.write(out, record);
  return out.finish();
}

/** Reads {@link encodeUploadRecord}'s bytes. */
export function decodeUploadRecord(bytes: Uint8Array): UploadRecord {
  const metadata = new MetadataFields();
  const record: Mutable<UploadRecord> = {
    uploadId: "",
    key: "",
    initiatedAtMs: 0,
    storageClass: DEFAULT_STORAGE_CLASS,
    ownerId: "",
    ownerName: "",
    initiatorId: "",
    initiatorName: "",
    system: metadata.system,
    user: metadata.user,
    checksumAlgorithm: undefined,
    checksumType: undefined,
    begunOn: undefined,
  };
  const fields = new FieldReader(bytes, FORMAT);
  for (let tag = fields.next(); tag !== 0; tag = fields.next()) {
    if (tag === 1) record.uploadId = fields.text();
    else if (tag === 2) record.key = fields.text();
    else if (tag === 3) record.initiatedAtMs = fields.integer;
    else if (tag === 4) record.storageClass = fields.text();
    else if (tag === 5) record.ownerId = fields.text();
    else if (tag === 6) record.ownerName = fields.text();
    else if (tag === 7) record.initiatorId = fields.text();
    else if (tag === 8) record.initiatorName = fields.text();
    else if (tag === 9) record.checksumAlgorithm = ALGORITHMS[fields.integer];
    else if (tag === 10) record.checksumType = TYPES[fields.integer];
    else if (tag === 11) record.begunOn = fields.text();
    else metadata.read(tag, fields);
  }
  return record;
}

/** A part as bytes. */
export function encodePartRecord(record: PartRecord): Buffer {
  const out = new FieldWriter(FORMAT);
  out.integer(1, record.partNumber);
  out.integer(2, record.sizeBytes);
  out.id(3, record.etag);
  out.integer(4, record.lastModifiedMs);
  out.id(5, record.blob);
  writeChecksum(out, record.checksum);
  return out.finish();
}

/** Reads {@link encodePartRecord}'s bytes. */
export function decodePartRecord(bytes: Uint8Array): PartRecord {
  const record: Mutable<PartRecord> = {
    partNumber: 0,
    sizeBytes: 0,
    etag: "",
    lastModifiedMs: 0,
    blob: undefined,
    checksum: undefined,
  };
  let algorithm = 0;
  let type = 0;
  const fields = new FieldReader(bytes, FORMAT);
  for (let tag = fields.next(); tag !== 0; tag = fields.next()) {
    if (tag === 1) record.partNumber = fields.integer;
    else if (tag === 2) record.sizeBytes = fields.integer;
    else if (tag === 3) record.etag = fields.text();
    else if (tag === 4) record.lastModifiedMs = fields.integer;
    else if (tag === 5) record.blob = fields.text();
    else if (tag === CHECKSUM_ALGORITHM_TAG) algorithm = fields.integer;
    else if (tag === CHECKSUM_TYPE_TAG) type = fields.integer;
    else if (tag === CHECKSUM_VALUE_TAG) record.checksum = checksumOf(algorithm, type, fields.text());
  }
  return record;
}

const CHECKSUM_ALGORITHM_TAG = 6;
const CHECKSUM_TYPE_TAG = 7;
const CHECKSUM_VALUE_TAG = 8;

/** The checksum of a part or finished upload. */
function writeChecksum(out: FieldWriter, checksum: ObjectChecksum | undefined): void {
  if (checksum === undefined) return;
  out.integer(CHECKSUM_ALGORITHM_TAG, ALGORITHM_CODES[checksum.algorithm]);
  out.integer(CHECKSUM_TYPE_TAG, TYPE_CODES[checksum.type]);
  out.text(CHECKSUM_VALUE_TAG, checksum.value);
}

/** A finished upload as bytes. */
export function encodeCompletedUploadRecord(record: CompletedUploadRecord): Buffer {
  const out = new FieldWriter(FORMAT);
  out.id(1, record.bucketId);
  out.text(2, record.key);
  out.id(3, record.etag);
  out.integer(4, record.completedAtMs);
  writeChecksum(out, record.checksum);
  return out.finish();
}

/** Reads {@link encodeCompletedUploadRecord}'s bytes. */
export function decodeCompletedUploadRecord(bytes: Uint8Array): CompletedUploadRecord {
  const record: Mutable<CompletedUploadRecord> = { bucketId: "", key: "", etag: "", checksum: undefined, completedAtMs: 0 };
  let algorithm = 0;
  let type = 0;
  const fields = new FieldReader(bytes, FORMAT);
  for (let tag = fields.next(); tag !== 0; tag = fields.next()) {
    if (tag === 1) record.bucketId = fields.text();
    else if (tag === 2) record.key = fields.text();
    else if (tag === 3) record.etag = fields.text();
    else if (tag === 4) record.completedAtMs = fields.integer;
    else if (tag === CHECKSUM_ALGORITHM_TAG) algorithm = fields.integer;
    else if (tag === CHECKSUM_TYPE_TAG) type = fields.integer;
    else if (tag === CHECKSUM_VALUE_TAG) record.checksum = checksumOf(algorithm, type, fields.text());
  }
  return record;
}

/** An access key as bytes. */
export function encodeUserRecord(record: UserRecord): Buffer {
  const out = new FieldWriter(FORMAT);
  out.text(1, record.accessKeyId);
  out.text(2, record.secretAccessKey);
  out.id(3, record.canonicalId);
  out.text(4, record.displayName);
  out.integer(5, record.createdAtMs);
  out.integer(6, record.disabled ? 1 : undefined);
  return out.finish();
}

/** Reads {@link encodeUserRecord}'s bytes. */
export function decodeUserRecord(bytes: Uint8Array): UserRecord {
  const record: Mutable<UserRecord> = {
    accessKeyId: "",
    secretAccessKey: "",
    canonicalId: "",
    displayName: "",
    createdAtMs: 0,
    disabled: false,
  };
  const fields = new FieldReader(bytes, FORMAT);
  for (let tag = fields.next(); tag !== 0; tag = fields.next()) {
    if (tag === 1) record.accessKeyId = fields.text();
    else if (tag === 2) record.secretAccessKey = fields.text();
    else if (tag === 3) record.canonicalId = fields.text();
    else if (tag === 4) record.displayName = fields.text();
    else if (tag === 5) record.createdAtMs = fields.integer;
    else if (tag === 6) record.disabled = fields.integer === 1;
  }
  return record;
}

/** A user as bytes. */
export function encodeOwnerRecord(record: OwnerRecord): Buffer {
  const out = new FieldWriter(FORMAT);
  out.id(1, record.canonicalId);
  out.text(2, record.displayName);
  out.integer(3, record.createdAtMs);
  out.text(4, record.keptKeyId);
  return out.finish();
}

/** Reads {@link encodeOwnerRecord}'s bytes. */
export function decodeOwnerRecord(bytes: Uint8Array): OwnerRecord {
  const record: Mutable<OwnerRecord> = { canonicalId: "", displayName: "", createdAtMs: 0, keptKeyId: undefined };
  const fields = new FieldReader(bytes, FORMAT);
  for (let tag = fields.next(); tag !== 0; tag = fields.next()) {
    if (tag === 1) record.canonicalId = fields.text();
    else if (tag === 2) record.displayName = fields.text();
    else if (tag === 3) record.createdAtMs = fields.integer;
    else if (tag === 4) record.keptKeyId = fields.text();
  }
  return record;
}
