import { S3Error } from "../../errors/S3Error.ts";
import { checkBucket } from "../buckets/buckets.ts";
import type { WriteConditions } from "./conditions.ts";
import { checkIfMatch, checkWriteConditions } from "./conditions.ts";
import type { WrittenContent } from "./content.ts";
import { ContentGoneError, contentRow, newContentId, releaseChanges, shareContent } from "./content.ts";
import type { Change, Soon } from "../metadata/MetadataEngine.ts";
import type { BucketRecord } from "../records/BucketRecord.ts";
import { decodeContentRecord, decodeObjectRecord, encodeObjectRecord } from "../records/codecs.ts";
import type { ContentRecord } from "../records/ContentRecord.ts";
import { bucketKey, contentKey, objectKey } from "../records/keys.ts";
import type { ContentLocation, ObjectRecord } from "../records/ObjectRecord.ts";
import type { Store } from "../Store.ts";

/**
 * What writes to objects mean. Each is one decision inside one commit, which also makes sure that the bucket is still there.
 */

/** The current object under a key, if there is one. */
export function findObject(store: Store, bucket: BucketRecord, key: string): Soon<ObjectRecord | undefined> {
  const found = store.metadata.read({ keys: [objectKey(bucket.id, key)] });
  return found instanceof Promise ? found.then(({ values }) => decoded(values[0])) : decoded(found.values[0]);
}

/** The parts of a multipart object, in order. Throws `ContentGoneError` when the object was overwritten meanwhile. */
export async function readParts(store: Store, object: ObjectRecord): Promise<ContentRecord["parts"]> {
  if (object.content.kind !== "content" || object.partsCount === 0) return [];
  const { values } = await store.metadata.read({ keys: [contentKey(object.content.id)] });
  if (values[0] === undefined) throw new ContentGoneError(object.content);
  return decodeContentRecord(values[0]).parts;
}

/** Where an object is to be, and on what conditions. */
export interface ObjectTarget {
  readonly bucket: BucketRecord;
  readonly key: string;
  readonly conditions: WriteConditions;
  /** True when an object that satisfied the conditions was there as the request began. */
  readonly existedBefore: boolean;
}

/**
 * Looks at a write's conditions before its bytes are read, so that a write that cannot succeed is refused at once. The commit decides
 * again. Resolves with what {@link ObjectTarget} needs. Throws as `checkWriteConditions`.
 */
export async function checkTarget(
  store: Store,
  bucket: BucketRecord,
  key: string,
  conditions: WriteConditions,
): Promise<ObjectTarget> {
  if (conditions.ifMatch === undefined && conditions.ifNoneMatch === undefined) {
    return { bucket, key, conditions, existedBefore: false };
  }
  const current = await findObject(store, bucket, key);
  checkWriteConditions(conditions, current, key);
  return { bucket, key, conditions, existedBefore: current !== undefined };
}

/**
 * Makes written content an object; what was under the key is given up in the same commit. On any failure the content is abandoned.
 * Throws NoSuchBucket, and as `checkWriteConditions`.
 */
export async function putObject(
  store: Store,
  target: ObjectTarget,
  object: Omit<ObjectRecord, "content">,
  written: WrittenContent,
): Promise<void> {
  const row = objectKey(target.bucket.id, target.key);
  const value = encodeObjectRecord({ ...object, content: written.location });
  try {
    await store.metadata.transact({ keys: [bucketKey(target.bucket.name), row] }, ({ values }) => {
      const replaced = replacedContent(store, target, values[0], values[1]);
      return { changes: [...replaced, ...written.changes, { key: row, value }], result: undefined };
    });
  } catch (failure) {
    await written.abandon();
    throw failure;
  }
}

/**
 * Gives an object under `target` the content of `source`: shared, not moved.
 * Throws `ContentGoneError` when the source was overwritten meanwhile (read it again), NoSuchBucket, and as `checkWriteConditions`.
 */
export async function copyObject(
  store: Store,
  target: ObjectTarget,
  object: Omit<ObjectRecord, "content">,
  source: ContentLocation,
): Promise<void> {
  const row = objectKey(target.bucket.id, target.key);
  const shared = contentRow(source);
  const copyId = newContentId(store, object.lastModifiedMs);
  const keys = [bucketKey(target.bucket.name), row, ...(shared === undefined ? [] : [shared])];
  await store.metadata.transact({ keys }, ({ values }) => {
    const replaced = replacedContent(store, target, values[0], values[1]);
    const copy = shareContent(source, values[2], copyId);
    if (copy === "gone") throw new ContentGoneError(source);
    const value = encodeObjectRecord({ ...object, content: copy.location });
    return { changes: [...replaced, ...copy.changes, { key: row, value }], result: undefined };
  });
}

/** One key to delete, if its condition holds. */
export interface Deletion {
  readonly key: string;
  /** An ETag, "*", or no condition. */
  readonly ifMatch: string | undefined;
}

/**
 * Deletes objects in one commit, each judged for itself and in order, so that a key named twice is gone the second time. A key without
 * an object counts as deleted. Resolves, in order, with `undefined` or the `S3Error` that kept the object. Throws NoSuchBucket.
 */
export async function deleteObjects(
  store: Store,
  bucket: BucketRecord,
  deletions: readonly Deletion[],
): Promise<(S3Error | undefined)[]> {
  const names = [...new Set(deletions.map(({ key }) => key))];
  const rows = names.map((name) => objectKey(bucket.id, name));
  return store.metadata.transact({ keys: [bucketKey(bucket.name), ...rows] }, ({ values }) => {
    checkBucket(values[0], bucket);
    const current = new Map(names.map((name, index) => [name, { row: rows[index]!, object: decoded(values[index + 1]) }]));
    const changes: Change[] = [];
    const result = deletions.map(({ key, ifMatch }) => {
      const entry = current.get(key)!;
      const refusal = refusalOf(() => checkIfMatch(ifMatch, entry.object, key));
      if (refusal === undefined && entry.object !== undefined) {
        changes.push(...releaseChanges(store, entry.object.content), { key: entry.row, value: undefined });
        entry.object = undefined;
      }
      return refusal;
    });
    return { changes, result };
  });
}

/** Deletes one object; no object under the key is no error. Throws NoSuchBucket, and as `checkIfMatch`. */
export async function deleteObject(store: Store, bucket: BucketRecord, deletion: Deletion): Promise<void> {
  const [refusal] = await deleteObjects(store, bucket, [deletion]);
  if (refusal !== undefined) throw refusal;
}

/** The changes that give up what a write replaces, once its bucket and conditions are found to be right. */
function replacedContent(
  store: Store,
  target: ObjectTarget,
  bucketBytes: Uint8Array | undefined,
  objectBytes: Uint8Array | undefined,
): Change[] {
  checkBucket(bucketBytes, target.bucket);
  const current = decoded(objectBytes);
  checkWriteConditions(target.conditions, current, target.key, target.existedBefore);
  return current === undefined ? [] : releaseChanges(store, current.content);
}

function refusalOf(check: () => void): S3Error | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof S3Error) return error;
    throw error;
  }
}

function decoded(bytes: Uint8Array | undefined): ObjectRecord | undefined {
  return bytes === undefined ? undefined : decodeObjectRecord(bytes);
}
