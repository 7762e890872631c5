import type { FileHandle } from "node:fs/promises";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { systemCode } from "../../errors/systemCode.ts";
import { makeJournalFolder, removeOldSegments, segmentName } from "./segments.ts";

/** Lines wait together for this long, or until they fill a block. */
const FLUSH_INTERVAL_MS = 100;
const BLOCK_SIZE_BYTES: number = 256 * 1024;
/** When the disk does not keep up, or takes nothing, so many blocks wait; lines beyond that are dropped, and counted. */
const MAX_WAITING_BLOCKS = 32;
const MAX_BYTES_OF_CHARACTER = 3;
/** After so long, what a process was to write is written: what it waits for, and some time for a busy machine. */
export const SETTLING_MS: number = FLUSH_INTERVAL_MS * 3;
/** Where lines cannot be written, it is tried again after this. */
const RETRY_MS = 1_000;
/** The share of a journal that one segment takes, and one process is behind with. */
const SEGMENTS_FOR_EACH_WRITER = 8;
const LARGEST_USUAL_SEGMENT_SIZE_BYTES: number = 4 * 1024 * 1024;
/** Of larger journals, so that there are not more files than can be looked through. */
const MOST_SEGMENTS = 1_024;
/** A segment is begun anew so often within the time that records are kept. */
const SEGMENTS_FOR_AGE = 8;

const FILE_MODE = 0o600;
const NEW_LINE = 10;

/** Hears of what the operator may want to do something about. */
export type Warn = (facts: Readonly<Record<string, unknown>>, what: string) => void;

/** How a process writes its part of a journal. */
export interface SegmentWriterOptions {
  /** What the segments of all processes may take together. */
  readonly sizeBytes: number;
  /** Records are kept for this time. */
  readonly ageMs: number;
  /** Processes that write into the same folder at a time. */
  readonly writers: number;
  /** Real time, in milliseconds since 1970. */
  readonly clock: () => number;
  readonly warn: Warn;
}

/** Lines that wait together, written into memory that is there already: gathered as texts, they would cost as much again. */
interface Block {
  readonly bytes: Buffer;
  /** What is written of it. */
  start: number;
  end: number;
}

/** The segment that is being written. */
interface OpenSegment {
  readonly file: FileHandle;
  readonly beganMs: number;
  sizeBytes: number;
}

/**
 * Writes lines into segments of a folder, in batches, so that nobody waits for it. Nothing is synced. What cannot be written, for want of room or of the
 * folder, waits for better times as far as memory is meant for it, and disturbs nobody.
 */
export class SegmentWriter {
  readonly #folder: string;
  readonly #options: SegmentWriterOptions;
  readonly #segmentSizeBytes: number;
  /** What lines are added to. */
  #block: Block | undefined;
  /** Full ones that wait, and the one that is being written, or could not be. */
  #blocks: Block[] = [];
  /** One that has been written. */
  #spare: Buffer | undefined;
  #segment: OpenSegment | undefined;
  #segments = 0;
  #timer: NodeJS.Timeout | undefined;
  /** True while it is to be written what waits, without anybody's asking again. */
  #isDue = false;
  #isFailing = false;
  #dropped = 0;
  #closed = false;
  #written: Promise<void> = Promise.resolve();

  constructor(folder: string, options: SegmentWriterOptions) {
    const { sizeBytes, writers } = options;
    const largest = Math.max(LARGEST_USUAL_SEGMENT_SIZE_BYTES, sizeBytes / MOST_SEGMENTS);
    this.#folder = folder;
    this.#options = options;
    this.#segmentSizeBytes = Math.floor(Math.min(sizeBytes / (SEGMENTS_FOR_EACH_WRITER * writers), largest));
  }

  /** Lines that are lost. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Adds a line with its break. */
  add(line: string): void {
    const block = this.#closed ? undefined : this.#blockFor(line.length * MAX_BYTES_OF_CHARACTER);
    if (block === undefined) {
      this.#dropped += 1;
      return;
    }
    block.end += block.bytes.write(line, block.end);
    this.#timer ??= setTimeout(() => this.#flushSoon(), this.#isFailing ? RETRY_MS : FLUSH_INTERVAL_MS).unref();
  }

  /** Resolves once what was added before has been written, or could not be. */
  flush(): Promise<void> {
    this.#written = this.#written.then(() => this.#writeWaiting());
    return this.#written;
  }

