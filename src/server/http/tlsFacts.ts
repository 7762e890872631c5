import type { Server } from "node:http";
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import { tlsVersionOf } from "./TrustedProxies.ts";

/** What was negotiated for a connection. */
export interface TlsFacts {
  /** As OpenSSL calls it. */
  readonly cipherSuite: string;
  /** Such as "1.3". */
  readonly version: string | undefined;
}

const facts = new WeakMap<Duplex, TlsFacts>();

/** Keeps what is negotiated for the connections of a server: of one that has ended, it cannot be asked any more. */
export function keepTlsFacts(server: Server): void {
  server.on("secureConnection", (socket: TLSSocket) => {
    facts.set(socket, { cipherSuite: socket.getCipher().name, version: tlsVersionOf(socket) });
  });
}

/** What was negotiated for a connection; `undefined` without TLS. */
export function tlsFactsOf(socket: Duplex): TlsFacts | undefined {
  return facts.get(socket);
}
