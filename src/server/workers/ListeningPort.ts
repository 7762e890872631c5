import { lookup } from "node:dns/promises";
import net from "node:net";
import type { AddressInfo } from "node:net";
import { getSystemErrorName } from "node:util";

/** What the system knows an open port by; handed to another process, it is the same port there. */
export interface PortHandle {
  getsockname(address: Partial<AddressInfo>): number;
  close(): void;
}

/** Node's own cluster binds a shared port by this; no public function binds without accepting connections as well. */
interface Binding {
  _createServerHandle(address: string, port: number, addressType: 4 | 6): PortHandle | number;
}

/**
 * A port that is bound once, by a process that accepts nothing on it, and listened on by others: each of these takes a connection when it
 * can. Connections that nobody has taken yet wait in the system, even while nobody is there, and none is lost with whoever ends.
 */
export class ListeningPort {
  /** To be sent to another process, for a server there to listen on. */
  readonly handle: PortHandle;
  readonly port: number;

  private constructor(handle: PortHandle, port: number) {
    this.handle = handle;
    this.port = port;
  }

  /** Binds a port, any free one for 0. Throws as listening does: EADDRINUSE, EACCES … */
  static async bind(host: string, port: number): Promise<ListeningPort> {
    const { address, family } = await lookup(host);
    const bound = (net as unknown as Binding)._createServerHandle(address, port, family === 6 ? 6 : 4);
    if (typeof bound === "number") throw failure(bound, address, port);
    const own: Partial<AddressInfo> = {};
    // That the port is taken is said by the first who asks about it.
    const errorNumber = bound.getsockname(own);
    if (errorNumber === 0) return new ListeningPort(bound, own.port!);
    bound.close();
    throw failure(errorNumber, address, port);
  }

  /** Gives the port up; those who listen on it still do. */
  close(): void {
    this.handle.close();
  }
}

function failure(errorNumber: number, address: string, port: number): Error {
  const code = getSystemErrorName(errorNumber);
  return Object.assign(new Error(`listen ${code}: ${address}:${port}`), { code, syscall: "listen", address, port });
}
