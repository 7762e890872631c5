/** The lowest byte string above everything that begins with `prefix`; `undefined` when nothing is (empty, or only 0xFF). */
export function successorOfPrefix(prefix: Uint8Array): Buffer | undefined {
  let size = prefix.length;
  while (size > 0 && prefix[size - 1] === 0xff) size--;
  if (size === 0) return undefined;
  const successor = Buffer.allocUnsafe(size);
  successor.set(prefix.subarray(0, size));
  successor[size - 1]! += 1;
  return successor;
}

/** The later of two keys. */
export function laterKey(one: Uint8Array, other: Uint8Array): Uint8Array {
  return Buffer.compare(one, other) < 0 ? other : one;
}
