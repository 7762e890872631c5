/** `npm run bench:hashes`: how fast bodies are hashed, beside what Node and hash-wasm do, in pieces as they come from a socket. */
import { createHash, randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";
import { createCRC32, createCRC64 } from "hash-wasm";
import { beginDigest } from "../src/protocol/checksums/digests.ts";

const PIECE_SIZE_BYTES = 64 * 1024;
const PIECES_PER_STREAM = 256;
const ROUNDS = 10;
const COLUMN = 36;

interface Stream {
  update(piece: Uint8Array): unknown;
  digest(): unknown;
}

/** A way to hash, and on how many bodies at once. */
interface Contender {
  readonly name: string;
  readonly streams: number;
  readonly begin: () => Stream | Promise<Stream>;
}

const contenders: readonly Contender[] = [
  { name: "CRC32", streams: 1, begin: () => beginDigest("CRC32") },
  { name: "CRC32 by node:zlib", streams: 1, begin: () => zlibCrc32() },
  { name: "CRC64NVME", streams: 1, begin: () => beginDigest("CRC64NVME") },
  { name: "CRC64NVME by hash-wasm", streams: 1, begin: async () => (await createCRC64("9a6c9329ac4bc9b5")).init() },
  { name: "CRC32C", streams: 1, begin: () => beginDigest("CRC32C") },
  { name: "CRC32C by hash-wasm", streams: 1, begin: async () => (await createCRC32(0x82f63b78)).init() },
  { name: "MD5 by node:crypto", streams: 1, begin: () => createHash("md5") },
  ...[1, 2, 3, 4, 8].map((streams) => ({ name: `MD5 of ${streams} at once`, streams, begin: () => beginDigest("MD5") })),
];

function zlibCrc32(): Stream {
  let value = 0;
  return { update: (piece) => (value = crc32(piece, value)), digest: () => value };
}

/** Bytes a nanosecond, which is GB/s, of all streams together. */
async function measure({ streams, begin }: Contender, piece: Uint8Array): Promise<number> {
  const hashes = await Promise.all(Array.from({ length: streams }, begin));
  const start = performance.now();
  for (let count = 0; count < PIECES_PER_STREAM; count += 1) for (const hash of hashes) hash.update(piece);
  for (const hash of hashes) hash.digest();
  return (streams * PIECES_PER_STREAM * PIECE_SIZE_BYTES) / ((performance.now() - start) * 1e6);
}

const piece = randomBytes(PIECE_SIZE_BYTES);
const best = new Map<string, number>();
// Interleaved, so that a busy moment of the machine disturbs all alike.
for (let round = 0; round < ROUNDS; round += 1) {
  for (const contender of contenders) {
    best.set(contender.name, Math.max(best.get(contender.name) ?? 0, await measure(contender, piece)));
  }
}
for (const [name, speed] of best) process.stdout.write(`${name.padEnd(COLUMN)}${speed.toFixed(2)} GB/s\n`);
