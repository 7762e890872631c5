import type { WireRequest } from "../WireRequest.ts";
import type { BodyReader } from "./BodyReader.ts";
import type { Framing } from "./Framing.ts";
import { CUT_AT_ITS_END, MAX_PIECE_SIZE_BYTES, terminated, wrongSize } from "./Framing.ts";

/** A body whose bytes are the content: HTTP alone frames it. */
export class PlainBody implements Framing {
  readonly #request: WireRequest;
  readonly #reader: BodyReader;
  readonly #sizeBytes: number;
  /** HTTP ends the body after so many bytes by itself, so that its end need not be waited for. */
  readonly #hasContentLength: boolean;
  #receivedSizeBytes = 0;

  constructor(request: WireRequest, reader: BodyReader, sizeBytes: number) {
    this.#request = request;
    this.#reader = reader;
    this.#sizeBytes = sizeBytes;
    this.#hasContentLength = request.headers.has("content-length");
  }

  async next(): Promise<Buffer | undefined> {
    if (this.#hasContentLength && this.#receivedSizeBytes === this.#sizeBytes) return undefined;
    const piece = await this.#reader.next(MAX_PIECE_SIZE_BYTES);
    if (piece !== undefined) this.#receivedSizeBytes += piece.length;
    const isWrong = piece === undefined ? this.#receivedSizeBytes !== this.#sizeBytes : this.#receivedSizeBytes > this.#sizeBytes;
    if (isWrong) throw wrongSize(this.#sizeBytes, this.#receivedSizeBytes);
    if (piece === undefined && this.#reader.wasCut) throw terminated(CUT_AT_ITS_END);
    return piece;
  }

  trailer(name: string): string | undefined {
    return this.#request.trailers().get(name)?.trim();
  }

  giveBack(): void {
    this.#reader.giveBack();
  }

  close(): void {
    this.#reader.close();
  }
}
