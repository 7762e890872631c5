import assert from "node:assert/strict";
import { createSecretKey } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { blobKeys, cipherFor, storedChunkSize } from "../../../src/store/encryption/chunkCipher.ts";
import type { BlobKeys } from "../../../src/store/encryption/chunkCipher.ts";
import { decrypted, storedRange } from "../../../src/store/encryption/decrypted.ts";
import { EncryptingWriter } from "../../../src/store/encryption/EncryptingWriter.ts";
import { MemoryBlobEngine } from "../../../src/store/blobs/memory/MemoryBlobEngine.ts";
import { collectBytes, getBlob, patternBytes } from "../blobs/blobs.suite.ts";

/** More than two chunks. */
const SIZE_BYTES = 600_001;
const BYTES = patternBytes(SIZE_BYTES);
const WHOLE = { start: 0, end: SIZE_BYTES, sizeBytes: SIZE_BYTES };

/** The bytes as stored, written in pieces of these sizes, in turn. */
async function stored(layers: 1 | 2, pieceSizes: readonly number[] = [65_536]): Promise<{ keys: BlobKeys; bytes: Buffer }> {
  const dataKey = { key: createSecretKey(Buffer.alloc(32, "k")), layers };
  const keys = blobKeys(dataKey, cipherFor(dataKey), "salt", 0);
  const engine = new MemoryBlobEngine();
  const blob = await engine.create();
  const writer = new EncryptingWriter(blob, keys);
  for (let at = 0, turn = 0; at < SIZE_BYTES; turn++) {
    const piece = Buffer.from(BYTES.subarray(at, at + pieceSizes[turn % pieceSizes.length]!));
    await writer.write(piece);
    piece.fill(0);
    at += piece.length;
  }
  const { id, sizeBytes } = await writer.finish();
  assert.equal(sizeBytes, SIZE_BYTES);
  return { keys, bytes: await getBlob(engine, id, 0, await engine.verify(id)) };
}

/** The bytes in pieces of these sizes, in turn, each of which is used for other things once the next is asked for. */
async function* inPieces(bytes: Buffer, pieceSizes: readonly number[]): AsyncGenerator<Buffer, void, undefined> {
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const piece = Buffer.from(bytes.subarray(at, at + pieceSizes[turn % pieceSizes.length]!));
    at += piece.length;
    yield piece;
    piece.fill(0xee);
  }
}

const SIZES = fc
  .array(fc.oneof(fc.constantFrom(1, 16, 4_096, 65_536, 262_128, 262_144, 524_288), fc.integer({ min: 1_000, max: 600_000 })), {
    minLength: 1,
    maxLength: 4,
  })
  .filter((sizes) => sizes.some((size) => size >= 1_000));

for (const layers of [1, 2] as const) {
  test(`decrypted: however the stored bytes are cut into pieces, any range comes back (layers: ${layers})`, async () => {
    const { keys, bytes } = await stored(layers);
    await fc.assert(
      fc.asyncProperty(SIZES, fc.nat(SIZE_BYTES - 1), fc.nat(SIZE_BYTES - 1), async (sizes, one, other) => {
        const wanted = { start: Math.min(one, other), end: Math.max(one, other) + 1, sizeBytes: SIZE_BYTES };
        const range = storedRange(keys.cipher, wanted);
        const source = inPieces(bytes.subarray(range.start, range.end), sizes);
        const read = await collectBytes(decrypted(source, keys, wanted));
        assert.ok(read.equals(BYTES.subarray(wanted.start, wanted.end)));
      }),
      { numRuns: 40 },
    );
  });

  test(`EncryptingWriter: pieces of any size are stored as the same bytes (layers: ${layers})`, async () => {
    const { bytes } = await stored(layers);
    await fc.assert(
      fc.asyncProperty(SIZES, async (sizes) => assert.ok((await stored(layers, sizes)).bytes.equals(bytes))),
      { numRuns: 20 },
    );
  });

  test(`decrypted: nothing comes of a changed chunk nor of what follows, whatever piece it came in (layers: ${layers})`, async () => {
    const { keys, bytes } = await stored(layers);
    const chunk = storedChunkSize(keys.cipher);
    for (const at of [chunk, chunk + 100_000, 2 * chunk - 1]) {
      const changed = Buffer.from(bytes);
      changed[at]! ^= 1;
      for (const sizes of [[changed.length], [chunk], [100_000]]) {
        const read: Buffer[] = [];
        const reading = async (): Promise<void> => {
          for await (const piece of decrypted(inPieces(changed, sizes), keys, WHOLE)) read.push(Buffer.from(piece as Buffer));
        };
        await assert.rejects(reading(), { name: "EncryptionDamagedError" });
        const found = Buffer.concat(read);
        assert.ok(found.length <= keys.cipher.chunkSizeBytes);
        assert.ok(found.equals(BYTES.subarray(0, found.length)));
      }
    }
  });

  test(`decrypted: stored bytes that end early are damage (layers: ${layers})`, async () => {
    const { keys, bytes } = await stored(layers);
    for (const length of [0, 1, 15, 100_000, storedChunkSize(keys.cipher), bytes.length - 1]) {
      const reading = collectBytes(decrypted(inPieces(bytes.subarray(0, length), [300_000]), keys, WHOLE));
      await assert.rejects(reading, { name: "EncryptionDamagedError" });
    }
  });
}

test("decrypted: a reader who leaves ends the source, before the first piece is used up", async () => {
  const { keys, bytes } = await stored(1);
  let hasEnded = false;
  const source = (async function* () {
    try {
      yield* inPieces(bytes, [300_000]);
    } finally {
      hasEnded = true;
    }
  })();
  for await (const piece of decrypted(source, keys, WHOLE)) {
    assert.ok(piece.length > 0);
    break;
  }
  assert.ok(hasEnded);
});
