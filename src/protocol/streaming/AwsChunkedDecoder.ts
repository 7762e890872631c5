import { createHash, createHmac, hash } from "node:crypto";
import type { Hash } from "node:crypto";
import { signatureDoesNotMatch } from "../../auth/mismatch.ts";
import type { ChunkSigning } from "../../auth/payloadSecurity.ts";
import { equalInConstantTime } from "../../auth/signingKeys.ts";
import { S3Error } from "../../errors/S3Error.ts";

/** The line before a chunk: a size, perhaps a signature. */
const MAX_CHUNK_LINE_SIZE_BYTES = 1_024;

/** All trailer lines together. */
const MAX_TRAILER_SIZE_BYTES = 8_192;

/** Every chunk but the last has at least this size. */
export const MIN_CHUNK_SIZE_BYTES = 8_192;

/** A chunk's size in hexadecimal digits: up to 16 EiB less one; the decoded length bounds it far lower. */
const CHUNK_LINE = /^([0-9a-fA-F]{1,13})(?:;chunk-signature=([0-9a-fA-F]{64}))?$/;
const TRAILER_LINE = /^([A-Za-z0-9-]+):(.*)$/;

const EMPTY_SHA256: string = hash("sha256", "");
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

type State = "line" | "data" | "dataEnd" | "trailer" | "done";

/** The form of an aws-chunked body. */
export interface ChunkedForm {
  /** What the chunks are signed with; `undefined` when they are not. */
  readonly signing: ChunkSigning | undefined;
  /** Trailer lines follow the last chunk. */
  readonly hasTrailer: boolean;
}

