import type { KeyRange } from "../metadata/MetadataEngine.ts";
import { laterKey, successorOfPrefix } from "../metadata/byteOrder.ts";
import type { KeyedObject, ObjectRecord } from "./ObjectRecord.ts";
import { objectCodec } from "./ObjectRecord.ts";
import { integer, recordCodec } from "./recordCodec.ts";
import type { Codec, Row, Rows } from "./Row.ts";
import { rowsIn } from "./Row.ts";
import { BASE_SIZE_BYTES, keyInBucket, rangeInBucket, tableRange, TABLES } from "./tables.ts";
import { FIRST_FREE_BYTE, keyBehind, keyUnder, shiftedKey, unshifted, wholeKeyEnd } from "./terminatedKeys.ts";

/**
 * The versions of an S3 key which are not its current object, delete markers among them, newest first. The current object has a row of its
 * own (`objectRow`), so that reading one is one read, and listing objects passes over nothing else; a bucket without versions has no rows
 * here.
 */

const NOTHING: Buffer = Buffer.alloc(0);

/** As many digits as the largest sequence has, which is a safe integer. */
const PLACE_DIGITS = 16;

/**
 * The place of a version, so that later ones come first: as digits of bytes that no S3 key holds as it is stored, so that a delimiter is
 * found in the S3 key alone.
 */
function placeOf(sequence: number): Buffer {
  const digits = String(Number.MAX_SAFE_INTEGER - sequence).padStart(PLACE_DIGITS, "0");
  return Buffer.from(digits, "latin1").map((digit) => digit - 0x30 + FIRST_FREE_BYTE) as Buffer;
}

/** A version which is not the current object; `sequence` is that of its record. */
export function versionRow(bucketId: string, key: string, sequence: number): Row<ObjectRecord> {
  return { key: keyUnder(TABLES.versions, bucketId, key, placeOf(sequence)), codec: objectCodec };
}

/** Such versions of one key, newest first. */
export function versionsOfKey(bucketId: string, key: string, limit: number): Rows<ObjectRecord> {
  return rowsIn(versionRangeOfKey(bucketId, key), limit, objectCodec);
}

function versionRangeOfKey(bucketId: string, key: string): KeyRange {
  return {
    start: keyUnder(TABLES.versions, bucketId, key, NOTHING),
    end: keyBehind(TABLES.versions, bucketId, key),
  };
}

/** Such versions of all keys of a bucket, by key, each key's newest first. */
export function versionsOf(bucketId: string, limit: number): Rows<ObjectRecord> {
  return rowsIn(rangeInBucket(TABLES.versions, bucketId), limit, objectCodec);
}

/** Such versions of which the S3 key begins with `prefix`, and is not below `fromKey`, with their keys. */
export function keyedVersionsOf(bucketId: string, limit: number, prefix: string, fromKey: string): Rows<KeyedObject> {
  const base = shiftedKey(TABLES.versions, bucketId, prefix);
  const start = laterKey(base, shiftedKey(TABLES.versions, bucketId, fromKey));
  const decode: Rows<KeyedObject>["decode"] = ({ key, value }) => ({
    key: keyOfVersion(key),
    record: objectCodec.decode(value, key),
  });
  return { start, end: successorOfPrefix(base)!, limit, decode };
}

/** Such versions in every bucket. */
export function versions(limit: number): Rows<ObjectRecord> {
  return rowsIn(tableRange(TABLES.versions), limit, objectCodec);
}

/** What stands before the S3 key in the keys of a bucket's versions. */
export function versionBase(bucketId: string): Buffer {
  return keyInBucket(TABLES.versions, bucketId, "");
}

/** What stands behind the base in the key of a version, as page plans want it; that of sequence 0 comes behind all others of the key. */
export function versionPosition(bucketId: string, key: string, sequence: number): Buffer {
  return versionRow(bucketId, key, sequence).key.subarray(BASE_SIZE_BYTES);
}

/** The S3 key in the key of a version. */
export function keyOfVersion(key: Uint8Array): string {
  return unshifted(key, wholeKeyEnd(key));
}

/** The common prefix of several S3 keys, as it stands in the keys of versions. */
export function commonPrefixOfVersions(commonPrefix: Uint8Array): string {
  return unshifted(commonPrefix, commonPrefix.length);
}

/** Where the null version of a key is. */
export interface NullVersionRecord {
  readonly sequence: number;
}

/** Places of null versions as bytes. */
export const nullVersionCodec: Codec<NullVersionRecord, Buffer> = recordCodec<NullVersionRecord>(
  () => ({ sequence: 0 }),
  [integer(1, "sequence")],
);

/** Where the null version of a key is among its versions; not there while it is the current object, or there is none. */
export function nullVersionRow(bucketId: string, key: string): Row<NullVersionRecord> {
  return { key: keyInBucket(TABLES.nullVersions, bucketId, key), codec: nullVersionCodec };
}

/** Where the null versions of every bucket are. */
export function nullVersions(limit: number): Rows<NullVersionRecord> {
  return rowsIn(tableRange(TABLES.nullVersions), limit, nullVersionCodec);
}
