import type { Draft } from "./Draft.ts";
import { longText } from "./longTexts.ts";
import type { Random } from "./Random.ts";
import { targetOf } from "./sign.ts";

/** A request as bytes: head and body. `body` is what HTTP is to frame. */
export function rendered(draft: Draft, body: Buffer, random: Random): Buffer {
  const { method, headers, version, framing } = draft;
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`);
  const hasBody = body.length > 0 || method === "PUT" || method === "POST";
  let framed = body;
  if (framing === "chunked") {
    lines.push("Transfer-Encoding: chunked\r\n");
    framed = httpChunked(body, random);
  } else if (hasBody) {
    lines.push(`Content-Length: ${body.length}\r\n`);
  }
  return Buffer.concat([Buffer.from(`${method} ${targetOf(draft)} HTTP/${version}\r\n${lines.join("")}\r\n`, "latin1"), framed]);
}

function httpChunked(body: Buffer, random: Random): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0; at < body.length;) {
    const piece = body.subarray(at, at + random.between(1, 20_000));
    const extension = random.chance(0.05) ? ";name=value" : "";
    pieces.push(Buffer.from(`${piece.length.toString(16)}${extension}\r\n`), piece, Buffer.from("\r\n"));
    at += piece.length;
  }
  const trailer = random.chance(0.1) ? "x-amz-checksum-crc32: AAAAAA==\r\n" : "";
  return Buffer.concat([...pieces, Buffer.from(`0\r\n${trailer}\r\n`)]);
}

/** Lines that contradict what else a head says of where its message ends, or that are no lines. */
const HEAD_LINES: readonly string[] = [
  ...[
    "Content-Length: 0",
    "Content-Length: 5",
    "Content-Length: 99999",
    "Content-Length: -1",
    "Content-Length: 5368709121",
    "Content-Length: x",
  ],
  ...[
    "Content-Length: 5, 5",
    "Content-Length : 5",
    "Content-Length: 0x5",
    "Content-Length: 99999999999999999999",
    "Content-Length:",
    "Content-Length: 5\r\nContent-Length: 5",
    "Content-Length: 0\r\nTransfer-Encoding: identity",
  ],
  ...[
    "Transfer-Encoding: chunked",
    "Transfer-Encoding: identity",
    "Transfer-Encoding: gzip, chunked",
    "Transfer-Encoding: chunked, gzip",
  ],
  ...[
    "Transfer-Encoding: xchunked",
    "Transfer-Encoding: chunked, chunked",
    "Transfer-Encoding : chunked",
    "transfer-encoding:\tchunked",
  ],
  ...[
    " folded",
    "\tfolded: x",
    "no colon",
    ": no name",
    "Name\0: x",
    "Name: \0",
    "Name: \x01",
    "Name: \x7f",
    "Näme: x",
    "Name : x",
    "Host: other",
  ],
  ...[
    "Expect: 100-continue",
    "Expect: x",
    "Connection: Upgrade\r\nUpgrade: h2c",
    "Connection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x",
  ],
];

const REQUEST_LINES: readonly string[] = [
  ...[
    "GET / HTTP/1.1",
    "GET /",
    "GET  /  HTTP/1.1",
    "GET\t/\tHTTP/1.1",
    " GET / HTTP/1.1",
    "GET / HTTP/2.0",
    "GET / HTTP/1.2",
    "GET / HTTP/9.9",
  ],
  ...[
    "GET / http/1.1",
    "GET / HTTP/1.1 x",
    "GET / ICE/1.0",
    "CONNECT fuzz.test:443 HTTP/1.1",
    "CONNECT / HTTP/1.1",
    "PRI * HTTP/2.0",
    "G\0T / HTTP/1.1",
  ],
  ...[
    "OPTIONS * HTTP/1.1",
    "GET /é HTTP/1.1",
    "GET /\x7f HTTP/1.1",
    "HEAD / HTTP/1.1",
    "\r\n\r\nGET / HTTP/1.1",
    "",
    "HTTP/1.1 200 OK",
    "QUERY / HTTP/1.1",
  ],
  ...[
    `GET /${"a".repeat(33_000)} HTTP/1.1`,
    `${"A".repeat(300)} / HTTP/1.1`,
    "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "SOURCE / HTTP/1.0",
  ],
];

const TOKENS: readonly string[] = [
  "\r\n",
  "\n",
  "\r",
  "\r\n\r\n",
  "\0",
  " ",
  "\t",
  ":",
  "%",
  "\xff",
  "0\r\n\r\n",
  "GET / HTTP/1.1\r\n\r\n",
  ";",
  "A".repeat(500),
];

/** Changes the bytes of a request, so that HTTP may no longer be able to say where it ends. */
export function brokenBytes(bytes: Buffer, random: Random): Buffer {
  const headEnd = bytes.indexOf("\r\n\r\n");
  switch (random.below(8)) {
    case 0:
      return withHeadLine(bytes, random.chance(0.5) ? random.pick(HEAD_LINES) : longHeadLine(random));
    case 1:
      return Buffer.concat([Buffer.from(random.pick(REQUEST_LINES), "latin1"), bytes.subarray(bytes.indexOf("\r\n"))]);
    case 2:
      return flipped(bytes, bytes.length, random);
    case 3:
      return flipped(bytes, headEnd, random);
    case 4: {
      const at = random.below(random.chance(0.5) ? bytes.length : headEnd);
      return Buffer.concat([bytes.subarray(0, at), Buffer.from(random.pick(TOKENS), "latin1"), bytes.subarray(at)]);
    }
    case 5: {
      const at = random.below(bytes.length);
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + random.between(1, 20))]);
    }
    case 6: {
      const at = random.below(bytes.length);
      const end = at + random.between(1, 200);
      return Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)]);
    }
    default:
      return random.chance(0.5)
        ? Buffer.from(bytes.toString("latin1").replaceAll("\r\n", random.pick(["\n", "\r", "\r\r\n"])), "latin1")
        : Buffer.concat([random.bytes(random.between(1, 200)), bytes]);
  }
}

function withHeadLine(bytes: Buffer, line: string): Buffer {
  const at = bytes.indexOf("\r\n") + 2;
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(`${line}\r\n`, "latin1"), bytes.subarray(at)]);
}

/** As long as a whole head may be, or longer than any. */
function longHeadLine(random: Random): string {
  const names = random.chance(0.5)
    ? ["Transfer-Encoding"]
    : ["Content-Length", "Connection", "Expect", "Upgrade", "Host", "X", ""];
  const name = random.pick(names);
  return `${name}${random.pick([": ", ":", ""])}${longText(random, random.pick([1_000, 20_000, 30_000, 60_000]))}`;
}

function flipped(bytes: Buffer, limitBytes: number, random: Random): Buffer {
  const copy = Buffer.from(bytes);
  const flips = random.pick([1, 1, 2, 8]);
  for (let flip = 0; flip < flips; flip += 1) copy[random.below(limitBytes)]! ^= 1 << random.below(8);
  return copy;
}
