import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { xxhash32 } from "hash-wasm";
import { recordChecksum } from "../../../src/store/records/recordChecksum.ts";

/** What the sum is said to be of. */
function summedUp(key: Uint8Array, bytes: Uint8Array): Buffer {
  const whole = key.subarray(0, Math.max(Math.ceil(key.length / 16) - 1, 0) * 16);
  const last = key.length < 16 ? Buffer.concat([key, Buffer.alloc(16 - key.length)]) : key.subarray(-16);
  return Buffer.concat([whole, last, bytes]);
}

test("recordChecksum: is xxHash32 of the key in blocks and the bytes, wherever they lie in memory", async () => {
  const bytes = fc.uint8Array({ maxLength: 80 });
  await fc.assert(
    fc.asyncProperty(bytes, bytes, fc.nat(7), async (key, value, offset) => {
      const expected = Number.parseInt(await xxhash32(summedUp(key, value), key.length), 16);
      assert.equal(recordChecksum(key, value, 0, value.length) >>> 0, expected);
      const memory = Buffer.concat([Buffer.alloc(offset, 1), key, value, Buffer.alloc(3, 2)]);
      const found = recordChecksum(memory.subarray(offset, offset + key.length), memory, offset + key.length, memory.length - 3);
      assert.equal(found >>> 0, expected);
    }),
  );
});

test("recordChecksum: tells keys apart that are the beginning of one another", () => {
  const sums = Array.from({ length: 50 }, (_, length) => recordChecksum(Buffer.alloc(length, "a"), Buffer.alloc(0), 0, 0));
  assert.equal(new Set(sums).size, sums.length);
});
