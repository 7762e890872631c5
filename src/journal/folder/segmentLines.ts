import type { FileHandle } from "node:fs/promises";
import { MAX_LINE_LENGTH } from "./recordLine.ts";

const PIECE_SIZE_BYTES: number = 256 * 1024;
const NEW_LINE = 10;
const NOTHING: Buffer = Buffer.alloc(0);

/** The lines of the first bytes of a segment in pieces, all from the last to the first; what stands behind the last line break is none. */
export async function* linesFromEnd(file: FileHandle, sizeBytes: number): AsyncGenerator<readonly string[]> {
  let end = sizeBytes;
  let behind: Buffer = NOTHING;
  while (end > 0) {
    const start = Math.max(end - PIECE_SIZE_BYTES, 0);
    const bytes = Buffer.concat([await bytesOf(file, start, end), behind]);
    end = start;
    // The line that begins in the piece before it is read with that.
    const first = start === 0 ? 0 : bytes.indexOf(NEW_LINE) + 1;
    if (first === 0 && start > 0) {
      // No line is so long: what has no break is damage.
      behind = bytes.length > MAX_LINE_LENGTH * MAX_BYTES_OF_CHARACTER ? NOTHING : bytes;
      continue;
    }
    behind = bytes.subarray(0, first);
    const lines = bytes.toString("utf8", first).split("\n");
    lines.pop();
    yield lines.toReversed();
  }
}

const MAX_BYTES_OF_CHARACTER = 3;

/** The whole lines from a place in a segment on, not more than a piece of them, and where the next ones begin. */
export async function linesFrom(
  file: FileHandle,
  position: number,
): Promise<{ readonly lines: readonly string[]; readonly position: number }> {
  const bytes = await bytesOf(file, position, position + MAX_PIECE_SIZE_BYTES);
  const end = bytes.lastIndexOf(NEW_LINE) + 1;
  // No line is so long: what has no break is damage.
  if (end === 0) return { lines: [], position: bytes.length === MAX_PIECE_SIZE_BYTES ? position + bytes.length : position };
  const lines = bytes.toString("utf8", 0, end).split("\n");
  lines.pop();
  return { lines, position: position + end };
}

/** Longer than any line. */
const MAX_PIECE_SIZE_BYTES: number = MAX_LINE_LENGTH * MAX_BYTES_OF_CHARACTER + 1;

/** Where the last whole line of the first bytes of a segment ends. */
export async function endOfLines(file: FileHandle, sizeBytes: number): Promise<number> {
  for (let end = sizeBytes; end > 0; end -= PIECE_SIZE_BYTES) {
    const start = Math.max(end - PIECE_SIZE_BYTES, 0);
    const last = (await bytesOf(file, start, end)).lastIndexOf(NEW_LINE);
    if (last !== -1) return start + last + 1;
  }
  return 0;
}

async function bytesOf(file: FileHandle, start: number, end: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(end - start);
  let size = 0;
  while (size < bytes.length) {
    const { bytesRead } = await file.read(bytes, size, bytes.length - size, start + size);
    if (bytesRead === 0) break;
    size += bytesRead;
  }
  return bytes.subarray(0, size);
}
