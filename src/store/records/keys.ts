/**
 * The keys of the ordered index. The first byte names the table; what follows sorts as S3 wants to list it, byte by byte.
 *
 * No key is the beginning of another one's name: names of varying length inside a key end with a byte they cannot hold.
 */
import type { KeyRange } from "../metadata/MetadataEngine.ts";

const BUCKETS = 0x01;
const OBJECTS = 0x02;
const UPLOADS = 0x03;
const PARTS = 0x04;
const INLINE = 0x05;
const CONTENTS = 0x06;
const BLOBS = 0x07;
const RELEASES = 0x08;
const DEAD_BLOBS = 0x09;
const COMPLETED = 0x0a;
const ABANDONED = 0x0b;
const USERS = 0x0c;
const DELETED_BUCKETS = 0x0d;
const OWNERS = 0x10;

const BUCKET_ID_SIZE_BYTES = 8;
const PART_NUMBER_SIZE_BYTES = 2;
/** Table byte and bucket id: what stands before an S3 key. */
const BASE_SIZE_BYTES = 1 + BUCKET_ID_SIZE_BYTES;

function named(table: number, name: string): Buffer {
  const key = Buffer.allocUnsafe(1 + Buffer.byteLength(name));
  key[0] = table;
  key.write(name, 1, "utf8");
  return key;
}

/** Everything in one table. */
function tableRange(table: number): KeyRange {
  return { start: Buffer.of(table), end: Buffer.of(table + 1) };
}

function base(table: number, bucketId: string): Buffer {
  const key = Buffer.allocUnsafe(BASE_SIZE_BYTES);
  key[0] = table;
  key.write(bucketId, 1, BUCKET_ID_SIZE_BYTES, "hex");
  return key;
}

/** The keys that begin with `start`, a table byte and bucket id. */
function baseRange(start: Buffer): KeyRange {
  return { start, end: successorOfPrefix(start) ?? Buffer.of(start[0]! + 1) };
}

/** The lowest byte string above everything that begins with `prefix`; `undefined` when nothing is (empty, or only 0xFF). */
export function successorOfPrefix(prefix: Uint8Array): Buffer | undefined {
  let size = prefix.length;
  while (size > 0 && prefix[size - 1] === 0xff) size--;
  if (size === 0) return undefined;
  const successor = Buffer.allocUnsafe(size);
  successor.set(prefix.subarray(0, size));
  successor[size - 1]! += 1;
  return successor;
}

/** The S3 key, user name or id behind a key's table byte, of keys that hold nothing else. */
export function nameInKey(key: Uint8Array): string {
  return textOf(key, 1, key.length);
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("utf8");
}

/** A bucket's record, by name. */
export function bucketKey(name: string): Buffer {
  return named(BUCKETS, name);
}

/** Every bucket, by name. */
export function bucketRange(): KeyRange {
  return tableRange(BUCKETS);
}

/** What stands before the S3 key in the keys of a bucket's objects; `bucketId` is 16 hexadecimal characters. */
export function objectBase(bucketId: string): Buffer {
  return base(OBJECTS, bucketId);
}

/** The current object under an S3 key. */
export function objectKey(bucketId: string, key: string): Buffer {
  const bytes = Buffer.allocUnsafe(BASE_SIZE_BYTES + Buffer.byteLength(key));
  bytes[0] = OBJECTS;
  bytes.write(bucketId, 1, BUCKET_ID_SIZE_BYTES, "hex");
  bytes.write(key, BASE_SIZE_BYTES, "utf8");
  return bytes;
}

/** Every object of a bucket. */
export function objectRange(bucketId: string): KeyRange {
  return baseRange(objectBase(bucketId));
}

/** The S3 key, or the common prefix of several, in the key of an object. */
export function keyOfObject(key: Buffer): string {
  return key.toString("utf8", BASE_SIZE_BYTES);
}

/** What stands before the S3 key in the keys of a bucket's uploads. */
export function uploadBase(bucketId: string): Buffer {
  return base(UPLOADS, bucketId);
}

/** Every upload under way in a bucket. */
export function uploadRange(bucketId: string): KeyRange {
  return baseRange(uploadBase(bucketId));
}

/** Ends the S3 key inside the key of an upload; see {@link encodeUploadKeyPrefix}. */
export const UPLOAD_KEY_TERMINATOR = 0x00;

/**
 * An upload under way. Its S3 key must end before the upload id begins, yet sort as it does alone, and may hold any byte of
 * UTF-8, 0x00 too. UTF-8 never holds 0xFF, so every byte is stored plus one, which keeps the order and frees 0x00 to end the key.
 */
export function uploadKey(bucketId: string, key: string, uploadId: string): Buffer {
  const keySizeBytes = Buffer.byteLength(key);
  const bytes = Buffer.allocUnsafe(BASE_SIZE_BYTES + keySizeBytes + 1 + Buffer.byteLength(uploadId));
  bytes[0] = UPLOADS;
  bytes.write(bucketId, 1, BUCKET_ID_SIZE_BYTES, "hex");
  bytes.write(key, BASE_SIZE_BYTES, "utf8");
  const terminator = BASE_SIZE_BYTES + keySizeBytes;
  shift(bytes, BASE_SIZE_BYTES, terminator, 1);
  bytes[terminator] = UPLOAD_KEY_TERMINATOR;
  bytes.write(uploadId, terminator + 1, "utf8");
  return bytes;
}

