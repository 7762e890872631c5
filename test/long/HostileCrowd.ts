import { once } from "node:events";
import type { Socket } from "node:net";
import { connect } from "node:net";

/** How many connect at the same time; more would wait in the server's queue, and find it full. */
const CONNECTING_AT_ONCE = 100;
/** How often a slow client moves. */
const SLOW_INTERVAL_MS = 1_000;
/** What a slow reader takes, and a slow writer sends, each time. */
const SLOW_SIZE_BYTES = 1_024;

/** What a hostile client does once it is connected. `everySecond` is called until it goes, if there is one. */
export interface HostileKind {
  begin(socket: Socket): void;
  everySecond?(socket: Socket): void;
}

/** Says nothing. */
export const SILENT: HostileKind = { begin: () => undefined };

/** Asks for the same thing many times over in one packet, and reads nothing. */
export function pipelining(head: Buffer, times: number): HostileKind {
  const packet = Buffer.concat(Array.from({ length: times }, () => head));
  return { begin: (socket) => void socket.write(packet) };
}

/** Asks for a large object and takes it by the kilobyte. */
export function slowReading(head: Buffer): HostileKind {
  return {
    begin: (socket) => void socket.write(head),
    everySecond: (socket) => void socket.read(Math.min(SLOW_SIZE_BYTES, socket.readableLength)),
  };
}

/** Announces a large body, sends the first bytes of it, and the others by the kilobyte. */
export function slowWriting(head: Buffer, begun: Buffer): HostileKind {
  const more = Buffer.alloc(SLOW_SIZE_BYTES);
  return {
    begin: (socket) => {
      socket.write(head);
      socket.write(begun);
    },
    everySecond: (socket) => void socket.write(more),
  };
}

/** Says that it wants to speak TLS, and not how. */
export const HANDSHAKING: HostileKind = {
  begin: (socket) => void socket.write(Buffer.of(0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3)),
};

/** Many hostile clients of one kind. */
export class HostileCrowd {
  readonly #sockets: Socket[] = [];
  readonly #timer: NodeJS.Timeout | undefined;

  private constructor(kind: HostileKind) {
    const { everySecond } = kind;
    if (everySecond === undefined) return;
    this.#timer = setInterval(() => {
      for (const socket of this.#sockets) if (!socket.destroyed) everySecond(socket);
    }, SLOW_INTERVAL_MS);
  }

  /** Connects so many and has each of them begin. Throws when one does not reach the server. */
  static async gather(kind: HostileKind, port: number, count: number): Promise<HostileCrowd> {
    const crowd = new HostileCrowd(kind);
    for (let left = count; left > 0; left -= CONNECTING_AT_ONCE)
      await Promise.all(Array.from({ length: Math.min(left, CONNECTING_AT_ONCE) }, () => crowd.#add(kind, port)));
    return crowd;
  }

  /** How many the server has not turned away. */
  get size(): number {
    return this.#sockets.filter((socket) => !socket.destroyed).length;
  }

  /** All go, without a word. */
  leave(): void {
    clearInterval(this.#timer);
    for (const socket of this.#sockets) socket.destroy();
  }

  async #add(kind: HostileKind, port: number): Promise<void> {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    // Whoever is turned away from here on is just gone.
    socket.on("error", () => undefined);
    this.#sockets.push(socket);
    kind.begin(socket);
  }
}
