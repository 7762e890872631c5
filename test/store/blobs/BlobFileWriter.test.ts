import assert from "node:assert/strict";
import type { FileHandle } from "node:fs/promises";
import { test } from "node:test";
import { BlobFileWriter } from "../../../src/store/blobs/files/BlobFileWriter.ts";
import { ChunkBuffers } from "../../../src/store/blobs/files/ChunkBuffers.ts";
import { DIRECT_BLOCK_SIZE_BYTES } from "../../../src/store/blobs/files/directWrites.ts";
import { patternBytes } from "./blobs.suite.ts";

test("BlobFileWriter: what fills the last block of a direct write is nothing of other blobs", async () => {
  const sizeBytes = 5_000;
  const buffers = new ChunkBuffers();
  const leave = buffers.enter();
  const used = buffers.take(sizeBytes);
  used.bytes.fill(0xee);
  buffers.giveBack(used);
  const written: Buffer[] = [];
  let endsAt: number | undefined;
  const file = {
    write: async (bytes: Buffer, offset: number, length: number) => {
      written.push(Buffer.from(bytes.subarray(offset, offset + length)));
      return { bytesWritten: length };
    },
    truncate: async (size: number) => void (endsAt = size),
    close: async () => undefined,
  } as unknown as FileHandle;
  const common = { id: "g-000", path: "g/000", syncEntry: undefined, finished: () => undefined, ended: () => undefined };
  const writer = new BlobFileWriter({ ...common, file, isDirect: true, expectedSizeBytes: sizeBytes, buffers });
  await writer.write(patternBytes(sizeBytes));
  await writer.finish();
  const bytes = Buffer.concat(written);
  assert.equal(bytes.length, 2 * DIRECT_BLOCK_SIZE_BYTES);
  assert.ok(endsAt !== undefined && endsAt > sizeBytes);
  assert.ok(bytes.subarray(endsAt).equals(Buffer.alloc(bytes.length - endsAt)));
  leave();
});
