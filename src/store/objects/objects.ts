import { S3Error } from "../../errors/S3Error.ts";
import { findBucket, presentBucket } from "../buckets/buckets.ts";
import { requireSecondFactor } from "../buckets/mfaDelete.ts";
import type { WriteConditions } from "./conditions.ts";
import { asksOfObject, checkIfMatch, checkWriteConditions } from "./conditions.ts";
import type { NamedBytes, WrittenContent } from "./content.ts";
import { ContentDamagedError, readContent, rowsOf, shareContent } from "./content.ts";
import type { HistoryRows, NewObject } from "./KeyHistory.ts";
import { HistoryChangedError, historyRows, KeyHistory } from "./KeyHistory.ts";
import type { Soon } from "../metadata/MetadataEngine.ts";
import type { BucketRecord } from "../records/BucketRecord.ts";
import { bucketRow } from "../records/BucketRecord.ts";
import type { ContentPart } from "../records/ContentRecord.ts";
import type { ObjectRecord } from "../records/ObjectRecord.ts";
import { objectRow } from "../records/ObjectRecord.ts";
import { nullVersionRow, versionRow, versionsOfKey } from "../records/versionRows.ts";
import { allHere, whenHere } from "../soon.ts";
import type { Store } from "../Store.ts";
import type { Circumstances, Records } from "../transact.ts";
import { readRow, readRows, transact } from "../transact.ts";
import { placeContent } from "./placement.ts";
import { NULL_VERSION_ID, sequenceOf } from "./versionIds.ts";
import { refuseLocked } from "./locks.ts";

/**
 * What writes to objects mean. Each is one decision inside one commit, which also makes sure that the bucket is still there.
 */

/** The current object under a key, if there is one. */
export function findObject(store: Store, bucket: BucketRecord, key: string): Soon<ObjectRecord | undefined> {
  return readRow(store, objectRow(bucket.id, key));
}

/** The parts of a multipart object, in order. Throws `ContentGoneError` when the object was overwritten meanwhile. */
export async function readParts(store: Store, object: ObjectRecord): Promise<readonly ContentPart[]> {
  const content = await readContent(store, object);
  // A copy shares the content of a multipart object, and is no such object.
  if (object.partsCount === 0) return [];
  const parts = content?.parts ?? [];
  const sizeBytes = parts.reduce((sum, part) => sum + part.sizeBytes, 0);
  if (parts.length === object.partsCount && sizeBytes === object.sizeBytes) return parts;
  const said = `the object's record says ${object.partsCount} parts of ${object.sizeBytes} bytes`;
  throw new ContentDamagedError(`${said}, and its content has ${parts.length} of ${sizeBytes}`);
}

/** Where an object is to be, and on what conditions. */
export interface ObjectTarget {
  readonly bucket: BucketRecord;
  readonly key: string;
  readonly conditions: WriteConditions;
  /** True when an object that satisfied the conditions was there as the request began. */
  readonly existedBefore: boolean;
  /** S3's time: what a retention without an end of its own is counted from. */
  readonly nowMs: number;
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
  nowMs: number,
): Promise<ObjectTarget> {
  if (!asksOfObject(conditions)) {
    return { bucket, key, conditions, existedBefore: false, nowMs };
  }
  const current = await findObject(store, bucket, key);
  checkWriteConditions(conditions, current, key);
  return { bucket, key, conditions, existedBefore: current !== undefined, nowMs };
}

/** Most times a decision is made anew because versioning was enabled, or a null version came or went, while it was on its way. */
const MAX_ATTEMPTS = 8;

/**
 * Runs a commit that needs the histories of keys: `attempt` gets the bucket for which it chooses their rows, and runs again when the commit
 * found another one. Throws NoSuchBucket.
 */
export async function withHistory<Result>(
  store: Store,
  bucket: BucketRecord,
  attempt: (bucket: BucketRecord) => Promise<Result>,
): Promise<Result> {
  let planned = bucket;
  for (let left = MAX_ATTEMPTS - 1; ; left--) {
    try {
      return await attempt(planned);
    } catch (failure) {
      if (!(failure instanceof HistoryChangedError) || left === 0) throw failure;
    }
    planned = presentBucket(await findBucket(store, bucket.name), bucket);
  }
}

/** The rows of a key's history for a decision that writes to it, or takes these versions away. */
export function rowsOfHistory(
  store: Store,
  bucket: BucketRecord,
  key: string,
  versionIds: readonly string[] = [],
): Soon<HistoryRows> {
  const mayEndNull = bucket.versioning === "Suspended" || versionIds.includes(NULL_VERSION_ID);
  if (bucket.versioning === undefined || !mayEndNull) return historyRows(bucket, key, { versionIds });
  return whenHere(readRow(store, nullVersionRow(bucket.id, key)), (seenNull) =>
    historyRows(bucket, key, { versionIds, seenNull }),
  );
}

