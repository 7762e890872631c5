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

/** The most that a cipher is given at once: input, output and the copy that Node makes of it stay in the processor's cache. */
const MAX_STEP_SIZE_BYTES: number = 86 * 1024;

/** Bytes of a page of memory. */
const PAGE_SIZE_BYTES = 4096;

/**
 * How many of so many bytes a cipher is given at once: not whole pages. Node has a cipher write into memory for one byte more, and copies that
 * to memory right behind it; and AMD's Zen 3 copies 16 times slower to a place that lies whole pages and a few bytes further on.
 */
export function stepSize(leftBytes: number): number {
  const step = Math.min(leftBytes, MAX_STEP_SIZE_BYTES);
  return step % PAGE_SIZE_BYTES === 0 ? step - PAGE_SIZE_BYTES / 2 : step;
}

/**
 * Puts the plaintext to the front of `target`, which may be the memory of `sealed`, or memory in front of it. False where the tag does not fit:
 * nobody may see then what lies there.
 */
export function openGcmInto(target: Buffer, key: KeyObject, nonce: Buffer, sealed: Buffer, tag: Buffer): boolean {
  const cipher = createDecipheriv(ALGORITHM, key, nonce);
  cipher.setAuthTag(tag);
  for (let start = 0; start < sealed.length;) {
    const opened = cipher.update(sealed.subarray(start, start + stepSize(sealed.length - start)));
    start += opened.copy(target, start);
    freeBytes(opened);
  }
  try {
    cipher.final();
  } catch {
    return false;
  }
  return true;
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
