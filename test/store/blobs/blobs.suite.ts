import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import type { Piece } from "../../../src/protocol/Payload.ts";
import { lentBytes } from "../../../src/protocol/Payload.ts";
import type { BlobEngine, BlobId } from "../../../src/store/blobs/BlobEngine.ts";
import { BlobDamagedError } from "../../../src/store/blobs/BlobEngine.ts";

const MIB = 1024 * 1024;

/** Bytes that differ everywhere, the same for the same seed. */
export function patternBytes(sizeBytes: number, seed = 1): Buffer {
  const bytes = Buffer.allocUnsafe(sizeBytes);
  let state = seed * 2_654_435_761;
  for (let index = 0; index < sizeBytes; index++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[index] = state >>> 24;
  }
  return bytes;
}

/** Writes a whole blob, in pieces of the given size, all in the same memory. */
export async function putBlob(engine: BlobEngine, bytes: Buffer, pieceSizeBytes: number = 64 * 1024): Promise<BlobId> {
  const writer = await engine.create(bytes.length);
  const memory = Buffer.alloc(pieceSizeBytes);
  for (let at = 0; at < bytes.length; at += pieceSizeBytes) {
    await writer.write(memory.subarray(0, bytes.copy(memory, 0, at, at + pieceSizeBytes)));
    memory.fill(0xee);
  }
  const finished = await writer.finish();
  assert.deepEqual(finished, { id: writer.id, sizeBytes: bytes.length });
  return writer.id;
}

/** Reads a stream to its end. */
export async function collectBytes(stream: AsyncIterable<Piece>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(lentBytes(chunk)));
  return Buffer.concat(chunks);
}

/** Reads a range of a blob. */
export async function getBlob(engine: BlobEngine, id: BlobId, start: number, end: number): Promise<Buffer> {
  return collectBytes(await engine.open(id, start, end));
}

/** All of a run of ids. */
export async function collectIds(stream: AsyncIterable<BlobId>): Promise<BlobId[]> {
  const ids: BlobId[] = [];
  for await (const id of stream) ids.push(id);
  return ids;
}

function digest(bytes: Buffer): string {
  return createHash("sha1").update(bytes).digest("hex");
}

