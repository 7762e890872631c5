import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** While a server stops, connections that fell idle are looked for this often. */
const IDLE_CHECK_INTERVAL_MS = 25;
/** Connections beyond the limit that are kept for so long, to be told so in the answer to their first request. */
const REFUSED_AT_ONCE = 64;
const REFUSED_FOR_MS = 2_000;
/** The crowd is over when so much of the limit is taken. */
const RELIEVED_AT = 0.75;

/** A connection, with the answer that is due on it next; Node's own handlers look at it as well. */
export interface ServedSocket extends Socket {
  readonly _httpMessage?: ServerResponse | null;
}

/** How a server's connections are kept. */
export interface ConnectionOptions {
  readonly tls: boolean;
  /** As many are served at a time. Default: as many as come. */
  readonly limit?: number;
  /** Hears when the limit is reached, and when there is room again. */
  readonly warn?: (facts: Readonly<Record<string, unknown>>, what: string) => void;
}

const refused = new WeakSet<Socket>();

/** Whether a connection came when there were as many as the server takes: its first request is answered so, and ends it. */
export function isRefused(socket: Socket): boolean {
  return refused.has(socket);
}

/**
 * The open connections of a server. Node's `closeIdleConnections` takes one that has not sent anything yet for busy, and
 * `closeAllConnections` forgets those whose TLS handshake is not over: either would hold up the end of a server.
 *
 * When there are too many, the oldest of those that never had a request makes room: who connects and says nothing keeps nobody out. Where
 * all have had one, the newcomer is refused.
 */
export class Connections {
  readonly #server: Server;
  readonly #limit: number;
  readonly #warn: Required<ConnectionOptions>["warn"];
  readonly #open = new Set<Socket>();
  /** Those that can carry requests: over TLS, each stands upon one of `#open`. */
  readonly #served = new Set<ServedSocket>();
  /** Those of `#open` whose TLS handshake is under way, by who is at the other end. */
  readonly #handshaking = new Map<string, Socket>();
  /** Those that never had a request, the oldest first; after the handshake, what stands upon it. */
  readonly #silent = new Set<Socket>();
  readonly #refused = new Set<Socket>();
  /** Connections ended or refused since the limit was reached; `undefined` while there is room. */
  #turnedAway: number | undefined;

  constructor(server: Server, { tls, limit = Infinity, warn = () => undefined }: ConnectionOptions) {
    this.#server = server;
    this.#limit = limit;
    this.#warn = warn;
    server.on("connection", (socket: Socket) => this.#enter(socket));
    server.on(tls ? "secureConnection" : "connection", (socket: Socket) => keep(this.#served, socket));
    const hear = ({ socket }: IncomingMessage): void => void this.#silent.delete(socket);
    server.on("request", hear).on("checkContinue", hear).on("checkExpectation", hear);
    if (!tls) return;
    server.on("connection", (socket: Socket) => {
      const peer = peerOf(socket);
      this.#handshaking.set(peer, socket);
      socket.once("close", () => this.#handshaking.delete(peer));
    });
    server.on("secureConnection", (socket: Socket) => this.#replace(peerOf(socket), socket));
  }

  /**
   * Stops accepting, ends connections as they fall idle, and after `timeoutMs` all of them. Resolves when none is left, with whether
   * everything under way could finish.
   */
  async close(timeoutMs: number): Promise<boolean> {
    let finished = true;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    const deadline = setTimeout(() => {
      finished = false;
      for (const socket of this.#open) socket.destroy();
    }, timeoutMs);
    const idle = setInterval(() => this.#endIdle(), IDLE_CHECK_INTERVAL_MS);
    this.#endIdle();
    await closed;
    clearInterval(idle);
    clearTimeout(deadline);
    return finished;
  }

  /** The connections that can carry requests. */
  get served(): Iterable<Socket> {
    return this.#served;
  }

  /** Says that another connection carries the requests of this one now: it is not idle because it has none of its own. */
  handOn(socket: Socket): void {
    this.#served.delete(socket);
    this.#silent.delete(socket);
  }

  #endIdle(): void {
    // Nobody has asked for anything yet over a handshake that is not over.
    for (const socket of this.#handshaking.values()) socket.destroy();
    for (const socket of this.#served) if (!socket._httpMessage) socket.destroy();
  }

  #enter(socket: Socket): void {
    this.#open.add(socket);
    this.#silent.add(socket);
    socket.once("close", () => this.#leave(socket));
    if (this.#open.size - this.#refused.size <= this.#limit) return;
    if (this.#turnedAway === undefined) {
      this.#warn({ limit: this.#limit }, "as many connections as this process takes: silent ones are ended, others refused");
    }
    this.#turnedAway = (this.#turnedAway ?? 0) + 1;
    const [oldest] = this.#silent;
    if (oldest !== undefined && oldest !== socket) this.#end(oldest);
    else if (this.#refused.size < REFUSED_AT_ONCE) this.#refuse(socket);
    else this.#end(socket);
  }

  #leave(socket: Socket): void {
    this.#open.delete(socket);
    this.#silent.delete(socket);
    this.#refused.delete(socket);
    if (this.#turnedAway === undefined || this.#open.size > this.#limit * RELIEVED_AT) return;
    this.#warn({ turnedAway: this.#turnedAway }, "there is room for connections again");
    this.#turnedAway = undefined;
  }

  #refuse(socket: Socket): void {
    this.#refused.add(socket);
    refused.add(socket);
    // It is told with its first request, and makes no room for others.
    this.#silent.delete(socket);
    const timer = setTimeout(() => socket.destroy(), REFUSED_FOR_MS);
    socket.once("close", () => clearTimeout(timer));
  }

  /** Ends a connection, which does not count from now on. */
  #end(socket: Socket): void {
    this.#leave(socket);
    socket.destroy();
  }

  /** A handshake is over: what stands upon the connection speaks for it now. */
  #replace(peer: string, secure: Socket): void {
    const raw = this.#handshaking.get(peer);
    this.#handshaking.delete(peer);
    if (raw === undefined) return;
    if (refused.has(raw)) refused.add(secure);
    if (!this.#silent.delete(raw)) return;
    this.#silent.add(secure);
    secure.once("close", () => this.#silent.delete(secure));
  }
}

function keep(sockets: Set<Socket>, socket: Socket): void {
  sockets.add(socket);
  socket.once("close", () => sockets.delete(socket));
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
