import { setTimeout as sleep } from "node:timers/promises";
import { deadBlobChanges, decodeTimeOfDeath } from "../store/objects/content.ts";
import type { Change, Entry } from "../store/metadata/MetadataEngine.ts";
import {
  decodeCompletedUploadRecord,
  decodeContentRecord,
  decodePartRecord,
  decodeUploadRecord,
  encodeContentRecord,
} from "../store/records/codecs.ts";
import type { ContentRecord } from "../store/records/ContentRecord.ts";
import {
  abandonedKey,
  abandonedRange,
  completedRange,
  contentIdInReleaseKey,
  contentKey,
  deadRange,
  deletedBucketRange,
  nameInKey,
  partRange,
  releaseRange,
  uploadRange,
} from "../store/records/keys.ts";
import type { Store } from "../store/Store.ts";
import { pages } from "./pages.ts";

/**
 * The collector: what commits have given up goes away here, beside requests, in small commits.
 *
 * An ended reference is counted down; content without references gives its blobs to the dead; the uploads of deleted buckets are
 * abandoned; the parts of abandoned uploads die; a dead blob is removed once no reader can still be at it. One collector works on a
 * store at a time: the server's first process.
 */

/** How often the collector looks for work. */
export const COLLECT_INTERVAL_MS = 1000;

/** How often it looks for completed uploads to forget. */
const FORGET_INTERVAL_MS: number = 60 * 60 * 1000;

/** For this long a repeated CompleteMultipartUpload is answered as the first one was. */
export const COMPLETED_UPLOAD_KEPT_MS: number = 7 * 24 * 60 * 60 * 1000;

/**
 * A blob stays for this long after its death even without readers: it covers readers that were just being entered when it died, and
 * clocks that are set back by less.
 */
export const DEAD_BLOB_GRACE_MS = 1_000;

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
  /** When the oldest reader still at work began, over all processes of this server; `undefined` without readers. */
  readonly oldestReaderStartedAtMs: () => Promise<number | undefined>;
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
  await abandonUploads(store, options);
  const partsEnded = await endAbandonedParts(store, options);
  const blobsRemoved = await removeDeadBlobs(store, options);
  return { referencesEnded, partsEnded, blobsRemoved };
}

/** Forgets uploads completed longer than `COMPLETED_UPLOAD_KEPT_MS` ago. Resolves with how many. */
export async function forgetCompletedUploads(store: Store, options: CollectorOptions): Promise<number> {
  const keptSinceMs = store.clock() - COMPLETED_UPLOAD_KEPT_MS;
  let forgotten = 0;
  for await (const entries of pages(store.metadata, completedRange(), BATCH_ROWS, options.signal)) {
    const old = entries.filter(({ value }) => decodeCompletedUploadRecord(value).completedAtMs < keptSinceMs);
    await removeRows(store, old);
    forgotten += old.length;
    await rest(options);
  }
  return forgotten;
}

/** References that ended, by content, and the rows that say so. */
type Endings = ReadonlyMap<string, readonly Uint8Array[]>;

async function endReferences(store: Store, options: CollectorOptions): Promise<number> {
  let ended = 0;
  while (!options.signal.aborted) {
    const { ranges } = await store.metadata.read({ keys: [], ranges: [{ ...releaseRange(), limit: BATCH_ROWS }] });
    const rows = ranges[0] ?? [];
    if (rows.length === 0) break;
    const endings = await fittingEndings(store, rows);
    await countDown(store, endings);
    for (const keys of endings.values()) ended += keys.length;
    await rest(options);
  }
  return ended;
}

/** As many of the rows as make a commit of moderate size; at least those of one content. */
async function fittingEndings(store: Store, rows: readonly Entry[]): Promise<Endings> {
  const endings = new Map<string, Uint8Array[]>();
  for (const { key } of rows) {
    const id = contentIdInReleaseKey(key);
    const keys = endings.get(id);
    if (keys === undefined) endings.set(id, [key]);
    else keys.push(key);
  }
  const ids = [...endings.keys()];
  const { values } = await store.metadata.read({ keys: ids.map(contentKey) });
  let blobs = 0;
  for (const [index, id] of ids.entries()) {
    const value = values[index];
    blobs += value === undefined ? 0 : decodeContentRecord(value).segments.length;
    if (blobs > BATCH_BLOBS && index > 0) endings.delete(id);
  }
  return endings;
}

async function countDown(store: Store, endings: Endings): Promise<void> {
  const ids = [...endings.keys()];
  const rows = [...endings.values()].flat();
  await store.metadata.transact({ keys: [...ids.map(contentKey), ...rows] }, ({ values }) => {
    // The time of death is read inside the commit: a reader entered later finds no record any more.
    const nowMs = store.clock();
    const changes: Change[] = rows.map((key) => ({ key, value: undefined }));
    let at = ids.length;
    for (const [index, id] of ids.entries()) {
      // Only rows that are still there count: nothing is counted down twice, whoever else is at work.
      const from = at;
      at += endings.get(id)!.length;
      const ended = values.slice(from, at).filter((row) => row !== undefined).length;
      const value = values[index];
      if (value !== undefined) changes.push(...contentChanges(id, decodeContentRecord(value), ended, nowMs));
    }
    return { changes, result: undefined };
  });
}

