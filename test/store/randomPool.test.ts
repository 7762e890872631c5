import assert from "node:assert/strict";
import { test } from "node:test";
import { pooledRandomBytes } from "../../src/store/randomPool.ts";

/** A source whose bytes count on, two bytes to a number, so that none comes twice. */
function counting(): (sizeBytes: number) => Buffer {
  let next = 0;
  return (sizeBytes) => {
    const bytes = Buffer.alloc(sizeBytes);
    for (let at = 0; at + 1 < sizeBytes; at += 2) bytes.writeUInt16BE(next++, at);
    return bytes;
  };
}

test("pooledRandomBytes: hands every byte out once, as many as asked for", () => {
  const random = pooledRandomBytes(counting());
  const seen = new Set<number>();
  for (let round = 0; round < 200; round++) {
    for (const sizeBytes of [10, 74, 32, 1_000]) {
      const bytes = random(sizeBytes);
      assert.equal(bytes.length, sizeBytes);
      for (let at = 0; at < sizeBytes; at += 2) {
        const number = bytes.readUInt16BE(at);
        assert.ok(!seen.has(number), `${number} came twice`);
        seen.add(number);
      }
      if (seen.size > 60_000) return;
    }
  }
});

test("pooledRandomBytes: asks the source itself for more than it keeps", () => {
  const asked: number[] = [];
  const random = pooledRandomBytes((sizeBytes) => {
    asked.push(sizeBytes);
    return Buffer.alloc(sizeBytes);
  });
  assert.equal(random(100_000).length, 100_000);
  assert.equal(random(5).length, 5);
  assert.equal(random(5).length, 5);
  assert.deepEqual(asked, [100_000, 8_192]);
});
