import type { CipherGCM } from "node:crypto";
import type { Piece } from "../../protocol/Payload.ts";
import { lentBytes } from "../../protocol/Payload.ts";
import type { BlobWriter } from "../blobs/BlobEngine.ts";
import type { BlobKeys } from "./chunkCipher.ts";
import { beginChunk, encryptMore, endChunk } from "./chunkCipher.ts";
import { freeBytes, stepSize } from "./gcm.ts";

/** Encrypts what is written on its way to a blob. Its `finish` tells the size of what was given to it. */
export class EncryptingWriter implements BlobWriter {
  readonly id: string;
  readonly #blob: BlobWriter;
  readonly #keys: BlobKeys;
  #ciphers: readonly CipherGCM[] | undefined;
  #chunk = 0;
  /** Of the chunk under way. */
  #filledBytes = 0;
  #sizeBytes = 0;

  constructor(blob: BlobWriter, keys: BlobKeys) {
    this.id = blob.id;
    this.#blob = blob;
    this.#keys = keys;
  }

  async write(piece: Piece): Promise<void> {
    const { chunkSizeBytes } = this.#keys.cipher;
    for (let taken = 0; taken < piece.length;) {
      // Not before more follows: only then it is known not to be the last.
      if (this.#filledBytes === chunkSizeBytes) await this.#end(false);
      this.#ciphers ??= beginChunk(this.#keys, this.#chunk);
      const end = taken + stepSize(Math.min(chunkSizeBytes - this.#filledBytes, piece.length - taken));
      const encrypted = encryptMore(this.#ciphers, lentBytes(piece.subarray(taken, end)));
      await this.#blob.write(encrypted);
      // The blob has copied them.
      freeBytes(encrypted);
      this.#filledBytes += end - taken;
      this.#sizeBytes += end - taken;
      taken = end;
    }
  }

  async finish(): Promise<{ readonly id: string; readonly sizeBytes: number }> {
    try {
      if (this.#filledBytes > 0) await this.#end(true);
    } catch (error) {
      await this.abort();
      throw error;
    }
    const { id } = await this.#blob.finish();
    return { id, sizeBytes: this.#sizeBytes };
  }

  abort(): Promise<void> {
    return this.#blob.abort();
  }

  async #end(isLast: boolean): Promise<void> {
    await this.#blob.write(endChunk(this.#keys, this.#ciphers!, this.#chunk, isLast));
    this.#chunk += 1;
    this.#filledBytes = 0;
    this.#ciphers = undefined;
  }
}