/** Content with fewer references, or its end. */
function contentChanges(id: string, record: ContentRecord, ended: number, nowMs: number): Change[] {
  const references = record.references - ended;
  if (references > 0) return [{ key: contentKey(id), value: encodeContentRecord({ ...record, references }) }];
  return [{ key: contentKey(id), value: undefined }, ...record.segments.flatMap(({ blob }) => deadBlobChanges(blob, nowMs))];
}

/** Uploads that were under way in a deleted bucket are abandoned. */
async function abandonUploads(store: Store, options: CollectorOptions): Promise<void> {
  for await (const entries of pages(store.metadata, deletedBucketRange(), BATCH_ROWS, options.signal)) {
    for (const { key } of entries) {
      const range = { ...uploadRange(nameInKey(key)), limit: BATCH_ROWS };
      for (let more = true; more && !options.signal.aborted;) {
        more = await store.metadata.transact({ keys: [], ranges: [range] }, ({ ranges }) => {
          const uploads = ranges[0] ?? [];
          const changes = uploads.flatMap(uploadEnds);
          // The bucket's own row goes last, with its last uploads.
          if (uploads.length < BATCH_ROWS) changes.push({ key, value: undefined });
          return { changes, result: uploads.length === BATCH_ROWS };
        });
        await rest(options);
      }
    }
  }
}

function uploadEnds({ key, value }: Entry): Change[] {
  return [
    { key, value: undefined },
    { key: abandonedKey(decodeUploadRecord(value).uploadId), value: new Uint8Array() },
  ];
}

/** Every part still stored under an abandoned upload dies. */
async function endAbandonedParts(store: Store, options: CollectorOptions): Promise<number> {
  let ended = 0;
  for await (const entries of pages(store.metadata, abandonedRange(), BATCH_ROWS, options.signal)) {
    for (const { key } of entries) {
      const uploadId = nameInKey(key);
      for (let more = true; more && !options.signal.aborted;) {
        const parts = await store.metadata.transact(
          { keys: [], ranges: [{ ...partRange(uploadId), limit: BATCH_ROWS }] },
          ({ ranges }) => {
            const rows = ranges[0] ?? [];
            const changes = rows.flatMap((row) => partEnds(row, store.clock()));
            // The upload's own row goes last, with its last parts.
            if (rows.length < BATCH_ROWS) changes.push({ key, value: undefined });
            return { changes, result: rows.length };
          },
        );
        ended += parts;
        more = parts === BATCH_ROWS;
        await rest(options);
      }
    }
  }
  return ended;
}

function partEnds({ key, value }: Entry, nowMs: number): Change[] {
  const { blob } = decodePartRecord(value);
  return [{ key, value: undefined }, ...(blob === undefined ? [] : deadBlobChanges(blob, nowMs))];
}

async function removeDeadBlobs(store: Store, options: CollectorOptions): Promise<number> {
  // In this order: who starts to read after "now" finds no record of what was dead by then.
  const askedAtMs = store.clock();
  const oldestReaderMs = (await options.oldestReaderStartedAtMs()) ?? askedAtMs;
  const horizonMs = Math.min(oldestReaderMs, askedAtMs) - DEAD_BLOB_GRACE_MS;
  let removed = 0;
  for await (const entries of pages(store.metadata, deadRange(), BATCH_ROWS, options.signal)) {
    const due = entries.filter(({ value }) => decodeTimeOfDeath(value) < horizonMs);
    const gone: Entry[] = [];
    for (let index = 0; index < due.length; index += REMOVALS_AT_ONCE) {
      await Promise.all(due.slice(index, index + REMOVALS_AT_ONCE).map((entry) => removeBlob(store, entry, gone, options)));
    }
    // Rows go after their blobs: a crash between the two repeats a removal, and never forgets one.
    await removeRows(store, gone);
    removed += gone.length;
    await rest(options);
  }
  return removed;
}

async function removeBlob(store: Store, entry: Entry, gone: Entry[], options: CollectorOptions): Promise<void> {
  const blob = nameInKey(entry.key);
  try {
    await store.blobs.remove(blob);
    gone.push(entry);
  } catch (error) {
    options.onFailure(`Blob ${blob} is dead and could not be removed; it will be tried again`, error);
  }
}

async function removeRows(store: Store, entries: readonly Entry[]): Promise<void> {
  if (entries.length === 0) return;
  const changes = entries.map(({ key }) => ({ key, value: undefined }));
  await store.metadata.transact({ keys: [] }, () => ({ changes, result: undefined }));
}

async function rest(options: CollectorOptions): Promise<void> {
  await (options.pause ?? pauseQuietly)(BATCH_PAUSE_MS, options.signal);
}

async function pauseQuietly(ms: number, signal: AbortSignal): Promise<void> {
  // An abort ends the pause; whoever paused looks at the signal next.
  await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
}
