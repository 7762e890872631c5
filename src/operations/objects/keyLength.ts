import { S3Error } from "../../errors/S3Error.ts";

/** Keys have at most this many bytes of UTF-8. */
export const MAX_KEY_SIZE_BYTES = 1024;

/** Whether no object can have the key. */
export function isKeyTooLong(key: string): boolean {
  return Buffer.byteLength(key) > MAX_KEY_SIZE_BYTES;
}

/** Refuses longer keys with KeyTooLongError. */
export function checkKeyLength(key: string): void {
  if (!isKeyTooLong(key)) return;
  const sizeBytes = Buffer.byteLength(key);
  throw new S3Error("KeyTooLongError", {
    details: [
      ["Size", String(sizeBytes)],
      ["MaxSizeAllowed", String(MAX_KEY_SIZE_BYTES)],
    ],
    explanation: `The key has ${sizeBytes} bytes of UTF-8; ${MAX_KEY_SIZE_BYTES} are possible, so use a shorter one.`,
  });
}
