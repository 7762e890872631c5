import type { FileHandle } from "node:fs/promises";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { systemCode } from "../../errors/systemCode.ts";
import { makeJournalFolder, removeOldSegments, segmentName } from "./segments.ts";

/** Lines wait together for this long, or until there are so many characters of them. */
const FLUSH_INTERVAL_MS = 100;
const FLUSH_LENGTH: number = 256 * 1024;
/** After so long, what a process was to write is written: what it waits for, and some time for a busy machine. */
export const SETTLING_MS: number = FLUSH_INTERVAL_MS * 3;
/** Where lines cannot be written, it is tried again after this. */
const RETRY_MS = 1_000;
/** When the disk does not keep up, or takes nothing, lines are dropped beyond this, and counted. */
const MAX_WAITING_LENGTH: number = 8 * 1024 * 1024;

/** The share of a journal that one segment takes, and one process is behind with. */
const SEGMENTS_FOR_EACH_WRITER = 8;
const LARGEST_USUAL_SEGMENT_SIZE_BYTES: number = 4 * 1024 * 1024;
/** Of larger journals, so that there are not more files than can be looked through. */
const MOST_SEGMENTS = 1_024;
/** A segment is begun anew so often within the time that records are kept. */
const SEGMENTS_FOR_AGE = 8;

const FILE_MODE = 0o600;
const NEW_LINE = 10;
const NOTHING: Buffer = Buffer.alloc(0);

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
  #waiting: string[] = [];
  #waitingLength = 0;
  /** What is being written, or could not be. */
  #rest: Buffer = NOTHING;
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
    if (this.#closed || this.#waitingLength > MAX_WAITING_LENGTH) {
      this.#dropped += 1;
      return;
    }
    this.#waiting.push(line);
    this.#waitingLength += line.length;
    if (this.#waitingLength >= FLUSH_LENGTH && !this.#isFailing) this.#flushSoon();
    else this.#timer ??= setTimeout(() => this.#flushSoon(), this.#isFailing ? RETRY_MS : FLUSH_INTERVAL_MS).unref();
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
      await this.#writeRest();
      if (this.#waiting.length > 0) {
        this.#rest = Buffer.from(this.#waiting.join(""));
        this.#waiting = [];
        this.#waitingLength = 0;
        await this.#writeRest();
      }
      if (this.#isFailing) this.#options.warn({ dropped: this.#dropped }, "requests are recorded in the journal again");
      this.#isFailing = false;
    } catch (cause) {
      if (!this.#isFailing) this.#options.warn({ err: cause }, "requests cannot be recorded in the journal");
      this.#isFailing = true;
    }
  }

  /** What could not be written is written again to the same place: nothing of it stands there twice. */
  async #writeRest(): Promise<void> {
    while (this.#rest.length > 0) {
      const segment = await this.#currentSegment();
      const room = this.#segmentSizeBytes - segment.sizeBytes;
      const end = this.#rest.length <= room ? this.#rest.length : room <= 0 ? 0 : this.#rest.lastIndexOf(NEW_LINE, room - 1) + 1;
      if (end > 0) {
        await writeAll(segment.file, this.#rest.subarray(0, end), segment.sizeBytes);
        segment.sizeBytes += end;
        this.#rest = this.#rest.subarray(end);
      } else if (segment.sizeBytes > 0) {
        await this.#endSegment();
      } else {
        // No segment has room for that line.
        this.#rest = this.#rest.subarray(this.#rest.indexOf(NEW_LINE) + 1);
        this.#dropped += 1;
      }
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
