import type { ChecksumAlgorithm, ChecksumType } from "../checksumAlgorithms.ts";
import { CRC_POLYNOMIALS } from "../../kernels/crcPolynomials.ts";

/** The checksum of a part (base64) and the part's size. */
export interface PartChecksum {
  readonly value: string;
  readonly sizeBytes: number;
}

/** The CRCs whose values over parts combine into the value over the whole: their polynomials, in one word of 32 bits or two. */
const CRCS: Readonly<Partial<Record<ChecksumAlgorithm, CrcPolynomial>>> = {
  CRC32: { high: Number(CRC_POLYNOMIALS.CRC32), low: 0, words: 1 },
  CRC32C: { high: Number(CRC_POLYNOMIALS.CRC32C), low: 0, words: 1 },
  CRC64NVME: {
    high: Number(CRC_POLYNOMIALS.CRC64NVME >> 32n),
    low: Number(BigInt.asUintN(32, CRC_POLYNOMIALS.CRC64NVME)),
    words: 2,
  },
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
  const polynomial = CRCS[algorithm];
  if (polynomial === undefined) throw new TypeError(`${algorithm} of parts does not combine`);
  const field = new CrcField(polynomial);
  let whole: CrcValue = ZERO;
  for (const part of parts) {
    const value = read(Buffer.from(part.value, "base64"), polynomial);
    const shifted = field.multiply(field.shift(part.sizeBytes), whole);
    whole = { high: shifted.high ^ value.high, low: shifted.low ^ value.low };
  }
  return write(whole, polynomial).toString("base64");
}

/** A polynomial over GF(2), bit-reflected: the highest bit of `high` is the constant term. One word leaves `low` 0. */
interface CrcValue {
  readonly high: number;
  readonly low: number;
}

interface CrcPolynomial extends CrcValue {
  readonly words: 1 | 2;
}

const ZERO: CrcValue = { high: 0, low: 0 };
const ONE: CrcValue = { high: 1 << 31, low: 0 };
/** What one zero byte behind a value multiplies it by, x to the 8th. */
const ONE_BYTE: CrcValue = { high: 1 << 23, low: 0 };

function read(bytes: Buffer, { words }: CrcPolynomial): CrcValue {
  return { high: bytes.readInt32BE(0), low: words === 2 ? bytes.readInt32BE(4) : 0 };
}

function write({ high, low }: CrcValue, { words }: CrcPolynomial): Buffer {
  const bytes = Buffer.alloc(words * 4);
  bytes.writeInt32BE(high, 0);
  if (words === 2) bytes.writeInt32BE(low, 4);
  return bytes;
}

/** Polynomials over GF(2) modulo a CRC's. Words of 32 bits, not BigInts: this runs inside a commit, for up to 10,000 parts. */
class CrcField {
  readonly #polynomial: CrcPolynomial;
  readonly #shifts: Map<number, CrcValue> = new Map();

  constructor(polynomial: CrcPolynomial) {
    this.#polynomial = polynomial;
  }

  multiply(a: CrcValue, b: CrcValue): CrcValue {
    const polynomial = this.#polynomial;
    let productHigh = 0;
    let productLow = 0;
    let { high, low } = b;
    for (let word = 0; word < polynomial.words; word++) {
      const terms = word === 0 ? a.high : a.low;
      for (let bit = 31; bit >= 0; bit--) {
        if (((terms >>> bit) & 1) === 1) {
          productHigh ^= high;
          productLow ^= low;
        }
        // Times x: the bit that falls off the end comes back as the polynomial.
        const falls = (polynomial.words === 2 ? low : high) & 1;
        low = polynomial.words === 2 ? (low >>> 1) | (high << 31) : 0;
        high >>>= 1;
        if (falls === 1) {
          high ^= polynomial.high;
          low ^= polynomial.low;
        }
      }
    }
    return { high: productHigh, low: productLow };
  }

  /** What appending `sizeBytes` zero bytes multiplies a value by; parts mostly have the same size, so it is kept. */
  shift(sizeBytes: number): CrcValue {
    let result = this.#shifts.get(sizeBytes);
    if (result !== undefined) return result;
    result = ONE;
    let power = ONE_BYTE;
    for (let rest = sizeBytes; rest > 0; rest = Math.floor(rest / 2)) {
      if (rest % 2 === 1) result = this.multiply(power, result);
      power = this.multiply(power, power);
    }
    this.#shifts.set(sizeBytes, result);
    return result;
  }
}
