import { setTimeout as sleep } from "node:timers/promises";
import type { Change } from "../store/metadata/MetadataEngine.ts";
import { deadBlobChanges } from "../store/objects/content.ts";
import type { DeadBlob } from "../store/records/blobRows.ts";
import { deadBlobRow, deadBlobs, namedBlobRow } from "../store/records/blobRows.ts";
import { completedUploadRow, completedUploads } from "../store/records/CompletedUploadRecord.ts";
import type { ContentRecord, Release } from "../store/records/ContentRecord.ts";
import { contentRow, releaseRow, releases } from "../store/records/ContentRecord.ts";
import { deletedBucketRow, deletedBuckets } from "../store/records/deletedBucketRows.ts";
import type { PartRecord } from "../store/records/PartRecord.ts";
import { partRow, partsOf } from "../store/records/PartRecord.ts";
import type { ReadLeaseRecord } from "../store/records/ReadLeaseRecord.ts";
import { readLeaseCodec, readLeaseRow, readLeases } from "../store/records/ReadLeaseRecord.ts";
import type { Row } from "../store/records/Row.ts";
import { isReadable, mark, perhaps, put, remove } from "../store/records/Row.ts";
import { settingKindsOf, settingRow } from "../store/records/SettingRecord.ts";
import { UnreadableRecordError } from "../store/records/UnreadableRecordError.ts";
import { abandonedUploadRow, abandonedUploads, uploadKeysOf } from "../store/records/UploadRecord.ts";
import { READ_LEASE_TERM_MS } from "../store/ReadLeases.ts";
import type { Store } from "../store/Store.ts";
import { readRows, transact } from "../store/transact.ts";
import type { WalkOptions } from "./pages.ts";
import { pages } from "./pages.ts";

/**
 * The collector: what commits have given up goes away here, beside requests, in small commits.
 *
 * An ended reference is counted down; content without references gives its blobs to the dead; the settings of deleted buckets go, and their uploads are
 * abandoned; the parts of abandoned uploads die; a dead blob is removed once no reader can still be at it, which leases in the
 * store say (`ReadLeases.ts`). What hangs on a record that cannot be read is told of and stays; the rest goes on. One collector works on
 * a store at a time: the server's first process.
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

/** Unreadable records told of between two lookings for completed uploads. */
const MAX_TOLD_RECORDS = 100;

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
  const told = new Set<string>();
  const telling = { ...options, onFailure: tellingOnce(options.onFailure, told) };
  let forgotAtMs = Number.NEGATIVE_INFINITY;
  while (!options.signal.aborted) {
    try {
      await collect(store, telling);
      // By S3's time, either way: whoever moves the clock sees uploads age at once.
      const nowMs = store.clock();
      if (Math.abs(nowMs - forgotAtMs) >= FORGET_INTERVAL_MS) {
        await forgetCompletedUploads(store, telling);
        forgotAtMs = nowMs;
        told.clear();
      }
    } catch (error) {
      options.onFailure("The collector's round ended early", error);
    }
    await pause(COLLECT_INTERVAL_MS, options.signal);
  }
}

