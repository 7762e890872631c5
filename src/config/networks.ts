import { isIP } from "node:net";

/** A range of addresses. */
export interface Network {
  readonly family: "ipv4" | "ipv6";
  readonly address: string;
  /** How many bits of the address all of the range have in common. */
  readonly prefixLength: number;
}

/** What networks look like, to end a sentence with. */
export const NETWORKS_FORM = "addresses or networks, such as 10.0.0.0/8 or fd00::/8 (with commas between them)";

const NETWORK = /^([0-9A-Fa-f.:]{2,45})(?:\/(\d{1,3}))?$/;
const IPV4_BITS = 32;
const IPV6_BITS = 128;

/** Reads a network, such as "10.0.0.0/8", or one address; `undefined` for anything else. */
export function readNetwork(text: string): Network | undefined {
  const [, address = "", bits] = NETWORK.exec(text) ?? [];
  const version = isIP(address);
  if (version === 0) return undefined;
  const longest = version === 4 ? IPV4_BITS : IPV6_BITS;
  const prefixLength = bits === undefined ? longest : Number(bits);
  if (prefixLength > longest) return undefined;
  const inner = ipv4InIpv6(address);
  if (inner !== undefined && prefixLength >= MAPPED_PREFIX_BITS) {
    return { family: "ipv4", address: inner, prefixLength: prefixLength - MAPPED_PREFIX_BITS };
  }
  return { family: version === 4 ? "ipv4" : "ipv6", address, prefixLength };
}

const MAPPED_BEGINNING = "::ffff:";
const MAPPED_PREFIX_BITS: number = IPV6_BITS - IPV4_BITS;

/** The IPv4 address that an IPv6 address stands for, as systems write those of IPv4 connections; `undefined` for all others. */
export function ipv4InIpv6(address: string): string | undefined {
  if (!address.toLowerCase().startsWith(MAPPED_BEGINNING)) return undefined;
  const rest = address.slice(MAPPED_BEGINNING.length);
  return isIP(rest) === 4 ? rest : undefined;
}
