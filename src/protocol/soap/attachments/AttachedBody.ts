import type { BodyReader } from "../../streaming/BodyReader.ts";
import type { Framing } from "../../streaming/Framing.ts";
import { wrongSize } from "../../streaming/Framing.ts";
import type { Parts } from "./Parts.ts";
import { invalidSoapRequest } from "../invalidSoapRequest.ts";

/** The content of an attachment, taken out of the message around it. It must be the last part: nobody could say what a second one is for. */
export class AttachedBody implements Framing {
  readonly #parts: Parts;
  readonly #reader: BodyReader;
  readonly #sizeBytes: number;
  #receivedSizeBytes = 0;

  /** `parts` is at the attachment's beginning. */
  constructor(parts: Parts, reader: BodyReader, sizeBytes: number) {
    this.#parts = parts;
    this.#reader = reader;
    this.#sizeBytes = sizeBytes;
  }

  /** Throws InvalidSOAPRequest, too. */
  async next(): Promise<Buffer | undefined> {
    const piece = await this.#parts.next();
    this.#receivedSizeBytes += piece?.length ?? 0;
    const isWrong = piece === undefined ? this.#receivedSizeBytes !== this.#sizeBytes : this.#receivedSizeBytes > this.#sizeBytes;
    if (isWrong) throw wrongSize(this.#sizeBytes, this.#receivedSizeBytes);
    if (piece === undefined && (await this.#parts.begin())) {
      throw invalidSoapRequest("The message has more than one attachment, and the operation takes one.");
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
}
