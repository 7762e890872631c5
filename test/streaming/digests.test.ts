import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { Crc32cJs, Crc32Js, Crc64NvmeJs } from "@aws-sdk/checksums/crc";
import { Xxh3_128, Xxh3_64, Xxh64 } from "@aws-sdk/checksums/xxh";
import fc from "fast-check";
import type { ChecksumAlgorithm } from "../../src/protocol/checksumAlgorithms.ts";
import { CHECKSUM_ALGORITHMS } from "../../src/protocol/checksumAlgorithms.ts";
import { beginDigest, DIGEST_SIZE_BYTES, oneShot } from "../../src/protocol/checksums/digests.ts";
import { checksumTypes, combineFullObject, compositeChecksum } from "../../src/protocol/checksums/multipart.ts";
import { CRC_ALGORITHMS, crcReference, noise } from "../kernels/crcReference.ts";

/** The published check values: of the nine ASCII digits, most significant byte first. */
const CHECK_VALUES: Readonly<Record<ChecksumAlgorithm, string>> = {
  CRC32: "cbf43926",
  CRC32C: "e3069283",
  CRC64NVME: "ae8b14860a799888",
  SHA1: "f7c3bc1d808e04732adf679965ccc34ca7ae3441",
  SHA256: "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225",
  SHA512:
    "d9e6762dd1c8eaf6d61b3c6192fc408d4d6d5f1176d0c29169bc24e71c3f274ad27fcd5811b313d681f7e55ec02d73d499c95455b6b5bb503acf574fba8ffe85",
  MD5: "25f9e794323b453885f5181f1b624d0b",
  XXHASH64: "8cb841db40e6ae83",
  XXHASH3: "72dcb18b67a17dff",
  XXHASH128: "33119477ede5dcd5e9716427681d5860",
};

/** More than digests of any algorithm have room for at once. */
const MANY_BODIES = 200;

interface SdkChecksum {
  update(data: Uint8Array): void;
  digest(): Promise<Uint8Array>;
}

/** The SDK's own implementations, as its clients use them. */
const sdk: Readonly<Record<ChecksumAlgorithm, () => SdkChecksum>> = {
  CRC32: () => new Crc32Js(),
  CRC32C: () => new Crc32cJs(),
  CRC64NVME: () => new Crc64NvmeJs(),
  SHA1: () => nodeHash("sha1"),
  SHA256: () => nodeHash("sha256"),
  SHA512: () => nodeHash("sha512"),
  MD5: () => nodeHash("md5"),
  XXHASH64: () => new Xxh64(),
  XXHASH3: () => new Xxh3_64(),
  XXHASH128: () => new Xxh3_128(),
};

function nodeHash(name: string): SdkChecksum {
  const hash = createHash(name);
  return { update: (data) => void hash.update(data), digest: async () => hash.digest() };
}

async function digestOf(algorithm: ChecksumAlgorithm, pieces: readonly Uint8Array[]): Promise<Buffer> {
  const digest = await beginDigest(algorithm);
  for (const piece of pieces) digest.update(piece);
  return digest.digest();
}

for (const algorithm of CHECKSUM_ALGORITHMS) {
  test(`beginDigest: ${algorithm} has its published check value`, async () => {
    const value = await digestOf(algorithm, [Buffer.from("1234"), Buffer.from(""), Buffer.from("56789")]);
    assert.equal(value.toString("hex"), CHECK_VALUES[algorithm]);
    assert.equal(value.length, DIGEST_SIZE_BYTES[algorithm]);
    assert.deepEqual((await oneShot(algorithm))(Buffer.from("123456789")), value);
  });

  test(`beginDigest: ${algorithm} is what the SDK computes, whatever the pieces`, () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 700 }), { maxLength: 5 }), async (pieces) => {
        const expected = sdk[algorithm]();
        for (const piece of pieces) expected.update(piece);
        assert.deepEqual(await digestOf(algorithm, pieces), Buffer.from(await expected.digest()));
      }),
      { numRuns: 60 },
    ));

  test(`beginDigest: ${algorithm} of several bodies at once do not mix, and one given up leaves nothing behind`, async () => {
    const text = Buffer.from("123456789");
    const [one, two, given] = await Promise.all([beginDigest(algorithm), beginDigest(algorithm), beginDigest(algorithm)]);
    one.update(text.subarray(0, 5));
    two.update(text);
    given.update(text);
    one.update(text.subarray(5));
    given.release();
    assert.equal(one.digest().toString("hex"), CHECK_VALUES[algorithm]);
    assert.equal(two.digest().toString("hex"), CHECK_VALUES[algorithm]);
    assert.equal((await digestOf(algorithm, [text])).toString("hex"), CHECK_VALUES[algorithm]);
  });
}

for (const algorithm of ["XXHASH64", "XXHASH3", "XXHASH128"] as const) {
  test(`beginDigest: ${algorithm} keeps what digests have ended with for as many at once, each for one of them`, async () => {
    const begun = await Promise.all([beginDigest(algorithm), beginDigest(algorithm)]);
    for (const digest of begun) digest.digest();
    // Who is done with a digest may say so behind its end.
    for (const digest of begun) digest.release();
    const [one, two] = [beginDigest(algorithm), beginDigest(algorithm)];
    assert.ok(!(one instanceof Promise) && !(two instanceof Promise));
    const text = Buffer.from("123456789");
    one.update(text.subarray(0, 5));
    two.update(text);
    one.update(text.subarray(5));
    assert.deepEqual(
      [one, two].map((digest) => digest.digest().toString("hex")),
      Array(2).fill(CHECK_VALUES[algorithm]),
    );
  });
}

