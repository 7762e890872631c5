import { S3Error } from "../../errors/S3Error.ts";

/** Keys have at most this many bytes of UTF-8. */
const MAX_KEY_SIZE_BYTES = 1024;

/** Refuses longer keys with KeyTooLongError. */
export function checkKeyLength(key: string): void {
  const sizeBytes = Buffer.byteLength(key);
  if (sizeBytes <= MAX_KEY_SIZE_BYTES) return;
  throw new S3Error("KeyTooLongError", {
    details: [
      ["Size", String(sizeBytes)],
      ["MaxSizeAllowed", String(MAX_KEY_SIZE_BYTES)],
    ],
    explanation: `The key has ${sizeBytes} bytes of UTF-8; ${MAX_KEY_SIZE_BYTES} are possible, so use a shorter one.`,
  });
}
