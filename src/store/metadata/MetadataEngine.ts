/**
 * The port of the metadata engines: an ordered map of bytes with atomic transactions.
 *
 * Engines know nothing of S3. Keys are compared byte by byte; the first byte of a key names its table (`records/tables.ts`).
 * One suite (`test/store/metadata/metadata.suite.ts`) holds every engine to this contract.
 */

/** A value an engine returns at once when it can, and as a promise when it cannot. */
export type Soon<T> = T | Promise<T>;

/** Keys of at least `start` and below `end`. */
export interface KeyRange {
  readonly start: Uint8Array;
  readonly end: Uint8Array;
}

/** What a decision needs to see: single keys, and the first `limit` entries of ranges. */
export interface ReadSet {
  readonly keys: readonly Uint8Array[];
  readonly ranges?: readonly (KeyRange & { readonly limit: number })[];
}

/** A stored pair. */
export interface Entry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** The answer to a `ReadSet`: `values[i]` belongs to `keys[i]`, `ranges[i]` to `ranges[i]`. All from one moment. */
export interface ReadResult {
  readonly values: readonly (Uint8Array | undefined)[];
  readonly ranges: readonly (readonly Entry[])[];
}

/** One change of a commit; `value: undefined` removes the key. */
export interface Change {
  readonly key: Uint8Array;
  readonly value: Uint8Array | undefined;
}

/** What a decision wants: the changes to commit as one, and what to tell the caller. */
export interface Decision<Result> {
  readonly changes: readonly Change[];
  readonly result: Result;
}

/**
 * One page of an ordered index in which keys that share a prefix up to the delimiter fold into one item.
 * The engine seeks past a common prefix: a page costs the page, whatever the index holds.
 */
export interface PagePlan {
  /** Bytes before the part of the key that `prefix` and `delimiter` apply to: table byte and bucket id. */
  readonly base: Uint8Array;
  /** Only keys that continue `base` with these bytes. */
  readonly prefix: Uint8Array;
  /** Empty: nothing folds. */
  readonly delimiter: Uint8Array;
  /**
   * Start strictly after this key (relative to `base`), and after the whole common prefix that it is or lies under; empty: from the
   * beginning.
   */
  readonly after: Uint8Array;
  /** Most items, entries and common prefixes together. */
  readonly limit: number;
}

/** An item of a page: an entry, or a common prefix, its delimiter included. Both begin with `base`: whoever decodes them skips it. */
export type PageItem = { readonly key: Buffer; readonly value: Uint8Array } | { readonly commonPrefix: Buffer };

/** A page in byte order; `more` when at least one further item exists. */
export interface Page {
  readonly items: readonly PageItem[];
  readonly more: boolean;
}

/** An ordered map of bytes with atomic transactions; see the top of this file. Values handed out and taken in are never written to. */
export interface MetadataEngine {
  /** Reads from one consistent moment; sees every commit acknowledged before. */
  read(readSet: ReadSet): Soon<ReadResult>;
  /** Pages of indexes, in the order of their plans, all from one consistent moment. */
  pages(plans: readonly PagePlan[]): Soon<readonly Page[]>;
  /**
   * Reads, decides and commits as one: no other commit comes between. `decide` is pure and synchronous, may be called again when a
   * race was lost, and may throw: then nothing changes and the promise rejects with what it threw.
   * The promise resolves once the commit is as durable as the engine's durability setting says.
   */
  transact<Result>(readSet: ReadSet, decide: (records: ReadResult) => Decision<Result>): Promise<Result>;
  /** Bytes in use and entries, for metrics. */
  statistics(): Soon<{ readonly sizeBytes: number; readonly entries: number }>;
  /** Waits for what runs, then releases everything. */
  close(): Promise<void>;
}

/** Engines that remember for a while what commits have changed. */
export interface RememberingMetadataEngine extends MetadataEngine {
  /** The index as it was at a time, as far back as is remembered; `commit` is where its commits go. */
  asOf(timeMs: number, commit: Pick<MetadataEngine, "transact">): MetadataEngine;
}

/** Engines that can be copied in constant time (memory). */
export interface ForkableMetadataEngine extends MetadataEngine {
  fork(): ForkableMetadataEngine;
}
