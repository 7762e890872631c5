/** Polynomials of S3's cyclic redundancy checks, bits reflected: the highest bit is the constant term, the highest term is left out. */
export const CRC_POLYNOMIALS = {
  CRC32: 0xedb88320n,
  CRC32C: 0x82f63b78n,
  CRC64NVME: 0x9a6c9329ac4bc9b5n,
} as const;
