import type { EventEmitter } from "node:events";
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";

/**
 * How requests for which it is too early stay bytes. Node's parser makes objects of all requests of a packet, thousands perhaps, whatever is
 * paused meanwhile. Behind the head of a request for another protocol it stops, if the server says that it speaks it, and hands over the
 * connection and the bytes that are left: so a request too many is made to look like one. Its head is written anew in front of those bytes,
 * all goes back into the connection, and when it is time Node serves that as if it were a new one.
 *
 * What this relies on, beside what is documented of `shouldUpgradeCallback`, "upgrade" and "connection": Node asks a request for its `upgrade`
 * behind each head, and tells the parser what `onIncoming` of the connection's parser returns; it has no listeners of its own on a connection
 * that it has handed over, but for "pause" and "resume" on those that are no sockets of the system; and it serves connections as a listener to
 * the event that brings them. test/server/http/pipelining.test.ts holds it.
 */

/** Connections on which the next request is one too many. */
const fullConnections = new WeakSet<Duplex>();

/** Says whether the next request on a connection is one too many. */
export function setFull(connection: Duplex, full: boolean): void {
  if (full) fullConnections.add(connection);
  else fullConnections.delete(connection);
}

/** Whether a request of a connection that is being made is one too many. */
export function isFull(connection: Duplex): boolean {
  return fullConnections.has(connection);
}

/** What Node's parser is told of a head behind which it is to stop. Node 24 says so of every upgrade, 26 has it look at the head for that. */
const STOP = 2;

/** What Node makes of the head of a request; it returns what the parser is to do then. */
interface Parser {
  onIncoming: (request: IncomingMessage, keepsAlive: boolean) => number;
}

/** Has Node's parser stop behind the head of a request that is being made, and hand the connection over. */
export function stopBehind(request: IncomingMessage): void {
  // Node sets it to what the head says.
  Object.defineProperty(request, "upgrade", { get: () => true, set: ignore });
  const { parser } = request.socket as Socket & { readonly parser: Parser };
  const { onIncoming } = parser;
  parser.onIncoming = (incoming, keepsAlive) => {
    parser.onIncoming = onIncoming;
    onIncoming(incoming, keepsAlive);
    return STOP;
  };
}

/**
 * Puts a request, and the bytes that came behind its head, back into its connection, where they and what follows wait: beyond the size of
 * its buffer nothing is read. Until then an end without a farewell is noticed.
 */
export function putBack(connection: Duplex, request: IncomingMessage, behind: Buffer): void {
  // In two pieces: to join them would be to copy a packet as often as it has requests.
  connection.unshift(behind);
  connection.unshift(headOf(request));
  // As long as somebody listens for this, whoever resumes the connection does not make it lose bytes: earlier requests do when they are read.
  connection.on("readable", ignore).on("error", ignore);
}

/** What serves the requests of a connection that a server is given, if taken before anybody else listens to that: Node's own listeners. */
export function serving(server: EventEmitter, event: string): (connection: Duplex) => void {
  const listeners = server.listeners(event);
  return (connection) => {
    for (const listener of listeners) listener.call(server, connection);
  };
}

/** Has that read which was put back into a connection, and what follows; `serve` takes it as a new one. */
export function readOn(connection: Duplex, serve: (connection: Duplex) => void): void {
  connection.removeAllListeners("pause").removeAllListeners("resume");
  connection.off("readable", ignore).off("error", ignore);
  // Node gives it time for the next request, which has come.
  if ("setTimeout" in connection) (connection.setTimeout as (milliseconds: number) => void)(0);
  serve(connection);
}

function ignore(): void {
  // To be there is what counts.
}

/** The head of a request, each line of it once, without the white space that means nothing. */
function headOf({ method, url, httpVersion, rawHeaders }: IncomingMessage): Buffer {
  let head = `${method} ${url} HTTP/${httpVersion}\r\n`;
  for (let index = 0; index < rawHeaders.length; index += 2) head += `${rawHeaders[index]}:${rawHeaders[index + 1]}\r\n`;
  return Buffer.from(`${head}\r\n`, "latin1");
}
