import type { CipherGCM, KeyObject } from "node:crypto";
import { createHmac } from "node:crypto";
import type { Cipher } from "../records/ContentRecord.ts";
import type { DataKey } from "./DataKey.ts";
import { EncryptionDamagedError } from "./EncryptionDamagedError.ts";
import { beginGcm, derivedKey, freeBytes, NONCE_SIZE_BYTES, openGcmInto, TAG_SIZE_BYTES } from "./gcm.ts";

/**
 * How the bytes of a blob are encrypted: in chunks, so that a range touches only its own. A chunk's nonce is its number; the last one's tag is
 * masked, so that no other chunk passes for the end. docs/durability.md has all of it for who decrypts by hand.
 */

/** Bytes of a chunk as stored: exactly one of a blob file's, which is read and summed up at once. Measured: docs/durability.md. */
const STORED_CHUNK_SIZE_BYTES: number = 256 * 1024;

/** How blobs are encrypted that are written today. */
const CIPHERS: Readonly<Record<1 | 2, Cipher>> = { 1: cipherOf(1), 2: cipherOf(2) };

function cipherOf(layers: 1 | 2): Cipher {
  return { chunkSizeBytes: STORED_CHUNK_SIZE_BYTES - layers * TAG_SIZE_BYTES, layers };
}

/** How a blob is encrypted that is written with this key. */
export function cipherFor({ layers }: DataKey): Cipher {
  return CIPHERS[layers];
}

/** Bytes of a chunk as stored, unless it is the last. */
export function storedChunkSize({ chunkSizeBytes, layers }: Cipher): number {
  return chunkSizeBytes + layers * TAG_SIZE_BYTES;
}

/** Bytes of a blob that holds so many, as stored. */
export function storedSize(cipher: Cipher | undefined, sizeBytes: number): number {
  if (cipher === undefined) return sizeBytes;
  return sizeBytes + Math.ceil(sizeBytes / cipher.chunkSizeBytes) * cipher.layers * TAG_SIZE_BYTES;
}

/** What the bytes of one blob are encrypted with. */
export interface BlobKeys {
  readonly cipher: Cipher;
  /** Of each layer, the inner one first. */
  readonly layers: readonly KeyObject[];
}

/** The keys of a blob, which is known by the id it was first written under and by the number of the part that it is, 0 for none. */
export function blobKeys({ key, layers }: DataKey, cipher: Cipher, salt: string, partNumber: number): BlobKeys {
  const keyOf = (layer: number): KeyObject => derivedKey(key, `holdfast blob 1\n${layer}\n${partNumber}\n${salt}`);
  return { cipher, layers: layers === 1 ? [keyOf(1)] : [keyOf(1), keyOf(2)] };
}

/** Begins a chunk, the inner layer first. */
export function beginChunk({ layers }: BlobKeys, chunk: number): CipherGCM[] {
  const nonce = nonceOf(chunk);
  return layers.map((key) => beginGcm(key, nonce));
}

/** Encrypts more of a chunk: the result is to be freed. */
export function encryptMore(ciphers: readonly CipherGCM[], bytes: Uint8Array, from: number = 0): Buffer {
  let result = ciphers[from]!.update(bytes);
  for (const cipher of ciphers.slice(from + 1)) {
    const inner = result;
    result = cipher.update(inner);
    freeBytes(inner);
  }
  return result;
}

/** What stands behind the bytes of a chunk: the tags of its layers, the inner ones encrypted by the outer. */
export function endChunk(keys: BlobKeys, ciphers: readonly CipherGCM[], chunk: number, isLast: boolean): Buffer {
  const tags = ciphers.map((cipher, layer) => {
    cipher.final();
    const tag = cipher.getAuthTag();
    return layer === ciphers.length - 1 ? tag : encryptMore(ciphers, tag, layer + 1);
  });
  if (isLast) mask(tags.at(-1)!, keys, chunk);
  return tags.length === 1 ? tags[0]! : Buffer.concat(tags);
}

/**
 * Puts the bytes of a chunk to the front of `target`, which may be the memory of the stored ones, or memory in front of them. Returns how many
 * there are. Throws `EncryptionDamagedError`: nobody may see then what lies there.
 */
export function openChunk(keys: BlobKeys, stored: Buffer, chunk: number, isLast: boolean, target: Buffer): number {
  const nonce = nonceOf(chunk);
  let sealed = stored;
  for (let layer = keys.layers.length - 1; layer >= 0; layer--) {
    const end = sealed.length - TAG_SIZE_BYTES;
    const tag = sealed.subarray(Math.max(end, 0));
    if (isLast && layer === keys.layers.length - 1) mask(tag, keys, chunk);
    if (end < 0 || !openGcmInto(target, keys.layers[layer]!, nonce, sealed.subarray(0, end), tag)) {
      throw new EncryptionDamagedError(`encrypted chunk ${chunk} is not what was written`);
    }
    sealed = target.subarray(0, end);
  }
  return sealed.length;
}

function nonceOf(chunk: number): Buffer {
  const nonce = Buffer.alloc(NONCE_SIZE_BYTES);
  nonce.writeBigUInt64BE(BigInt(chunk), NONCE_SIZE_BYTES - 8);
  return nonce;
}

/** Lays over the tag of the last chunk what only who has the key knows; laid over it again, it is gone. */
function mask(tag: Buffer, { layers }: BlobKeys, chunk: number): void {
  const over = createHmac("sha256", layers.at(-1)!).update(`holdfast end 1\n${chunk}`).digest();
  for (let index = 0; index < TAG_SIZE_BYTES; index++) tag[index]! ^= over[index]!;
}
