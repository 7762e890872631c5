import { presentBucket } from "../buckets/buckets.ts";
import { changeStorageClass } from "../objects/changeStorageClass.ts";
import type { HistoryRows } from "../objects/KeyHistory.ts";
import { KeyHistory } from "../objects/KeyHistory.ts";
import { rowsOfHistory, withHistory } from "../objects/objects.ts";
import { NULL_VERSION_ID } from "../objects/versionIds.ts";
import type { BucketRecord } from "../records/BucketRecord.ts";
import { bucketRow } from "../records/BucketRecord.ts";
import type { ObjectRecord } from "../records/ObjectRecord.ts";
import { mark, perhaps, remove } from "../records/Row.ts";
import type { UploadRecord } from "../records/UploadRecord.ts";
import { abandonedUploadRow, uploadRow } from "../records/UploadRecord.ts";
import { versionRow, versionsOfKey } from "../records/versionRows.ts";
import type { Store } from "../Store.ts";
import type { Records } from "../transact.ts";
import { transact } from "../transact.ts";
import type { Due, Noncurrency } from "./due.ts";
import { dueOfCurrent, dueOfLonelyMarker, dueOfNoncurrent } from "./due.ts";
import { abortionOf } from "./expirationOf.ts";
import type { Lifecycle } from "./LifecycleRule.ts";

/**
 * What is due, done: each key in a commit of its own, which decides again on what it finds there. What was overwritten, tagged, locked or
 * deleted since it was judged is judged anew, and rules that are not the bucket's any more do nothing.
 */

/** Whose lifecycle is carried out, and at what time of S3's. */
export interface LifecycleOrder {
  /** As it was when its lifecycle was read. */
  readonly bucket: BucketRecord;
  readonly lifecycle: Lifecycle;
  /** In milliseconds since 1970. */
  readonly nowMs: number;
}

/** Something that lifecycle did to a version, or did because of it. */
export interface Carried {
  readonly due: Due;
  /** What went, changed its class, or was covered. */
  readonly record: ObjectRecord;
  /** The delete marker that came. */
  readonly marker: ObjectRecord | undefined;
}

/** Thrown where a bucket's settings have changed since its lifecycle was read: read it anew. */
export class LifecycleChangedError extends Error {
  override readonly name = "LifecycleChangedError";
}

/** The bucket of an order, as a commit finds it. Throws NoSuchBucket and `LifecycleChangedError`. */
function unchangedBucket(committed: BucketRecord | undefined, { bucket }: LifecycleOrder): BucketRecord {
  const present = presentBucket(committed, bucket);
  if (present.configurationRevision !== bucket.configurationRevision) throw new LifecycleChangedError();
  return present;
}

/**
 * Expires the current object of a key, if that is due: it goes, or a delete marker comes on top of it. Resolves with what was done. Throws
 * NoSuchBucket and `LifecycleChangedError`, as all of these do.
 */
export function expireCurrent(store: Store, order: LifecycleOrder, key: string): Promise<Carried | undefined> {
  return onHistory(
    store,
    order,
    key,
    [],
    (history, bucket) => {
      const object = history.current;
      if (object === undefined) return undefined;
      const due = dueOfCurrent(order.lifecycle, bucket.versioning, key, object, order.nowMs);
      if (due === undefined || due.action === "changeClass") return undefined;
      if (bucket.versioning === undefined) history.clear();
      const marker = bucket.versioning === undefined ? undefined : history.addMarker(order.nowMs);
      return { due, record: object, marker };
    },
    {},
  );
}

/** Removes the delete marker that is all there is of a key, if that is due. */
export function removeLonelyMarker(
  store: Store,
  order: LifecycleOrder,
  key: string,
  marker: ObjectRecord,
): Promise<Carried | undefined> {
  const { id } = order.bucket;
  const more = { newest: versionsOfKey(id, key, 2) };
  return onHistory(
    store,
    order,
    key,
    [marker.versionId ?? NULL_VERSION_ID],
    (history, _, { newest }) => {
      const [record] = newest;
      if (history.current !== undefined || newest.length !== 1 || record!.sequence !== marker.sequence) return undefined;
      const due = dueOfLonelyMarker(order.lifecycle, key, record!, order.nowMs);
      if (due === undefined) return undefined;
      history.take(history.version(marker.versionId ?? NULL_VERSION_ID)!);
      return { due, record: record!, marker: undefined };
    },
    more,
  );
}

/** A noncurrent version that is to go, as it was judged. */
export interface JudgedNoncurrent {
  readonly record: ObjectRecord;
  readonly noncurrency: Noncurrency;
}

/**
 * Deletes noncurrent versions of one key for good, those of them that are still due. `witnesses` are places of versions that stay, and by which
 * the others were judged: their successors, and the newer ones that are kept. If any of them is not where it was, nothing is done.
 */
