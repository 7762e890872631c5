import { createHash, createHmac } from "node:crypto";
import { authenticate } from "../../src/auth/authenticate.ts";
import type { OperationName } from "../../src/protocol/generated/types.ts";
import type { Payload } from "../../src/protocol/Payload.ts";
import { openPayload } from "../../src/protocol/streaming/openPayload.ts";
import { EXAMPLE_KEY, exampleCredentials } from "../auth/exampleKey.ts";
import { REGION, signed } from "../auth/sdkSigner.ts";
import type { RequestParts } from "../auth/wireRequestFor.ts";
import { wireRequestFor } from "../auth/wireRequestFor.ts";

/** Uploads as clients frame and sign them, and what the server makes of them. */

export const NOW_MS: number = Date.UTC(2026, 2, 1, 12);
const SCOPE = "20260301/us-east-1/s3/aws4_request";
const TIME = "20260301T120000Z";

export type ChunkedMode =
  | "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
  | "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
  | "STREAMING-UNSIGNED-PAYLOAD-TRAILER";

export const CHUNKED_MODES: readonly ChunkedMode[] = [
  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
  "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
];

/** An upload in chunks. */
export interface ChunkedUpload {
  readonly mode: ChunkedMode;
  readonly chunks: readonly Buffer[];
  /** In place of the chunks' length. */
  readonly decodedLength?: string;
  /** Lines after the last chunk; of CRC32 unless said otherwise. */
  readonly trailer?: readonly (readonly [name: string, value: string])[];
  /** In place of the trailer's name; `undefined` sends none. */
  readonly announced?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** CRC32 of bytes, in base64. */
export function crc32Base64(bytes: Buffer): string {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  const value = Buffer.alloc(4);
  value.writeUInt32BE((crc ^ 0xffffffff) >>> 0);
  return value.toString("base64");
}

/** The signed head and the framed body of an upload. */
export async function chunkedUpload(upload: ChunkedUpload): Promise<{ readonly parts: RequestParts; readonly wire: Buffer }> {
  const { mode, chunks } = upload;
  const content = Buffer.concat(chunks);
  const hasTrailer = mode.endsWith("TRAILER");
  const trailer = hasTrailer ? (upload.trailer ?? [["x-amz-checksum-crc32", crc32Base64(content)]]) : [];
  const announced = "announced" in upload ? upload.announced : hasTrailer ? "x-amz-checksum-crc32" : undefined;
  const parts = await signed(
    {
      method: "PUT",
      target: "/bucket/key",
      headers: {
        "x-amz-content-sha256": mode,
        "content-encoding": "aws-chunked",
        "x-amz-decoded-content-length": upload.decodedLength ?? String(content.length),
        ...(announced === undefined ? {} : { "x-amz-trailer": announced }),
        ...upload.headers,
      },
    },
    { atMs: NOW_MS },
  );
  const seed = /Signature=([0-9a-f]+)/.exec(String(parts.headers!["authorization"]))![1]!;
  const chain = mode === "STREAMING-UNSIGNED-PAYLOAD-TRAILER" ? undefined : new Chain(seed);
  return { parts, wire: framed(chunks, trailer, hasTrailer, chain) };
}

function framed(
  chunks: readonly Buffer[],
  trailer: readonly (readonly [string, string])[],
  hasTrailer: boolean,
  chain?: Chain,
): Buffer {
  const pieces: Buffer[] = [];
  for (const chunk of [...chunks, Buffer.alloc(0)]) {
    const extension = chain === undefined ? "" : `;chunk-signature=${chain.chunk(chunk)}`;
    pieces.push(
      Buffer.from(`${chunk.length.toString(16)}${extension}\r\n`),
      chunk,
      Buffer.from(chunk.length === 0 ? "" : "\r\n"),
    );
  }
  let lines = "";
  for (const [name, value] of trailer) lines += `${name}:${value}\r\n`;
  if (hasTrailer && chain !== undefined) {
    lines += `x-amz-trailer-signature:${chain.trailer(trailer.map(([name, value]) => `${name}:${value}\n`).join(""))}\r\n`;
  }
  return Buffer.concat([...pieces, Buffer.from(`${lines}\r\n`)]);
}

/** Signs chunk after chunk, as AWS documents it. */
class Chain {
  #previous: string;
  readonly #key: Buffer;

  constructor(seed: string) {
    this.#previous = seed;
    let key: Buffer = Buffer.from(`AWS4${EXAMPLE_KEY.secretAccessKey}`);
    for (const part of SCOPE.split("/")) key = createHmac("sha256", key).update(part).digest();
    this.#key = key;
  }

  chunk(bytes: Buffer): string {
    return this.#sign(["AWS4-HMAC-SHA256-PAYLOAD", TIME, SCOPE, this.#previous, sha256(""), sha256(bytes)]);
  }

  trailer(lines: string): string {
    return this.#sign(["AWS4-HMAC-SHA256-TRAILER", TIME, SCOPE, this.#previous, sha256(lines)]);
  }

  #sign(lines: readonly string[]): string {
    this.#previous = createHmac("sha256", this.#key).update(lines.join("\n")).digest("hex");
    return this.#previous;
  }
}

/** SHA-256 in hexadecimal digits. */
export function sha256(bytes: Buffer | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Options of `opened`. */
export interface OpenOptions {
  readonly operation?: OperationName;
  readonly maxSizeBytes?: number;
  readonly beforeFirstRead?: () => void;
}

/** The body of a request, opened as the server does it, unread. */
export async function opened(parts: RequestParts, options: OpenOptions = {}): Promise<Payload> {
  const request = wireRequestFor({ method: "PUT", ...parts });
  const { payload } = await authenticate(request, { credentials: exampleCredentials, region: REGION, nowMs: NOW_MS });
  return openPayload(request, payload, { operation: "PutObject", maxSizeBytes: 1e6, idleTimeoutMs: 20_000, ...options });
}

/** The bytes of an upload, verified. */
export async function received(parts: RequestParts, wire: readonly Buffer[], options?: OpenOptions): Promise<Buffer> {
  return (await opened({ ...parts, body: wire }, options)).gather(1e6);
}
