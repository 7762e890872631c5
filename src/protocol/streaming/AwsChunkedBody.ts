import { createHash, hash } from "node:crypto";
import type { Hash } from "node:crypto";
import { quoted } from "../../errors/quoted.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { BodyReader } from "./BodyReader.ts";
import type { Framing } from "./Framing.ts";
import { CUT_AT_ITS_END, MAX_PIECE_SIZE_BYTES, terminated, wrongSize } from "./Framing.ts";
import type { ChunkSignatures } from "./PayloadSecurity.ts";
import { malformedTrailer, parseTrailer } from "./trailer.ts";

/** The line before a chunk: a size, perhaps a signature; CR LF included. */
const MAX_CHUNK_LINE_SIZE_BYTES = 1_024;

/** Digits of a chunk's size; what they amount to is bounded by the decoded length. */
const MAX_CHUNK_SIZE_HEX_DIGITS = 16;

/** Every chunk but the last has at least this size. */
const MIN_CHUNK_SIZE_BYTES = 8_192;

/** What follows the last chunk. */
const MAX_TRAILER_SIZE_BYTES = 8_192;

const SIGNATURE_EXTENSION = "chunk-signature=";

/** What is known of an aws-chunked body before it is read. */
export interface ChunkedForm {
  /** Of the content, as x-amz-decoded-content-length says. */
  readonly sizeBytes: number;
  /** `undefined` when chunks are not signed. */
  readonly signatures: ChunkSignatures | undefined;
  /** Trailer lines follow the last chunk. */
  readonly hasTrailer: boolean;
  /** The trailer that x-amz-trailer announces. */
  readonly announcedTrailer: string | undefined;
}

/**
 * Takes the framing of an aws-chunked body off. The last bytes of a chunk are handed on once its signature is verified.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 */
export class AwsChunkedBody implements Framing {
  readonly #reader: BodyReader;
  readonly #form: ChunkedForm;
  #receivedSizeBytes = 0;
  /** Of the chunk being read. */
  #sizeBytes = 0;
  #restSizeBytes = 0;
  #number = 0;
  #signature = "";
  #hash: Hash | undefined;
  #trailers: ReadonlyMap<string, string> = new Map();

  constructor(reader: BodyReader, form: ChunkedForm) {
    this.#reader = reader;
    this.#form = form;
  }

