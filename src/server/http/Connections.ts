import type { Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** While a server stops, connections that fell idle are looked for this often. */
const IDLE_CHECK_INTERVAL_MS = 25;

/** A connection, with the answer that is due on it next; Node's own handlers look at it as well. */
export interface ServedSocket extends Socket {
  readonly _httpMessage?: ServerResponse | null;
}

/**
 * The open connections of a server. Node's `closeIdleConnections` takes one that has not sent anything yet for busy, and
 * `closeAllConnections` forgets those whose TLS handshake is not over: either would hold up the end of a server.
 */
export class Connections {
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  /** Those that can carry requests: over TLS, each stands upon one of `#open`. */
  readonly #served = new Set<ServedSocket>();
  /** Those of `#open` whose TLS handshake is under way, by who is at the other end. */
  readonly #handshaking = new Map<string, Socket>();

  constructor(server: Server, options: { readonly tls: boolean }) {
    this.#server = server;
    server.on("connection", (socket: Socket) => keep(this.#open, socket));
    server.on(options.tls ? "secureConnection" : "connection", (socket: Socket) => keep(this.#served, socket));
    if (!options.tls) return;
    server.on("connection", (socket: Socket) => {
      const peer = peerOf(socket);
      this.#handshaking.set(peer, socket);
      socket.once("close", () => this.#handshaking.delete(peer));
    });
    server.on("secureConnection", (socket: Socket) => this.#handshaking.delete(peerOf(socket)));
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

  /** Says that another connection carries the requests of this one now: it is not idle because it has none of its own. */
  handOn(socket: Socket): void {
    this.#served.delete(socket);
  }

  #endIdle(): void {
    // Nobody has asked for anything yet over a handshake that is not over.
    for (const socket of this.#handshaking.values()) socket.destroy();
    for (const socket of this.#served) if (!socket._httpMessage) socket.destroy();
  }
}

function keep(sockets: Set<Socket>, socket: Socket): void {
  sockets.add(socket);
  socket.once("close", () => sockets.delete(socket));
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
