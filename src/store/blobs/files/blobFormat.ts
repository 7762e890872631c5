import { crc32 } from "node:zlib";
import { BlobDamagedError } from "../BlobEngine.ts";
import type { BlobId } from "../BlobEngine.ts";

/**
 * The form of a blob's file:
 *
 * ```
 * header (32 bytes)   magic 8 · format version 4 · chunk size 4 · data size 8 · zero 4 · CRC-32 of the id and the above 4
 * chunk 0             data · CRC-32 of "<id>/0" and the data, 4
 * chunk 1             data · CRC-32 of "<id>/1" and the data, 4
 * …                   every chunk but the last holds exactly the chunk size
 * ```
 *
 * Numbers are big-endian. The checksums cover the blob's id and the chunk's number, so that whole chunks in the wrong place, or a
 * file under the wrong name, do not pass.
 */
const BLOB_FORMAT_VERSION = 1;

/** Data bytes of a chunk: what is checked, and so read, at once. Measured: docs/durability.md. */
export const CHUNK_SIZE_BYTES: number = 256 * 1024;

/** Bytes before the first chunk. */
export const HEADER_SIZE_BYTES = 32;

/** Bytes behind the data of a chunk. */
export const CHECKSUM_SIZE_BYTES = 4;

// As PNG's: a byte beyond ASCII and a line end, so that a copy made in text mode does not pass.
const MAGIC = Buffer.from("\x89HFBLOB\n", "latin1");
const CHECKED_HEADER_SIZE_BYTES = HEADER_SIZE_BYTES - CHECKSUM_SIZE_BYTES;

/** What a header says. */
export interface BlobHeader {
  readonly chunkSizeBytes: number;
  readonly sizeBytes: number;
}

/** The header of a blob of `sizeBytes` data bytes in chunks of `CHUNK_SIZE_BYTES`. */
export function encodeHeader(id: BlobId, sizeBytes: number): Buffer {
  const header = Buffer.alloc(HEADER_SIZE_BYTES);
  MAGIC.copy(header);
  header.writeUInt32BE(BLOB_FORMAT_VERSION, 8);
  header.writeUInt32BE(CHUNK_SIZE_BYTES, 12);
  header.writeBigUInt64BE(BigInt(sizeBytes), 16);
  header.writeUInt32BE(crc32(header.subarray(0, CHECKED_HEADER_SIZE_BYTES), crc32(id)), CHECKED_HEADER_SIZE_BYTES);
  return header;
}

/** Reads a header back. Throws `BlobDamagedError` unless it is whole, known and this blob's. */
export function decodeHeader(id: BlobId, header: Buffer): BlobHeader {
  if (header.length < HEADER_SIZE_BYTES) throw new BlobDamagedError(id, `the file has only ${header.length} bytes`);
  if (!header.subarray(0, MAGIC.length).equals(MAGIC)) throw new BlobDamagedError(id, "the file does not begin as a blob does");
  const checksum = crc32(header.subarray(0, CHECKED_HEADER_SIZE_BYTES), crc32(id));
  if (checksum !== header.readUInt32BE(CHECKED_HEADER_SIZE_BYTES)) {
    throw new BlobDamagedError(id, "the header does not match its checksum");
  }
  const version = header.readUInt32BE(8);
  if (version !== BLOB_FORMAT_VERSION) throw new BlobDamagedError(id, `unknown format version ${version}`);
  return { chunkSizeBytes: header.readUInt32BE(12), sizeBytes: Number(header.readBigUInt64BE(16)) };
}

/** The checksum of a chunk before its first data byte; continue it with `crc32(data, checksum)`. */
export function beginChecksum(id: BlobId, chunk: number): number {
  return crc32(`${id}/${chunk}`);
}

/** Where a chunk begins in the file, in bytes. */
export function chunkPosition(chunk: number, chunkSizeBytes: number): number {
  return HEADER_SIZE_BYTES + chunk * (chunkSizeBytes + CHECKSUM_SIZE_BYTES);
}

/** Data bytes of a chunk of this blob. */
export function chunkDataSize(header: BlobHeader, chunk: number): number {
  return Math.min(header.chunkSizeBytes, header.sizeBytes - chunk * header.chunkSizeBytes);
}

/** How many chunks a blob has; none without data. */
export function chunkCount(header: BlobHeader): number {
  return Math.ceil(header.sizeBytes / header.chunkSizeBytes);
}

/** Bytes of the whole file. */
export function fileSize(header: BlobHeader): number {
  return HEADER_SIZE_BYTES + header.sizeBytes + chunkCount(header) * CHECKSUM_SIZE_BYTES;
}
