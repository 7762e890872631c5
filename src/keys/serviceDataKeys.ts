import { createCipheriv, createDecipheriv, createHmac } from "node:crypto";
import type { EncryptionContext } from "./Keys.ts";
import type { BackingKey, KmsKey } from "./RingContent.ts";

/**
 * Data keys as the local key management service seals them:
 *
 * ```
 * 1 byte    the form of this: 1
 * 16 bytes  the key's id
 * 8 bytes   the backing key's id
 * 16 bytes  salt
 * 32 bytes  the data key, by AES-256-GCM under HMAC-SHA256(backing key, salt)
 * 16 bytes  tag; what stands before the data key and the encryption context are additional data
 * ```
 *
 * Each is sealed under a key of its own, so that a backing key may seal as many as it likes.
 */

const FORM = 1;
const KEY_ID_SIZE_BYTES = 16;
const BACKING_ID_SIZE_BYTES = 8;
/** How many random bytes the sealing of a data key takes as its salt. */
export const DATA_KEY_SALT_SIZE_BYTES = 16;
const HEAD_SIZE_BYTES: number = 1 + KEY_ID_SIZE_BYTES + BACKING_ID_SIZE_BYTES + DATA_KEY_SALT_SIZE_BYTES;
/** A data key has 32 bytes. */
export const DATA_KEY_SIZE_BYTES = 32;
const TAG_SIZE_BYTES = 16;
const SEALED_SIZE_BYTES: number = HEAD_SIZE_BYTES + DATA_KEY_SIZE_BYTES + TAG_SIZE_BYTES;
/** The key is used once. */
const NONCE: Buffer = Buffer.alloc(12);

/** Seals a data key under the newest backing key of a key. */
export function sealDataKey(key: KmsKey, dataKey: Buffer, context: EncryptionContext, salt: Buffer): Buffer {
  const backingKey = key.backingKeys.at(-1)!;
  const head = Buffer.concat([Buffer.of(FORM), idBytes(key.keyId), Buffer.from(backingKey.id, "hex"), salt]);
  const cipher = createCipheriv("aes-256-gcm", wrappingKey(backingKey, salt), NONCE);
  cipher.setAAD(Buffer.concat([head, canonicalContext(context)]));
  return Buffer.concat([head, cipher.update(dataKey), cipher.final(), cipher.getAuthTag()]);
}

/** The data key; `undefined` where this key never sealed it in this context. */
export function openDataKey(key: KmsKey, sealed: Buffer, context: EncryptionContext): Buffer | undefined {
  if (sealed.length !== SEALED_SIZE_BYTES || sealed[0] !== FORM) return undefined;
  if (!sealed.subarray(1, 1 + KEY_ID_SIZE_BYTES).equals(idBytes(key.keyId))) return undefined;
  const head = sealed.subarray(0, HEAD_SIZE_BYTES);
  const backingId = head.toString("hex", 1 + KEY_ID_SIZE_BYTES, HEAD_SIZE_BYTES - DATA_KEY_SALT_SIZE_BYTES);
  const backingKey = key.backingKeys.find(({ id }) => id === backingId);
  if (backingKey === undefined) return undefined;
  const wrapping = wrappingKey(backingKey, head.subarray(HEAD_SIZE_BYTES - DATA_KEY_SALT_SIZE_BYTES));
  const decipher = createDecipheriv("aes-256-gcm", wrapping, NONCE, { authTagLength: TAG_SIZE_BYTES });
  decipher.setAAD(Buffer.concat([head, canonicalContext(context)]));
  decipher.setAuthTag(sealed.subarray(SEALED_SIZE_BYTES - TAG_SIZE_BYTES));
  try {
    const opened = decipher.update(sealed.subarray(HEAD_SIZE_BYTES, SEALED_SIZE_BYTES - TAG_SIZE_BYTES));
    decipher.final();
    return opened;
  } catch {
    return undefined;
  }
}

/** An encryption context as bytes: the same for the same pairs, in whatever order they come. */
export function canonicalContext(context: EncryptionContext): Buffer {
  const pairs = Object.entries(context).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return Buffer.from(JSON.stringify(pairs));
}

function wrappingKey({ secret }: BackingKey, salt: Buffer): Buffer {
  return createHmac("sha256", Buffer.from(secret, "base64")).update(salt).digest();
}

function idBytes(keyId: string): Buffer {
  return Buffer.from(keyId.replaceAll("-", ""), "hex");
}
