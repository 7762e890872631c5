import { BoundedMap } from "../BoundedMap.ts";
import type { BucketRecord } from "../records/BucketRecord.ts";

/** Most settings of which the parsed form is kept, with or without a document behind them; the one that came first makes room. */
export const MAX_PARSED_SETTINGS = 1_000;

/** What documents of settings were parsed into, and of which revision of their bucket. */
interface ParsedSetting {
  readonly revision: number;
  readonly parsed: unknown;
}

/** What one process has parsed of buckets' settings; `parsedSetting` is how to ask. */
export class ParsedSettings {
  readonly #kept = new BoundedMap<string, ParsedSetting>(MAX_PARSED_SETTINGS);

  /** What is kept of this revision of the bucket, or of a later one. */
  find({ id, configurationRevision }: BucketRecord, kind: string): ParsedSetting | undefined {
    const kept = this.#kept.get(`${id} ${kind}`);
    return kept !== undefined && kept.revision >= configurationRevision ? kept : undefined;
  }

  /** Keeps what was read together with this very record of the bucket. */
  keep({ id, configurationRevision: revision }: BucketRecord, kind: string, parsed: unknown): void {
    const name = `${id} ${kind}`;
    // Reads may overtake each other.
    if ((this.#kept.get(name)?.revision ?? 0) > revision) return;
    this.#kept.set(name, { revision, parsed });
  }
}
