import assert from "node:assert/strict";
import { test } from "node:test";
import { crc32 } from "node:zlib";
import {
  chunkCount,
  chunkDataSize,
  chunkPosition,
  decodeHeader,
  encodeHeader,
  fileSize,
} from "../../../src/store/blobs/files/blobFormat.ts";

const CHUNK_SIZE_BYTES = 262_144;

test("blobFormat: the header of a blob is for ever what the first version wrote", () => {
  const header = encodeHeader("blob-1", 5_368_709_120);
  assert.equal(
    header.subarray(0, 28).toString("hex"),
    ["894846424c4f420a", "00000001", "00040000", "0000000140000000", "00000000"].join(""),
  );
  assert.equal(header.readUInt32BE(28), crc32(Buffer.concat([Buffer.from("blob-1"), header.subarray(0, 28)])));
  assert.equal(header.length, 32);
  assert.deepEqual(decodeHeader("blob-1", header), { chunkSizeBytes: CHUNK_SIZE_BYTES, sizeBytes: 5_368_709_120 });
});

test("blobFormat: a header that is cut, no blob's, damaged, another blob's or of a later version is refused, and says why", () => {
  const header = encodeHeader("blob-1", 7);
  const refused = (bytes: Buffer, problem: RegExp): void =>
    assert.throws(() => decodeHeader("blob-1", bytes), { name: "BlobDamagedError", message: problem });
  refused(Buffer.alloc(0), /the file has only 0 bytes/);
  refused(header.subarray(0, 31), /the file has only 31 bytes/);
  refused(Buffer.alloc(32), /does not begin as a blob does/);
  refused(encodeHeader("blob-2", 7), /the header does not match its checksum/);
  for (let at = 8; at < 32; at++) {
    const damaged = Buffer.from(header);
    damaged[at]! ^= 1;
    refused(damaged, /the header does not match its checksum/);
  }
  const later = Buffer.from(header);
  later.writeUInt32BE(2, 8);
  later.writeUInt32BE(crc32(later.subarray(0, 28), crc32("blob-1")), 28);
  refused(later, /unknown format version 2/);
});

for (const [sizeBytes, chunks, lastDataSizeBytes, fileSizeBytes] of [
  [0, 0, 0, 32],
  [1, 1, 1, 37],
  [CHUNK_SIZE_BYTES - 1, 1, CHUNK_SIZE_BYTES - 1, CHUNK_SIZE_BYTES + 35],
  [CHUNK_SIZE_BYTES, 1, CHUNK_SIZE_BYTES, CHUNK_SIZE_BYTES + 36],
  [CHUNK_SIZE_BYTES + 1, 2, 1, CHUNK_SIZE_BYTES + 41],
  [2 * CHUNK_SIZE_BYTES, 2, CHUNK_SIZE_BYTES, 2 * CHUNK_SIZE_BYTES + 40],
] as const) {
  test(`blobFormat: ${sizeBytes} bytes lie in ${chunks} chunks, each behind the one before`, () => {
    const header = { chunkSizeBytes: CHUNK_SIZE_BYTES, sizeBytes };
    assert.equal(chunkCount(header), chunks);
    assert.equal(fileSize(header), fileSizeBytes);
    if (chunks === 0) return;
    assert.equal(chunkDataSize(header, chunks - 1), lastDataSizeBytes);
    assert.equal(chunkPosition(0, CHUNK_SIZE_BYTES), 32);
    assert.equal(chunkPosition(chunks - 1, CHUNK_SIZE_BYTES), 32 + (chunks - 1) * (CHUNK_SIZE_BYTES + 4));
    assert.equal(chunkPosition(chunks - 1, CHUNK_SIZE_BYTES) + lastDataSizeBytes + 4, fileSizeBytes);
  });
}
