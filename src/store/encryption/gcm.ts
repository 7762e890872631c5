import type { CipherGCM, KeyObject } from "node:crypto";
import { createCipheriv, createDecipheriv, createHmac, createSecretKey } from "node:crypto";

/**
 * AES-256-GCM as everything here is encrypted with it: a key, a nonce that the key meets once, and a tag of 16 bytes behind the bytes, without
 * which nothing is believed.
 */
const ALGORITHM = "aes-256-gcm";

/** Bytes of every key. */
export const KEY_SIZE_BYTES = 32;
/** Bytes of a nonce. */
export const NONCE_SIZE_BYTES = 12;
/** Bytes that a layer adds to what is encrypted at once. */
export const TAG_SIZE_BYTES = 16;

/** Begins to encrypt. */
export function beginGcm(key: KeyObject, nonce: Buffer): CipherGCM {
  return createCipheriv(ALGORITHM, key, nonce);
}

/** The plaintext, in memory of its own; `undefined` where the tag does not fit. */
export function openGcm(key: KeyObject, nonce: Buffer, sealed: Buffer, tag: Buffer, bound?: Buffer): Buffer | undefined {
  const cipher = createDecipheriv(ALGORITHM, key, nonce);
  cipher.setAuthTag(tag);
  if (bound !== undefined) cipher.setAAD(bound);
  const opened = cipher.update(sealed);
  try {
    cipher.final();
  } catch {
    freeBytes(opened);
    return undefined;
  }
  return opened;
}

/** A key that follows from another one and a text. */
export function derivedKey(key: KeyObject, text: string): KeyObject {
  return createSecretKey(createHmac("sha256", key).update(text).digest());
}

/**
 * Gives memory back that a cipher has written into and nobody looks at any more. Left to the collector, each piece would need pages that the
 * system has to clear; given back, the next one gets the same, still in the processor's cache.
 */
export function freeBytes({ buffer, byteLength }: Buffer): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}
