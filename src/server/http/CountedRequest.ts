import type { Socket } from "node:net";
import { nodeHttp } from "./nodeHttp.ts";
import { isFull, stopBehind } from "./surplus.ts";

/** A request that knows how much of its body has come, whatever its head announced and whoever reads it. */
export class CountedRequest extends nodeHttp.IncomingMessage {
  /** Bytes of the body, without the framing of HTTP's chunks. */
  receivedSizeBytes = 0;
  /** When all of its body had come, by `performance.now()`; `undefined` before, and where there is none. */
  endedAt: number | undefined;
  /** It came when it was too early for it: nothing of it is to be looked at but its head, which is to be read again. */
  readonly isSurplus: boolean;

  constructor(socket: Socket) {
    super(socket);
    this.isSurplus = isFull(socket);
    if (this.isSurplus) stopBehind(this);
  }

  override push(piece: Buffer | null): boolean {
    if (piece !== null) this.receivedSizeBytes += piece.length;
    else if (this.receivedSizeBytes > 0) this.endedAt = performance.now();
    return super.push(piece);
  }
}