/**
 * Makes written content an object; what was under the key is given up in the same commit, or becomes an older version. On any failure the
 * content is abandoned. Throws NoSuchBucket, and as `checkWriteConditions`.
 */
export async function putObject(
  store: Store,
  target: ObjectTarget,
  object: NewObject,
  written: WrittenContent,
): Promise<ObjectRecord> {
  try {
    return await withHistory(store, target.bucket, async (planned) => {
      const wanted = { bucket: bucketRow(planned.name), history: await rowsOfHistory(store, planned, target.key) };
      return transact(store, wanted, ({ bucket, history: found }, at) => {
        const history = historyAt(target, planned, bucket, found, at);
        const result = history.add(object, written.location, target.nowMs);
        return { changes: [...written.changes, ...history.changes], result };
      });
    });
  } catch (failure) {
    await written.abandon();
    throw failure;
  }
}

/**
 * Gives an object under `target` the content of `source`: shared, unless it is to lie elsewhere by the object's class; then it is copied.
 * Throws `ContentGoneError` when the source was overwritten meanwhile (read it again), `ContentDamagedError`, NoSuchBucket, and as
 * `checkWriteConditions`.
 */
export async function copyObject(
  store: Store,
  target: ObjectTarget,
  object: NewObject,
  source: NamedBytes,
): Promise<ObjectRecord> {
  const placed = await placeContent(store, source, object.storageClass);
  try {
    return await withHistory(store, target.bucket, async (planned) => {
      const history = await rowsOfHistory(store, planned, target.key);
      const wanted = { bucket: bucketRow(planned.name), history, source: rowsOf(source.content) };
      return transact(store, wanted, ({ bucket, history: found, source: stored }, at) => {
        const copied = historyAt(target, planned, bucket, found, at);
        const copy = placed ?? shareContent(source, stored, at);
        const result = copied.add(object, copy.location, target.nowMs);
        return { changes: [...copy.changes, ...copied.changes], result };
      });
    });
  } catch (failure) {
    await placed?.abandon();
    throw failure;
  }
}

/** The history at a target, once its bucket and conditions are found to be right. */
function historyAt(
  target: ObjectTarget,
  planned: BucketRecord,
  bucket: BucketRecord | undefined,
  found: Records<HistoryRows>,
  at: Circumstances,
): KeyHistory {
  const { conditions, key } = target;
  const history = new KeyHistory(planned, presentBucket(bucket, target.bucket), key, found, at);
  if (asksOfObject(conditions)) checkWriteConditions(conditions, history.current, key, target.existedBefore);
  return history;
}

/** One key to delete, if its condition holds, or one version of it. */
export interface Deletion {
  readonly key: string;
  /** For good; `undefined` deletes the object, of which versions may stay. */
  readonly versionId: string | undefined;
  /** An ETag, "*", or no condition. */
  readonly ifMatch: string | undefined;
  /** True for who may delete what is retained in governance mode, and wants to. */
  readonly bypassesGovernance: boolean;
  /** True for a request with a second factor that was found right. */
  readonly hasSecondFactor: boolean;
}

/** What a deletion did: the version that is gone for good, and the delete marker that came. */
export interface Deleted {
  readonly gone: ObjectRecord | undefined;
  readonly marker: ObjectRecord | undefined;
}

const NOTHING_DELETED: Deleted = { gone: undefined, marker: undefined };

/**
 * Deletes objects or versions in one commit, each judged for itself and in order, so that a key named twice is gone the second time. What
 * is not there counts as deleted. `nowMs` is S3's time. Resolves, in order, with what was done or the `S3Error` that kept it from being
 * done: as `checkIfMatch` and `refuseLocked`. Throws NoSuchBucket, and as `requireSecondFactor` where any of them names a version.
 */
