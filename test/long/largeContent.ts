import { createHash } from "node:crypto";

/** Content comes in pieces of this size. */
export const PIECE_SIZE_BYTES: number = 1024 * 1024;

/** A stream of `sizeBytes` whose content depends on its position, so that a swapped or lost piece shows. */
export function* pieces(sizeBytes: number): Generator<Buffer> {
  const piece = Buffer.alloc(PIECE_SIZE_BYTES);
  for (let offset = 0; offset < sizeBytes; offset += PIECE_SIZE_BYTES)
    yield fill(Buffer.from(piece), offset).subarray(0, sizeBytes - offset);
}

/** Writes into a piece where in the content it is. */
export function fill(piece: Buffer, offset: number): Buffer {
  for (let at = 0; at < piece.length; at += 4096) piece.writeDoubleLE(offset + at, at);
  return piece;
}

/** The SHA-1 of such content, in hexadecimal digits. */
export function hashOf(sizeBytes: number): string {
  const hash = createHash("sha1");
  for (const piece of pieces(sizeBytes)) hash.update(piece);
  return hash.digest("hex");
}
