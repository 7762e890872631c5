import { S3Error } from "../../errors/S3Error.ts";
import type { BodyReader } from "../streaming/BodyReader.ts";
import type { Framing } from "../streaming/Framing.ts";
import type { MultipartReader } from "../streaming/multipart/MultipartReader.ts";
import { malformedForm, wrongNumberOfFiles } from "./formErrors.ts";
import type { SizeRange } from "./PostPolicy.ts";
import { isFile } from "./readForm.ts";

/** What may follow the file and is passed over: a policy that limits the file is not to be a licence to send anything behind it. */
const MAX_PASSED_OVER_SIZE_BYTES: number = 1024 * 1024;

/** Bodies end with a line break, as a rule, which need not be there. */
const LAST_LINE_BREAK_SIZE_BYTES: number = "\r\n".length;

/**
 * The content of a form's file, whose end the boundary says, and nothing else. Fields behind it are passed over, and then the body is at its
 * end.
 */
export class FileBody implements Framing {
  readonly #parts: MultipartReader;
  readonly #reader: BodyReader;
  readonly #maxSizeBytes: number;
  readonly #range: SizeRange;
  #receivedSizeBytes = 0;

  /** `parts` is at the content's beginning, of which the body has room for `maxSizeBytes`. */
  constructor(parts: MultipartReader, reader: BodyReader, maxSizeBytes: number, range: SizeRange) {
    this.#parts = parts;
    this.#reader = reader;
    this.#maxSizeBytes = maxSizeBytes;
    this.#range = range;
  }

  /** Throws EntityTooLarge and EntityTooSmall by the policy, MalformedPOSTRequest, and InvalidArgument for a second file. */
  async next(): Promise<Buffer | undefined> {
    const piece = await this.#parts.next();
    if (piece === undefined) return this.#end();
    this.#receivedSizeBytes += piece.length;
    if (this.#receivedSizeBytes > this.#range.maxSizeBytes) throw this.#tooLarge();
    if (this.#receivedSizeBytes > this.#maxSizeBytes) {
      throw malformedForm("The body ends before the line that stands behind the last part.");
    }
    return piece;
  }

  trailer(): undefined {
    return undefined;
  }

  giveBack(): void {
    this.#reader.giveBack();
  }

  close(): void {
    this.#reader.close();
  }

  async #end(): Promise<undefined> {
    if (this.#receivedSizeBytes < this.#range.minSizeBytes) throw this.#tooSmall();
    const endSizeBytes = this.#reader.takenSizeBytes + MAX_PASSED_OVER_SIZE_BYTES;
    for (let headers = await this.#parts.begin(); headers !== undefined; headers = await this.#parts.begin()) {
      if (isFile(headers)) throw wrongNumberOfFiles(2);
      let piece: Buffer | undefined;
      do {
        piece = await this.#parts.next();
        this.#reader.giveBack();
        if (this.#reader.takenSizeBytes > endSizeBytes) throw tooMuchBehind();
      } while (piece !== undefined);
    }
  }

  #tooLarge(): S3Error {
    const { maxSizeBytes } = this.#range;
    // What is still to come is not waited for: nothing else follows most files, and so the length of the body tells theirs.
    const sizeBytes = Math.max(this.#receivedSizeBytes, this.#maxSizeBytes - LAST_LINE_BREAK_SIZE_BYTES);
    return new S3Error("EntityTooLarge", {
      details: [
        ["ProposedSize", String(sizeBytes)],
        ["MaxSizeAllowed", String(maxSizeBytes)],
      ],
      explanation: `The policy's content-length-range lets a file have ${maxSizeBytes} bytes at most, and this one has more.`,
    });
  }

  #tooSmall(): S3Error {
    const { minSizeBytes } = this.#range;
    return new S3Error("EntityTooSmall", {
      details: [
        ["ProposedSize", String(this.#receivedSizeBytes)],
        ["MinSizeAllowed", String(minSizeBytes)],
      ],
      explanation: `The policy's content-length-range lets a file have ${minSizeBytes} bytes at least, and this one has ${this.#receivedSizeBytes}.`,
    });
  }
}

function tooMuchBehind(): S3Error {
  return malformedForm(`More than ${MAX_PASSED_OVER_SIZE_BYTES} bytes follow the file, which belongs at the end of the form.`);
}
