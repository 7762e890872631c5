import type { Stats } from "node:fs";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { isNowhere, systemCode } from "../../errors/systemCode.ts";

/** The folder of a data folder where records are kept, in segments: files of lines that one process each has written. */
export const JOURNAL_FOLDER = "journal";

const FOLDER_MODE = 0o700;

/** When it was begun, by which process, and which of those of that millisecond it is. */
const SEGMENT_NAME = /^\d{8}T\d{9}Z-\d+-\d+\.jsonl$/;

/** A file of lines. */
export interface Segment {
  readonly name: string;
  readonly path: string;
  /** When its last line was written, in milliseconds since 1970. */
  readonly writtenMs: number;
  readonly sizeBytes: number;
}

/** What a segment is called. */
export function segmentName(beganMs: number, pid: number, count: number): string {
  return `${new Date(beganMs).toISOString().replaceAll(/[-:.]/g, "")}-${pid}-${count}.jsonl`;
}

/** The segments of a folder, those that were written last first; none where there is no folder. */
export async function segmentsOf(folder: string): Promise<Segment[]> {
  const names = await orNone(readdir(folder));
  const found: Segment[] = [];
  for (const name of names ?? []) {
    if (!SEGMENT_NAME.test(name)) continue;
    const path = join(folder, name);
    // Whoever begins a segment removes old ones.
    const stats: Stats | undefined = await orNone(stat(path));
    if (stats !== undefined) found.push({ name, path, writtenMs: stats.mtimeMs, sizeBytes: stats.size });
  }
  return found.toSorted((a, b) => b.writtenMs - a.writtenMs);
}

/** Makes the folder, not its parent: a data folder that was taken away does not come back. */
export async function makeJournalFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: FOLDER_MODE });
  } catch (error) {
    if (systemCode(error) !== "EEXIST") throw error;
  }
}

/** What segments may stay. */
export interface Bounds {
  /** What they may take together. */
  readonly sizeBytes: number;
  /** Those that were written last before go. */
  readonly sinceMs: number;
}

/** Removes the oldest segments of all processes, as many as it takes. Several processes may do so at once. */
export async function removeOldSegments(folder: string, { sizeBytes, sinceMs }: Bounds): Promise<void> {
  let sum = 0;
  for (const segment of await segmentsOf(folder)) {
    sum += segment.sizeBytes;
    if (sum > sizeBytes || segment.writtenMs < sinceMs) await rm(segment.path, { force: true });
  }
}

/** What is done with a file, or nothing where somebody has removed that. */
export async function orNone<Value>(work: Promise<Value>): Promise<Value | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isNowhere(error)) return undefined;
    throw error;
  }
}
