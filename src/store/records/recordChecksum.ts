/**
 * The checksum of records: xxHash32. A page of a list verifies a thousand records, so it has to be cheap: with 33 bytes of key and 132 of
 * record it takes 60 ns here, a call of `zlib.crc32` for the record alone 270 and a CRC by table 590. Every step maps its four bytes
 * one to one, so that damage within four aligned bytes of a record is always found, a flipped bit among it; any other is overlooked
 * once in four thousand million times.
 * @see https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md
 */

const PRIME_1 = 0x9e3779b1 | 0;
const PRIME_2 = 0x85ebca77 | 0;
const PRIME_3 = 0xc2b2ae3d | 0;
const PRIME_4 = 0x27d4eb2f | 0;
const PRIME_5 = 0x165667b1 | 0;

const BLOCK_SIZE_BYTES = 16;

// Keys and records mostly lie in one pool: a view for each would cost as much as the sum.
let memoryOfKeys: ArrayBufferLike = new ArrayBuffer(0);
let viewOfKeys: DataView = new DataView(memoryOfKeys);
let memoryOfBytes: ArrayBufferLike = memoryOfKeys;
let viewOfBytes: DataView = viewOfKeys;

const paddedKey = Buffer.alloc(BLOCK_SIZE_BYTES);

/**
 * The checksum, as 32 bits, of bytes in the row with this key: xxHash32, its seed the size of the key, of the key in blocks of 16 bytes
 * followed by the bytes. The last block ends where the key does, and begins inside the block before; a shorter key is filled up with zeros.
 */
export function recordChecksum(key: Uint8Array, bytes: Uint8Array, start: number, end: number): number {
  const seed = key.length;
  // Four sums side by side: the processor works on one while it waits for the others.
  let one = (seed + PRIME_1 + PRIME_2) | 0;
  let two = (seed + PRIME_2) | 0;
  let three = seed;
  let four = (seed - PRIME_1) | 0;
  const name = seed < BLOCK_SIZE_BYTES ? padded(key) : key;
  if (name.buffer !== memoryOfKeys) {
    memoryOfKeys = name.buffer;
    viewOfKeys = new DataView(memoryOfKeys);
  }
  let view = viewOfKeys;
  let at = name.byteOffset;
  const lastOfKey = at + name.length - BLOCK_SIZE_BYTES;
  let sizeBytes = end - start;
  for (;;) {
    one = stepped(one, view.getInt32(at, true));
    two = stepped(two, view.getInt32(at + 4, true));
    three = stepped(three, view.getInt32(at + 8, true));
    four = stepped(four, view.getInt32(at + 12, true));
    sizeBytes += BLOCK_SIZE_BYTES;
    if (at === lastOfKey) break;
    at = Math.min(at + BLOCK_SIZE_BYTES, lastOfKey);
  }
  if (bytes.buffer !== memoryOfBytes) {
    memoryOfBytes = bytes.buffer;
    viewOfBytes = new DataView(memoryOfBytes);
  }
  view = viewOfBytes;
  at = bytes.byteOffset + start;
  const behind = bytes.byteOffset + end;
  for (const last = behind - BLOCK_SIZE_BYTES; at <= last; at += BLOCK_SIZE_BYTES) {
    one = stepped(one, view.getInt32(at, true));
    two = stepped(two, view.getInt32(at + 4, true));
    three = stepped(three, view.getInt32(at + 8, true));
    four = stepped(four, view.getInt32(at + 12, true));
  }
  let sum = (turned(one, 1) + turned(two, 7) + turned(three, 12) + turned(four, 18) + sizeBytes) | 0;
  for (; at <= behind - 4; at += 4) sum = Math.imul(turned(sum + Math.imul(view.getInt32(at, true), PRIME_3), 17), PRIME_4);
  for (; at < behind; at++) sum = Math.imul(turned(sum + Math.imul(view.getUint8(at), PRIME_5), 11), PRIME_1);
  sum = Math.imul(sum ^ (sum >>> 15), PRIME_2);
  sum = Math.imul(sum ^ (sum >>> 13), PRIME_3);
  return sum ^ (sum >>> 16);
}

function padded(key: Uint8Array): Buffer {
  paddedKey.fill(0);
  paddedKey.set(key);
  return paddedKey;
}

function stepped(sum: number, word: number): number {
  return Math.imul(turned(sum + Math.imul(word, PRIME_2), 13), PRIME_1);
}

/** A number of 32 bits, turned to the left. */
function turned(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
