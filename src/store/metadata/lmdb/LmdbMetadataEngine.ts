import { statfsSync, statSync } from "node:fs";
import { chmod, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { open } from "lmdb";
import type { RootDatabase } from "lmdb";
import type { Durability } from "../../durability.ts";
import { syncFolder } from "../../folder/durableFiles.ts";
import type { Reserve } from "../../folder/Reserve.ts";
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
import { LEAN_GROWTH_BYTES } from "../leanGrowth.ts";
import { pageOf } from "../local/pageOf.ts";
import { pooledCopy } from "../local/pooledCopy.ts";
import { allowExit, forbidExit } from "./exits.ts";
import { INDEX_FILE, INDEX_LOCK_FILE } from "./indexFile.ts";
import { LmdbCursor, MAX_KEY_SIZE_BYTES } from "./LmdbCursor.ts";
import { ByteKeys } from "./nativeCursors.ts";
import { WriteLockWatch } from "./WriteLockWatch.ts";
import { systemCode } from "../../../errors/systemCode.ts";

/** Decisions that share one commit, at most: other processes wait for the write lock that long. */
const MAX_DECISIONS_PER_COMMIT = 512;

/** Errors that mean "no room": ENOSPC, EDQUOT, EFBIG of the system, MDB_MAP_FULL and MDB_TXN_FULL of LMDB. */
const FULL_CODES: ReadonlySet<unknown> = new Set([28, 122, 27, -30_792, -30_788]);
/** EIO: a failing disk, but also what LMDB makes of a write that found room for its first bytes only. */
const IO_ERROR_CODE = 5;
/** With less than this free, a write cut short is taken for a full disk. */
const NEARLY_FULL_SIZE_BYTES = 16 * 1024 * 1024;

/**
 * What a commit needs in fresh pages, at most but for rare cases: for itself, for each change beside the bytes it stores (its page and a
 * neighbour, written anew), and, as a share of the bytes it removes, for the list of the pages that they were in.
 */
const COMMIT_SIZE_BYTES: number = 128 * 1024;
const CHANGE_SIZE_BYTES: number = 2 * 4096;
const FREED_SHARE: number = 1 / 512;
/** With so much free, nobody counts what a commit needs: it is more than any. */
const ROOMY_SIZE_BYTES: number = 64 * 1024 * 1024;
/** For this long that is taken for granted: nobody fills so much meanwhile. */
const LOOK_INTERVAL_MS = 50;

/** The pages that say which state of the index is the newest. */
const META_PAGES = 2;

/** How an LMDB index is opened. */
export interface LmdbOptions {
  /** The folder that holds `data.mdb` and `lock.mdb`; made if missing. */
  readonly path: string;
  readonly durability: Durability;
  /** Address space set aside for the file, in bytes; costs no memory. Beyond it the map grows, which is slower. */
  readonly mapSizeBytes: number;
  /** Hears once a second of a process that has held the write lock for longer than a second, while the index opens and afterwards. */
  readonly onLockHeld?: ((holder: WriteLockHolder) => void) | undefined;
  /** What decisions that need no room in the end may use of a full disk; the others wait until it is whole. */
  readonly reserve?: IndexReserve;
}

type IndexReserve = Pick<Reserve, "missingBytes" | "refill" | "giveToCommit" | "growFile">;

/** What a decision does to the index, in bytes: how much larger it is afterwards, and the room that its commit needs. */
interface Weight {
  readonly growthBytes: number;
  readonly needBytes: number;
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
 * Every commit needs fresh pages, one that only removes as well: those that earlier commits freed, or more at the end of the file. On a
 * disk that is nearly full, the file is given room for a commit before LMDB writes, which must never find that there is none: lmdb-js 3.5.6
 * then writes its message behind the end of a buffer. Where there is not room for all, each decision goes into a commit of its own, so that
 * none fails because of another, and those that leave the index no larger have the reserve. Free pages count as reserve, too: an index
 * whose file cannot shrink would else refuse writes for good.
 *
 * `written` leaves out the second sync. The first stays: without it, LMDB may find pages of several commits mixed after a power cut,
 * and lose far more than the last seconds.
 */
export class LmdbMetadataEngine implements MetadataEngine {
  readonly #database: RootDatabase<Uint8Array, Uint8Array>;
  readonly #path: string;
  readonly #keyBuffer: Buffer;
  readonly #lockWatch: WriteLockWatch;
  readonly #file: string;
  readonly #reserve: IndexReserve | undefined;
  #wasRoomy = false;
  #waiting: PendingDecision[] = [];
  #committing: Promise<void> | undefined;
  #closed = false;

  private constructor(
    { path, reserve }: LmdbOptions,
    database: RootDatabase<Uint8Array, Uint8Array>,
    keyBuffer: Buffer,
    lockWatch: WriteLockWatch,
  ) {
    this.#path = path;
    this.#file = join(path, INDEX_FILE);
    this.#reserve = reserve;
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
      return new LmdbMetadataEngine(options, database, keys.keyBuffer(database), lockWatch);
    } catch (cause) {
      lockWatch.close();
      throw cause;
    }
  }

  read(readSet: ReadSet): ReadResult {
    this.#takeSnapshot();
    return this.#readCurrent(readSet);
  }

  pages(plans: readonly PagePlan[]): Page[] {
    this.#takeSnapshot();
    return plans.map((plan) => {
      using cursor = new LmdbCursor(this.#database, this.#keyBuffer);
      return pageOf(cursor, plan);
    });
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
      const failure = await this.#commit(() => {
        batch = this.#waiting.splice(0, MAX_DECISIONS_PER_COMMIT);
        if (this.#reserve === undefined || this.#isRoomy(this.#reserve)) for (const pending of batch) this.#decide(pending);
        else this.#decideTogether(batch, this.#reserve);
      });
      if (failure === undefined) {
        for (const pending of batch) settle(pending);
      } else if (failure instanceof StorageFullError) {
        for (const pending of batch) await this.#commitAlone(pending);
      } else {
        if (batch.length === 0) batch = this.#waiting.splice(0);
        for (const pending of batch) pending.reject(failure);
      }
    }
    this.#committing = undefined;
  }

  /** Whether whatever a commit may need is there, or was a moment ago. Runs inside the commit. */
  #isRoomy(reserve: IndexReserve): boolean {
    if (this.#wasRoomy) return true;
    this.#wasRoomy = reserve.refill() === 0 && freeBytesOfDisk(this.#path) >= ROOMY_SIZE_BYTES;
    if (this.#wasRoomy) setTimeout(() => (this.#wasRoomy = false), LOOK_INTERVAL_MS).unref();
    return this.#wasRoomy;
  }

  /** Runs inside the commit. Throws `StorageFullError` where there is not room for all of them, beside a whole reserve. */
  #decideTogether(batch: readonly PendingDecision[], reserve: IndexReserve): void {
    let needBytes = 0;
    for (const pending of batch) this.#decide(pending, (changes) => (needBytes += this.#weigh(changes).needBytes));
    if (reserve.refill() > 0 || !this.#hasRoomAtEnd(needBytes, reserve)) throw new StorageFullError(this.#path);
  }

  /** Commits a decision for itself, where there is not room for all; from the reserve, if it leaves the index no larger. */
  async #commitAlone(pending: PendingDecision): Promise<void> {
    const reserve = this.#reserve;
    const failure = await this.#commit(() =>
      this.#decide(pending, (changes) => {
        if (reserve !== undefined && !this.#makeRoom(this.#weigh(changes), reserve)) throw new StorageFullError(this.#path);
      }),
    );
    // Before anybody else takes what was given and not used.
    if (reserve !== undefined && reserve.missingBytes > 0) await this.#commit(() => void reserve.refill());
    if (failure === undefined) settle(pending);
    else pending.reject(failure);
  }

  /** Makes room for a decision at the end of the index's file. Runs inside the commit. Returns whether it may be tried. */
  #makeRoom({ growthBytes, needBytes }: Weight, reserve: IndexReserve): boolean {
    const missingBytes = reserve.refill();
    const isLean = growthBytes <= LEAN_GROWTH_BYTES;
    if (!isLean) {
      if (missingBytes === 0 && this.#hasRoomAtEnd(needBytes, reserve)) return true;
      // The pages that are free now are not so for this commit, if it was the last one that freed them.
      if (this.#freeBytes() < missingBytes + 2 * needBytes) return false;
    }
    while (!this.#hasRoomAtEnd(needBytes, reserve)) if (!reserve.giveToCommit()) return isLean;
    return true;
  }

  /** Whether the file has so much behind its last page, or can be given it. */
  #hasRoomAtEnd(sizeBytes: number, reserve: IndexReserve): boolean {
    const { lastPageNumber, root } = this.#statistics();
    return reserve.growFile(this.#file, (lastPageNumber + 1) * root.pageSize + sizeBytes);
  }

  /** What the index's file holds in free pages, those behind its last page included. */
  #freeBytes(): number {
    const { root, free } = this.#statistics();
    return statSync(this.#file).size - (META_PAGES + pagesOf(root) + pagesOf(free)) * root.pageSize;
  }

  #statistics(): LmdbStatistics {
    return this.#database.getStats() as LmdbStatistics;
  }

  /** Runs `work` inside a commit and commits. Resolves with what became of it: `undefined`, or why nothing has changed. */
  async #commit(work: () => void): Promise<unknown> {
    try {
      forbidExit(this);
      // A child transaction, because only that can be undone when a change fails half-way.
      await this.#database.childTransaction(() => {
        work();
        // From here on the commit needs no JavaScript.
        allowExit(this);
      });
      return undefined;
    } catch (failure) {
      allowExit(this);
      return this.#explain(failure);
    }
  }

  /** Runs inside the commit. What it throws undoes the whole commit; so does what `judge` throws, who sees the changes before they are made. */
  #decide(pending: PendingDecision, judge?: (changes: readonly Change[]) => void): void {
    let decision: Decision<unknown>;
    try {
      decision = pending.decide(this.#readCurrent(pending.readSet));
      checkKeys(decision.changes);
    } catch (refusal) {
      pending.outcome = { refusal };
      return;
    }
    judge?.(decision.changes);
    for (const { key, value } of decision.changes) {
      if (value === undefined) this.#database.removeSync(key);
      else this.#database.putSync(key, value);
    }
    pending.outcome = { result: decision.result };
  }

  #weigh(changes: readonly Change[]): Weight {
    // The last of several changes of a key counts.
    const last = new Map(changes.map((change) => [Buffer.from(change.key).toString("latin1"), change]));
    let growthBytes = 0;
    let needBytes = COMMIT_SIZE_BYTES;
    for (const { key, value } of last.values()) {
      const beforeBytes = sizeOf(key, this.#value(key));
      const afterBytes = sizeOf(key, value);
      growthBytes += afterBytes - beforeBytes;
      needBytes += CHANGE_SIZE_BYTES + afterBytes + beforeBytes * FREED_SHARE;
    }
    return { growthBytes, needBytes: Math.ceil(needBytes) };
  }

  /** lmdb-js hides the cause of a failed commit behind a promise of it. */
  async #explain(failure: unknown): Promise<unknown> {
    const hidden = failure instanceof Error && "commitError" in failure ? failure.commitError : undefined;
    const cause: unknown = await Promise.resolve(hidden).then(
      () => failure,
      (reason: unknown) => reason,
    );
    const code = systemCode(cause);
    const full = FULL_CODES.has(code) || (code === IO_ERROR_CODE && freeBytesOfDisk(this.#path) < NEARLY_FULL_SIZE_BYTES);
    return full ? new StorageFullError(this.#path, { cause }) : cause;
  }
}

function openDatabase(options: LmdbOptions, keys: ByteKeys): RootDatabase<Uint8Array, Uint8Array> {
  return open<Uint8Array, Uint8Array>({
    path: options.path,
    noSubdir: false,
    encoder: { encode: (value: Uint8Array): Uint8Array => value, decode: pooledValue },
    keyEncoder: keys,
    mapSize: options.mapSizeBytes,
    overlappingSync: false,
    // Decisions are gathered here; lmdb-js's own batches would also leave a rejection unhandled when a commit fails.
    eventTurnBatching: false,
    noMetaSync: options.durability === "written",
  });
}

/** What lmdb-js says of a tree of pages. */
interface TreeStatistics {
  readonly pageSize: number;
  readonly treeBranchPageCount: number;
  readonly treeLeafPageCount: number;
  readonly overflowPages: number;
}

/** What lmdb-js says of the index: its entries, and its free pages, which are in a tree as well. */
interface LmdbStatistics {
  readonly root: TreeStatistics;
  readonly free: TreeStatistics;
  readonly lastPageNumber: number;
}

function pagesOf({ treeBranchPageCount, treeLeafPageCount, overflowPages }: TreeStatistics): number {
  return treeBranchPageCount + treeLeafPageCount + overflowPages;
}

function sizeOf(key: Uint8Array, value: Uint8Array | undefined): number {
  return value === undefined ? 0 : key.length + value.length;
}

function freeBytesOfDisk(path: string): number {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
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
