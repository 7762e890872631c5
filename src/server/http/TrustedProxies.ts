import type { IncomingMessage } from "node:http";
import { BlockList, isIPv4, isIPv6 } from "node:net";
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import { ipv4InIpv6, readNetwork } from "../../config/networks.ts";
import { forwardedHops } from "./forwardedHops.ts";
import type { Hop } from "./forwardedHops.ts";

/** Who sends a request, and over what. */
export interface Sender {
  /** An IPv4 address is written as one, even where the connection is IPv6's. */
  readonly address: string;
  /** True over TLS. */
  readonly secure: boolean;
  /** True where the connection is a proxy's. */
  readonly isForwarded: boolean;
}

/**
 * The proxies whose word counts for where a request comes from. What they say stands in X-Forwarded-For and X-Forwarded-Proto or, where the
 * first of them is missing, in Forwarded: each proxy adds whom it has the request from. Clients can send such headers too, so the entries
 * count from the last one on, and only as far as proxies that are trusted have written them: the first that is not such a proxy is the client.
 * @see https://www.rfc-editor.org/rfc/rfc7239
 */
export class TrustedProxies {
  readonly #networks = new BlockList();

  /** `networks` as in `readNetwork`; what is none is left out. */
  constructor(networks: readonly string[]) {
    for (const text of networks) {
      const network = readNetwork(text);
      if (network !== undefined) this.#networks.addSubnet(network.address, network.prefixLength, network.family);
    }
  }

  /** Who sends a request, as far as it can be believed. */
  senderOf(incoming: Pick<IncomingMessage, "headers" | "socket">): Sender {
    const own = connectionSender(incoming.socket);
    if (!this.#isTrusted(own.address)) return own;
    const hops = forwardedHops(incoming);
    let sender = own;
    for (let index = hops.length - 1; index >= 0 && this.#isTrusted(sender.address); index -= 1) {
      const hop = hops[index]!;
      const address = addressOf(hop);
      // From here on nobody says anything that can be understood: the proxy that is known last stands for whoever is behind it.
      if (address === undefined) break;
      sender = { address, secure: hop.protocol === undefined ? sender.secure : hop.protocol === "https", isForwarded: true };
    }
    return sender;
  }

  #isTrusted(address: string): boolean {
    if (isIPv4(address)) return this.#networks.check(address, "ipv4");
    return isIPv6(address) && this.#networks.check(address, "ipv6");
  }
}

/** That of a server without trusted proxies. */
export function connectionSender(socket: Duplex & { readonly remoteAddress?: string | undefined }): Sender {
  return { address: plainAddress(socket.remoteAddress ?? ""), secure: "encrypted" in socket, isForwarded: false };
}

const TLS_VERSION = /^TLSv(\d\.\d)$/;

/** The version of TLS that a connection speaks, such as "1.3"; `undefined` without TLS. */
export function tlsVersionOf(socket: Duplex & Partial<Pick<TLSSocket, "getProtocol">>): string | undefined {
  return TLS_VERSION.exec(socket.getProtocol?.() ?? "")?.[1];
}

/** An address as policies know it: without IPv6's beginning for those of IPv4, and without the interface behind it. */
function plainAddress(address: string): string {
  const inner = ipv4InIpv6(address);
  if (inner !== undefined) return inner;
  const zone = address.indexOf("%");
  return zone < 0 ? address : address.slice(0, zone);
}

const IN_BRACKETS = /^\[([^\]]*)\](?::\d{1,5})?$/;
const WITH_PORT = /^([^:]*):\d{1,5}$/;

/** The address that a proxy names, some with a port behind it; `undefined` for words, and for what is no address. */
function addressOf({ node }: Hop): string | undefined {
  const bare = IN_BRACKETS.exec(node)?.[1] ?? WITH_PORT.exec(node)?.[1] ?? node;
  const address = plainAddress(bare.toLowerCase());
  return isIPv4(address) || isIPv6(address) ? address : undefined;
}
