import type { Framing } from "./Framing.ts";
import { MAX_PIECE_SIZE_BYTES, wrongSize } from "./Framing.ts";

/** A body that was read before, as part of something else. */
export class BytesAtHand implements Framing {
  readonly #bytes: Buffer;
  readonly #sizeBytes: number;
  #position = 0;

  /** `sizeBytes`: as many as were announced. */
  constructor(bytes: Buffer, sizeBytes: number) {
    this.#bytes = bytes;
    this.#sizeBytes = sizeBytes;
  }

  next(): Promise<Buffer | undefined> {
    if (this.#bytes.length !== this.#sizeBytes) return Promise.reject(wrongSize(this.#sizeBytes, this.#bytes.length));
    if (this.#position === this.#bytes.length) return Promise.resolve(undefined);
    const piece = this.#bytes.subarray(this.#position, this.#position + MAX_PIECE_SIZE_BYTES);
    this.#position += piece.length;
    return Promise.resolve(piece);
  }

  trailer(): undefined {
    return undefined;
  }

  /** They are the collector's. */
  giveBack(): void {}

  close(): void {}
}
