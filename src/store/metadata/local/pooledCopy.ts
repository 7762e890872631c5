/** Up to here copying byte by byte takes less time than the call that copies them all, in bytes. */
const SHORT_SIZE_BYTES = 48;

/**
 * Bytes that stay, of bytes that are overwritten by the next read, in Node's pool. Copies with a memory block of their own, as lmdb-js
 * makes them, cost several times as much.
 */
export function pooledCopy(bytes: Buffer, start: number, end: number): Buffer {
  const sizeBytes = end - start;
  const copy = Buffer.allocUnsafe(sizeBytes);
  if (sizeBytes > SHORT_SIZE_BYTES) bytes.copy(copy, 0, start, end);
  else for (let index = 0; index < sizeBytes; index++) copy[index] = bytes[start + index]!;
  return copy;
}
