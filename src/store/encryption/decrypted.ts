import type { Piece } from "../../protocol/Payload.ts";
import { lentBytes } from "../../protocol/Payload.ts";
import type { Cipher } from "../records/ContentRecord.ts";
import type { BlobKeys } from "./chunkCipher.ts";
import { openChunk, storedChunkSize, storedSize } from "./chunkCipher.ts";
import { EncryptionDamagedError } from "./EncryptionDamagedError.ts";

/** Which bytes of an encrypted blob are wanted, of how many. */
export interface WantedPlain {
  readonly start: number;
  readonly end: number;
  readonly sizeBytes: number;
}

/** The stored bytes of the chunks that hold the wanted ones. */
export function storedRange(cipher: Cipher, { start, end, sizeBytes }: WantedPlain): { start: number; end: number } {
  const stored = storedChunkSize(cipher);
  return {
    start: Math.floor(start / cipher.chunkSizeBytes) * stored,
    end: Math.min(Math.ceil(end / cipher.chunkSizeBytes) * stored, storedSize(cipher, sizeBytes)),
  };
}

/**
 * The wanted bytes of a blob, from the stored ones of {@link storedRange}, in whose memory they are put: a piece of whole chunks becomes one of
 * their bytes. Each chunk is proven before anything of it is yielded. Throws `EncryptionDamagedError`.
 */
export async function* decrypted(
  source: AsyncIterable<Piece>,
  keys: BlobKeys,
  { start, end, sizeBytes }: WantedPlain,
): AsyncGenerator<Piece, void, undefined> {
  const { chunkSizeBytes } = keys.cipher;
  const last = Math.ceil(sizeBytes / chunkSizeBytes) - 1;
  const range = storedRange(keys.cipher, { start, end, sizeBytes });
  let chunk = Math.floor(start / chunkSizeBytes);
  let left = range.end - range.start;
  const open = (stored: Buffer, target: Buffer): number => {
    left -= stored.length;
    const opened = openChunk(keys, stored, chunk, chunk === last, target);
    chunk += 1;
    return opened;
  };
  /** What is wanted of opened bytes, the first of which is the first of a chunk. */
  const wanted = (opened: Buffer, firstChunk: number): Buffer => {
    const offset = firstChunk * chunkSizeBytes;
    return opened.subarray(Math.max(start - offset, 0), Math.min(end - offset, opened.length));
  };
  let begun = NOTHING;
  for await (const piece of source) {
    const bytes = lentBytes(piece);
    let taken = 0;
    const next = (): number => Math.min(storedChunkSize(keys.cipher), left) - begun.length;
    if (begun.length > 0) {
      taken = Math.min(next(), bytes.length);
      const isWhole = taken === next();
      begun = Buffer.concat([begun, bytes.subarray(0, taken)]);
      if (!isWhole) continue;
      const stored = begun;
      begun = NOTHING;
      yield wanted(stored.subarray(0, open(stored, stored)), chunk - 1);
    }
    const first = chunk;
    const front = taken;
    let filled = front;
    for (; taken < bytes.length && next() <= bytes.length - taken;) {
      const stored = bytes.subarray(taken, taken + next());
      taken += stored.length;
      filled += open(stored, bytes.subarray(filled));
    }
    if (taken < bytes.length) begun = Buffer.from(bytes.subarray(taken));
    if (filled > front) yield wanted(bytes.subarray(front, filled), first);
  }
  if (left > 0) throw new EncryptionDamagedError(`encrypted chunk ${chunk} is missing`);
}

const NOTHING: Buffer = Buffer.alloc(0);

/** The same bytes, once the first of them are there: what is wrong with those is told before anybody reads. */
export async function begunWith(pieces: AsyncGenerator<Piece, void, undefined>): Promise<AsyncIterator<Piece>> {
  let first: IteratorResult<Piece, void> | undefined = await pieces.next();
  return {
    next() {
      const item = first;
      first = undefined;
      return item === undefined ? pieces.next() : Promise.resolve(item);
    },
    return: () => pieces.return(),
  } as AsyncIterator<Piece>;
}
