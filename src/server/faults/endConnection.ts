import type { Socket } from "node:net";
import { linger } from "../http/respond.ts";
import type { Exchange } from "../requests/Exchange.ts";
import { faultWait } from "./faultWaits.ts";

/** A connection of which this side has ended is kept for so long, for a client that does not end the other. */
const MAX_HALF_CLOSED_MS = 30_000;

/** A connection over TLS knows the one below it. */
interface Connection extends Socket {
  readonly _parent?: Socket | null;
}

/**
 * Ends the connection of a request, behind what the system has been given of an answer. Resolves when it is over, whoever ended it: `reset`
 * at once, and what the client has not read may be lost to it; `end` as a server does that goes away; `halfClose` this side alone, which
 * goes on listening until the client ends, for `MAX_HALF_CLOSED_MS` at most.
 */
export async function endConnection(exchange: Exchange, how: "reset" | "end" | "halfClose"): Promise<void> {
  const { incoming, response } = exchange;
  const socket: Connection | null = response.socket;
  if (socket === null || socket.destroyed) return;
  if (how === "reset") {
    reset(socket);
    return;
  }
  socket.end();
  if (how === "end") {
    // With bytes of the client's unread, the system would send a reset in place of an end.
    if (!incoming.complete) await linger(incoming);
    socket.destroySoon();
    return;
  }
  incoming.resume();
  await faultWait(exchange, MAX_HALF_CLOSED_MS);
  socket.destroy();
}

/** TLS has no reset: the connection below it has. One that is neither, such as that of a mended head, ends without a word. */
function reset(socket: Connection): void {
  const below = socket._parent ?? socket;
  if (typeof below.resetAndDestroy === "function") below.resetAndDestroy();
  socket.destroy();
}
