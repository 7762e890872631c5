import { hash } from "node:crypto";
import type { BucketRecord } from "../records/BucketRecord.ts";
import type { ObjectRecord } from "../records/ObjectRecord.ts";
import type { Circumstances } from "../transact.ts";

/**
 * Version ids as S3 makes them: 32 characters that mean nothing to anybody. Here they hold the place of their version among those of its
 * key, so that a version is found by its id with one read, and a list goes on behind one that is no longer there. Chance comes first and
 * covers the place.
 */

/** How the null version is named. */
export const NULL_VERSION_ID = "null";

const CHANCE_SIZE_BYTES = 16;
const SEQUENCE_SIZE_BYTES = 8;
const ID_SIZE_BYTES: number = CHANCE_SIZE_BYTES + SEQUENCE_SIZE_BYTES;

/** What these and S3's own look like. */
const FORM = /^[A-Za-z0-9._-]{32}$/;

/** Makes the id of a version that a decision makes. */
export function newVersionId(sequence: number, { newId }: Circumstances): string {
  const bytes = Buffer.alloc(ID_SIZE_BYTES);
  hash("sha256", newId(), "buffer").copy(bytes, 0, 0, CHANCE_SIZE_BYTES);
  bytes.writeBigUInt64BE(BigInt(sequence) ^ bytes.readBigUInt64BE(0), CHANCE_SIZE_BYTES);
  return bytes.toString("base64").replaceAll("+", ".").replaceAll("/", "_");
}

/** Whether a text can be the id of a version, be it here or elsewhere. */
export function isVersionId(text: string): boolean {
  return text === NULL_VERSION_ID || FORM.test(text);
}

/** The place that an id holds; one of no version of this store has any place. `versionId` has the form of one, and is not "null". */
export function sequenceOf(versionId: string): number {
  const bytes = Buffer.from(versionId.replaceAll(".", "+").replaceAll("_", "/"), "base64");
  const sequence = bytes.readBigUInt64BE(CHANCE_SIZE_BYTES) ^ bytes.readBigUInt64BE(0);
  return sequence <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(sequence) : 0;
}

/** What answers say of a version's id; nothing in a bucket that never had versioning. */
export function shownVersionId({ versioning }: BucketRecord, { versionId }: ObjectRecord): string | undefined {
  return versioning === undefined ? undefined : (versionId ?? NULL_VERSION_ID);
}
