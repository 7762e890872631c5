import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { TestContext } from "node:test";
import { crc32 } from "node:zlib";
import { lentBytes } from "../../../src/protocol/Payload.ts";
import { openBlobFile, verifyBlobFile } from "../../../src/store/blobs/files/BlobFileReader.ts";
import { CHUNK_SIZE_BYTES, encodeHeader } from "../../../src/store/blobs/files/blobFormat.ts";
import type { ChunkBuffer } from "../../../src/store/blobs/files/ChunkBuffers.ts";
import { ChunkBuffers } from "../../../src/store/blobs/files/ChunkBuffers.ts";
import { openFilesBelow } from "../openFiles.ts";
import { collectBytes, patternBytes } from "./blobs.suite.ts";

const ID = "generation-000";
/** More readers than buffers of several chunks are for. */
const CROWD = 40;

const folder = mkdtempSync(join(tmpdir(), "holdfast-reader-"));
after(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
const newPath = (): string => join(folder, String(files++));

/** The file of a blob with chunks of this size, as a version of other chunks would write it. */
function writeBlob(bytes: Buffer, chunkSizeBytes = CHUNK_SIZE_BYTES): string {
  const header = encodeHeader(ID, bytes.length);
  header.writeUInt32BE(chunkSizeBytes, 12);
  header.writeUInt32BE(crc32(header.subarray(0, 28), crc32(ID)), 28);
  const parts = [header];
  for (let chunk = 0; chunk * chunkSizeBytes < bytes.length; chunk++) {
    const data = bytes.subarray(chunk * chunkSizeBytes, (chunk + 1) * chunkSizeBytes);
    const checksum = Buffer.alloc(4);
    checksum.writeUInt32BE(crc32(data, crc32(`${ID}/${chunk}`)));
    parts.push(data, checksum);
  }
  const path = newPath();
  writeFileSync(path, Buffer.concat(parts));
  return path;
}

/** Buffers that say which were taken. */
class WatchedBuffers extends ChunkBuffers {
  readonly taken: ChunkBuffer[] = [];

  override take(followingBytes: number): ChunkBuffer {
    const buffer = super.take(followingBytes);
    this.taken.push(buffer);
    return buffer;
  }
}

async function read(path: string, start: number, end: number, buffers = new ChunkBuffers()): Promise<Buffer> {
  return collectBytes(await openBlobFile(ID, path, { start, end, sizeBytes: undefined }, buffers));
}

/** The sizes of the pieces in which the reader hands out data, in chunks. */
async function piecesOf(path: string, sizeBytes: number, buffers: ChunkBuffers): Promise<number[]> {
  const pieces: number[] = [];
  for await (const piece of await openBlobFile(ID, path, { start: 0, end: sizeBytes, sizeBytes }, buffers))
    pieces.push(piece.length / CHUNK_SIZE_BYTES);
  return pieces;
}

const damage = (problem: string) => ({ name: "BlobDamagedError", message: `blob ${ID}: ${problem}` });

test("openBlobFile: the next chunks are read ahead, and in a crowd only when they are wanted", async () => {
  const bytes = patternBytes(2 * CHUNK_SIZE_BYTES);
  const path = writeBlob(bytes);
  for (const { users, taken } of [
    { users: 0, taken: 2 },
    { users: CROWD, taken: 1 },
  ]) {
    const buffers = new WatchedBuffers();
    for (let user = 0; user < users; user += 1) buffers.enter();
    const pieces: Buffer[] = [];
    for await (const piece of await openBlobFile(ID, path, { start: 0, end: bytes.length, sizeBytes: undefined }, buffers)) {
      if (pieces.length === 0) assert.equal(buffers.taken.length, taken);
      pieces.push(Buffer.from(lentBytes(piece)));
    }
    assert.ok(Buffer.concat(pieces).equals(bytes));
  }
});

test("openBlobFile: behind the first chunk come as many at once as a buffer holds, and the fewer the more others read", async () => {
  const chunks = 1 + 8 + 8 + 4;
  const bytes = patternBytes(chunks * CHUNK_SIZE_BYTES);
  const path = writeBlob(bytes);
  for (const { others, pieces } of [
    { others: 0, pieces: [1, 8, 8, 4] },
    { others: 5, pieces: [1, 4, 4, 4, 4, 4] },
    { others: CROWD, pieces: Array.from({ length: chunks }, () => 1) },
  ]) {
    const buffers = new WatchedBuffers();
    for (let other = 0; other < others; other++) buffers.enter();
    assert.deepEqual(await piecesOf(path, bytes.length, buffers), pieces);
    // And none takes more memory than what is left to read.
    assert.deepEqual(
      buffers.taken.map(({ bytes: memory }) => Math.floor(memory.length / CHUNK_SIZE_BYTES)),
      pieces,
    );
  }
});

test("openBlobFile: readers share the buffers of those before them, and are not counted once they have left or failed", async () => {
  const bytes = patternBytes(12 * CHUNK_SIZE_BYTES);
  const path = writeBlob(bytes);
  const buffers = new WatchedBuffers();
  for (let reader = 0; reader < CROWD; reader++) {
    assert.ok((await read(path, 0, bytes.length, buffers)).equals(bytes));
    assert.equal(await verifyBlobFile(ID, path, buffers), bytes.length);
    await assert.rejects(
      read(path, 0, bytes.length + 1, buffers),
      damage(`has ${bytes.length} data bytes, not ${bytes.length + 1}`),
    );
  }
  assert.equal(buffers.isCrowded, false);
  const distinct = new Set(buffers.taken).size;
  // Those who failed take theirs with them.
  assert.ok(distinct <= CROWD + 4, `${distinct} buffers`);
});

test("openBlobFile, verifyBlobFile: they leave no file open, whatever they find", async () => {
  const path = writeBlob(patternBytes(2 * CHUNK_SIZE_BYTES));
  const buffers = new ChunkBuffers();
  await read(path, 0, 1, buffers);
  await verifyBlobFile(ID, path, buffers);
  truncateSync(path, CHUNK_SIZE_BYTES);
  await assert.rejects(read(path, 0, 1, buffers));
  await assert.rejects(verifyBlobFile(ID, path, buffers));
  assert.deepEqual(openFilesBelow(path), []);
});

for (const chunkSizeBytes of [1000, 4 * CHUNK_SIZE_BYTES, CHUNK_SIZE_BYTES + 8192]) {
  test(`openBlobFile: a blob in chunks of ${chunkSizeBytes} bytes, which no version writes yet, comes back whole and in any range`, async () => {
    const bytes = patternBytes(3 * chunkSizeBytes + 77);
    const path = writeBlob(bytes, chunkSizeBytes);
    assert.equal(await verifyBlobFile(ID, path, new ChunkBuffers()), bytes.length);
    const places = [0, 1, chunkSizeBytes - 1, chunkSizeBytes, 3 * chunkSizeBytes, bytes.length];
    for (const crowd of [0, CROWD]) {
      const buffers = new ChunkBuffers();
      for (let other = 0; other < crowd; other++) buffers.enter();
      for (const start of places) {
        for (const end of places) {
          if (start >= end) continue;
          assert.ok((await read(path, start, end, buffers)).equals(bytes.subarray(start, end)), `${start} to ${end}`);
        }
      }
    }
  });
}

test("openBlobFile: a file that was cut is damage that says where, and never what an earlier reader left in memory", async () => {
  const bytes = patternBytes(3 * CHUNK_SIZE_BYTES);
  const buffers = new ChunkBuffers();
  const ends = [
    { left: 3 * CHUNK_SIZE_BYTES, start: 0, problem: "the file ends within chunk 2" },
    { left: 32 + 2 * (CHUNK_SIZE_BYTES + 4) - 1, start: 0, problem: "the file ends within chunk 1" },
    { left: 32 + 2 * (CHUNK_SIZE_BYTES + 4) - 1, start: CHUNK_SIZE_BYTES, problem: "the file ends within chunk 1" },
    { left: 32 + CHUNK_SIZE_BYTES + 3, start: 0, problem: "the file ends within chunk 0" },
    { left: 40, start: 0, problem: "the file ends within chunk 0" },
    { left: 31, start: 0, problem: "the file has only 31 bytes" },
    { left: 0, start: 0, problem: "the file has only 0 bytes" },
  ];
  for (const { left, start, problem } of ends) {
    const path = writeBlob(bytes);
    assert.ok((await read(path, start, bytes.length, buffers)).equals(bytes.subarray(start)));
    truncateSync(path, left);
    await assert.rejects(read(path, start, bytes.length, buffers), damage(problem), `${left} bytes from ${start}`);
  }
  const path = writeBlob(bytes);
  writeFileSync(path, "x", { flag: "a" });
  const whole = 32 + 3 * (CHUNK_SIZE_BYTES + 4);
  await assert.rejects(verifyBlobFile(ID, path, buffers), damage(`the file has ${whole + 1} bytes, not ${whole}`));
});

test("openBlobFile: a file that is missing is damage, and what else keeps it from being opened is not", async () => {
  await assert.rejects(read(newPath(), 0, 1), damage("the file is missing"));
  const circle = newPath();
  symlinkSync(circle, circle);
  for (const look of [() => read(circle, 0, 1), () => verifyBlobFile(ID, circle, new ChunkBuffers())])
    await assert.rejects(look(), { code: "ELOOP" });
});

test("openBlobFile: what the disk does not give back is damage that says where, with the system's words as its cause", async () => {
  const path = newPath();
  mkdirSync(path);
  await assert.rejects(read(path, 0, 1), ({ message, cause }: Error) => {
    assert.equal(message, `blob ${ID}: the disk failed to read byte 0`);
    assert.equal((cause as NodeJS.ErrnoException).code, "EISDIR");
    return true;
  });
});

type ReadSome = (target: Buffer, offset: number, sizeBytes: number, position: number) => Promise<{ bytesRead: number }>;
let handles: FileHandle;
before(async () => {
  const file = await open(writeBlob(Buffer.alloc(0)));
  handles = Object.getPrototypeOf(file) as FileHandle;
  await file.close();
});

/** From here to the end of the test the system reads at most `most` bytes at once, and from byte `failAt` on fails. */
function readLittle(t: TestContext, most: number, failAt = Infinity): void {
  const whole = handles.read as ReadSome;
  const some: ReadSome = async function (this: FileHandle, target, offset, sizeBytes, position) {
    if (position >= failAt) throw Object.assign(new Error("broken"), { code: "EIO" });
    return whole.call(this, target, offset, Math.min(sizeBytes, most), position);
  };
  t.mock.method(handles, "read", some as never);
  t.mock.method(handles, "readv", async function (this: FileHandle, targets: Buffer[], position: number) {
    let bytesRead = 0;
    for (const target of targets) {
      const part = await some.call(this, target, 0, Math.min(target.length, most - bytesRead), position + bytesRead);
      bytesRead += part.bytesRead;
      if (part.bytesRead < target.length) break;
    }
    return { bytesRead };
  } as never);
}

for (const most of [5, 31, 1000, 1004]) {
  test(`openBlobFile: a system that gives ${most} bytes at once gives all of them in the end`, async (t) => {
    const bytes = patternBytes(3 * 1000 + 77);
    const path = writeBlob(bytes, 1000);
    readLittle(t, most);
    assert.ok((await read(path, 0, bytes.length)).equals(bytes));
    assert.ok((await read(path, 1500, 2500)).equals(bytes.subarray(1500, 2500)));
    assert.equal(await verifyBlobFile(ID, path, new ChunkBuffers()), bytes.length);
  });
}

test("openBlobFile: a disk that fails amid a chunk is damage that says where", async (t) => {
  const path = writeBlob(patternBytes(3000), 1000);
  readLittle(t, 100, 1500);
  // The second chunk begins at byte 1036, and is read a hundred bytes at a time.
  await assert.rejects(read(path, 1000, 2000), damage("the disk failed to read byte 1536"));
});
