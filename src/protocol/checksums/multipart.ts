import type { ChecksumAlgorithm, ChecksumType } from "../checksumAlgorithms.ts";
import { DIGEST_SIZE_BYTES } from "./digests.ts";

/** The checksum of a part (base64) and the part's size. */
export interface PartChecksum {
  readonly value: string;
  readonly sizeBytes: number;
}

/** Reflected polynomials and widths in bits of the CRCs whose values over parts combine into the value over the whole. */
const CRCS: Readonly<Partial<Record<ChecksumAlgorithm, { readonly polynomial: bigint; readonly bits: bigint }>>> = {
  CRC32: { polynomial: 0xedb88320n, bits: 32n },
  CRC32C: { polynomial: 0x82f63b78n, bits: 32n },
  CRC64NVME: { polynomial: 0x9a6c9329ac4bc9b5n, bits: 64n },
};

/**
 * The types S3 offers for an algorithm in multipart uploads, the default first.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
 */
export function checksumTypes(algorithm: ChecksumAlgorithm): readonly ChecksumType[] {
  if (algorithm === "CRC64NVME") return ["FULL_OBJECT"];
  return algorithm === "CRC32" || algorithm === "CRC32C" ? ["COMPOSITE", "FULL_OBJECT"] : ["COMPOSITE"];
}

/** Base64 of the checksum over the parts' checksums, and "-" and their number; `hash` is the algorithm's. */
export function compositeChecksum(hash: (bytes: Uint8Array) => Buffer, parts: readonly PartChecksum[]): string {
  const values = Buffer.concat(parts.map((part) => Buffer.from(part.value, "base64")));
  return `${hash(values).toString("base64")}-${parts.length}`;
}

/** Base64 of the checksum of the whole object, from its parts' checksums and sizes alone: CRCs are linear. */
export function combineFullObject(algorithm: ChecksumAlgorithm, parts: readonly PartChecksum[]): string {
  const crc = CRCS[algorithm];
  if (crc === undefined) throw new TypeError(`${algorithm} of parts does not combine`);
  const field = new CrcField(crc.polynomial, crc.bits);
  let whole = 0n;
  for (const part of parts) {
    const value = BigInt(`0x${Buffer.from(part.value, "base64").toString("hex")}`);
    whole = field.multiply(field.shift(part.sizeBytes), whole) ^ value;
  }
  const hex = whole.toString(16).padStart(DIGEST_SIZE_BYTES[algorithm] * 2, "0");
  return Buffer.from(hex, "hex").toString("base64");
}

/** Polynomials over GF(2) modulo a CRC's, bit-reflected: the highest bit is the constant term. */
class CrcField {
  readonly #polynomial: bigint;
  readonly #one: bigint;
  readonly #shifts: Map<number, bigint> = new Map();

  constructor(polynomial: bigint, bits: bigint) {
    this.#polynomial = polynomial;
    this.#one = 1n << (bits - 1n);
  }

  multiply(a: bigint, b: bigint): bigint {
    let product = 0n;
    let factor = b;
    for (let bit = this.#one; bit !== 0n && factor !== 0n; bit >>= 1n) {
      if ((a & bit) !== 0n) product ^= factor;
      factor = (factor & 1n) === 0n ? factor >> 1n : (factor >> 1n) ^ this.#polynomial;
    }
    return product;
  }

  /** What appending `sizeBytes` zero bytes multiplies a value by; parts mostly have the same size, so it is kept. */
  shift(sizeBytes: number): bigint {
    let result = this.#shifts.get(sizeBytes);
    if (result !== undefined) return result;
    result = this.#one;
    let power = this.#one >> 8n;
    for (let rest = sizeBytes; rest > 0; rest = Math.floor(rest / 2)) {
      if (rest % 2 === 1) result = this.multiply(power, result);
      power = this.multiply(power, power);
    }
    this.#shifts.set(sizeBytes, result);
    return result;
  }
}
