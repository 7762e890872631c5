import { hash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { Draft } from "./Draft.ts";
import type { Random } from "./Random.ts";
import { AWKWARD_TEXTS } from "./values.ts";

const EMPTY_SHA256 = hash("sha256", "");

/** No chunk but the last may be smaller. */
const CHUNK_SIZE_BYTES = 8_192;

/** How chunks are signed: each after the one before it. */
export interface ChunkSigning {
  readonly seed: string;
  signText(algorithm: string, previous: string, hashes: string): string;
}

/** A chunk, or the trailer, as text and bytes that a mutation can change one by one. */
interface Piece {
  size: string;
  extension: string;
  data: Buffer;
  end: string;
}

/** Frames a body as aws-chunked; breaks something in it if the draft says so, after everything is signed. */
export function frame(draft: Draft, random: Random, signing: ChunkSigning | undefined): Buffer {
  const pieces: Piece[] = [];
  let previous = signing?.seed ?? "";
  for (const data of chunksOf(draft.body, random)) {
    if (signing !== undefined)
      previous = signing.signText("AWS4-HMAC-SHA256-PAYLOAD", previous, `${EMPTY_SHA256}\n${hash("sha256", data)}`);
    const extension = signing === undefined ? "" : `;chunk-signature=${previous}`;
    pieces.push({ size: data.length.toString(16), extension, data, end: data.length === 0 ? "" : "\r\n" });
  }
  const lines = draft.payload.endsWith("TRAILER") ? trailer(draft.body, previous, signing) : [];
  if (draft.breaksChunks) breakOne(pieces, lines, random);
  const framed = pieces.flatMap(({ size, extension, data, end }) => [
    Buffer.from(`${size}${extension}\r\n`, "latin1"),
    data,
    Buffer.from(end),
  ]);
  return Buffer.concat([...framed, Buffer.from(`${lines.map((line) => `${line}\r\n`).join("")}\r\n`, "latin1")]);
}

function chunksOf(body: Buffer, random: Random): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < body.length;) {
    const sizeBytes = CHUNK_SIZE_BYTES + random.below(CHUNK_SIZE_BYTES);
    chunks.push(body.subarray(at, at + sizeBytes));
    at += sizeBytes;
  }
  return [...chunks, Buffer.alloc(0)];
}

function trailer(body: Buffer, previous: string, signing: ChunkSigning | undefined): string[] {
  const value = Buffer.alloc(4);
  value.writeUInt32BE(crc32(body));
  const line = `x-amz-checksum-crc32:${value.toString("base64")}`;
  if (signing === undefined) return [line];
  return [line, `x-amz-trailer-signature:${signing.signText("AWS4-HMAC-SHA256-TRAILER", previous, hash("sha256", `${line}\n`))}`];
}

const SIZES: readonly string[] = [
  "",
  "0",
  "1",
  "ffffffff",
  "ffffffffffffffff",
  "-1",
  "g",
  "00000000000000000",
  " 10",
  "0x10",
  "1e3",
  "\0",
];
const EXTENSIONS: readonly string[] = [
  "",
  ";",
  ";chunk-signature=",
  `;chunk-signature=${"0".repeat(64)}`,
  `;x=${"y".repeat(2_000)}`,
  ";;;",
];
const LINE_ENDS: readonly string[] = ["", "\n", "\r", "\r\n\r\n", "x"];

function breakOne(pieces: Piece[], lines: string[], random: Random): void {
  const piece = random.pick(pieces);
  switch (random.below(9)) {
    case 0:
      piece.size = random.pick(SIZES);
      break;
    case 1:
      piece.extension = random.pick(EXTENSIONS);
      break;
    case 2:
      piece.end = random.pick(LINE_ENDS);
      break;
    case 3:
      piece.data = random.bytes(piece.data.length);
      break;
    case 4:
      pieces.splice(random.below(pieces.length), 1);
      break;
    case 5:
      pieces.splice(random.below(pieces.length), 0, { ...piece });
      break;
    case 6:
      lines.push(`${random.pick(["x-amz-checksum-sha1", "x-amz-trailer-signature", "", "a b"])}:${random.pick(AWKWARD_TEXTS)}`);
      break;
    case 7:
      lines.splice(random.below(lines.length + 1), 1);
      break;
    default:
      lines.unshift(random.pick(["no colon", ":", "\0", "x".repeat(9_000), "x-amz-checksum-crc32:AAAA"]));
  }
}
