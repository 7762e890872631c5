import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { BlockList } from "node:net";
import { S3Error } from "../../errors/S3Error.ts";

/** This machine's own addresses, also as IPv6 writes those of IPv4. */
const LOOPBACK = new BlockList();
LOOPBACK.addSubnet("127.0.0.0", 8, "ipv4");
LOOPBACK.addAddress("::1", "ipv6");

/** What a proxy adds to a request that it passes on for somebody else. */
const FORWARDING_HEADERS: readonly string[] = ["forwarded", "via", "x-forwarded-for", "x-real-ip"];

/** Refuses whoever may not see the metrics: all but this machine, and those who bring the token. Throws AccessDenied. */
export type MetricsAccess = (incoming: IncomingMessage) => void;

/** The rule for a server with this token, or with none. */
export function metricsAccess(token: string | undefined): MetricsAccess {
  const expected = token === undefined ? undefined : hashed(`Bearer ${token}`);
  return (incoming) => {
    if (isFromThisMachine(incoming)) return;
    // Hashes have the same length, whatever was sent.
    if (expected !== undefined && timingSafeEqual(hashed(incoming.headers.authorization ?? ""), expected)) return;
    throw new S3Error("AccessDenied", { explanation: whoMay(token) });
  };
}

function whoMay(token: string | undefined): string {
  const others =
    token === undefined
      ? "the server has no --metrics-token, with which others could ask"
      : "others must send the header Authorization: Bearer, with the token of --metrics-token";
  return `Metrics are for this machine, and not for what a proxy passes on; ${others}.`;
}

function isFromThisMachine({ socket, headers }: IncomingMessage): boolean {
  const { remoteAddress, remoteFamily } = socket;
  if (remoteAddress === undefined || !LOOPBACK.check(remoteAddress, remoteFamily === "IPv6" ? "ipv6" : "ipv4")) return false;
  return FORWARDING_HEADERS.every((name) => headers[name] === undefined);
}

function hashed(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
