import { chmod, mkdir, statfs } from "node:fs/promises";
import { join } from "node:path";
import { open } from "lmdb";
import type { RootDatabase } from "lmdb";
import type { Durability } from "../../durability.ts";
import { syncFolder } from "../../folder/durableFiles.ts";
import { StorageFullError } from "../../../errors/StorageFullError.ts";
import type {
  Change,
  Decision,
  Entry,
  KeyRange,
  MetadataEngine,
  Page,
  PagePlan,
  ReadResult,
  ReadSet,
} from "../MetadataEngine.ts";
import type { WriteLockHolder } from "../WriteLockHolder.ts";
import { pageOf } from "../local/pageOf.ts";
import { pooledCopy } from "../local/pooledCopy.ts";
import { allowExit, forbidExit } from "./exits.ts";
import { INDEX_FILE, INDEX_LOCK_FILE } from "./indexFile.ts";
import { LmdbCursor, MAX_KEY_SIZE_BYTES } from "./LmdbCursor.ts";
import { ByteKeys } from "./nativeCursors.ts";
import { WriteLockWatch } from "./WriteLockWatch.ts";

/** Decisions that share one commit, at most: other processes wait for the write lock that long. */
const MAX_DECISIONS_PER_COMMIT = 512;

/** Errors that mean "no room": ENOSPC, EDQUOT, EFBIG of the system, MDB_MAP_FULL and MDB_TXN_FULL of LMDB. */
const FULL_CODES: ReadonlySet<unknown> = new Set([28, 122, 27, -30_792, -30_788]);
/** EIO: a failing disk, but also what LMDB makes of a write that found room for its first bytes only. */
const IO_ERROR_CODE = 5;
/** With less than this free, a write cut short is taken for a full disk. */
const NEARLY_FULL_SIZE_BYTES = 16 * 1024 * 1024;

const DEFAULT_MAP_SIZE_BYTES = 256 * 1024 ** 3;

/** How an LMDB index is opened. */
export interface LmdbOptions {
  /** The folder that holds `data.mdb` and `lock.mdb`; made if missing. */
  readonly path: string;
  readonly durability: Durability;
  /** Address space set aside for the file, in bytes; costs no memory. Beyond it the map grows, which is slower. Default: 256 GiB. */
  readonly mapSizeBytes?: number;
  /** Hears once a second of a process that has held the write lock for longer than a second, while the index opens and afterwards. */
  readonly onLockHeld?: ((holder: WriteLockHolder) => void) | undefined;
}

/** A call of `transact` waiting for its commit. */
interface PendingDecision {
  readonly readSet: ReadSet;
  readonly decide: (records: ReadResult) => Decision<unknown>;
  readonly resolve: (result: never) => void;
  readonly reject: (reason: unknown) => void;
  /** What becomes of the call once the commit has succeeded. */
  outcome: { readonly result: unknown } | { readonly refusal: unknown } | undefined;
}

/**
 * The index in one LMDB environment, which several processes may have open at once.
 *
 * Reads are synchronous, each from a snapshot taken for it, so that they see what any process committed before. Decisions that wait
 * together run in one write transaction and share its syncs; while it is written, the next ones gather. LMDB's own commit order is
 * used, without lmdb-js's overlapping syncs: data pages are synced, then the page that makes them current, then the promise resolves.
 *
 * `written` leaves out the second sync. The first stays: without it, LMDB may find pages of several commits mixed after a power cut,
 * and lose far more than the last seconds.
 */
export class LmdbMetadataEngine implements MetadataEngine {
  readonly #database: RootDatabase<Uint8Array, Uint8Array>;
  readonly #path: string;
  readonly #keyBuffer: Buffer;
  readonly #lockWatch: WriteLockWatch;
  #waiting: PendingDecision[] = [];
  #committing: Promise<void> | undefined;
  #closed = false;

  private constructor(
    path: string,
    database: RootDatabase<Uint8Array, Uint8Array>,
    keyBuffer: Buffer,
    lockWatch: WriteLockWatch,
  ) {
    this.#path = path;
    this.#database = database;
    this.#keyBuffer = keyBuffer;
    this.#lockWatch = lockWatch;
  }

  /**
   * Opens or creates an index; clears what crashed readers left behind. Waits for as long as another process holds the write lock and
   * does not move. Throws what the file system or LMDB throws.
   */
  static async open(options: LmdbOptions): Promise<LmdbMetadataEngine> {
    await mkdir(options.path, { recursive: true, mode: 0o700 });
    const lockWatch = new WriteLockWatch(options.path, options.onLockHeld);
    try {
      // Opening takes the lock once, and would wait for it on this thread, which says meanwhile what the start waits for.
      await lockWatch.untilMoving();
      const keys = new ByteKeys();
      const database = openDatabase(options, keys);
      // LMDB makes them for a group, too.
      for (const name of [INDEX_FILE, INDEX_LOCK_FILE]) await chmod(join(options.path, name), 0o600);
      // The new files' names must be as durable as what is written into them.
      await syncFolder(options.path);
      lockWatch.start();
      return new LmdbMetadataEngine(options.path, database, keys.keyBuffer(database), lockWatch);
    } catch (cause) {
      lockWatch.close();
      throw cause;
    }
  }

  read(readSet: ReadSet): ReadResult {
    this.#takeSnapshot();
    return this.#readCurrent(readSet);
  }