/** Where a page of uploads goes on: behind this upload of the key, or, with an empty upload id, behind all of the key's uploads. */
export function uploadPosition(key: string, uploadId: string): Buffer {
  const end = uploadId === "" ? Buffer.of(UPLOAD_KEY_TERMINATOR, 0xff) : Buffer.from(`\0${uploadId}`);
  return Buffer.concat([encodeUploadKeyPrefix(key), end]);
}

/** An S3 key, the beginning of one, or a delimiter, as upload keys hold it. */
export function encodeUploadKeyPrefix(text: string): Buffer {
  const bytes = Buffer.from(text);
  shift(bytes, 0, bytes.length, 1);
  return bytes;
}

/** The common prefix of several uploads' S3 keys, in the beginning of their own keys. */
export function commonPrefixOfUploads(beginning: Buffer): string {
  const bytes = Buffer.from(beginning.subarray(BASE_SIZE_BYTES));
  shift(bytes, 0, bytes.length, -1);
  return bytes.toString("utf8");
}

function shift(bytes: Buffer, start: number, end: number, by: number): void {
  for (let index = start; index < end; index++) bytes[index]! += by;
}

/** A part of an upload; `partNumber` is 0 to 65,535 so that positions before and behind the parts can be written. */
export function partKey(uploadId: string, partNumber: number): Buffer {
  const idSizeBytes = Buffer.byteLength(uploadId);
  const key = Buffer.allocUnsafe(1 + idSizeBytes + 1 + PART_NUMBER_SIZE_BYTES);
  key[0] = PARTS;
  key.write(uploadId, 1, "utf8");
  key[1 + idSizeBytes] = 0x00;
  key.writeUInt16BE(partNumber, 2 + idSizeBytes);
  return key;
}

/** Every part of an upload, by number. */
export function partRange(uploadId: string): KeyRange {
  return { start: named(PARTS, `${uploadId}\x00`), end: named(PARTS, `${uploadId}\x01`) };
}

/** The bytes of a small object. */
export function inlineKey(id: string): Buffer {
  return named(INLINE, id);
}

/** The bytes of every small object. */
export function inlineRange(): KeyRange {
  return tableRange(INLINE);
}

/** The record of the blobs behind an object. */
export function contentKey(id: string): Buffer {
  return named(CONTENTS, id);
}

/** Every content record. */
export function contentRange(): KeyRange {
  return tableRange(CONTENTS);
}

/** Says that some record names this blob. */
export function blobKey(blobId: string): Buffer {
  return named(BLOBS, blobId);
}

/** Every named blob. */
export function blobRange(): KeyRange {
  return tableRange(BLOBS);
}

/** Queue: one reference to this content ended; `unique` keeps several endings of one content apart. */
export function releaseKey(contentId: string, unique: string): Buffer {
  return named(RELEASES, `${contentId}\x00${unique}`);
}

/** Queue: every ended reference, by content. */
export function releaseRange(): KeyRange {
  return tableRange(RELEASES);
}

/** The content whose reference ended, of a key from {@link releaseRange}. */
export function contentIdInReleaseKey(key: Uint8Array): string {
  const end = key.indexOf(0x00, 1);
  return textOf(key, 1, end === -1 ? key.length : end);
}

/** Queue: a blob nobody names any more. */
export function deadKey(blobId: string): Buffer {
  return named(DEAD_BLOBS, blobId);
}

/** Queue: every dead blob. */
export function deadRange(): KeyRange {
  return tableRange(DEAD_BLOBS);
}

/** What a finished upload became. */
export function completedKey(uploadId: string): Buffer {
  return named(COMPLETED, uploadId);
}

/** Every finished upload still remembered. */
export function completedRange(): KeyRange {
  return tableRange(COMPLETED);
}

/** Queue: an aborted upload whose parts are still there. */
export function abandonedKey(uploadId: string): Buffer {
  return named(ABANDONED, uploadId);
}

/** Queue: every aborted upload. */
export function abandonedRange(): KeyRange {
  return tableRange(ABANDONED);
}

/** An access key and its owner, by access key id. */
export function userKey(accessKeyId: string): Buffer {
  return named(USERS, accessKeyId);
}

/** Every access key, by id. */
export function userRange(): KeyRange {
  return tableRange(USERS);
}

/** A user, by display name. */
export function ownerKey(displayName: string): Buffer {
  return named(OWNERS, displayName);
}

/** Every user, by display name. */
export function ownerRange(): KeyRange {
  return tableRange(OWNERS);
}

/** Queue: a deleted bucket that had uploads under way, which are still there. */
export function deletedBucketKey(bucketId: string): Buffer {
  return named(DELETED_BUCKETS, bucketId);
}

/** Queue: every such bucket, by id. */
export function deletedBucketRange(): KeyRange {
  return tableRange(DELETED_BUCKETS);
}
