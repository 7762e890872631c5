import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { duplexPair } from "node:stream";
import type { TLSSocket } from "node:tls";

const END_OF_HEAD = "\r\n\r\n";

const LENGTH_LINE = /^content-length:[ \t]*(\d+)[ \t]*$/i;
const NO_CODING_LINE = /^transfer-encoding:[ \t]*identity[ \t]*$/i;

/**
 * What a connection's first packet would be if its head said once what it says twice, and did not say that the body has no coding: S3 takes
 * such heads, and HTTP allows the first and allowed the second, but Node's parser refuses them. `undefined` if that is not what is wrong with
 * the packet, or its head is not whole. Nothing is taken away that could end the message elsewhere: lengths that differ, and chunks, stay.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-8.6
 */
export function mendedPacket(packet: Buffer): Buffer | undefined {
  const end = packet.indexOf(END_OF_HEAD);
  if (end < 0) return undefined;
  const lines = packet.toString("latin1", 0, end).split("\r\n");
  let length: string | undefined;
  const kept = lines.filter((line) => {
    if (NO_CODING_LINE.test(line)) return false;
    const said = LENGTH_LINE.exec(line)?.[1];
    const isAgain = said !== undefined && said === length;
    length ??= said;
    return !isAgain;
  });
  if (kept.length === lines.length) return undefined;
  return Buffer.concat([Buffer.from(kept.join("\r\n"), "latin1"), packet.subarray(end)]);
}

/** What a connection is asked about its TLS. */
function tlsMembers(socket: TLSSocket): Pick<TLSSocket, "encrypted" | "getProtocol" | "getCipher"> {
  return { encrypted: true, getProtocol: () => socket.getProtocol(), getCipher: () => socket.getCipher() };
}

/**
 * A connection whose bytes are those of `socket`, but for the first ones, which its parser has stopped at: `bytes` in their place. It ends
 * with the socket, and the socket with it.
 */
export function connectionFrom(socket: Socket, bytes: Buffer): Duplex {
  const [near, far] = duplexPair();
  const { remoteAddress } = socket;
  Object.assign(far, { remoteAddress }, "encrypted" in socket && tlsMembers(socket as TLSSocket));
  // The parser's: it could only stop again.
  socket.removeAllListeners("data").removeAllListeners("end");
  near.write(bytes);
  socket.pipe(near);
  near.pipe(socket);
  // Once the last answer is with the system, or cannot be.
  socket.once("finish", () => socket.destroy()).once("close", () => near.destroy());
  near.once("close", () => far.destroy());
  far.once("close", () => {
    if (!far.writableFinished) socket.destroy();
  });
  return far;
}
