import { StorageFullError } from "../errors/StorageFullError.ts";
import type { MetadataEngine } from "./metadata/MetadataEngine.ts";
import { readLeaseRow } from "./records/ReadLeaseRecord.ts";
import type { ReadLeaseRecord } from "./records/ReadLeaseRecord.ts";
import type { Row } from "./records/Row.ts";
import { put, remove } from "./records/Row.ts";

/** How often a process with readers looks at them. */
export const READ_LEASE_INTERVAL_MS = 1_000;

/** A lease that was not renewed for this long has ended: its process died, or does not get on. */
export const READ_LEASE_TERM_MS = 30_000;

/**
 * Contents that one lease names: 18 KiB of a row that is written once a second. Readers of further ones, those who began last, are covered by
 * the time they began alone, and with them everything that died since.
 */
export const MAX_NAMED_CONTENTS = 1_024;

const HOLDER_SIZE_BYTES = 10;

/** What leases need of their store. */
interface LeasedStore {
  readonly metadata: MetadataEngine;
  readonly clock: () => number;
  readonly randomBytes: (sizeBytes: number) => Buffer;
}

/** A read under way. */
interface Reader {
  readonly contentId: string;
  startedAtMs: number;
}

/**
 * Who in this process is reading, and the lease that tells the store of it.
 *
 * A blob that dies stays for a grace that is longer than most reads take (`tasks/collect.ts`). Reads that take longer than
 * {@link READ_LEASE_INTERVAL_MS} are covered by a lease: a row that names what they read, renewed at that interval as long as there are any.
 * So a read costs nothing, a long one a commit a second for all of its process, a client that stops reading keeps what it reads and
 * nothing else, and the collector asks the store and no process, wherever processes run. A lease ends by itself where its process
 * died. Who was frozen for longer than the lease lasts finds blobs gone: that is an error of the read, and never other bytes.
 */
export class ReadLeases {
  readonly #store: LeasedStore;
  readonly #readers = new Set<Reader>();
  #row: Row<ReadLeaseRecord> | undefined;
  #held = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(store: LeasedStore) {
    this.#store = store;
  }

  /** Enters a reader of a content; the returned function, called once at its end, takes it out again. */
  enter(contentId: string): () => void {
    const reader: Reader = { contentId, startedAtMs: this.#store.clock() };
    this.#readers.add(reader);
    this.#timer ??= setInterval(() => {
      // Who cannot renew is as one who died; the next try comes soon.
      this.renew().catch(() => undefined);
    }, READ_LEASE_INTERVAL_MS).unref();
    return () => void this.#readers.delete(reader);
  }

  /** How many readers are at work. */
  get count(): number {
    return this.#readers.size;
  }

  /** Brings the lease up to date: there for readers that have been at work for an interval, and gone without them. Rarely for others to call. */
  async renew(): Promise<void> {
    const nowMs = this.#store.clock();
    const lease = this.#leaseAt(nowMs);
    if (lease !== undefined) {
      this.#held = true;
      await this.#write(lease, nowMs);
    } else if (this.#held) {
      await this.#commit(remove);
      this.#held = false;
    }
    if (this.#readers.size === 0 && !this.#held) this.#rest();
  }

  /** Writes a lease. Where a full disk has no room for names, the time says all there is to say. */
  async #write(lease: ReadLeaseRecord, nowMs: number): Promise<void> {
    try {
      await this.#commit((row) => put(row, lease));
    } catch (failure) {
      if (!(failure instanceof StorageFullError)) throw failure;
      const [oldest] = this.#readers;
      const readingSinceMs = oldest?.startedAtMs ?? nowMs;
      await this.#commit((row) => put(row, { ...lease, readingSinceMs, contents: [] }));
    }
  }

  /** What there is to say of those who have been reading for an interval. */
  #leaseAt(nowMs: number): ReadLeaseRecord | undefined {
    const named = new Set<string>();
    let readingSinceMs: number | undefined;
    // In the order in which they began, the oldest first.
    for (const reader of this.#readers) {
      // Who began before the clock was set back is as old as the clock now.
      reader.startedAtMs = Math.min(reader.startedAtMs, nowMs);
      if (reader.startedAtMs > nowMs - READ_LEASE_INTERVAL_MS) continue;
      if (named.size < MAX_NAMED_CONTENTS) named.add(reader.contentId);
      else if (!named.has(reader.contentId)) readingSinceMs = Math.min(readingSinceMs ?? nowMs, reader.startedAtMs);
    }
    if (named.size === 0) return undefined;
    return { readingSinceMs, contents: Array.from(named, (id) => ({ id })), expiresAtMs: nowMs + READ_LEASE_TERM_MS };
  }

  /** Ends what is left; call when no read is under way. */
  async close(): Promise<void> {
    this.#rest();
    if (this.#held) await this.#commit(remove);
    this.#held = false;
  }

  #rest(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #commit(change: (row: Row<ReadLeaseRecord>) => ReturnType<typeof remove>): Promise<void> {
    this.#row ??= readLeaseRow(this.#store.randomBytes(HOLDER_SIZE_BYTES).toString("hex"));
    const changes = [change(this.#row)];
    await this.#store.metadata.transact({ keys: [] }, () => ({ changes, result: undefined }));
  }
}
