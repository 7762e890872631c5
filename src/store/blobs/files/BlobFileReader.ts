import type { FileHandle } from "node:fs/promises";
import { open } from "node:fs/promises";
import type { Piece } from "../../../protocol/Payload.ts";
import type { BlobId } from "../BlobEngine.ts";
import { BlobDamagedError, checkSize } from "../BlobEngine.ts";
import { releasing } from "../releasing.ts";
import type { ChunkBuffers } from "./ChunkBuffers.ts";
import { ChunkBuffer } from "./ChunkBuffers.ts";
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
import { isMissing } from "../../../errors/systemCode.ts";

/** The data of chunks, read and verified, one behind the other, and the buffer it lies in. */
interface Chunks {
  readonly data: Buffer;
  readonly buffer: ChunkBuffer;
}

/** Which data bytes of a blob are wanted, and how many it is known to have. */
export interface WantedBytes {
  readonly start: number;
  readonly end: number;
  readonly sizeBytes: number | undefined;
  /** True where the reader proves the bytes himself, and checksums are passed over. */
  readonly isProven?: boolean;
}

/**
 * Opens data bytes of the blob in the file at `path`. The header and the first chunk asked for are read and verified before this resolves;
 * further ones are read ahead of the consumer, several at a time, while few others read. Throws `BlobDamagedError`.
 */
export async function openBlobFile(
  id: BlobId,
  path: string,
  { start, end, sizeBytes, isProven = false }: WantedBytes,
  buffers: ChunkBuffers,
): Promise<AsyncIterable<Piece>> {
  const file = await openFile(id, path);
  const leave = buffers.enter();
  const close = (): Promise<void> => {
    leave();
    // The system's handle waits for a read under way before it closes.
    return file.close();
  };
  try {
    const head = buffers.take(0);
    const { header, hasFirstChunk } = await readHeader(id, file, start, head);
    checkSize(id, header.sizeBytes, sizeBytes);
    if (end > header.sizeBytes) throw new BlobDamagedError(id, `has ${header.sizeBytes} data bytes, not ${end}`);
    const first = Math.floor(start / header.chunkSizeBytes);
    const last = Math.ceil(end / header.chunkSizeBytes) - 1;
    let ahead: Promise<Chunks> | undefined;
    if (first <= last) {
      ahead = Promise.resolve(
        hasFirstChunk
          ? { data: firstChunk(id, header, head, isProven), buffer: head }
          : await readChunks(id, file, header, { first, last: first, isProven }, head),
      );
    }
    const readAhead = (chunk: number): Promise<Chunks> => {
      const buffer = buffers.take((last - chunk + 1) * header.chunkSizeBytes);
      const chunks = Math.max(Math.floor(buffer.bytes.length / header.chunkSizeBytes), 1);
      return readChunks(id, file, header, { first: chunk, last: Math.min(chunk + chunks - 1, last), isProven }, buffer);
    };
    async function* bytes(): AsyncGenerator<Piece, void, undefined> {
      for (let chunk = first; ahead !== undefined;) {
        const { data, buffer } = await ahead;
        const offset = chunk * header.chunkSizeBytes;
        chunk += Math.ceil(data.length / header.chunkSizeBytes);
        ahead = chunk <= last && !buffers.isCrowded ? readAhead(chunk) : undefined;
        // Heard when its turn comes; until then a failure must not count as unhandled.
        ahead?.catch(() => undefined);
        yield data.subarray(Math.max(start - offset, 0), Math.min(end - offset, data.length));
        // Who asks for more is done with it. Who leaves may have a write under way, and keeps it.
        buffers.giveBack(buffer);
        if (chunk <= last) ahead ??= readAhead(chunk);
      }
    }
    return releasing(bytes(), close);
  } catch (error) {
    await close();
    throw error;
  }
}