export async function deleteNoncurrent(
  store: Store,
  order: LifecycleOrder,
  key: string,
  judged: readonly JudgedNoncurrent[],
  witnesses: Witnesses,
): Promise<readonly Carried[]> {
  const { id } = order.bucket;
  const idOf = ({ record: { versionId } }: JudgedNoncurrent): string => versionId ?? NULL_VERSION_ID;
  const more = {
    noncurrent: witnesses.noncurrent.map((sequence) => perhaps(versionRow(id, key, sequence))),
    newer: witnesses.newer.map((sequence) => perhaps(versionRow(id, key, sequence))),
  };
  const done = await onHistory(
    store,
    order,
    key,
    judged.map(idOf),
    (history, _, { noncurrent, newer }) => {
      const isThere = (sequence: number, index: number): boolean =>
        newer[index] !== undefined || history.current?.sequence === sequence;
      if (noncurrent.includes(undefined) || !witnesses.newer.every(isThere)) return undefined;
      // Looked up before any is taken: whoever is below one that goes was judged with it there.
      const present = judged.map((one) => ({ ...one, found: history.version(idOf(one)) }));
      const carried: Carried[] = [];
      for (const { record, noncurrency, found } of present) {
        if (found?.sequence !== record.sequence || found === history.current) continue;
        const due = dueOfNoncurrent(order.lifecycle, key, found, noncurrency, order.nowMs);
        if (due?.action !== "deleteVersion") continue;
        history.take(found);
        carried.push({ due, record: found, marker: undefined });
      }
      return carried;
    },
    more,
  );
  return done ?? [];
}

/** Versions by which others were judged, by their places. */
export interface Witnesses {
  /** They were noncurrent, and counted as newer. */
  readonly noncurrent: readonly number[];
  /** They were on top of others, be it as the current object. */
  readonly newer: readonly number[];
}

/** Changes the class of a version, if that is due by what the commit finds. An abort of `signal` ends the copying of its bytes. */
export async function changeClass(
  store: Store,
  { bucket, lifecycle, nowMs }: LifecycleOrder,
  key: string,
  judged: ObjectRecord,
  due: Extract<Due, { readonly action: "changeClass" }>,
  noncurrency: Noncurrency | undefined,
  signal: AbortSignal,
): Promise<Carried | undefined> {
  const isStillWanted = (record: ObjectRecord, present: BucketRecord, isCurrent: boolean): boolean => {
    if (present.configurationRevision !== bucket.configurationRevision) throw new LifecycleChangedError();
    if (isCurrent !== (noncurrency === undefined)) return false;
    const again = isCurrent
      ? dueOfCurrent(lifecycle, present.versioning, key, record, nowMs)
      : dueOfNoncurrent(lifecycle, key, record, noncurrency!, nowMs);
    return again?.action === "changeClass" && again.storageClass === due.storageClass;
  };
  const record = await changeStorageClass(store, bucket, { key, record: judged }, due.storageClass, { isStillWanted, signal });
  return record === undefined ? undefined : { due, record, marker: undefined };
}

/** Aborts an upload, if that is due. Resolves with whether it was. */
export function abortOldUpload(store: Store, order: LifecycleOrder, { key, uploadId }: UploadRecord): Promise<boolean> {
  const row = uploadRow(order.bucket.id, key, uploadId);
  const wanted = { committed: bucketRow(order.bucket.name), upload: row };
  return transact(store, wanted, ({ committed, upload }) => {
    unchangedBucket(committed, order);
    const due = upload === undefined ? undefined : abortionOf(order.lifecycle, upload);
    if (due === undefined || due.atMs > order.nowMs) return { changes: [], result: false };
    return { changes: [remove(row), mark(abandonedUploadRow(uploadId))], result: true };
  });
}

type More = Parameters<typeof transact>[1];

/** Decides about one key on its history, and on further rows. */
function onHistory<Result, const Names extends More>(
  store: Store,
  order: LifecycleOrder,
  key: string,
  versionIds: readonly string[],
  decide: (history: KeyHistory, bucket: BucketRecord, more: Records<Names>) => Result | undefined,
  more: Names,
): Promise<Result | undefined> {
  return withHistory(store, order.bucket, async (planned) => {
    const rows: HistoryRows = await rowsOfHistory(store, planned, key, versionIds);
    const wanted = { committed: bucketRow(order.bucket.name), history: rows, more };
    return transact<typeof wanted, Result | undefined>(store, wanted, (found, at) => {
      const bucket = unchangedBucket(found.committed, order);
      const history = new KeyHistory(planned, bucket, key, found.history, at);
      const result = decide(history, bucket, found.more as Records<Names>);
      return { changes: history.changes, result };
    });
  });
}