/** Every round meets the same unreadable records: the log hears of each once until `told` is emptied, and of so many. */
function tellingOnce(onFailure: CollectorOptions["onFailure"], told: Set<string>): CollectorOptions["onFailure"] {
  return (what, cause) => {
    if (cause instanceof UnreadableRecordError) {
      if (told.size >= MAX_TOLD_RECORDS || told.has(cause.message)) return;
      told.add(cause.message);
    }
    onFailure(what, cause);
  };
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
  for await (const uploads of pages(store, completedUploads(BATCH_ROWS), walking(options))) {
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
type Endings = Map<string, readonly Release[]>;

async function endReferences(store: Store, options: CollectorOptions): Promise<number> {
  let ended = 0;
  for await (const queued of pages(store, releases(BATCH_ROWS), walking(options))) {
    for (const endings of await endingsByCommit(store, queued, options)) {
      if (options.signal.aborted) return ended;
      await countDown(store, endings);
      for (const one of endings.values()) ended += one.length;
      await rest(options);
    }
  }
  return ended;
}

/** What is queued, in commits of moderate size; those of one content go together. */
async function endingsByCommit(store: Store, queued: readonly Release[], options: CollectorOptions): Promise<readonly Endings[]> {
  const byContent = Map.groupBy(queued, ({ contentId }) => contentId);
  const { contents } = await readRows(store, { contents: [...byContent.keys()].map((id) => perhaps(contentRow(id))) });
  const commits: Endings[] = [];
  let blobs = BATCH_BLOBS;
  for (const [index, [id, ended]] of [...byContent].entries()) {
    const content = contents[index];
    if (content !== undefined && !isReadable(content)) {
      tellUnreadable(options, content);
      continue;
    }
    blobs += content?.segments.length ?? 0;
    if (blobs > BATCH_BLOBS || commits.length === 0) {
      commits.push(new Map());
      blobs = content?.segments.length ?? 0;
    }
    commits.at(-1)!.set(id, ended);
  }
  return commits;
}

async function countDown(store: Store, endings: Endings): Promise<void> {
  const ids = [...endings.keys()];
  const rows = [...endings.values()].flat().map(releaseRow);
  await transact(store, { contents: ids.map(contentRow), queued: rows }, ({ contents, queued }, { realNowMs }) => {
    // The time of death is that of the commit: a reader entered later finds no record any more.
    const changes: Change[] = rows.map(remove);
    let at = 0;
    for (const [index, id] of ids.entries()) {
      // Only rows that are still there count: nothing is counted down twice, whoever else is at work.
      const from = at;
      at += endings.get(id)!.length;
      const ended = queued.slice(from, at).filter((row) => row !== undefined).length;
      const content = contents[index];
      if (content !== undefined) changes.push(...contentChanges(id, content, ended, realNowMs));
    }
    return { changes, result: undefined };
  });
}

/** Content with fewer references, or its end. */
function contentChanges(id: string, record: ContentRecord, ended: number, diedAtMs: number): Change[] {
  const references = record.references - ended;
  if (references > 0) return [put(contentRow(id), { ...record, references })];
  return [remove(contentRow(id)), ...record.segments.flatMap(({ blob }) => deadBlobChanges(blob, id, diedAtMs))];
}

/** The settings of a deleted bucket go, and uploads that were under way in it are abandoned. */
async function emptyDeletedBuckets(store: Store, options: CollectorOptions): Promise<void> {
  for await (const buckets of pages(store, deletedBuckets(BATCH_ROWS), walking(options))) {
    for (const bucketId of buckets) {
      for (let more = true; more && !options.signal.aborted;) {
        const wanted = { uploads: uploadKeysOf(bucketId, BATCH_ROWS), kinds: settingKindsOf(bucketId, BATCH_ROWS) };
        more = await transact(store, wanted, ({ uploads, kinds }) => {
          const changes = uploads.flatMap(({ key, uploadId }): Change[] => [
            { key, value: undefined },
            mark(abandonedUploadRow(uploadId)),
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
  for await (const uploads of pages(store, abandonedUploads(BATCH_ROWS), walking(options))) {
    for (const uploadId of uploads) {
      let unreadable = 0;
      const onUnreadable = (error: UnreadableRecordError): void => {
        unreadable++;
        tellUnreadable(options, error);
      };
      for await (const parts of pages(store, partsOf(uploadId, BATCH_ROWS), { ...options, onUnreadable })) {
        await endParts(store, uploadId, parts);
        ended += parts.length;
        await rest(options);
      }
      // The upload's own row goes last, and stays as long as there is a part whose blob nobody knows.
      if (unreadable === 0 && !options.signal.aborted) await removeRows(store, [abandonedUploadRow(uploadId)]);
    }
  }
  return ended;
}

async function endParts(store: Store, uploadId: string, parts: readonly PartRecord[]): Promise<void> {
  const rows = parts.map(({ partNumber }) => partRow(uploadId, partNumber));
  await transact(store, { found: rows }, ({ found }, { realNowMs }) => {
    // Only what is still there dies: nothing dies twice, whoever else is at work.
    const changes = found.flatMap((part, index) => {
      if (part === undefined) return [];
      return [remove(rows[index]!), ...(part.blob === undefined ? [] : deadBlobChanges(part.blob, "", realNowMs))];
    });
    return { changes, result: undefined };
  });
}

/** What somebody may be reading, by the leases that have not ended. */
interface Readings {
  /** Contents that leases name. */
  readonly contents: ReadonlySet<string>;
  /** Since when somebody may be reading whatever died since; "now" if nobody is. */
  readonly sinceMs: number;
}

async function readings(store: Store, nowMs: number, options: CollectorOptions): Promise<Readings> {
  const contents = new Set<string>();
  let sinceMs = nowMs;
  const damaged: Row<ReadLeaseRecord>[] = [];
  const onUnreadable = (error: UnreadableRecordError, key: Uint8Array): void => {
    tellUnreadable(options, error);
    damaged.push({ key: Buffer.from(key), codec: readLeaseCodec });
  };
  for await (const leases of pages(store, readLeases(BATCH_ROWS), { ...options, onUnreadable })) {
    await forgetLeases(
      store,
      leases.filter(({ expiresAtMs }) => expiresAtMs <= nowMs),
    );
    for (const lease of leases) {
      if (lease.expiresAtMs <= nowMs) continue;
      for (const { id } of lease.contents) contents.add(id);
      sinceMs = Math.min(sinceMs, lease.readingSinceMs ?? nowMs);
    }
  }
  if (damaged.length === 0) return { contents, sinceMs };
  await mendLeases(store, damaged);
  return { contents, sinceMs: 0 };
}

/** Who holds a lease writes it anew each second. One that stays unreadable keeps everything for a term, for it may have named anything. */
async function mendLeases(store: Store, rows: readonly Row<ReadLeaseRecord>[]): Promise<void> {
  await transact(store, { leases: rows.map(perhaps) }, ({ leases }, { realNowMs }) => {
    const mended = { readingSinceMs: 0, contents: [], expiresAtMs: realNowMs + READ_LEASE_TERM_MS };
    const changes = rows.filter((_, index) => !isReadable(leases[index])).map((row) => put(row, mended));
    return { changes, result: undefined };
  });
}

/** Removes the leases of processes that died, unless they are alive after all. */
async function forgetLeases(store: Store, ended: readonly { readonly holder: string }[]): Promise<void> {
  if (ended.length === 0) return;
  const rows = ended.map(({ holder }) => readLeaseRow(holder));
  await transact(store, { leases: rows }, ({ leases }, { realNowMs }) => {
    const changes = rows.filter((_, index) => (leases[index]?.expiresAtMs ?? 0) <= realNowMs).map(remove);
    return { changes, result: undefined };
  });
}

async function removeDeadBlobs(store: Store, options: CollectorOptions): Promise<number> {
  // In this order: who reads what died a grace ago has its lease by now, and who starts later finds no record of it.
  const nowMs = store.realClock();
  const { contents, sinceMs } = await readings(store, nowMs, options);
  const isDue = ({ diedAtMs, contentId }: DeadBlob): boolean => {
    if (diedAtMs >= nowMs - DEAD_BLOB_GRACE_MS) return false;
    if (contentId === "") return true;
    return diedAtMs < sinceMs - DEAD_BLOB_GRACE_MS && (contentId === undefined || !contents.has(contentId));
  };
  let removed = 0;
  for await (const dead of pages(store, deadBlobs(BATCH_ROWS), walking(options))) {
    const due = await withoutNamed(store, dead.filter(isDue), options);
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

/** Those that no record names. A name beside a death means that a row of the queue is not as it was written: ids of blobs differ by little. */
async function withoutNamed(store: Store, dead: readonly DeadBlob[], options: CollectorOptions): Promise<readonly DeadBlob[]> {
  const { named } = await readRows(store, { named: dead.map(({ blob }) => namedBlobRow(blob)) });
  return dead.filter(({ blob }, index) => {
    if (named[index] === undefined) return true;
    tellUnreadable(options, new UnreadableRecordError(deadBlobRow(blob).key, "calls a blob dead that a record names"));
    return false;
  });
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

function walking(options: CollectorOptions): WalkOptions {
  return { signal: options.signal, onUnreadable: (error) => tellUnreadable(options, error) };
}

function tellUnreadable(options: CollectorOptions, error: UnreadableRecordError): void {
  options.onFailure("A record cannot be read; what hangs on it stays", error);
}

async function rest(options: CollectorOptions): Promise<void> {
  await (options.pause ?? pauseQuietly)(BATCH_PAUSE_MS, options.signal);
}

async function pauseQuietly(ms: number, signal: AbortSignal): Promise<void> {
  // An abort ends the pause; whoever paused looks at the signal next.
  await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
}
