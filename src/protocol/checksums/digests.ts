import { createHash, hash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { IHasher } from "hash-wasm";
import type { ChecksumAlgorithm } from "../checksumAlgorithms.ts";
import { CrcKernel } from "../../kernels/CrcKernel.ts";
import type { CrcAlgorithm } from "../../kernels/kernelLayout.ts";
import type { Md5Stream } from "../../kernels/Md5Lanes.ts";
import { Md5Lanes } from "../../kernels/Md5Lanes.ts";

/** A hash being computed. */
export interface Digest {
  /** Takes bytes; they may change afterwards. */
  update(bytes: Uint8Array): void;
  /** The value, most significant byte first; ends the computation. */
  digest(): Buffer;
  /** Gives up, so that others can have its place; call when `digest` is not going to be. After `digest` it does nothing. */
  release(): void;
}

/** Sizes of the values in bytes. */
export const DIGEST_SIZE_BYTES: Readonly<Record<ChecksumAlgorithm, number>> = {
  CRC32: 4,
  CRC32C: 4,
  CRC64NVME: 8,
  SHA1: 20,
  SHA256: 32,
  SHA512: 64,
  MD5: 16,
  XXHASH64: 8,
  XXHASH3: 8,
  XXHASH128: 16,
};

/** As much of a body is checked at once: as comes from a socket at once. */
const CRC_INPUT_SIZE_BYTES: number = 64 * 1024;
/** Below this size Node's CRC-32 is faster than the kernel. */
const CRC32_KERNEL_MIN_SIZE_BYTES: number = 16 * 1024;

/** WebAssembly instances kept for the next request, of each algorithm; each holds about 100 KiB. */
const MAX_IDLE_INSTANCES = 64;

const NODE_HASHES: Readonly<Partial<Record<ChecksumAlgorithm, string>>> = {
  MD5: "md5",
  SHA1: "sha1",
  SHA256: "sha256",
  SHA512: "sha512",
};

type HashWasm = typeof import("hash-wasm");

const crcKernels = new Map<CrcAlgorithm, CrcKernel>();
let md5Lanes: Md5Lanes | undefined;
let hashWasm: Promise<HashWasm> | undefined;
const idle = new Map<ChecksumAlgorithm, IHasher[]>();

function create(algorithm: ChecksumAlgorithm, wasm: HashWasm): Promise<IHasher> {
  switch (algorithm) {
    case "XXHASH64":
      return wasm.createXXHash64();
    case "XXHASH3":
      return wasm.createXXHash3();
    case "XXHASH128":
      return wasm.createXXHash128();
    default:
      throw new TypeError(`${algorithm} is not computed by WebAssembly`);
  }
}

function crcKernel(algorithm: CrcAlgorithm): CrcKernel {
  let kernel = crcKernels.get(algorithm);
  if (kernel === undefined) {
    kernel = new CrcKernel(algorithm, CRC_INPUT_SIZE_BYTES);
    crcKernels.set(algorithm, kernel);
  }
  return kernel;
}

/**
 * Begins a digest. Returns at once unless it is an XXHASH and all instances are taken: each request under way needs one of its own, and a
 * promise is for the one that is being made.
 */
export function beginDigest(algorithm: ChecksumAlgorithm): Digest | Promise<Digest> {
  const nodeHash = NODE_HASHES[algorithm];
  if (algorithm === "MD5") return new Md5Digest();
  if (nodeHash !== undefined) return new NodeDigest(nodeHash);
  if (algorithm === "CRC32") return new Crc32Digest();
  if (algorithm === "CRC32C" || algorithm === "CRC64NVME") return new CrcDigest(algorithm);
  const instance = idle.get(algorithm)?.pop();
  if (instance !== undefined) return new WasmDigest(algorithm, instance);
  hashWasm ??= import("hash-wasm");
  return hashWasm.then((wasm) => create(algorithm, wasm)).then((made) => new WasmDigest(algorithm, made));
}

const oneShots = new Map<ChecksumAlgorithm, Promise<(bytes: Uint8Array) => Buffer>>();

/** A function that hashes bytes at hand, synchronously; made once for each algorithm. */
export function oneShot(algorithm: ChecksumAlgorithm): Promise<(bytes: Uint8Array) => Buffer> {
  let made = oneShots.get(algorithm);
  if (made === undefined) {
    made = makeOneShot(algorithm);
    oneShots.set(algorithm, made);
  }
  return made;
}

async function makeOneShot(algorithm: ChecksumAlgorithm): Promise<(bytes: Uint8Array) => Buffer> {
  const nodeHash = NODE_HASHES[algorithm];
  if (nodeHash !== undefined) return (bytes) => hash(nodeHash, bytes, "buffer");
  if (algorithm === "CRC32") return (bytes) => uint32(crc32(bytes));
  if (algorithm === "CRC32C" || algorithm === "CRC64NVME") {
    return (bytes) => {
      const digest = new CrcDigest(algorithm);
      digest.update(bytes);
      return digest.digest();
    };
  }
  hashWasm ??= import("hash-wasm");
  const instance = await create(algorithm, await hashWasm);
  return (bytes) => Buffer.from(instance.init().update(bytes).digest("binary"));
}

function uint32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

class NodeDigest implements Digest {
  readonly #hash: ReturnType<typeof createHash>;

  constructor(name: string) {
    this.#hash = createHash(name);
  }

  update(bytes: Uint8Array): void {
    this.#hash.update(bytes);
  }

  digest(): Buffer {
    return this.#hash.digest();
  }

  release(): void {}
}

/** Goes along with other bodies; once there are too many of them it goes alone. */
class Md5Digest implements Digest {
  /** Begun with the first bytes: who waits for them takes no place. */
  #hash: Md5Stream | ReturnType<typeof createHash> | undefined;

  update(bytes: Uint8Array): void {
    this.#begun().update(bytes);
  }

  digest(): Buffer {
    return this.#begun().digest();
  }

  release(): void {
    if (this.#hash !== undefined && "release" in this.#hash) this.#hash.release();
  }

  #begun(): Md5Stream | ReturnType<typeof createHash> {
    md5Lanes ??= new Md5Lanes();
    this.#hash ??= md5Lanes.begin() ?? createHash("md5");
    return this.#hash;
  }
}

class Crc32Digest implements Digest {
  #value = 0;

  update(bytes: Uint8Array): void {
    if (bytes.length < CRC32_KERNEL_MIN_SIZE_BYTES) {
      this.#value = crc32(bytes, this.#value);
      return;
    }
    const register = Uint32Array.of(~this.#value, 0);
    advanceOver(crcKernel("CRC32"), register, bytes);
    this.#value = ~register[0]! >>> 0;
  }

  digest(): Buffer {
    return uint32(this.#value);
  }

  release(): void {}
}

/** Advances a register over bytes from anywhere, by copying them to the kernel. */
function advanceOver(kernel: CrcKernel, register: Uint32Array, bytes: Uint8Array): void {
  for (let start = 0; start < bytes.length; start += CRC_INPUT_SIZE_BYTES) {
    const piece = bytes.subarray(start, start + CRC_INPUT_SIZE_BYTES);
    kernel.input.set(piece);
    kernel.advance(register, 0, piece.length);
  }
}

class CrcDigest implements Digest {
  readonly #kernel: CrcKernel;
  readonly #sizeBytes: number;
  /** Lower half first; 32 bits leave the upper half 0. */
  readonly #register: Uint32Array;

  constructor(algorithm: CrcAlgorithm) {
    this.#kernel = crcKernel(algorithm);
    this.#sizeBytes = DIGEST_SIZE_BYTES[algorithm];
    this.#register = Uint32Array.of(~0, this.#sizeBytes === 8 ? ~0 : 0);
  }

  update(bytes: Uint8Array): void {
    advanceOver(this.#kernel, this.#register, bytes);
  }

  digest(): Buffer {
    const [low, high] = this.#register;
    const value = Buffer.allocUnsafe(this.#sizeBytes);
    if (this.#sizeBytes === 8) value.writeUInt32BE(~high! >>> 0, 0);
    value.writeUInt32BE(~low! >>> 0, this.#sizeBytes - 4);
    return value;
  }

  release(): void {}
}

class WasmDigest implements Digest {
  readonly #algorithm: ChecksumAlgorithm;
  #instance: IHasher | undefined;

  constructor(algorithm: ChecksumAlgorithm, instance: IHasher) {
    this.#algorithm = algorithm;
    this.#instance = instance.init();
  }

  update(bytes: Uint8Array): void {
    this.#instance!.update(bytes);
  }

  digest(): Buffer {
    const value = Buffer.from(this.#instance!.digest("binary"));
    this.release();
    return value;
  }

  release(): void {
    const instance = this.#instance;
    if (instance === undefined) return;
    this.#instance = undefined;
    const waiting = idle.get(this.#algorithm) ?? [];
    idle.set(this.#algorithm, waiting);
    if (waiting.length < MAX_IDLE_INSTANCES) waiting.push(instance);
  }
}
