import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { beginDigest } from "../../src/protocol/checksums/digests.ts";
import { MD5_MAX_STREAMS, MD5_WAITING_SIZE_BYTES } from "../../src/kernels/kernelLayout.ts";
import type { Md5Stream } from "../../src/kernels/Md5Lanes.ts";
import { Md5Lanes, md5Padding } from "../../src/kernels/Md5Lanes.ts";

const lanes = new Md5Lanes();
/** Bytes without a pattern, the same each time. */
const noise = createHash("shake256", { outputLength: 3 * MD5_WAITING_SIZE_BYTES }).digest();

function md5(...pieces: readonly Uint8Array[]): string {
  const hash = createHash("md5");
  for (const piece of pieces) hash.update(piece);
  return hash.digest("hex");
}

test("Md5Lanes: a stream alone is right for each length to 300 bytes", () => {
  for (let length = 0; length <= 300; length += 1) {
    const stream = lanes.begin()!;
    stream.update(noise.subarray(length, 2 * length));
    assert.equal(stream.digest().toString("hex"), md5(noise.subarray(length, 2 * length)), `${length} bytes`);
  }
});

for (const count of [1, 2, 3, 4, 5, 7]) {
  test(`Md5Lanes: ${count} large streams side by side each have their own value`, () => {
    const bodies = Array.from({ length: count }, (_, index) => noise.subarray(1_000 * index, noise.length - 777 * index));
    const streams = bodies.map(() => lanes.begin()!);
    const pieceSizeBytes = 65_536 - 100;
    for (let start = 0; start < noise.length; start += pieceSizeBytes) {
      for (const [index, stream] of streams.entries()) stream.update(bodies[index]!.subarray(start, start + pieceSizeBytes));
    }
    assert.deepEqual(
      streams.map((stream) => stream.digest().toString("hex")),
      bodies.map((body) => md5(body)),
    );
  });
}

/** Something that happens to one of several streams. */
interface Event {
  readonly stream: number;
  readonly what: "update" | "digest" | "release";
  readonly start: number;
  readonly sizeBytes: number;
}

const anyEvent: fc.Arbitrary<Event> = fc.record({
  stream: fc.nat({ max: 6 }),
  what: fc.oneof(
    { weight: 8, arbitrary: fc.constant("update" as const) },
    fc.constantFrom("digest" as const, "release" as const),
  ),
  start: fc.nat({ max: 1_000 }),
  sizeBytes: fc.oneof(
    fc.nat({ max: 200 }),
    fc.nat({ max: 2 * MD5_WAITING_SIZE_BYTES }),
    fc.constantFrom(64, MD5_WAITING_SIZE_BYTES),
  ),
});

test("Md5Lanes: streams that come, go and give up in any order do not mix", () =>
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
      const underWay = new Map<number, { stream: Md5Stream; pieces: Buffer[] }>();
      const finish = (number: number): void => {
        const { stream, pieces } = underWay.get(number)!;
        underWay.delete(number);
        assert.equal(stream.digest().toString("hex"), md5(...pieces));
      };
      for (const { stream: number, what, start, sizeBytes } of events) {
        const one = underWay.get(number) ?? { stream: lanes.begin()!, pieces: [] };
        underWay.set(number, one);
        if (what === "digest") finish(number);
        else if (what === "release") {
          underWay.delete(number);
          one.stream.release();
        } else {
          const piece = noise.subarray(start, start + sizeBytes);
          one.pieces.push(piece);
          one.stream.update(piece);
        }
      }
      for (const number of [...underWay.keys()]) finish(number);
    }),
    { numRuns: 150 },
  ));

test("Md5Lanes: bytes may change once they are taken", () => {
  const bytes = Buffer.from("123456789");
  const stream = lanes.begin()!;
  stream.update(bytes);
  bytes.fill(0);
  assert.equal(stream.digest().toString("hex"), md5(Buffer.from("123456789")));
});

test("Md5Lanes: there is a place for each stream again when another has ended, however it did", () => {
  const streams = Array.from({ length: MD5_MAX_STREAMS }, () => lanes.begin()!);
  assert.equal(lanes.begin(), undefined);
  streams[0]!.digest();
  streams[0]!.release();
  streams[1]!.release();
  const [next, another] = [lanes.begin(), lanes.begin()];
  assert.notEqual(next, undefined);
  assert.notEqual(another, undefined);
  assert.equal(lanes.begin(), undefined);
  for (const stream of [...streams.slice(2), next!, another!]) stream.release();
});

test("beginDigest: MD5 of more bodies at once than go along together is right too", async () => {
  const bodies = Array.from({ length: MD5_MAX_STREAMS + 5 }, (_, index) => noise.subarray(index, 2_000 + 100 * index));
  const digests = await Promise.all(bodies.map(() => beginDigest("MD5")));
  for (const [index, digest] of digests.entries()) digest.update(bodies[index]!);
  assert.deepEqual(
    digests.map((digest) => digest.digest().toString("hex")),
    bodies.map((body) => md5(body)),
  );
});

test("md5Padding: fills whole blocks and ends with the length in bits, modulo 2^64", () => {
  for (const sizeBytes of [0, 1, 55, 56, 63, 64, 2 ** 29 - 1, 2 ** 29, 2 ** 32 + 5, 5 * 2 ** 40, 2 ** 53 - 1]) {
    const padding = md5Padding(sizeBytes);
    assert.equal((BigInt(sizeBytes) + BigInt(padding.length)) % 64n, 0n);
    assert.ok(padding.length >= 9 && padding.length <= 72);
    assert.equal(padding[0], 0x80);
    assert.ok(padding.subarray(1, -8).every((byte) => byte === 0));
    assert.equal(padding.readBigUInt64LE(padding.length - 8), (BigInt(sizeBytes) * 8n) % 2n ** 64n);
  }
});
