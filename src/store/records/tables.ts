import { successorOfPrefix } from "../metadata/byteOrder.ts";
import type { KeyRange } from "../metadata/MetadataEngine.ts";
import { sliced } from "./SlicedBuffer.ts";

/**
 * The tables of the ordered index. The first byte of a key names its table; what follows sorts as S3 wants to list it, byte by byte. A
 * table's number is for ever.
 *
 * No key is the beginning of another one's name: names of varying length inside a key end with a byte they cannot hold.
 */
export const TABLES = {
  buckets: 0x01,
  objects: 0x02,
  uploads: 0x03,
  parts: 0x04,
  inlines: 0x05,
  contents: 0x06,
  namedBlobs: 0x07,
  releases: 0x08,
  deadBlobs: 0x09,
  completedUploads: 0x0a,
  abandonedUploads: 0x0b,
  accessKeys: 0x0c,
  deletedBuckets: 0x0d,
  settings: 0x0e,
  readLeases: 0x0f,
  accounts: 0x10,
  versions: 0x11,
  nullVersions: 0x12,
  testClock: 0x13,
  mfaDevices: 0x14,
  idHolders: 0x15,
  identities: 0x16,
  users: 0x17,
  groups: 0x18,
  roles: 0x19,
  policies: 0x1a,
  policyVersions: 0x1b,
  inlinePolicies: 0x1c,
  attachments: 0x1d,
  memberships: 0x1e,
  keyOwners: 0x1f,
  accountBlocks: 0x20,
  sealingKeys: 0x21,
  keyUses: 0x22,
  lifecycleRuns: 0x23,
  keyRing: 0x24,
  faults: 0x25,
  faultRules: 0x26,
  faultCounts: 0x27,
  blobFolders: 0x30,
} as const;

const BUCKET_ID_SIZE_BYTES = 8;
/** Table byte and bucket id: what stands before an S3 key. */
export const BASE_SIZE_BYTES: number = 1 + BUCKET_ID_SIZE_BYTES;

/** A key of a table in which a name says all. */
export function namedKey(table: number, name: string): Buffer {
  const key = Buffer.allocUnsafe(1 + Buffer.byteLength(name));
  key[0] = table;
  key.write(name, 1, "utf8");
  return key;
}

/** A key of a table in which names belong to accounts, whose numbers are all as long, and are the same in any case. */
export function keyInAccount(table: number, accountId: string, name: string): Buffer {
  return namedKey(table, accountId + name.toLowerCase());
}

/** Everything of one account in such a table, or what begins with `prefix` there. */
export function rangeInAccount(table: number, accountId: string, prefix = ""): KeyRange {
  const start = keyInAccount(table, accountId, prefix);
  return { start, end: successorOfPrefix(start)! };
}

/** The name in such a key. */
export function nameInKey(key: Uint8Array): string {
  return textInKey(key, 1, key.length);
}

/** The text in a stretch of a key, its end exclusive. */
export function textInKey(key: Uint8Array, start: number, end: number): string {
  return sliced(key).utf8Slice(start, end);
}

/** Everything in one table. */
export function tableRange(table: number): KeyRange {
  return { start: Buffer.of(table), end: Buffer.of(table + 1) };
}

/** What stands before the names in the keys of one bucket; `bucketId` is 16 hexadecimal characters. */
export function baseKey(table: number, bucketId: string): Buffer {
  return keyInBucket(table, bucketId, "");
}

/** A key of a table in which names belong to buckets. */
export function keyInBucket(table: number, bucketId: string, name: string): Buffer {
  const key = Buffer.allocUnsafe(BASE_SIZE_BYTES + Buffer.byteLength(name));
  key[0] = table;
  key.write(bucketId, 1, BUCKET_ID_SIZE_BYTES, "hex");
  if (name !== "") key.write(name, BASE_SIZE_BYTES, "utf8");
  return key;
}

/** Everything of one bucket in such a table. */
export function rangeInBucket(table: number, bucketId: string): KeyRange {
  const start = baseKey(table, bucketId);
  return { start, end: successorOfPrefix(start)! };
}

/** The bucket of a row in such a table, as 16 hexadecimal characters. */
export function bucketIdInKey(key: Uint8Array): string {
  return Buffer.from(key.subarray(1, BASE_SIZE_BYTES)).toString("hex");
}