test("oneShot: is made once for each algorithm", async () => {
  for (const algorithm of CHECKSUM_ALGORITHMS) assert.equal(await oneShot(algorithm), await oneShot(algorithm));
});

for (const algorithm of ["MD5", "XXHASH64"] as const) {
  test(`beginDigest: ${algorithm} of more bodies at once than there is room for are right all the same`, async () => {
    const digests = await Promise.all(Array.from({ length: MANY_BODIES }, () => beginDigest(algorithm)));
    for (const [index, digest] of digests.entries()) digest.update(Buffer.from(`body ${index}`));
    const values = digests.map((digest) => digest.digest().toString("hex"));
    const alone = await Promise.all(digests.map((_, index) => digestOf(algorithm, [Buffer.from(`body ${index}`)])));
    assert.deepEqual(
      values,
      alone.map((value) => value.toString("hex")),
    );
  });

  test(`beginDigest: ${algorithm} of any number of bodies can be given up, before their first byte and after their last`, async () => {
    const digests = await Promise.all(Array.from({ length: MANY_BODIES }, () => beginDigest(algorithm)));
    for (const digest of digests.slice(1)) digest.update(Buffer.from("123456789"));
    digests.at(-1)!.digest();
    for (const digest of digests) digest.release();
    for (const digest of digests) digest.release();
    assert.equal((await digestOf(algorithm, [Buffer.from("123456789")])).toString("hex"), CHECK_VALUES[algorithm]);
  });
}

for (const algorithm of ["XXHASH64", "XXHASH3", "XXHASH128"] as const) {
  test(`beginDigest: ${algorithm} begins at once where a body before has ended or was given up`, async () => {
    for (const end of ["digest", "release"] as const) {
      const before = await beginDigest(algorithm);
      before[end]();
      const digest = beginDigest(algorithm);
      assert.ok(!(digest instanceof Promise), `after ${end}`);
      digest.release();
    }
  });
}

for (const algorithm of CRC_ALGORITHMS) {
  const bytes = noise(200_000);
  const expected = (start: number, end: number): string => crcReference(algorithm, bytes.subarray(start, end));

  test(`beginDigest: ${algorithm} is right for each length to 3,000 bytes, and around those that are taken at once`, async () => {
    const around = (middle: number): number[] => Array.from({ length: 41 }, (_, index) => middle - 20 + index);
    const lengths = [...Array(3_001).keys(), ...around(64 * 1024), ...around(128 * 1024)];
    for (const length of lengths) {
      const start = length % 9;
      const value = await digestOf(algorithm, [bytes.subarray(start, start + length)]);
      assert.equal(value.toString("hex"), expected(start, start + length), `${length} bytes`);
    }
  });

  test(`beginDigest: ${algorithm} is the same however large bodies are cut, and whatever comes between`, () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: bytes.length }), { maxLength: 6 }), async (cuts) => {
        const ends = [...cuts.sort((a, b) => a - b), bytes.length];
        const [one, another] = [await beginDigest(algorithm), await beginDigest(algorithm)];
        let start = 0;
        for (const end of ends) {
          one.update(bytes.subarray(start, end));
          another.update(bytes.subarray(start, end).toReversed());
          start = end;
        }
        assert.equal(one.digest().toString("hex"), expected(0, bytes.length));
      }),
      { numRuns: 100 },
    ));
}

for (const algorithm of CRC_ALGORITHMS) {
  test(`combineFullObject: ${algorithm} of the parts is that of the whole`, () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 8 }), async (pieces) => {
        const parts = await Promise.all(
          pieces.map(async (piece) => ({
            value: (await digestOf(algorithm, [piece])).toString("base64"),
            sizeBytes: piece.length,
          })),
        );
        const whole = (await digestOf(algorithm, pieces)).toString("base64");
        assert.equal(combineFullObject(algorithm, parts), whole);
      }),
      { numRuns: 60 },
    ));
}

test("combineFullObject: 10,000 parts of 5 GiB combine without their bytes", () => {
  const value = Buffer.from(CHECK_VALUES.CRC64NVME, "hex").toString("base64");
  const parts = Array.from({ length: 10_000 }, () => ({ value, sizeBytes: 5 * 1024 ** 3 }));
  assert.equal(combineFullObject("CRC64NVME", parts), "Dpz0OlsOxOc=");
});

test("combineFullObject: hashes do not combine", () => {
  assert.throws(() => combineFullObject("SHA256", [{ value: "", sizeBytes: 0 }]), TypeError);
});

test("compositeChecksum: is the checksum of the parts' raw checksums, and their number", async () => {
  const values = [createHash("sha256").update("a").digest(), createHash("sha256").update("b").digest()];
  const parts = values.map((value) => ({ value: value.toString("base64"), sizeBytes: 1 }));
  const expected = createHash("sha256").update(Buffer.concat(values)).digest("base64");
  assert.equal(compositeChecksum(await oneShot("SHA256"), parts), `${expected}-2`);
});

test("checksumTypes: CRC64NVME covers the object in full only, hashes their parts only, CRC32 either", () => {
  assert.deepEqual(checksumTypes("CRC64NVME"), ["FULL_OBJECT"]);
  assert.deepEqual(checksumTypes("SHA256"), ["COMPOSITE"]);
  assert.deepEqual(checksumTypes("CRC32"), ["COMPOSITE", "FULL_OBJECT"]);
});