  async next(): Promise<Buffer | undefined> {
    if (this.#restSizeBytes === 0) {
      await this.#beginChunk();
      if (this.#sizeBytes === 0) return this.#finish();
    }
    const piece = await this.#reader.next(Math.min(this.#restSizeBytes, MAX_PIECE_SIZE_BYTES));
    if (piece === undefined) throw terminated(`The body ended within chunk ${this.#number}.`);
    this.#hash?.update(piece);
    this.#receivedSizeBytes += piece.length;
    this.#restSizeBytes -= piece.length;
    if (this.#restSizeBytes === 0) await this.#endChunk();
    return piece;
  }

  trailer(name: string): string | undefined {
    return this.#trailers.get(name);
  }

  giveBack(): void {
    this.#reader.giveBack();
  }

  close(): void {
    this.#reader.close();
  }

  async #beginChunk(): Promise<void> {
    const line = await this.#reader.line(MAX_CHUNK_LINE_SIZE_BYTES);
    this.#number += 1;
    const semicolon = line?.indexOf(";") ?? -1;
    const sizeBytes = line === undefined ? undefined : hexadecimal(semicolon < 0 ? line : line.slice(0, semicolon));
    if (sizeBytes === undefined) throw terminated(`Chunk ${this.#number} does not begin with a line that says its size.`);
    this.#readExtension(semicolon < 0 ? "" : line!.slice(semicolon + 1));
    if (this.#number > 1 && sizeBytes > 0 && this.#sizeBytes < MIN_CHUNK_SIZE_BYTES) throw this.#tooSmall();
    if (sizeBytes > this.#form.sizeBytes - this.#receivedSizeBytes) {
      throw wrongSize(this.#form.sizeBytes, this.#receivedSizeBytes + sizeBytes);
    }
    this.#sizeBytes = sizeBytes;
    this.#restSizeBytes = sizeBytes;
    this.#hash = this.#form.signatures === undefined ? undefined : createHash("sha256");
  }

  #readExtension(extension: string): void {
    const isSigned = extension.startsWith(SIGNATURE_EXTENSION);
    if (isSigned !== (this.#form.signatures !== undefined)) {
      throw terminated(
        `The line before chunk ${this.#number} has ${isSigned ? "a" : "no"} signature, against x-amz-content-sha256.`,
      );
    }
    if (!isSigned && extension !== "") {
      throw terminated(
        `In the line before chunk ${this.#number}, ${quoted(extension)} stands behind the size, where nothing belongs.`,
      );
    }
    this.#signature = extension.slice(SIGNATURE_EXTENSION.length);
  }

  async #endChunk(): Promise<void> {
    const end = await this.#reader.line(2);
    if (end !== "")
      throw terminated(`Chunk ${this.#number} does not end after the ${this.#sizeBytes} bytes its first line says.`);
    this.#verifyChunk();
  }

  #verifyChunk(): void {
    if (this.#hash !== undefined) this.#form.signatures!.verifyChunk(this.#hash.digest("hex"), this.#signature);
  }

  /** Reads what follows the last chunk. */
  async #finish(): Promise<undefined> {
    this.#verifyChunk();
    const { sizeBytes, signatures, hasTrailer, announcedTrailer } = this.#form;
    if (this.#receivedSizeBytes !== sizeBytes) throw wrongSize(sizeBytes, this.#receivedSizeBytes);
    const text = await this.#reader.remainder(MAX_TRAILER_SIZE_BYTES);
    if (text === undefined) throw terminated(`More than ${MAX_TRAILER_SIZE_BYTES} bytes follow the last chunk.`);
    if (this.#reader.wasCut) throw terminated(CUT_AT_ITS_END);
    if (!hasTrailer) {
      if (text !== "\r\n") throw terminated("After the last chunk comes an empty line, and nothing else.");
      return;
    }
    if (!endsInEmptyLine(text)) throw terminated("The body ended within the trailer.");
    const trailer = parseTrailer(text, announcedTrailer);
    this.#trailers = trailer.values;
    if ((trailer.signature === undefined) !== (signatures === undefined)) {
      throw malformedTrailer("x-amz-trailer-signature must come exactly when the chunks are signed.");
    }
    signatures?.verifyTrailer(hash("sha256", trailer.canonical), trailer.signature!);
  }

  #tooSmall(): S3Error {
    return new S3Error("InvalidChunkSizeError", {
      // S3 gives the number of the chunk at which it notices, and the size of the one before.
      details: [
        ["Chunk", String(this.#number)],
        ["BadChunkSize", String(this.#sizeBytes)],
      ],
      explanation: `Chunk ${this.#number - 1} has ${this.#sizeBytes} bytes, and another follows; buffer the stream into chunks of at least ${MIN_CHUNK_SIZE_BYTES}.`,
    });
  }
}

function endsInEmptyLine(text: string): boolean {
  return text === "\r\n" || text.endsWith("\n\r\n");
}

/** The number written in hexadecimal digits; `undefined` for anything else. */
function hexadecimal(text: string): number | undefined {
  if (text === "" || text.length > MAX_CHUNK_SIZE_HEX_DIGITS) return undefined;
  let value = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    const lower = code | 0x20;
    if (code >= 0x30 && code <= 0x39) value = value * 16 + code - 0x30;
    else if (lower >= 0x61 && lower <= 0x66) value = value * 16 + lower - 0x57;
    else return undefined;
  }
  return value;
}
