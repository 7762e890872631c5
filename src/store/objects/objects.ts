import { S3Error } from "../../errors/S3Error.ts";
import { presentBucket } from "../buckets/buckets.ts";
import type { WriteConditions } from "./conditions.ts";
import { checkIfMatch, checkWriteConditions } from "./conditions.ts";
import type { WrittenContent } from "./content.ts";
import { ContentGoneError, releaseChanges, rowsOf, shareContent } from "./content.ts";
import type { Change, Soon } from "../metadata/MetadataEngine.ts";
import type { BucketRecord } from "../records/BucketRecord.ts";
import { bucketRow } from "../records/BucketRecord.ts";
import type { ContentPart } from "../records/ContentRecord.ts";
import { contentRow } from "../records/ContentRecord.ts";
import type { ContentLocation, ObjectRecord } from "../records/ObjectRecord.ts";
import { objectRow } from "../records/ObjectRecord.ts";
import type { Row } from "../records/Row.ts";
import { put, remove } from "../records/Row.ts";
import type { Store } from "../Store.ts";
import type { Circumstances } from "../transact.ts";
import { readRow, transact } from "../transact.ts";

/**
 * What writes to objects mean. Each is one decision inside one commit, which also makes sure that the bucket is still there.
 */

/** The current object under a key, if there is one. */
export function findObject(store: Store, bucket: BucketRecord, key: string): Soon<ObjectRecord | undefined> {
  return readRow(store, objectRow(bucket.id, key));
}

/** The parts of a multipart object, in order. Throws `ContentGoneError` when the object was overwritten meanwhile. */
export async function readParts(store: Store, object: ObjectRecord): Promise<readonly ContentPart[]> {
  if (object.content.kind !== "content" || object.partsCount === 0) return [];
  const record = await readRow(store, contentRow(object.content.id));
  if (record === undefined) throw new ContentGoneError(object.content);
  return record.parts;
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

/** What an object is to be, beside its content; its owner is its bucket's. */
export type NewObject = Omit<ObjectRecord, "ownerId" | "ownerName" | "content">;

/** Where an object is to be or to go, and what a commit finds there. */
export interface Place {
  readonly row: Row<ObjectRecord>;
  readonly bucket: BucketRecord;
  readonly object: ObjectRecord | undefined;
}

/**
 * Puts an object into its place: gives up what was there, and writes the new record, which is also its row in the index. Every object that
 * ever appears, put, copied or made of parts, appears by this function; what else belongs to that moment (versions, locks, events,
 * replication, expiry) hooks in here.
 */
export function replaceObject(place: Place, object: NewObject, content: ContentLocation, at: Circumstances): Change[] {
  const { ownerId, ownerName } = place.bucket;
  const changes = place.object === undefined ? [] : releaseChanges(place.object.content, at);
  changes.push(put(place.row, { ...object, content, ownerId, ownerName }));
  return changes;
}

/** Takes the object of a place away, if there is one. Every object that ever goes without another in its place goes by this function. */
export function removeObject(place: Place, at: Circumstances): Change[] {
  if (place.object === undefined) return [];
  return [...releaseChanges(place.object.content, at), remove(place.row)];
}

/** What a write to a target must see. */
function rowsAt({ bucket, key }: ObjectTarget) {
  return { bucket: bucketRow(bucket.name), object: objectRow(bucket.id, key) };
}

/** The place of a write, once its bucket and conditions are found to be right. */
function placeFor(
  target: ObjectTarget,
  row: Row<ObjectRecord>,
  bucket: BucketRecord | undefined,
  object: ObjectRecord | undefined,
): Place {
  const present = presentBucket(bucket, target.bucket);
  checkWriteConditions(target.conditions, object, target.key, target.existedBefore);
  return { row, bucket: present, object };
}

/**
 * Makes written content an object; what was under the key is given up in the same commit. On any failure the content is abandoned.
 * Throws NoSuchBucket, and as `checkWriteConditions`.
 */
export async function putObject(store: Store, target: ObjectTarget, object: NewObject, written: WrittenContent): Promise<void> {
  const wanted = rowsAt(target);
  try {
    await transact(store, wanted, (found, at) => {
      const place = placeFor(target, wanted.object, found.bucket, found.object);
      return { changes: [...written.changes, ...replaceObject(place, object, written.location, at)], result: undefined };
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
export async function copyObject(store: Store, target: ObjectTarget, object: NewObject, source: ContentLocation): Promise<void> {
  const wanted = { ...rowsAt(target), ...rowsOf(source) };
  await transact(store, wanted, (found, at) => {
    const place = placeFor(target, wanted.object, found.bucket, found.object);
    const copy = shareContent(source, found, at);
    return { changes: [...copy.changes, ...replaceObject(place, object, copy.location, at)], result: undefined };
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
  const rows = new Map(deletions.map(({ key }) => [key, objectRow(bucket.id, key)]));
  const wanted = { committed: bucketRow(bucket.name), objects: [...rows.values()] };
  return transact(store, wanted, ({ committed, objects }, at) => {
    const present = presentBucket(committed, bucket);
    const left = new Map([...rows.keys()].map((key, index) => [key, objects[index]]));
    const changes: Change[] = [];
    const result = deletions.map(({ key, ifMatch }) => {
      const object = left.get(key);
      const refusal = refusalOf(() => checkIfMatch(ifMatch, object, key));
      if (refusal !== undefined) return refusal;
      changes.push(...removeObject({ row: rows.get(key)!, bucket: present, object }, at));
      left.delete(key);
      return undefined;
    });
    return { changes, result };
  });
}

/** Deletes one object; no object under the key is no error. Throws NoSuchBucket, and as `checkIfMatch`. */
export async function deleteObject(store: Store, bucket: BucketRecord, deletion: Deletion): Promise<void> {
  const [refusal] = await deleteObjects(store, bucket, [deletion]);
  if (refusal !== undefined) throw refusal;
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
