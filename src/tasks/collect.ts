import { setTimeout as sleep } from "node:timers/promises";
import type { Change } from "../store/metadata/MetadataEngine.ts";
import { deadBlobChanges } from "../store/objects/content.ts";
import type { DeadBlob } from "../store/records/blobRows.ts";
import { deadBlobRow, deadBlobs } from "../store/records/blobRows.ts";
import { completedUploadRow, completedUploads } from "../store/records/CompletedUploadRecord.ts";
import type { ContentRecord, Release } from "../store/records/ContentRecord.ts";
import { contentRow, releaseRow, releases } from "../store/records/ContentRecord.ts";
import { deletedBucketRow, deletedBuckets } from "../store/records/deletedBucketRows.ts";
import { partRow, partsOf } from "../store/records/PartRecord.ts";
import { readLeaseRow, readLeases } from "../store/records/ReadLeaseRecord.ts";
import type { Row } from "../store/records/Row.ts";
import { put, remove } from "../store/records/Row.ts";
import { settingKindsOf, settingRow } from "../store/records/SettingRecord.ts";
import { abandonedUploadRow, abandonedUploads, uploadRow, uploadsOf } from "../store/records/UploadRecord.ts";
import type { Store } from "../store/Store.ts";
import { readRows, transact } from "../store/transact.ts";
import { pages } from "./pages.ts";

/**
 * The collector: what commits have given up goes away here, beside requests, in small commits.
 *
 * An ended reference is counted down; content without references gives its blobs to the dead; the settings of deleted buckets go, and their uploads are
 * abandoned; the parts of abandoned uploads die; a dead blob is removed once no reader can still be at it, which leases in the
 * store say (`ReadLeases.ts`). One collector works on a store at a time: the server's first process.
 */

/** How often the collector looks for work. */
export const COLLECT_INTERVAL_MS = 1000;

/** How often it looks for completed uploads to forget. */
const FORGET_INTERVAL_MS: number = 60 * 60 * 1000;

/** For this long a repeated CompleteMultipartUpload is answered as the first one was. */
export const COMPLETED_UPLOAD_KEPT_MS: number = 7 * 24 * 60 * 60 * 1000;

/**
 * A blob stays for this long after its death even without leases of readers: reads that end sooner need none, and longer ones have theirs by
 * then. Covers clocks of hosts that differ, and clocks that are set back, by less.
 */
export const DEAD_BLOB_GRACE_MS = 10_000;

/** Rows a commit of the collector deals with, so that no request waits long behind it. */
const BATCH_ROWS = 256;

/** Blobs that one commit may declare dead; a single object of more parts is still dealt with as one. */
const BATCH_BLOBS = 1024;

/** Rest between two commits. */
const BATCH_PAUSE_MS = 5;

/** Blobs removed at once. */
const REMOVALS_AT_ONCE = 4;

