import type { Piece } from "../../protocol/Payload.ts";
import { lentBytes } from "../../protocol/Payload.ts";
import type { Cipher } from "../records/ContentRecord.ts";
import type { BlobKeys } from "./chunkCipher.ts";
import { openChunk, storedChunkSize, storedSize } from "./chunkCipher.ts";
import { EncryptionDamagedError } from "./EncryptionDamagedError.ts";
import { freeBytes } from "./gcm.ts";

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
 * The wanted bytes of a blob, from the stored ones of {@link storedRange}: each chunk is proven before anything of it is yielded. Throws
 * `EncryptionDamagedError`.
 */
export async function* decrypted(
  source: AsyncIterable<Piece>,
  keys: BlobKeys,
  wanted: WantedPlain,
): AsyncGenerator<Piece, void, undefined> {
  const { start, end, sizeBytes } = wanted;
  const { chunkSizeBytes } = keys.cipher;
  const last = Math.ceil(sizeBytes / chunkSizeBytes) - 1;
  const range = storedRange(keys.cipher, wanted);
  let chunk = Math.floor(start / chunkSizeBytes);
  let left = range.end - range.start;
  const sizeOfNext = (): number => Math.min(storedChunkSize(keys.cipher), left);
  let begun = NOTHING;
  for await (const piece of source) {
    const bytes = lentBytes(piece);
    for (let taken = 0; taken < bytes.length;) {
      const missing = sizeOfNext() - begun.length;
      const part = bytes.subarray(taken, taken + missing);
      taken += part.length;
      // Engines hand out whole chunks; any other piece is kept until the rest has come.
      const stored = begun.length === 0 ? part : Buffer.concat([begun, part]);
      if (part.length < missing) {
        begun = Buffer.from(stored);
        break;
      }
      begun = NOTHING;
      left -= stored.length;
      const opened = openChunk(keys, stored, chunk, chunk === last);
      const offset = chunk * chunkSizeBytes;
      chunk += 1;
      yield opened.subarray(Math.max(start - offset, 0), Math.min(end - offset, opened.length));
      // Who asks for more is done with it. Who leaves may have a write under way, and keeps it.
      freeBytes(opened);
    }
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
