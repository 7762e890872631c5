import { presentBucket } from "../buckets/buckets.ts";
import type { BucketRecord } from "../records/BucketRecord.ts";
import { bucketRow } from "../records/BucketRecord.ts";
import type { ObjectRecord } from "../records/ObjectRecord.ts";
import type { Store } from "../Store.ts";
import { transact } from "../transact.ts";
import { ContentGoneError, releaseChanges } from "./content.ts";
import { KeyHistory } from "./KeyHistory.ts";
import { rowsOfHistory, withHistory } from "./objects.ts";
import type { PlacedContent } from "./placement.ts";
import { placeContent } from "./placement.ts";
import { NULL_VERSION_ID } from "./versionIds.ts";

/** A version of a key as it was read when it was judged: the current object or an older version, but no delete marker. */
export interface JudgedVersion {
  readonly key: string;
  readonly record: ObjectRecord;
}

/** What the change may hang on. */
export interface ClassChangeOptions {
  /**
   * Asked inside the commit, of what that finds: the version, the bucket, and whether it is the current object. Pure. Default: yes.
   */
  readonly isStillWanted?: (record: ObjectRecord, bucket: BucketRecord, isCurrent: boolean) => boolean;
  /** Ends the copying of bytes; `changeStorageClass` then rejects with its reason, and nothing has changed. */
  readonly signal?: AbortSignal;
}

/**
 * Changes the class of one version, if the commit finds the very version that was judged: its time, ETag and identity stay, as S3's
 * transitions leave them. Bytes that lie elsewhere in the new class are copied there before, and those they are copies of end with the
 * commit, unless other objects share them. Resolves with the record as it is then; `undefined`, with nothing changed, where the version is
 * gone, was overwritten, has another class by now, or is no longer wanted. Throws NoSuchBucket, `StorageFullError`, and as `openContent` for
 * bytes that are damaged.
 */
export async function changeStorageClass(
  store: Store,
  bucket: BucketRecord,
  { key, record: judged }: JudgedVersion,
  storageClass: string,
  { isStillWanted = () => true, signal }: ClassChangeOptions = {},
): Promise<ObjectRecord | undefined> {
  let placed: PlacedContent | undefined;
  try {
    placed = await placeContent(store, judged, storageClass, signal);
  } catch (error) {
    if (error instanceof ContentGoneError) return undefined;
    throw error;
  }
  let changed: ObjectRecord | undefined;
  try {
    changed = await commitClass(store, bucket, { key, record: judged }, storageClass, placed, isStillWanted);
  } finally {
    if (changed === undefined) await placed?.abandon();
  }
  return changed;
}

function commitClass(
  store: Store,
  bucket: BucketRecord,
  { key, record: judged }: JudgedVersion,
  storageClass: string,
  placed: PlacedContent | undefined,
  isStillWanted: NonNullable<ClassChangeOptions["isStillWanted"]>,
): Promise<ObjectRecord | undefined> {
  const versionId = judged.versionId ?? NULL_VERSION_ID;
  return withHistory(store, bucket, async (planned) => {
    const history = await rowsOfHistory(store, planned, key, [versionId]);
    const wanted = { committed: bucketRow(bucket.name), history };
    return transact(store, wanted, ({ committed, history: found }, at) => {
      const present = presentBucket(committed, bucket);
      const versions = new KeyHistory(planned, present, key, found, at);
      const record = versions.version(versionId);
      const isCurrent = record !== undefined && record === versions.current;
      if (record === undefined || !isSameVersion(record, judged) || !isStillWanted(record, present, isCurrent)) {
        return { changes: [], result: undefined };
      }
      const result = { ...record, storageClass, ...(placed !== undefined && { content: placed.location }) };
      versions.rewrite(record, result);
      const moved = placed === undefined ? [] : [...placed.changes, ...releaseChanges(record.content, at)];
      return { changes: [...moved, ...versions.changes], result };
    });
  });
}

/** Whether this is still the version that was judged, with the same bytes in the same class. */
function isSameVersion(record: ObjectRecord, judged: ObjectRecord): boolean {
  return (
    record.sequence === judged.sequence &&
    record.versionId === judged.versionId &&
    record.lastModifiedMs === judged.lastModifiedMs &&
    record.etag === judged.etag &&
    record.storageClass === judged.storageClass &&
    !record.isDeleteMarker &&
    locationId(record) === locationId(judged)
  );
}

function locationId({ content }: ObjectRecord): string | undefined {
  return content.kind === "empty" ? undefined : content.id;
}