/** What the collector needs beside the store. */
export interface CollectorOptions {
  /** Ends the work after the commit under way. */
  readonly signal: AbortSignal;
  /** Hears of what failed and will be tried again: for the log. */
  readonly onFailure: (what: string, cause: unknown) => void;
  /** Rests for some milliseconds; by default a timer that keeps no process alive. */
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** What a round did. */
export interface CollectionReport {
  readonly referencesEnded: number;
  readonly partsEnded: number;
  readonly blobsRemoved: number;
}

/** Collects at intervals until `signal` is aborted; a failed round is reported and the next one tries again. */
export async function runCollector(store: Store, options: CollectorOptions): Promise<void> {
  const pause = options.pause ?? pauseQuietly;
  let forgetAtMs = store.clock();
  while (!options.signal.aborted) {
    try {
      await collect(store, options);
      if (store.clock() >= forgetAtMs) {
        await forgetCompletedUploads(store, options);
        forgetAtMs = store.clock() + FORGET_INTERVAL_MS;
      }
    } catch (error) {
      options.onFailure("The collector's round ended early", error);
    }
    await pause(COLLECT_INTERVAL_MS, options.signal);
  }
}

/** One round of the collector. Throws what the metadata engine throws; blobs that cannot be removed go to `onFailure`. */
export async function collect(store: Store, options: CollectorOptions): Promise<CollectionReport> {
  const referencesEnded = await endReferences(store, options);
  await emptyDeletedBuckets(store, options);
  const partsEnded = await endAbandonedParts(store, options);
  const blobsRemoved = await removeDeadBlobs(store, options);
  return { referencesEnded, partsEnded, blobsRemoved };
}

/** Forgets uploads completed longer than `COMPLETED_UPLOAD_KEPT_MS` ago. Resolves with how many. */
export async function forgetCompletedUploads(store: Store, options: CollectorOptions): Promise<number> {
  const keptSinceMs = store.clock() - COMPLETED_UPLOAD_KEPT_MS;
  let forgotten = 0;
  for await (const uploads of pages(store, completedUploads(BATCH_ROWS), options.signal)) {
    const old = uploads.filter(({ record }) => record.completedAtMs < keptSinceMs);
    await removeRows(
      store,
      old.map(({ uploadId }) => completedUploadRow(uploadId)),
    );
    forgotten += old.length;
    await rest(options);
  }
  return forgotten;
}

/** References that ended, by content. */
type Endings = ReadonlyMap<string, readonly Release[]>;

async function endReferences(store: Store, options: CollectorOptions): Promise<number> {
  let ended = 0;
  while (!options.signal.aborted) {
    const { queued } = await readRows(store, { queued: releases(BATCH_ROWS) });
    if (queued.length === 0) break;
    const endings = await fittingEndings(store, queued);
    await countDown(store, endings);
    for (const one of endings.values()) ended += one.length;
    await rest(options);
  }
  return ended;
}

/** As many of the queued as make a commit of moderate size; at least those of one content. */
async function fittingEndings(store: Store, queued: readonly Release[]): Promise<Endings> {
  const endings = Map.groupBy(queued, ({ contentId }) => contentId);
  const ids = [...endings.keys()];
  const { contents } = await readRows(store, { contents: ids.map(contentRow) });
  let blobs = 0;
  for (const [index, id] of ids.entries()) {
    blobs += contents[index]?.segments.length ?? 0;
    if (blobs > BATCH_BLOBS && index > 0) endings.delete(id);
  }
  return endings;
}

async function countDown(store: Store, endings: Endings): Promise<void> {
  const ids = [...endings.keys()];
  const rows = [...endings.values()].flat().map(releaseRow);
  await transact(store, { contents: ids.map(contentRow), queued: rows }, ({ contents, queued }, { nowMs }) => {
    // The time of death is that of the commit: a reader entered later finds no record any more.
    const changes: Change[] = rows.map(remove);
    let at = 0;
    for (const [index, id] of ids.entries()) {
      // Only rows that are still there count: nothing is counted down twice, whoever else is at work.
      const from = at;
      at += endings.get(id)!.length;
      const ended = queued.slice(from, at).filter((row) => row !== undefined).length;
      const content = contents[index];
      if (content !== undefined) changes.push(...contentChanges(id, content, ended, nowMs));
    }
    return { changes, result: undefined };
  });
}

/** Content with fewer references, or its end. */
function contentChanges(id: string, record: ContentRecord, ended: number, nowMs: number): Change[] {
  const references = record.references - ended;
  if (references > 0) return [put(contentRow(id), { ...record, references })];
  return [remove(contentRow(id)), ...record.segments.flatMap(({ blob }) => deadBlobChanges(blob, nowMs))];
}

/** The settings of a deleted bucket go, and uploads that were under way in it are abandoned. */
async function emptyDeletedBuckets(store: Store, options: CollectorOptions): Promise<void> {
  for await (const buckets of pages(store, deletedBuckets(BATCH_ROWS), options.signal)) {
    for (const bucketId of buckets) {
      for (let more = true; more && !options.signal.aborted;) {
        const wanted = { uploads: uploadsOf(bucketId, BATCH_ROWS), kinds: settingKindsOf(bucketId, BATCH_ROWS) };
        more = await transact(store, wanted, ({ uploads, kinds }) => {
          const changes = uploads.flatMap(({ key, uploadId }) => [
            remove(uploadRow(bucketId, key, uploadId)),
            put(abandonedUploadRow(uploadId), true),
          ]);
          changes.push(...kinds.map((kind) => remove(settingRow(bucketId, kind))));
          const isFull = uploads.length === BATCH_ROWS || kinds.length === BATCH_ROWS;
          // The bucket's own row goes last, with what is last of it.
          if (!isFull) changes.push(remove(deletedBucketRow(bucketId)));
          return { changes, result: isFull };
        });
        await rest(options);
      }
    }
  }
}

/** Every part still stored under an abandoned upload dies. */
async function endAbandonedParts(store: Store, options: CollectorOptions): Promise<number> {
  let ended = 0;
  for await (const uploads of pages(store, abandonedUploads(BATCH_ROWS), options.signal)) {
    for (const uploadId of uploads) {
      for (let more = true; more && !options.signal.aborted;) {
        const count = await transact(store, { parts: partsOf(uploadId, BATCH_ROWS) }, ({ parts }, { nowMs }) => {
          const changes = parts.flatMap(({ partNumber, blob }) => [
            remove(partRow(uploadId, partNumber)),
            ...(blob === undefined ? [] : deadBlobChanges(blob, nowMs)),
          ]);
          // The upload's own row goes last, with its last parts.
          if (parts.length < BATCH_ROWS) changes.push(remove(abandonedUploadRow(uploadId)));
          return { changes, result: parts.length };
        });
        ended += count;
        more = count === BATCH_ROWS;
        await rest(options);
      }
    }
  }
  return ended;
}

/** Since when somebody may be reading, by the leases that have not ended; "now" if nobody is. */
async function readingSince(store: Store, options: CollectorOptions): Promise<number> {
  // In this order: who reads what died a grace ago has its lease by now, and who starts later finds no record of it.
  const nowMs = store.clock();
  let sinceMs = nowMs;
  for await (const leases of pages(store, readLeases(BATCH_ROWS), options.signal)) {
    const ended = leases.filter(({ expiresAtMs }) => expiresAtMs <= nowMs);
    const held = leases.filter(({ expiresAtMs }) => expiresAtMs > nowMs);
    sinceMs = Math.min(sinceMs, ...held.map(({ readingSinceMs }) => readingSinceMs));
    await forgetLeases(store, ended);
  }
  return sinceMs;
}

/** Removes the leases of processes that died, unless they are alive after all. */
async function forgetLeases(store: Store, ended: readonly { readonly holder: string }[]): Promise<void> {
  if (ended.length === 0) return;
  const rows = ended.map(({ holder }) => readLeaseRow(holder));
  await transact(store, { leases: rows }, ({ leases }, { nowMs }) => {
    const changes = rows.filter((_, index) => (leases[index]?.expiresAtMs ?? 0) <= nowMs).map(remove);
    return { changes, result: undefined };
  });
}

async function removeDeadBlobs(store: Store, options: CollectorOptions): Promise<number> {
  const horizonMs = (await readingSince(store, options)) - DEAD_BLOB_GRACE_MS;
  let removed = 0;
  for await (const dead of pages(store, deadBlobs(BATCH_ROWS), options.signal)) {
    const due = dead.filter(({ diedAtMs }) => diedAtMs < horizonMs);
    const gone: Row<unknown>[] = [];
    for (let index = 0; index < due.length; index += REMOVALS_AT_ONCE) {
      await Promise.all(due.slice(index, index + REMOVALS_AT_ONCE).map((one) => removeBlob(store, one, gone, options)));
    }
    // Rows go after their blobs: a crash between the two repeats a removal, and never forgets one.
    await removeRows(store, gone);
    removed += gone.length;
    await rest(options);
  }
  return removed;
}

async function removeBlob(store: Store, { blob }: DeadBlob, gone: Row<unknown>[], options: CollectorOptions): Promise<void> {
  try {
    await store.blobs.remove(blob);
    gone.push(deadBlobRow(blob));
  } catch (error) {
    options.onFailure(`Blob ${blob} is dead and could not be removed; it will be tried again`, error);
  }
}

async function removeRows(store: Store, rows: readonly Row<unknown>[]): Promise<void> {
  if (rows.length === 0) return;
  await transact(store, {}, () => ({ changes: rows.map(remove), result: undefined }));
}

async function rest(options: CollectorOptions): Promise<void> {
  await (options.pause ?? pauseQuietly)(BATCH_PAUSE_MS, options.signal);
}

async function pauseQuietly(ms: number, signal: AbortSignal): Promise<void> {
  // An abort ends the pause; whoever paused looks at the signal next.
  await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
}