/** Compares every checksum of a blob's file, and its length. Resolves with its data bytes; throws `BlobDamagedError`. */
export async function verifyBlobFile(id: BlobId, path: string, buffers: ChunkBuffers): Promise<number> {
  const file = await openFile(id, path);
  const buffer = buffers.take(0);
  try {
    const { header } = await readHeader(id, file, undefined, buffer);
    const { size } = await file.stat();
    if (size !== fileSize(header)) throw new BlobDamagedError(id, `the file has ${size} bytes, not ${fileSize(header)}`);
    for (let chunk = 0; chunk < chunkCount(header); chunk++)
      await readChunks(id, file, header, { first: chunk, last: chunk, isProven: false }, buffer);
    return header.sizeBytes;
  } finally {
    buffers.giveBack(buffer);
    await file.close();
  }
}

async function openFile(id: BlobId, path: string): Promise<FileHandle> {
  try {
    return await open(path, "r");
  } catch (error) {
    if (isMissing(error)) throw new BlobDamagedError(id, "the file is missing", { cause: error });
    throw error;
  }
}

/** Reads the header, and in the same go the first chunk when `start` lies in it, to the front of the buffer. */
async function readHeader(
  id: BlobId,
  file: FileHandle,
  start: number | undefined,
  { bytes }: ChunkBuffer,
): Promise<{ readonly header: BlobHeader; readonly hasFirstChunk: boolean }> {
  const together = start !== undefined && start < CHUNK_SIZE_BYTES;
  const room = together ? HEADER_SIZE_BYTES + CHUNK_SIZE_BYTES + CHECKSUM_SIZE_BYTES : HEADER_SIZE_BYTES;
  const filled = await readBytes(id, file, bytes.subarray(0, room), 0, HEADER_SIZE_BYTES);
  const header = decodeHeader(id, bytes.subarray(0, Math.min(filled, HEADER_SIZE_BYTES)));
  // Files of another chunk size are read like any other chunk.
  const hasFirstChunk = together && header.chunkSizeBytes === CHUNK_SIZE_BYTES && filled >= Math.min(room, fileSize(header));
  return { header, hasFirstChunk: hasFirstChunk && header.sizeBytes > 0 };
}

/**
 * Reads and verifies chunks; the data comes to lie one behind the other, the checksums elsewhere. In `offered` if it is large enough:
 * chunks of other files may be larger than those written today.
 */
async function readChunks(
  id: BlobId,
  file: FileHandle,
  header: BlobHeader,
  { first, last, isProven }: { readonly first: number; readonly last: number; readonly isProven: boolean },
  offered: ChunkBuffer,
): Promise<Chunks> {
  const dataSizeBytes = (last - first) * header.chunkSizeBytes + chunkDataSize(header, last);
  const buffer = offered.bytes.length < dataSizeBytes ? new ChunkBuffer(dataSizeBytes) : offered;
  const data = buffer.bytes.subarray(0, dataSizeBytes);
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
    if (isProven) continue;
    const start = (chunk - first) * header.chunkSizeBytes;
    const checksum = checksums.readUInt32BE((chunk - first) * CHECKSUM_SIZE_BYTES);
    verify(id, chunk, buffer, { start, end: start + chunkDataSize(header, chunk) }, checksum);
  }
  return { data, buffer };
}

/** The data of the first chunk as read behind the header and before its checksum, once it matches where it has to. */
function firstChunk(id: BlobId, header: BlobHeader, buffer: ChunkBuffer, isProven: boolean): Buffer {
  const place = { start: HEADER_SIZE_BYTES, end: HEADER_SIZE_BYTES + chunkDataSize(header, 0) };
  if (!isProven) verify(id, 0, buffer, place, buffer.bytes.readUInt32BE(place.end));
  return buffer.bytes.subarray(place.start, place.end);
}

/** Throws unless a chunk, which lies at this place of the buffer, matches its checksum. */
function verify(
  id: BlobId,
  chunk: number,
  buffer: ChunkBuffer,
  { start, end }: { readonly start: number; readonly end: number },
  checksum: number,
): void {
  if (buffer.checksum(start, end, beginChecksum(id, chunk)) === checksum) return;
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
    throw new BlobDamagedError(id, `the disk failed to read byte ${position + filled}`, { cause: error, isLost: false });
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
    throw new BlobDamagedError(id, `the disk failed to read byte ${position + filled}`, { cause: error, isLost: false });
  }
  return filled;
}
