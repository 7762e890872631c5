import type { FileHandle } from "node:fs/promises";
import { open } from "node:fs/promises";
import { crc32 } from "node:zlib";
import type { BlobId } from "../BlobEngine.ts";
import { BlobDamagedError } from "../BlobEngine.ts";
import { releasing } from "../releasing.ts";
import type { ChunkBuffers } from "./ChunkBuffers.ts";
import type { BlobHeader } from "./blobFormat.ts";
import {
  beginChecksum,
  CHECKSUM_SIZE_BYTES,
  CHUNK_SIZE_BYTES,
  chunkCount,
  chunkDataSize,
  chunkPosition,
  decodeHeader,
  fileSize,
  HEADER_SIZE_BYTES,
} from "./blobFormat.ts";

/** A chunk as read and verified, and the buffer it lies in. */
interface Chunk {
  readonly data: Buffer;
  readonly buffer: Buffer;
}

/**
 * Opens the data bytes `start` to `end` of the blob in the file at `path`. The header and the first chunk asked for are read and
 * verified before this resolves; one further chunk is read ahead of the consumer. Throws `BlobDamagedError`.
 */
export async function openBlobFile(
  id: BlobId,
  path: string,
  start: number,
  end: number,
  buffers: ChunkBuffers,
): Promise<AsyncIterable<Buffer>> {
  const file = await openFile(id, path);
  try {
    const { header, firstChunk } = await readHeader(id, file, start, buffers.take());
    if (end > header.sizeBytes) throw new BlobDamagedError(id, `has ${header.sizeBytes} data bytes, not ${end}`);
    const first = Math.floor(start / header.chunkSizeBytes);
    const last = Math.ceil(end / header.chunkSizeBytes) - 1;
    let ahead: Promise<Chunk> | undefined;
    if (first <= last) {
      ahead = Promise.resolve(
        first === 0 && firstChunk !== undefined
          ? { ...firstChunk, data: verified(id, header, 0, firstChunk.data) }
          : await readChunk(id, file, header, first, buffers.take()),
      );
    }
    async function* bytes(): AsyncGenerator<Buffer, void, undefined> {
      for (let chunk = first; chunk <= last; chunk++) {
        const { data, buffer } = await ahead!;
        ahead = chunk < last ? readChunk(id, file, header, chunk + 1, buffers.take()) : undefined;
        // Heard when its turn comes; until then a failure must not count as unhandled.
        ahead?.catch(() => undefined);
        const offset = chunk * header.chunkSizeBytes;
        yield data.subarray(Math.max(start - offset, 0), Math.min(end - offset, data.length));
        // Who asks for more is done with it. Who leaves may have a write under way, and keeps it.
        buffers.giveBack(buffer);
      }
    }
    // The system's handle waits for a read under way before it closes.
    return releasing(bytes(), () => file.close());
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Compares every checksum of a blob's file, and its length. Resolves with its data bytes; throws `BlobDamagedError`. */
export async function verifyBlobFile(id: BlobId, path: string): Promise<number> {
  const file = await openFile(id, path);
  try {
    const { header } = await readHeader(id, file, undefined, Buffer.allocUnsafe(HEADER_SIZE_BYTES));
    const { size } = await file.stat();
    if (size !== fileSize(header)) throw new BlobDamagedError(id, `the file has ${size} bytes, not ${fileSize(header)}`);
    // Nobody else sees these bytes: one buffer serves all chunks.
    const buffer = Buffer.allocUnsafeSlow(Math.min(header.chunkSizeBytes, header.sizeBytes) + CHECKSUM_SIZE_BYTES);
    for (let chunk = 0; chunk < chunkCount(header); chunk++) await readChunk(id, file, header, chunk, buffer);
    return header.sizeBytes;
  } finally {
    await file.close();
  }
}

async function openFile(id: BlobId, path: string): Promise<FileHandle> {
  try {
    return await open(path, "r");
  } catch (error) {
    const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (missing) throw new BlobDamagedError(id, "the file is missing", { cause: error });
    throw error;
  }
}

/** Reads the header, and in the same go the first chunk when `start` lies in it. */
async function readHeader(
  id: BlobId,
  file: FileHandle,
  start: number | undefined,
  buffer: Buffer,
): Promise<{ readonly header: BlobHeader; readonly firstChunk: Chunk | undefined }> {
  const together = start !== undefined && start < CHUNK_SIZE_BYTES;
  const room = together ? HEADER_SIZE_BYTES + CHUNK_SIZE_BYTES + CHECKSUM_SIZE_BYTES : HEADER_SIZE_BYTES;
  const target = buffer.subarray(0, room);
  const filled = await readBytes(id, file, target, 0, HEADER_SIZE_BYTES);
  const header = decodeHeader(id, target.subarray(0, Math.min(filled, HEADER_SIZE_BYTES)));
  // Files of another chunk size are read like any other chunk.
  const complete = together && header.chunkSizeBytes === CHUNK_SIZE_BYTES && filled >= Math.min(room, fileSize(header));
  return { header, firstChunk: complete ? { data: target.subarray(HEADER_SIZE_BYTES, filled), buffer } : undefined };
}

/** Reads and verifies a chunk, in `buffer` if it is large enough: chunks of other files may be larger than those written today. */
async function readChunk(id: BlobId, file: FileHandle, header: BlobHeader, chunk: number, buffer: Buffer): Promise<Chunk> {
  const sizeBytes = chunkDataSize(header, chunk) + CHECKSUM_SIZE_BYTES;
  const target = buffer.length < sizeBytes ? Buffer.allocUnsafeSlow(sizeBytes) : buffer.subarray(0, sizeBytes);
  const filled = await readBytes(id, file, target, chunkPosition(chunk, header.chunkSizeBytes), sizeBytes);
  return { data: verified(id, header, chunk, target.subarray(0, filled)), buffer };
}

/** The data of a chunk as read, once it matches the checksum behind it. */
function verified(id: BlobId, header: BlobHeader, chunk: number, bytes: Buffer): Buffer {
  const sizeBytes = chunkDataSize(header, chunk);
  if (bytes.length < sizeBytes + CHECKSUM_SIZE_BYTES) throw new BlobDamagedError(id, `the file ends within chunk ${chunk}`);
  const data = bytes.subarray(0, sizeBytes);
  if (crc32(data, beginChecksum(id, chunk)) !== bytes.readUInt32BE(sizeBytes)) {
    throw new BlobDamagedError(id, `chunk ${chunk} does not match its checksum`);
  }
  return data;
}

/** Reads from `position` on until `target` holds at least `enough` bytes, or as far as the file goes. Resolves with how many. */
async function readBytes(id: BlobId, file: FileHandle, target: Buffer, position: number, enough: number): Promise<number> {
  let filled = 0;
  try {
    while (filled < enough) {
      const { bytesRead } = await file.read(target, filled, target.length - filled, position + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
  } catch (error) {
    throw new BlobDamagedError(id, `the disk failed to read byte ${position + filled}`, { cause: error });
  }
  return filled;
}
