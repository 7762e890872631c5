import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { FolderReader } from "./folder/FolderReader.ts";
import { recordLine } from "./folder/recordLine.ts";
import { JOURNAL_FOLDER } from "./folder/segments.ts";
import type { Warn } from "./folder/SegmentWriter.ts";
import { SegmentWriter, SETTLING_MS } from "./folder/SegmentWriter.ts";
import type { Journal, RequestFilter } from "./Journal.ts";
import type { RequestRecord } from "./RequestRecord.ts";
import type { RequestUnderWay } from "./RequestsUnderWay.ts";
import { RequestsUnderWay } from "./RequestsUnderWay.ts";

/**
 * So many records become lines together, or those that came within so many milliseconds: one after the other they find the code for it in the
 * processor's caches, and between requests they do not.
 */
const BATCH_RECORDS = 64;
const BATCH_MS = 20;

/** How a process keeps its part of the journal of a data folder. */
export interface FolderJournalOptions {
  /** What the records of all processes may take together. */
  readonly sizeBytes: number;
  /** Older ones are forgotten. */
  readonly ageMs: number;
  /** Processes that keep records in the same folder at a time. Default: 1. */
  readonly writers?: number;
  /** Has the others write what was answered before. Default: waits as long as they may take for that. */
  readonly settleOthers?: () => Promise<void>;
  /** Real time, in milliseconds since 1970. */
  readonly clock?: () => number;
  readonly warn?: Warn;
}

/**
 * A journal in a data folder: lines of JSON in segments that one process each writes, in batches, and everybody reads. Nothing is synced, so a
 * power cut may take the last moments, and the end of a process what waits for a tenth of a second.
 */
export class FolderJournal implements Journal {
  readonly #underWay = new RequestsUnderWay();
  #entered: RequestRecord[] = [];
  #timer: NodeJS.Timeout | undefined;
  readonly #writer: SegmentWriter;
  readonly #reader: FolderReader;
  readonly #settleOthers: () => Promise<void>;

  /** `dataFolder` is its path; what is missing in it is made with the first record. */
  constructor(dataFolder: string, options: FolderJournalOptions) {
    const { writers = 1, settleOthers, clock = Date.now, warn = () => undefined, ...bounds } = options;
    const folder = join(dataFolder, JOURNAL_FOLDER);
    this.#writer = new SegmentWriter(folder, { ...bounds, writers, clock, warn });
    this.#reader = new FolderReader(folder, { ageMs: bounds.ageMs, clock, settle: () => this.#settleAll() });
    this.#settleOthers = settleOthers ?? (async () => void (writers > 1 && (await sleep(SETTLING_MS))));
  }

  /** Records that are lost, because they could not be written for long. */
  get dropped(): number {
    return this.#writer.dropped;
  }

  watch(underWay: () => Iterable<RequestUnderWay>): void {
    this.#underWay.watch(underWay);
  }

  enter(record: RequestRecord, request?: RequestUnderWay): void {
    this.#entered.push(record);
    if (this.#entered.length >= BATCH_RECORDS) this.#makeLines();
    else this.#timer ??= setTimeout(() => this.#makeLines(), BATCH_MS).unref();
    if (request !== undefined) this.#underWay.recordOf(request);
  }

  /** Only those of this process: others are asked by `find`. */
  async settle(): Promise<void> {
    await this.#underWay.recorded();
    this.#makeLines();
    await this.#writer.flush();
  }

  find(filter: RequestFilter): Promise<RequestRecord[]> {
    return this.#reader.find(filter);
  }

  clear(): Promise<void> {
    return this.#reader.clear();
  }

  async close(): Promise<void> {
    await this.#underWay.recorded();
    this.#makeLines();
    await this.#writer.close();
  }

  #makeLines(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const record of this.#entered) this.#writer.add(recordLine(record));
    this.#entered = [];
  }

  async #settleAll(): Promise<void> {
    await Promise.all([this.settle(), this.#settleOthers()]);
  }
}
