import { IncomingMessage } from "node:http";

/** A request that knows how much of its body has come, whatever its head announced and whoever reads it. */
export class CountedRequest extends IncomingMessage {
  /** Bytes of the body, without the framing of HTTP's chunks. */
  receivedSizeBytes = 0;

  override push(piece: Buffer | null): boolean {
    if (piece !== null) this.receivedSizeBytes += piece.length;
    return super.push(piece);
  }
}
