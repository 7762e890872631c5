import type { KeyObject } from "node:crypto";
import type { DataKey } from "./DataKey.ts";
import { EncryptionDamagedError } from "./EncryptionDamagedError.ts";
import { beginGcm, derivedKey, freeBytes, NONCE_SIZE_BYTES, openGcm, TAG_SIZE_BYTES } from "./gcm.ts";

/**
 * How the bytes of a small object are encrypted: at once, by the data key itself. Such an object has nothing else that this key would
 * encrypt, so the nonce is zero. The tag of each layer stands behind its bytes.
 */
const NONCE: Buffer = Buffer.alloc(NONCE_SIZE_BYTES);

/** Bytes that encryption adds to those of a small object. */
export function inlineOverhead(layers: 1 | 2 | undefined): number {
  return (layers ?? 0) * TAG_SIZE_BYTES;
}

/** Encrypts the bytes from `start` to `end` of a buffer, which has room behind them, where they are. Returns where they end now. */
export function encryptInline(dataKey: DataKey, buffer: Buffer, start: number, end: number): number {
  let behind = end;
  for (const key of keysOf(dataKey)) {
    const cipher = beginGcm(key, NONCE);
    const bytes = cipher.update(buffer.subarray(start, behind));
    cipher.final();
    bytes.copy(buffer, start);
    freeBytes(bytes);
    behind += cipher.getAuthTag().copy(buffer, behind);
  }
  return behind;
}

/** The bytes of a small object. Throws `EncryptionDamagedError`. */
export function openInline(dataKey: DataKey, stored: Buffer): Buffer {
  let opened: Buffer | undefined = stored;
  for (const key of keysOf(dataKey).toReversed()) {
    const end: number = opened.length - TAG_SIZE_BYTES;
    opened = end < 0 ? undefined : openGcm(key, NONCE, opened.subarray(0, end), opened.subarray(end));
    if (opened === undefined) throw new EncryptionDamagedError("the encrypted bytes are not what was written");
  }
  return opened;
}

function keysOf({ key, layers }: DataKey): readonly KeyObject[] {
  return layers === 1 ? [key] : [key, derivedKey(key, "holdfast inline 1\n2")];
}
