import type { FileHandle } from "node:fs/promises";
import { open } from "node:fs/promises";
import { crc32 } from "node:zlib";
import type { BlobId } from "../BlobEngine.ts";
import { BlobDamagedError } from "../BlobEngine.ts";
import { releasing } from "../releasing.ts";
import type { ChunkBuffers } from "./ChunkBuffers.ts";
import { chunksIn } from "./ChunkBuffers.ts";
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

/** The data of chunks, read and verified, one behind the other, and the buffer it lies in. */
interface Chunks {
  readonly data: Buffer;
  readonly buffer: Buffer;
}

/** The first chunk of a file as read with its header, and the buffer it lies in. */
interface UnverifiedChunk {
  readonly bytes: Buffer;
  readonly buffer: Buffer;
}

/**
 * Opens the data bytes `start` to `end` of the blob in the file at `path`. The header and the first chunk asked for are read and
 * verified before this resolves; further ones are read ahead of the consumer, several at a time. Throws `BlobDamagedError`.
 */
export async function openBlobFile(
  id: BlobId,
  path: string,
  start: number,
  end: number,
  buffers: ChunkBuffers,
): Promise<AsyncIterable<Buffer>> {
  const file = await openFile(id, path);
  const leave = buffers.enter();
  const close = (): Promise<void> => {
    leave();
    // The system's handle waits for a read under way before it closes.
    return file.close();
  };
  try {
    const { header, firstChunk } = await readHeader(id, file, start, buffers.take());
    if (end > header.sizeBytes) throw new BlobDamagedError(id, `has ${header.sizeBytes} data bytes, not ${end}`);
    const first = Math.floor(start / header.chunkSizeBytes);
    const last = Math.ceil(end / header.chunkSizeBytes) - 1;
    let ahead: Promise<Chunks> | undefined;
    if (first <= last) {
      ahead = Promise.resolve(
        first === 0 && firstChunk !== undefined
          ? { data: verifiedFirst(id, header, firstChunk.bytes), buffer: firstChunk.buffer }
          : await readChunks(id, file, header, { first, last: first }, buffers.take()),
      );
    }
    const readAhead = (chunk: number): Promise<Chunks> => {
      const buffer = buffers.take(last - chunk + 1);
      return readChunks(id, file, header, { first: chunk, last: Math.min(chunk + chunksIn(buffer) - 1, last) }, buffer);
    };
    async function* bytes(): AsyncGenerator<Buffer, void, undefined> {
      for (let chunk = first; ahead !== undefined;) {
        const { data, buffer } = await ahead;
        const offset = chunk * header.chunkSizeBytes;
        chunk += Math.ceil(data.length / header.chunkSizeBytes);
        ahead = chunk <= last ? readAhead(chunk) : undefined;
        // Heard when its turn comes; until then a failure must not count as unhandled.
        ahead?.catch(() => undefined);
        yield data.subarray(Math.max(start - offset, 0), Math.min(end - offset, data.length));
        // Who asks for more is done with it. Who leaves may have a write under way, and keeps it.
        buffers.giveBack(buffer);
      }
    }
    return releasing(bytes(), close);
  } catch (error) {
    await close();
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
    for (let chunk = 0; chunk < chunkCount(header); chunk++)
      await readChunks(id, file, header, { first: chunk, last: chunk }, buffer);
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
): Promise<{ readonly header: BlobHeader; readonly firstChunk: UnverifiedChunk | undefined }> {
  const together = start !== undefined && start < CHUNK_SIZE_BYTES;
  const room = together ? HEADER_SIZE_BYTES + CHUNK_SIZE_BYTES + CHECKSUM_SIZE_BYTES : HEADER_SIZE_BYTES;
  const target = buffer.subarray(0, room);
  const filled = await readBytes(id, file, target, 0, HEADER_SIZE_BYTES);
  const header = decodeHeader(id, target.subarray(0, Math.min(filled, HEADER_SIZE_BYTES)));
  // Files of another chunk size are read like any other chunk.
  const complete = together && header.chunkSizeBytes === CHUNK_SIZE_BYTES && filled >= Math.min(room, fileSize(header));
  return { header, firstChunk: complete ? { bytes: target.subarray(HEADER_SIZE_BYTES, filled), buffer } : undefined };
}

/**
 * Reads and verifies chunks; the data comes to lie one behind the other, the checksums elsewhere. In `buffer` if it is large enough: chunks
 * of other files may be larger than those written today.
 */
async function readChunks(
  id: BlobId,
  file: FileHandle,
  header: BlobHeader,
  { first, last }: { readonly first: number; readonly last: number },
  buffer: Buffer,
): Promise<Chunks> {
  const dataSizeBytes = (last - first) * header.chunkSizeBytes + chunkDataSize(header, last);
  const data = buffer.length < dataSizeBytes ? Buffer.allocUnsafeSlow(dataSizeBytes) : buffer.subarray(0, dataSizeBytes);
  const checksums = Buffer.allocUnsafe((last - first + 1) * CHECKSUM_SIZE_BYTES);
  const pieces: Buffer[] = [];
  for (let chunk = 0; chunk <= last - first; chunk++) {
    pieces.push(
      data.subarray(chunk * header.chunkSizeBytes, (chunk + 1) * header.chunkSizeBytes),
      checksums.subarray(chunk * CHECKSUM_SIZE_BYTES, (chunk + 1) * CHECKSUM_SIZE_BYTES),
    );
  }
  const position = chunkPosition(first, header.chunkSizeBytes);
  const filled = await readPieces(id, file, pieces, position);
  for (let chunk = first; chunk <= last; chunk++) {
    const end = chunkPosition(chunk, header.chunkSizeBytes) - position + chunkDataSize(header, chunk) + CHECKSUM_SIZE_BYTES;
    if (filled < end) throw new BlobDamagedError(id, `the file ends within chunk ${chunk}`);
    verify(id, chunk, pieces[2 * (chunk - first)]!, pieces[2 * (chunk - first) + 1]!);
  }
  return { data, buffer };
}

/** The data of the first chunk as read with its checksum behind it, once it matches. */
function verifiedFirst(id: BlobId, header: BlobHeader, bytes: Buffer): Buffer {
  const sizeBytes = chunkDataSize(header, 0);
  const data = bytes.subarray(0, sizeBytes);
  verify(id, 0, data, bytes.subarray(sizeBytes));
  return data;
}

/** Throws unless a chunk matches its checksum. */
function verify(id: BlobId, chunk: number, data: Buffer, checksum: Buffer): void {
  if (crc32(data, beginChecksum(id, chunk)) === checksum.readUInt32BE()) return;
  throw new BlobDamagedError(id, `chunk ${chunk} does not match its checksum`);
}

/** Reads from `position` on until the pieces are full, or as far as the file goes. Resolves with how many bytes. */
async function readPieces(id: BlobId, file: FileHandle, pieces: readonly Buffer[], position: number): Promise<number> {
  let filled = 0;
  let rest = pieces;
  try {
    while (rest.length > 0) {
      const { bytesRead } = await file.readv(rest, position + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
      rest = behind(rest, bytesRead);
    }
  } catch (error) {
    throw new BlobDamagedError(id, `the disk failed to read byte ${position + filled}`, { cause: error });
  }
  return filled;
}

/** What of the pieces lies behind the first bytes of them. */
function behind(pieces: readonly Buffer[], sizeBytes: number): readonly Buffer[] {
  let skipped = sizeBytes;
  let index = 0;
  while (index < pieces.length && skipped >= pieces[index]!.length) skipped -= pieces[index++]!.length;
  return skipped === 0 ? pieces.slice(index) : [pieces[index]!.subarray(skipped), ...pieces.slice(index + 1)];
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