/**
 * Takes the framing of aws-chunked bodies off, byte by byte as they come, and verifies the signature of every chunk and of the trailer.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
export class AwsChunkedDecoder {
  /** Trailers received, by lower-case name; complete once `finish` has returned. */
  readonly trailers: Map<string, string> = new Map();
  readonly #form: ChunkedForm;
  #state: State = "line";
  #line: Buffer = Buffer.alloc(0);
  #remainingSizeBytes = 0;
  #chunkNumber = 0;
  #lastSizeBytes = Number.POSITIVE_INFINITY;
  #signature: string | undefined;
  #previousSignature: string;
  #hash: Hash | undefined;
  #trailerSizeBytes = 0;
  #trailerText = "";
  #trailerSignature: string | undefined;

  constructor(form: ChunkedForm) {
    this.#form = form;
    this.#previousSignature = form.signing?.seedSignature ?? "";
  }

  /** Takes bytes from the wire; returns the pieces of data in them, which share their memory. */
  push(bytes: Buffer): Buffer[] {
    const pieces: Buffer[] = [];
    let at = 0;
    while (at < bytes.length) {
      if (this.#state === "data") {
        const end = Math.min(bytes.length, at + this.#remainingSizeBytes);
        pieces.push(this.#data(bytes.subarray(at, end)));
        at = end;
      } else if (this.#state === "done") {
        throw broken("Bytes follow the end of the chunked body.");
      } else {
        const end = bytes.indexOf(LINE_FEED, at);
        const stop = end < 0 ? bytes.length : end + 1;
        this.#collect(bytes.subarray(at, stop));
        at = stop;
        if (end >= 0) this.#endOfLine();
      }
    }
    return pieces;
  }

  /** The wire has ended: throws unless the body has, too. */
  finish(): void {
    if (this.#state !== "done") throw broken("The body ended before its last chunk was complete.");
  }

  #data(piece: Buffer): Buffer {
    this.#hash?.update(piece);
    this.#remainingSizeBytes -= piece.length;
    if (this.#remainingSizeBytes === 0) {
      this.#verifyChunk(this.#hash?.digest("hex"));
      this.#state = "dataEnd";
    }
    return piece;
  }

  #collect(piece: Buffer): void {
    const limit = this.#state === "trailer" ? MAX_TRAILER_SIZE_BYTES : MAX_CHUNK_LINE_SIZE_BYTES;
    if (this.#line.length + piece.length > limit) throw broken(`A line of the chunk framing is longer than ${limit} bytes.`);
    this.#line = this.#line.length === 0 ? piece : Buffer.concat([this.#line, piece]);
  }

  #endOfLine(): void {
    const line = this.#line;
    this.#line = Buffer.alloc(0);
    if (line.at(-2) !== CARRIAGE_RETURN) throw broken("A line of the chunk framing does not end in CR LF.");
    const text = line.subarray(0, -2).toString("latin1");
    if (this.#state === "line") this.#beginChunk(text);
    else if (this.#state === "trailer") this.#trailerLine(text, line.length);
    else if (text === "") this.#state = "line";
    else throw broken("A chunk is longer than its announced size.");
  }

  #beginChunk(text: string): void {
    const match = CHUNK_LINE.exec(text);
    if (match === null) throw broken(`Chunk ${this.#chunkNumber + 1} does not begin with its size.`);
    const sizeBytes = Number.parseInt(match[1]!, 16);
    this.#signature = match[2]?.toLowerCase();
    if (this.#form.signing !== undefined && this.#signature === undefined)
      throw broken(`Chunk ${this.#chunkNumber + 1} has no signature.`);
    if (sizeBytes > 0 && this.#lastSizeBytes < MIN_CHUNK_SIZE_BYTES) throw tooSmall(this.#chunkNumber, this.#lastSizeBytes);
    this.#chunkNumber += 1;
    if (sizeBytes === 0) {
      this.#verifyChunk(EMPTY_SHA256);
      this.#state = "trailer";
      return;
    }
    this.#lastSizeBytes = sizeBytes;
    this.#remainingSizeBytes = sizeBytes;
    this.#hash = this.#form.signing === undefined ? undefined : createHash("sha256");
    this.#state = "data";
  }

  #verifyChunk(sha256: string | undefined): void {
    const { signing } = this.#form;
    if (signing === undefined) return;
    const text = `AWS4-HMAC-SHA256-PAYLOAD\n${signing.time}\n${signing.scope}\n${this.#previousSignature}\n${EMPTY_SHA256}\n${sha256}`;
    this.#verify(signing, text, this.#signature!, `The signature of chunk ${this.#chunkNumber} is not that of its bytes.`);
    this.#previousSignature = this.#signature!;
  }

  #verify(signing: ChunkSigning, stringToSign: string, given: string, explanation: string): void {
    const expected = createHmac("sha256", signing.signingKey).update(stringToSign).digest("hex");
    if (equalInConstantTime(expected, given)) return;
    throw signatureDoesNotMatch({ accessKeyId: signing.accessKeyId, stringToSign, signatureProvided: given, explanation });
  }

  #trailerLine(text: string, sizeBytes: number): void {
    if (text === "") return this.#endOfTrailer();
    this.#trailerSizeBytes += sizeBytes;
    const match = TRAILER_LINE.exec(text);
    if (!this.#form.hasTrailer || match === null || this.#trailerSizeBytes > MAX_TRAILER_SIZE_BYTES) {
      throw malformedTrailer(`"${text.slice(0, 100)}" is not a trailer this request announced.`);
    }
    const name = match[1]!.toLowerCase();
    const value = match[2]!.trim();
    if (name === "x-amz-trailer-signature") {
      this.#trailerSignature = value;
      return;
    }
    this.trailers.set(name, value);
    this.#trailerText += `${name}:${value}\n`;
  }

  #endOfTrailer(): void {
    this.#state = "done";
    const { signing, hasTrailer } = this.#form;
    if (signing === undefined || !hasTrailer) return;
    if (this.#trailerSignature === undefined) throw malformedTrailer("The trailer has no x-amz-trailer-signature.");
    const digest = hash("sha256", this.#trailerText);
    const text = `AWS4-HMAC-SHA256-TRAILER\n${signing.time}\n${signing.scope}\n${this.#previousSignature}\n${digest}`;
    this.#verify(signing, text, this.#trailerSignature, "The signature of the trailer is not that of its lines.");
  }
}

function broken(explanation: string): S3Error {
  return new S3Error("IncompleteBody", { message: "The request body terminated unexpectedly", explanation });
}

function malformedTrailer(explanation: string): S3Error {
  return new S3Error("MalformedTrailerError", { explanation });
}

function tooSmall(chunkNumber: number, sizeBytes: number): S3Error {
  return new S3Error("InvalidChunkSizeError", {
    details: [
      ["Chunk", String(chunkNumber)],
      ["BadChunkSize", String(sizeBytes)],
    ],
    explanation: `Chunk ${chunkNumber} has ${sizeBytes} bytes and is not the last; send chunks of at least ${MIN_CHUNK_SIZE_BYTES}.`,
  });
}
