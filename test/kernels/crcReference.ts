import { createHash } from "node:crypto";
import { createCRC32, createCRC64 } from "hash-wasm";
import type { CrcAlgorithm } from "../../src/kernels/kernelLayout.ts";

const hashers = {
  CRC32: await createCRC32(),
  CRC32C: await createCRC32(0x82f63b78),
  CRC64NVME: await createCRC64("9a6c9329ac4bc9b5"),
} as const;

/** The algorithms that kernels compute. */
export const CRC_ALGORITHMS: readonly CrcAlgorithm[] = ["CRC32", "CRC32C", "CRC64NVME"];

/** The value as hash-wasm computes it, in hexadecimal digits. */
export function crcReference(algorithm: CrcAlgorithm, bytes: Uint8Array): string {
  return hashers[algorithm].init().update(bytes).digest();
}

/** Bytes without a pattern, the same each time. */
export function noise(sizeBytes: number): Buffer {
  return createHash("shake256", { outputLength: sizeBytes }).digest();
}
