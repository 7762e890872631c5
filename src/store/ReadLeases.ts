import type { MetadataEngine } from "./metadata/MetadataEngine.ts";
import { readLeaseRow } from "./records/ReadLeaseRecord.ts";
import type { ReadLeaseRecord } from "./records/ReadLeaseRecord.ts";
import type { Row } from "./records/Row.ts";
import { put, remove } from "./records/Row.ts";

/** How often a process with readers looks at them. */
export const READ_LEASE_INTERVAL_MS = 1_000;

/** A lease that was not renewed for this long has ended: its process died, or does not get on. */
export const READ_LEASE_TERM_MS = 30_000;

const HOLDER_SIZE_BYTES = 10;

/** What leases need of their store. */
interface LeasedStore {
  readonly metadata: MetadataEngine;
  readonly clock: () => number;
  readonly randomBytes: (sizeBytes: number) => Buffer;
}

/** A read under way. */
interface Reader {
  startedAtMs: number;
}

/**
 * Who in this process is reading, and the lease that tells the store of it.
 *
 * A blob that dies stays for a grace that is longer than most reads take (`tasks/collect.ts`). Reads that take longer than
 * {@link READ_LEASE_INTERVAL_MS} are covered by a lease: a row that says since when the oldest of them has been at work, renewed at that
 * interval as long as there are any. So a read costs nothing, a long one a commit a second for all of its process, and the collector asks
 * the store and no process, wherever processes run. A lease ends by itself where its process died. Who was frozen for longer than the
 * lease lasts finds blobs gone: that is an error of the read, and never other bytes.
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

  /** Enters a reader; the returned function, called once at its end, takes it out again. */
  enter(): () => void {
    const reader: Reader = { startedAtMs: this.#store.clock() };
    this.#readers.add(reader);
    this.#timer ??= setInterval(() => {
      // Who cannot renew is as one who died; the next try comes soon.
      this.renew().catch(() => undefined);
    }, READ_LEASE_INTERVAL_MS).unref();
    return () => void this.#readers.delete(reader);
  }

  /** When the oldest reader still at work began, in milliseconds since 1970; `undefined` without readers. */
  oldestStartedAtMs(): number | undefined {
    let oldest: number | undefined;
    for (const { startedAtMs } of this.#readers) oldest = Math.min(startedAtMs, oldest ?? startedAtMs);
    return oldest;
  }

  /** Brings the lease up to date: there for readers that have been at work for an interval, and gone without them. Rarely for others to call. */
  async renew(): Promise<void> {
    const nowMs = this.#store.clock();
    // Who began before the clock was set back is as old as the clock now.
    for (const reader of this.#readers) reader.startedAtMs = Math.min(reader.startedAtMs, nowMs);
    const readingSinceMs = this.oldestStartedAtMs();
    if (readingSinceMs !== undefined && readingSinceMs <= nowMs - READ_LEASE_INTERVAL_MS) {
      this.#held = true;
      await this.#commit((row) => put(row, { readingSinceMs, expiresAtMs: nowMs + READ_LEASE_TERM_MS }));
    } else if (this.#held) {
      await this.#commit(remove);
      this.#held = false;
    }
    if (this.#readers.size === 0 && !this.#held) this.#rest();
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