/** What every blob engine must do. */
export function blobEngineSuite(name: string, openEngine: () => Promise<BlobEngine>): void {
  async function withEngine(run: (engine: BlobEngine) => Promise<void>): Promise<void> {
    const engine = await openEngine();
    try {
      await run(engine);
    } finally {
      await engine.close();
    }
  }

  describe(`blob engine: ${name}`, () => {
    for (const sizeBytes of [0, 1, 65_536, 262_143, 262_144, 262_145, 524_288, 3 * MIB + 17]) {
      test(`${name}: a blob of ${sizeBytes} bytes comes back whole, and in any range`, () =>
        withEngine(async (engine) => {
          const bytes = patternBytes(sizeBytes);
          const id = await putBlob(engine, bytes);
          assert.match(id, /^[a-z0-9-]{1,32}$/);
          assert.equal(digest(await getBlob(engine, id, 0, sizeBytes)), digest(bytes));
          assert.equal(await engine.verify(id), sizeBytes);
          for (const start of [0, 1, 262_143, 262_144, sizeBytes - 1]) {
            for (const end of [start, start + 1, start + 262_144, sizeBytes]) {
              if (start < 0 || start > end || end > sizeBytes) continue;
              assert.equal(
                digest(await getBlob(engine, id, start, end)),
                digest(bytes.subarray(start, end)),
                `${start} to ${end}`,
              );
            }
          }
        }));
    }

    test(`${name}: pieces of any size make the same blob, whatever size was forecast`, () =>
      withEngine(async (engine) => {
        const bytes = patternBytes(600_001);
        for (const forecast of [0, 1, bytes.length, 10 * MIB]) {
          const writer = await engine.create(forecast);
          let at = 0;
          for (const size of [1, 0, 3, 262_140, 1, 1, 65_536]) await writer.write(bytes.subarray(at, (at += size)));
          // Crumbs, so many that they cannot be written from where they lie.
          while (at < bytes.length) await writer.write(bytes.subarray(at, (at += 997)));
          const { id, sizeBytes } = await writer.finish();
          assert.equal(sizeBytes, bytes.length);
          assert.equal(digest(await getBlob(engine, id, 0, sizeBytes)), digest(bytes));
          assert.equal(await engine.verify(id), sizeBytes);
        }
      }));

    test(`${name}: who proves the bytes himself may write over a piece, and the blob stays what it is`, () =>
      withEngine(async (engine) => {
        const bytes = patternBytes(3 * MIB + 17);
        const id = await putBlob(engine, bytes);
        for (const [start, end] of [
          [0, bytes.length],
          [1_000, 2 * MIB],
        ] as const) {
          const read: Buffer[] = [];
          for await (const piece of await engine.open(id, start, end, bytes.length, true)) {
            read.push(Buffer.from(lentBytes(piece)));
            lentBytes(piece).fill(0);
          }
          assert.equal(digest(Buffer.concat(read)), digest(bytes.subarray(start, end)));
        }
        assert.equal(digest(await getBlob(engine, id, 0, bytes.length)), digest(bytes));
      }));

    test(`${name}: many blobs at once keep their own bytes and ids`, () =>
      withEngine(async (engine) => {
        const blobs = await Promise.all(
          Array.from({ length: 40 }, async (_, index) => {
            const bytes = patternBytes(70_000 + index * 9_001, index + 2);
            return { id: await putBlob(engine, bytes), bytes };
          }),
        );
        assert.equal(new Set(blobs.map(({ id }) => id)).size, blobs.length);
        await Promise.all(
          blobs.map(async ({ id, bytes }) => assert.equal(digest(await getBlob(engine, id, 0, bytes.length)), digest(bytes))),
        );
        assert.equal((await engine.statistics()).blobs, blobs.length);
      }));

    test(`${name}: a reader whose blob is removed meanwhile reads its bytes or finds them gone, and never others`, () =>
      withEngine(async (engine) => {
        const bytes = patternBytes(MIB);
        const id = await putBlob(engine, bytes);
        const stream = await engine.open(id, 0, bytes.length);
        await engine.remove(id);
        const read: Buffer[] = [];
        try {
          for await (const chunk of stream) read.push(Buffer.from(lentBytes(chunk)));
          assert.equal(Buffer.concat(read).length, bytes.length);
        } catch (error) {
          assert.ok(error instanceof BlobDamagedError, String(error));
        }
        const found = Buffer.concat(read);
        assert.equal(digest(found), digest(bytes.subarray(0, found.length)));
        await assert.rejects(engine.open(id, 0, 1), BlobDamagedError);
      }));

    test(`${name}: a reader may leave before, amid and after the first chunk`, () =>
      withEngine(async (engine) => {
        const id = await putBlob(engine, patternBytes(MIB));
        for (const chunks of [0, 1, 2]) {
          const iterator = (await engine.open(id, 0, MIB))[Symbol.asyncIterator]();
          for (let read = 0; read < chunks; read++) assert.equal((await iterator.next()).done, false);
          await iterator.return?.();
          assert.equal((await iterator.next()).done, true);
        }
      }));

    test(`${name}: an aborted blob leaves nothing`, () =>
      withEngine(async (engine) => {
        const writer = await engine.create(MIB);
        await writer.write(patternBytes(300_000));
        await writer.abort();
        assert.deepEqual(await engine.statistics(), { blobs: 0, sizeBytes: 0 });
        await assert.rejects(engine.open(writer.id, 0, 1), BlobDamagedError);
      }));

    test(`${name}: removal is repeatable, and of unknown blobs no error`, () =>
      withEngine(async (engine) => {
        const id = await putBlob(engine, patternBytes(100_000));
        await engine.remove(id);
        await engine.remove(id);
        await engine.remove("0-000");
        await engine.remove("never-given-out");
        assert.deepEqual(await engine.statistics(), { blobs: 0, sizeBytes: 0 });
      }));

    test(`${name}: of two who remove a blob at once, neither fails, and it is counted once`, () =>
      withEngine(async (engine) => {
        const id = await putBlob(engine, patternBytes(100_000));
        await Promise.all([engine.remove(id), engine.remove(id)]);
        assert.deepEqual(await engine.statistics(), { blobs: 0, sizeBytes: 0 });
      }));

    test(`${name}: what comes and goes is counted, in a new engine all of it`, () =>
      withEngine(async (engine) => {
        assert.equal(await engine.countEarlier(new AbortController().signal), true);
        const [kept, removed] = [await putBlob(engine, patternBytes(100_000)), await putBlob(engine, patternBytes(70_000))];
        await engine.remove(removed);
        const { blobs, sizeBytes } = await engine.statistics();
        assert.equal(blobs, 1);
        assert.ok(sizeBytes >= 100_000 && sizeBytes < 101_000, String(sizeBytes));
        await engine.remove(kept);
        assert.deepEqual(await engine.statistics(), { blobs: 0, sizeBytes: 0 });
      }));

    test(`${name}: unknown blobs and bytes behind the end are damage, never wrong bytes`, () =>
      withEngine(async (engine) => {
        const id = await putBlob(engine, patternBytes(100_000));
        await assert.rejects(engine.open(id, 0, 100_001), BlobDamagedError);
        // It is known to have another size: as short a read as that may be, it is of other bytes.
        assert.equal((await collectBytes(await engine.open(id, 0, 1, 100_000))).length, 1);
        for (const other of [99_999, 100_001]) await assert.rejects(engine.open(id, 0, 1, other), BlobDamagedError);
        for (const unknown of ["0-000", "../../etc/passwd", "x"]) {
          await assert.rejects(engine.open(unknown, 0, 1), BlobDamagedError);
          await assert.rejects(engine.verify(unknown), BlobDamagedError);
        }
      }));

    test(`${name}: on request every blob is a suspect; by itself none of this run`, () =>
      withEngine(async (engine) => {
        const ids = [await putBlob(engine, patternBytes(10)), await putBlob(engine, patternBytes(20))];
        assert.deepEqual((await collectIds(engine.suspects({ all: true }))).sort(), ids.sort());
        assert.deepEqual(await collectIds(engine.suspects()), []);
        await engine.suspectsJudged();
        for (const id of ids) await engine.verify(id);
      }));
  });
}
