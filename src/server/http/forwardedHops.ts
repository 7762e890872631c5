import type { IncomingMessage } from "node:http";

/** One entry of what proxies add to a request: whom they have it from. */
export interface Hop {
  /** An address, with or without a port, or any other text that was sent. */
  readonly node: string;
  /** Over what it came to the proxy: "https", "http"; `undefined` where that is not said. */
  readonly protocol: string | undefined;
}

/**
 * What a request's headers say of the way it came, the last entry by the proxy that is nearest: X-Forwarded-For with X-Forwarded-Proto where
 * that is sent, else Forwarded. An entry that cannot be read has no node. A comma ends an entry wherever it stands: a quotation mark that a
 * client opens must not hide what the proxies behind it say.
 */
export function forwardedHops({ headers }: Pick<IncomingMessage, "headers">): readonly Hop[] {
  const addresses = lineOf(headers["x-forwarded-for"]);
  if (addresses !== undefined) return unofficialHops(addresses, lineOf(headers["x-forwarded-proto"]) ?? "");
  const entries = lineOf(headers["forwarded"]);
  return entries === undefined ? [] : entries.split(",").map(officialHop);
}

function lineOf(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === "object" ? header.join(",") : header;
}

/** Most proxies say the protocol once, some as often as addresses; otherwise nobody knows which are whose, and the last counts. */
function unofficialHops(addresses: string, protocols: string): readonly Hop[] {
  const nodes = addresses.split(",");
  const said = protocols.split(",");
  return nodes.map((node, index) => ({
    node: node.trim(),
    protocol: protocolOf(said.length === nodes.length ? said[index] : said.at(-1)),
  }));
}

function protocolOf(text: string | undefined): string | undefined {
  const word = text?.trim().toLowerCase();
  return word === "https" || word === "http" ? word : undefined;
}

/** A parameter of RFC 7239: a name, an equals sign, and a value, which may be quoted. */
const PARAMETER = /^([A-Za-z]+)=(?:"([^"\\]*)"|([^"\\\s]+))$/;

function officialHop(entry: string): Hop {
  let node = "";
  let protocol: string | undefined;
  for (const part of entry.split(";")) {
    const match = PARAMETER.exec(part.trim());
    if (match === null) return UNREADABLE;
    const [, name, quotedValue, value = quotedValue!] = match;
    if (name!.toLowerCase() === "for") node = value;
    if (name!.toLowerCase() === "proto") protocol = protocolOf(value);
  }
  return { node, protocol };
}

const UNREADABLE: Hop = { node: "", protocol: undefined };
