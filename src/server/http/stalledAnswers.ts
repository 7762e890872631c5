import type { Server } from "node:http";
import type { Socket } from "node:net";

/**
 * A client that takes nothing of an answer for this long is cut off. Who reads what it gets into something slower may well pause; and the
 * system takes bytes in thirds of its buffer, up to 1.3 MiB at once, so that who takes 12 KiB a second is never found to take nothing.
 */
export const STALLED_ANSWER_MS = 120_000;

/** How often within that time answers are looked at. */
const LOOKS = 4;

/** A connection of the system. Node's own timeout of a socket looks at its queue as well, and does not tell reading from writing. */
interface Wire extends Socket {
  readonly _handle?: { readonly writeQueueSize?: number } | null;
}

/** How far an answer had got when it was looked at last. */
interface Mark {
  takenBytes: number;
  queuedBytes: number | undefined;
  /** How often it was found there again. */
  looks: number;
}

/**
 * Cuts off clients that take nothing of their answers for `timeoutMs`, until the server has closed: each holds a place, and what its answer is
 * read from. Answers that the system has taken entirely are none of this; they are over. `event` is the one that brings a connection which
 * may carry requests.
 */
export function cutStalledAnswers(server: Server, event: string, timeoutMs: number): void {
  const marks = new Map<Wire, Mark>();
  server.on(event, (wire: Wire) => {
    marks.set(wire, { takenBytes: Number.NaN, queuedBytes: undefined, looks: 0 });
    wire.once("close", () => marks.delete(wire));
  });
  const look = (): void => {
    for (const [wire, mark] of marks) if (isStalled(wire, mark)) wire.destroy();
  };
  const timer = setInterval(look, timeoutMs / LOOKS).unref();
  server.once("close", () => clearInterval(timer));
}

/** Whether an answer has got nowhere since `LOOKS` looks ago; this is one, and moves the mark. */
function isStalled(wire: Wire, mark: Mark): boolean {
  // What is no number is not equal to itself: where there is nothing to take, nothing stalls.
  const takenBytes = wire.writableLength > 0 ? wire.bytesWritten - wire.writableLength : Number.NaN;
  const queuedBytes = wire._handle?.writeQueueSize;
  mark.looks = takenBytes === mark.takenBytes && queuedBytes === mark.queuedBytes ? mark.looks + 1 : 0;
  mark.takenBytes = takenBytes;
  mark.queuedBytes = queuedBytes;
  return mark.looks === LOOKS;
}