  page(plan: PagePlan): Page {
    this.#takeSnapshot();
    using cursor = new LmdbCursor(this.#database, this.#keyBuffer);
    return pageOf(cursor, plan);
  }

  transact<Result>(readSet: ReadSet, decide: (records: ReadResult) => Decision<Result>): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      if (this.#closed) throw new Error(`the index in ${this.#path} is closed`);
      this.#waiting.push({ readSet, decide, resolve, reject, outcome: undefined });
      this.#committing ??= this.#commitWaiting();
    });
  }

  statistics(): { readonly sizeBytes: number; readonly entries: number } {
    const figures = this.#database.getStats() as { root: { pageSize: number }; lastPageNumber: number; entryCount: number };
    return { sizeBytes: (figures.lastPageNumber + 1) * figures.root.pageSize, entries: figures.entryCount };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#committing;
    await this.#database.close();
    this.#lockWatch.close();
  }

  /** lmdb-js keeps one snapshot for a turn of the event loop; another process may have committed since, and said so to its client. */
  #takeSnapshot(): void {
    this.#database.resetReadTxn();
  }

  /** Reads from the snapshot, or, inside a commit, from the commit. */
  #readCurrent(readSet: ReadSet): ReadResult {
    return {
      values: readSet.keys.map((key) => this.#value(key)),
      ranges: (readSet.ranges ?? []).map((range) => this.#range(range, range.limit)),
    };
  }

  #value(key: Uint8Array): Uint8Array | undefined {
    if (key.length > MAX_KEY_SIZE_BYTES) return undefined;
    const found = this.#database.getBinaryFast(key);
    return found === undefined ? undefined : pooledValue(found);
  }

  #range({ start, end }: KeyRange, limit: number): Entry[] {
    const found: Entry[] = [];
    using cursor = new LmdbCursor(this.#database, this.#keyBuffer);
    let more = limit > 0 && cursor.seek(start, end);
    while (more) {
      found.push({ key: cursor.key, value: cursor.value });
      more = found.length < limit && cursor.next();
    }
    return found;
  }

  async #commitWaiting(): Promise<void> {
    while (this.#waiting.length > 0) {
      let batch: PendingDecision[] = [];
      try {
        forbidExit(this);
        // A child transaction, because only that can be undone when a change fails half-way.
        await this.#database.childTransaction(() => {
          batch = this.#waiting.splice(0, MAX_DECISIONS_PER_COMMIT);
          for (const pending of batch) pending.outcome = this.#decide(pending);
          // From here on the commit needs no JavaScript.
          allowExit(this);
        });
        for (const pending of batch) settle(pending);
      } catch (failure) {
        allowExit(this);
        const reason = await this.#explain(failure);
        if (batch.length === 0) batch = this.#waiting.splice(0);
        for (const pending of batch) pending.reject(reason);
      }
    }
    this.#committing = undefined;
  }

  /** Runs inside the commit. What it throws undoes the whole commit. */
  #decide({ readSet, decide }: PendingDecision): PendingDecision["outcome"] {
    let decision: Decision<unknown>;
    try {
      decision = decide(this.#readCurrent(readSet));
      checkKeys(decision.changes);
    } catch (refusal) {
      return { refusal };
    }
    for (const { key, value } of decision.changes) {
      if (value === undefined) this.#database.removeSync(key);
      else this.#database.putSync(key, value);
    }
    return { result: decision.result };
  }

  /** lmdb-js hides the cause of a failed commit behind a promise of it. */
  async #explain(failure: unknown): Promise<unknown> {
    const hidden = failure instanceof Error && "commitError" in failure ? failure.commitError : undefined;
    const cause: unknown = await Promise.resolve(hidden).then(
      () => failure,
      (reason: unknown) => reason,
    );
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    const full = FULL_CODES.has(code) || (code === IO_ERROR_CODE && (await this.#nearlyFull()));
    return full ? new StorageFullError(this.#path, { cause }) : cause;
  }

  async #nearlyFull(): Promise<boolean> {
    const { bavail, bsize } = await statfs(this.#path);
    return bavail * bsize < NEARLY_FULL_SIZE_BYTES;
  }
}

function openDatabase(options: LmdbOptions, keys: ByteKeys): RootDatabase<Uint8Array, Uint8Array> {
  return open<Uint8Array, Uint8Array>({
    path: options.path,
    noSubdir: false,
    encoder: { encode: (value: Uint8Array): Uint8Array => value, decode: pooledValue },
    keyEncoder: keys,
    mapSize: options.mapSizeBytes ?? DEFAULT_MAP_SIZE_BYTES,
    overlappingSync: false,
    // Decisions are gathered here; lmdb-js's own batches would also leave a rejection unhandled when a commit fails.
    eventTurnBatching: false,
    noMetaSync: options.durability === "written",
  });
}

function pooledValue(value: Buffer): Buffer {
  return pooledCopy(value, 0, value.length);
}

function settle({ outcome, resolve, reject }: PendingDecision): void {
  if (outcome !== undefined && "result" in outcome) resolve(outcome.result as never);
  else reject(outcome?.refusal);
}

/** Refuses a decision before its first change is made, not between two of them. */
function checkKeys(changes: readonly Change[]): void {
  for (const { key } of changes) {
    if (key.length > 0 && key.length <= MAX_KEY_SIZE_BYTES) continue;
    throw new RangeError(`a key has ${key.length} bytes; the index holds keys of 1 to ${MAX_KEY_SIZE_BYTES} bytes`);
  }
}
