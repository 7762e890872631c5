import type { Change, Decision, MetadataEngine, ReadResult, ReadSet, RememberingMetadataEngine } from "../MetadataEngine.ts";
import { PastEngine } from "./PastEngine.ts";

/** What was there is remembered for so long, in milliseconds, */
export const MAX_PAST_MS = 60_000;
/** of so many commits, */
export const MAX_PAST_COMMITS = 16_384;
/** and of so many bytes; beyond either, the past is shorter. */
export const MAX_PAST_SIZE_BYTES: number = 64 * 1024 * 1024;

/** What a commit changed, as it was before. */
interface Before {
  readonly atMs: number;
  sizeBytes: number;
  /** By key, each byte a character; `undefined` where there was nothing. */
  rows: ReadonlyMap<string, Uint8Array | undefined>;
}

/**
 * An index that can be read as it was a while ago: of each commit that goes through it, it remembers what the changed rows were before. Others'
 * commits, such as those of other processes, it does not know: what they changed is read as it is.
 */
export class RememberingEngine implements RememberingMetadataEngine {
  readonly #engine: MetadataEngine;
  readonly #clock: () => number;
  readonly #commits: Before[] = [];
  #sizeBytes = 0;

  /** `clock` is the one that the past is counted by. */
  constructor(engine: MetadataEngine, clock: () => number) {
    this.#engine = engine;
    this.#clock = clock;
  }

  read(readSet: ReadSet): ReturnType<MetadataEngine["read"]> {
    return this.#engine.read(readSet);
  }

  pages(plans: Parameters<MetadataEngine["pages"]>[0]): ReturnType<MetadataEngine["pages"]> {
    return this.#engine.pages(plans);
  }

  async transact<Result>(readSet: ReadSet, decide: (records: ReadResult) => Decision<Result>): Promise<Result> {
    let before: Before | undefined;
    try {
      return await this.#engine.transact(readSet, (records) => {
        const decision = decide(records);
        if (decision.changes.length > 0) {
          if (before === undefined) this.#enter((before = { atMs: this.#clock(), sizeBytes: 0, rows: new Map() }));
          this.#fill(before, decision.changes);
        }
        return decision;
      });
    } catch (failure) {
      // Nothing has changed.
      if (before !== undefined) this.#size(before, new Map(), 0);
      throw failure;
    }
  }

  statistics(): ReturnType<MetadataEngine["statistics"]> {
    return this.#engine.statistics();
  }

  close(): Promise<void> {
    this.#commits.length = 0;
    return this.#engine.close();
  }

  asOf(timeMs: number, commit: Pick<MetadataEngine, "transact">): MetadataEngine {
    const rows = new Map<string, Uint8Array | undefined>();
    for (let index = this.#commits.length - 1; index >= 0; index -= 1) {
      const before = this.#commits[index]!;
      if (before.atMs <= timeMs) break;
      for (const [key, value] of before.rows) rows.set(key, value);
    }
    return new PastEngine(this.#engine, rows, commit);
  }

  /** In the order in which they are decided, which is the one in which they take effect. */
  #enter(before: Before): void {
    this.#commits.push(before);
    const sinceMs = before.atMs - MAX_PAST_MS;
    let forgotten = 0;
    while (
      forgotten < this.#commits.length - 1 &&
      (this.#commits[forgotten]!.atMs < sinceMs ||
        this.#commits.length - forgotten > MAX_PAST_COMMITS ||
        this.#sizeBytes > MAX_PAST_SIZE_BYTES)
    ) {
      this.#size(this.#commits[forgotten]!, new Map(), 0);
      forgotten += 1;
    }
    if (forgotten > 0) this.#commits.splice(0, forgotten);
  }

  /** A decision may be made again; the last one counts. */
  #fill(before: Before, changes: readonly Change[]): void {
    const found = this.#engine.read({ keys: changes.map(({ key }) => key) });
    // An index that is elsewhere cannot be asked in the middle of a decision: it has no past.
    if (found instanceof Promise) return;
    const rows = new Map<string, Uint8Array | undefined>();
    let sizeBytes = 0;
    for (const [index, { key }] of changes.entries()) {
      const value = found.values[index];
      rows.set(Buffer.from(key.buffer, key.byteOffset, key.length).toString("latin1"), value);
      sizeBytes += key.length + (value?.length ?? 0);
    }
    this.#size(before, rows, sizeBytes);
  }

  #size(before: Before, rows: Before["rows"], sizeBytes: number): void {
    this.#sizeBytes += sizeBytes - before.sizeBytes;
    before.rows = rows;
    before.sizeBytes = sizeBytes;
  }
}
