import assert from "node:assert/strict";
import { test } from "node:test";
import { CrcKernel } from "../../src/kernels/CrcKernel.ts";
import type { CrcAlgorithm } from "../../src/kernels/kernelLayout.ts";
import { CRC_BLOCK_SIZE_BYTES, CRC_FOLDS, CRC_STEP_SIZE_BYTES } from "../../src/kernels/kernelLayout.ts";
import { CRC_ALGORITHMS, crcReference, noise } from "./crcReference.ts";

const INPUT_SIZE_BYTES = 6 * CRC_BLOCK_SIZE_BYTES;

const BYTES: Buffer = noise(INPUT_SIZE_BYTES);

for (const algorithm of CRC_ALGORITHMS) {
  test(`CrcKernel: ${algorithm} is right for each length around a window, a step and a block, and leaves its input alone`, () => {
    const kernel = new CrcKernel(algorithm, INPUT_SIZE_BYTES);
    kernel.input.set(BYTES);
    const window = CRC_FOLDS[algorithm].at(-1)!;
    for (const length of lengthsAround(
      0,
      window,
      CRC_BLOCK_SIZE_BYTES,
      CRC_BLOCK_SIZE_BYTES + window,
      5 * CRC_BLOCK_SIZE_BYTES,
    )) {
      const start = length % 17;
      const expected = crcReference(algorithm, BYTES.subarray(start, start + length));
      assert.equal(checked(kernel, algorithm, [start, start + length]), expected, `${length} bytes`);
    }
    assert.deepEqual(kernel.input, BYTES);
  });

  test(`CrcKernel: ${algorithm} goes on from any place, over bytes that several kernels hold`, () => {
    const kernels = [new CrcKernel(algorithm, INPUT_SIZE_BYTES), new CrcKernel(algorithm, INPUT_SIZE_BYTES)];
    for (const kernel of kernels) kernel.input.set(BYTES);
    const expected = crcReference(algorithm, BYTES);
    for (let cut = 0; cut < INPUT_SIZE_BYTES; cut += 997) {
      const register = Uint32Array.of(~0, algorithm === "CRC64NVME" ? ~0 : 0);
      kernels[0]!.advance(register, 0, cut);
      kernels[1]!.advance(register, cut, INPUT_SIZE_BYTES);
      assert.equal(hexadecimal(register, algorithm), expected, `cut at ${cut}`);
    }
  });
}

/** All lengths up to three steps beyond each of these, and as many before. */
function lengthsAround(...places: readonly number[]): Set<number> {
  const reach = 3 * CRC_STEP_SIZE_BYTES;
  const all = places.flatMap((place) => Array.from({ length: 2 * reach + 1 }, (_, index) => place - reach + index));
  return new Set(all.filter((length) => length >= 0));
}

function checked(kernel: CrcKernel, algorithm: CrcAlgorithm, [start, end]: readonly [number, number]): string {
  const register = Uint32Array.of(~0, algorithm === "CRC64NVME" ? ~0 : 0);
  kernel.advance(register, start, end);
  return hexadecimal(register, algorithm);
}

function hexadecimal([low, high]: Uint32Array, algorithm: CrcAlgorithm): string {
  const words = algorithm === "CRC64NVME" ? [high!, low!] : [low!];
  return words.map((word) => (~word >>> 0).toString(16).padStart(8, "0")).join("");
}