export async function deleteObjects(
  store: Store,
  bucket: BucketRecord,
  deletions: readonly Deletion[],
  nowMs: number,
): Promise<(Deleted | S3Error)[]> {
  const byKey = [...Map.groupBy(deletions, ({ key }) => key)];
  const indexes = new Map(byKey.map(([key], index) => [key, index]));
  return withHistory(store, bucket, async (planned) => {
    const rows = byKey.map(([key, some]) => {
      return rowsOfHistory(
        store,
        planned,
        key,
        some.flatMap(({ versionId }) => versionId ?? []),
      );
    });
    const wanted = { committed: bucketRow(bucket.name), histories: await allHere(rows) };
    return transact(store, wanted, ({ committed, histories }, at) => {
      const present = presentBucket(committed, bucket);
      requireSecondFactor(
        present.mfaDelete,
        deletions.every(({ versionId, hasSecondFactor }) => versionId === undefined || hasSecondFactor),
      );
      const keys = byKey.map(([key], index) => new KeyHistory(planned, present, key, histories[index]!, at));
      const result = deletions.map((deletion) => {
        const history = keys[indexes.get(deletion.key)!]!;
        return resultOf(() => deleteFrom(history, present, deletion, nowMs));
      });
      return { changes: keys.flatMap(({ changes }) => changes), result };
    });
  });
}

function deleteFrom(history: KeyHistory, bucket: BucketRecord, deletion: Deletion, nowMs: number): Deleted {
  const { key, versionId, ifMatch } = deletion;
  if (versionId !== undefined) {
    const gone = history.version(versionId);
    if (gone === undefined) return NOTHING_DELETED;
    refuseLocked(gone, nowMs, deletion.bypassesGovernance);
    history.take(gone);
    return { gone, marker: undefined };
  }
  if (ifMatch !== undefined) checkIfMatch(ifMatch, history.current, key);
  if (bucket.versioning !== undefined) return { gone: undefined, marker: history.addMarker(nowMs) };
  return { gone: history.clear(), marker: undefined };
}

/** Deletes one object or version; none there is no error. Throws as `deleteObjects`, and what that resolves with. */
export async function deleteObject(store: Store, bucket: BucketRecord, deletion: Deletion, nowMs: number): Promise<Deleted> {
  const [result] = await deleteObjects(store, bucket, [deletion], nowMs);
  if (result instanceof S3Error) throw result;
  return result!;
}

function resultOf(work: () => Deleted): Deleted | S3Error {
  try {
    return work();
  } catch (error) {
    if (error instanceof S3Error) return error;
    throw error;
  }
}

/** The version of a key with this id, be it an object or a delete marker, if there is one. */
export async function findVersion(
  store: Store,
  bucket: BucketRecord,
  key: string,
  versionId: string,
): Promise<ObjectRecord | undefined> {
  const object = objectRow(bucket.id, key);
  if (versionId !== NULL_VERSION_ID) {
    const found = await readRows(store, { object, older: versionRow(bucket.id, key, sequenceOf(versionId)) });
    return [found.object, found.older].find((record) => record?.versionId === versionId);
  }
  for (let left = MAX_ATTEMPTS; ; left--) {
    const { object: current, place } = await readRows(store, { object, place: nullVersionRow(bucket.id, key) });
    if (current !== undefined && current.versionId === undefined) return current;
    if (place === undefined) return undefined;
    const record = await readRow(store, versionRow(bucket.id, key, place.sequence));
    // It may have come up, or be gone, by now.
    if ((record !== undefined && record.versionId === undefined) || left === 0) return record;
  }
}

/** The delete marker that is the newest version of a key, if that is what hides the versions below it. */
export async function findDeleteMarker(store: Store, bucket: BucketRecord, key: string): Promise<ObjectRecord | undefined> {
  if (bucket.versioning === undefined) return undefined;
  const wanted = { object: objectRow(bucket.id, key), older: versionsOfKey(bucket.id, key, 1) };
  const { object, older } = await readRows(store, wanted);
  return object === undefined ? older[0] : undefined;
}

/**
 * Says something else of a version, or of the current object: `describe` gets what there is, `undefined` for nothing, and makes of it what
 * it is to be, inside the commit. Throws NoSuchBucket, and what `describe` throws.
 */
export async function describeVersion(
  store: Store,
  bucket: BucketRecord,
  { key, versionId }: Pick<Deletion, "key" | "versionId">,
  describe: (record: ObjectRecord | undefined, bucket: BucketRecord) => ObjectRecord,
): Promise<ObjectRecord> {
  return withHistory(store, bucket, async (planned) => {
    const history = await rowsOfHistory(store, planned, key, versionId === undefined ? [] : [versionId]);
    const wanted = { committed: bucketRow(bucket.name), history };
    return transact(store, wanted, ({ committed, history: found }, at) => {
      const present = presentBucket(committed, bucket);
      const described = new KeyHistory(planned, present, key, found, at);
      const record = versionId === undefined ? described.current : described.version(versionId);
      const result = describe(record, present);
      if (record !== undefined) described.rewrite(record, result);
      return { changes: described.changes, result };
    });
  });
}