  /** Writes what waits, if it can be written, and ends. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.flush();
    await this.#endSegment().catch(() => undefined);
  }

  /** A block with room for so much; `undefined` where too much waits. */
  #blockFor(sizeBytes: number): Block | undefined {
    const block = this.#block;
    if (block !== undefined) {
      if (block.end + sizeBytes <= block.bytes.length) return block;
      if (this.#blocks.length >= MAX_WAITING_BLOCKS) return undefined;
      this.#blocks.push(block);
      if (!this.#isFailing) this.#flushSoon();
    }
    const isLarge = sizeBytes > BLOCK_SIZE_BYTES;
    const bytes = (isLarge ? undefined : this.#spare) ?? Buffer.allocUnsafeSlow(isLarge ? sizeBytes : BLOCK_SIZE_BYTES);
    if (bytes === this.#spare) this.#spare = undefined;
    this.#block = { bytes, start: 0, end: 0 };
    return this.#block;
  }

  #flushSoon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    void this.flush();
  }

  async #writeWaiting(): Promise<void> {
    this.#isDue = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    try {
      await this.#writeBlocks();
      if (this.#block !== undefined) {
        this.#blocks.push(this.#block);
        this.#block = undefined;
        await this.#writeBlocks();
      }
      if (this.#isFailing) this.#options.warn({ dropped: this.#dropped }, "requests are recorded in the journal again");
      this.#isFailing = false;
    } catch (cause) {
      if (!this.#isFailing) this.#options.warn({ err: cause }, "requests cannot be recorded in the journal");
      this.#isFailing = true;
    }
  }

  async #writeBlocks(): Promise<void> {
    for (let block = this.#blocks[0]; block !== undefined; block = this.#blocks[0]) {
      while (block.start < block.end) await this.#writeOf(block);
      this.#blocks.shift();
      if (block.bytes.length === BLOCK_SIZE_BYTES) this.#spare = block.bytes;
    }
  }

  /** Writes as many lines of a block as the segment has room for. What could not be written is written again to the same place: nothing stands there twice. */
  async #writeOf(block: Block): Promise<void> {
    const segment = await this.#currentSegment();
    const room = this.#segmentSizeBytes - segment.sizeBytes;
    const rest = block.bytes.subarray(block.start, block.end);
    const sizeBytes = rest.length <= room ? rest.length : room <= 0 ? 0 : rest.lastIndexOf(NEW_LINE, room - 1) + 1;
    if (sizeBytes > 0) {
      await writeAll(segment.file, rest.subarray(0, sizeBytes), segment.sizeBytes);
      segment.sizeBytes += sizeBytes;
      block.start += sizeBytes;
    } else if (segment.sizeBytes > 0) {
      await this.#endSegment();
    } else {
      // No segment has room for that line.
      block.start += rest.indexOf(NEW_LINE) + 1;
      this.#dropped += 1;
    }
  }

  async #currentSegment(): Promise<OpenSegment> {
    const { clock, ageMs } = this.#options;
    const segment = this.#segment;
    if (segment !== undefined) {
      const isOld = clock() - segment.beganMs > ageMs / SEGMENTS_FOR_AGE;
      // Others may have removed it, for it was among the oldest, or all was to be forgotten.
      if (!isOld && (await segment.file.stat()).nlink > 0) return segment;
      await this.#endSegment();
    }
    return this.#beginSegment();
  }

  async #beginSegment(): Promise<OpenSegment> {
    const { sizeBytes, ageMs, writers, clock } = this.#options;
    const beganMs = clock();
    await makeJournalFolder(this.#folder);
    // Of what others are writing, the whole size counts before it is there.
    const kept = { sizeBytes: sizeBytes - writers * this.#segmentSizeBytes, sinceMs: beganMs - ageMs };
    await removeOldSegments(this.#folder, kept);
    for (;;) {
      this.#segments += 1;
      const path = join(this.#folder, segmentName(beganMs, process.pid, this.#segments));
      try {
        this.#segment = { file: await open(path, "wx", FILE_MODE), beganMs, sizeBytes: 0 };
        return this.#segment;
      } catch (error) {
        // A process of that number lived in that millisecond already: its file stays its own.
        if (systemCode(error) !== "EEXIST") throw error;
      }
    }
  }

  async #endSegment(): Promise<void> {
    const segment = this.#segment;
    this.#segment = undefined;
    await segment?.file.close();
  }
}

async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}
