import { createHash, createHmac } from "node:crypto";
import { Readable } from "node:stream";
import { S3Client } from "@aws-sdk/client-s3";
import { S3RequestPresigner } from "@aws-sdk/s3-request-presigner";
import { SignatureV4 } from "@smithy/signature-v4";
import type { SourceData } from "@smithy/types";
import { EXAMPLE_KEY } from "./exampleKey.ts";
import type { RequestParts } from "./wireRequestFor.ts";

/** Requests signed by the real SDK: an opinion on signatures that owes nothing to the server's. */

export const REGION = "us-east-1";
export const HOST = "127.0.0.1:9000";

/** The hash the SDK's signer asks for. */
class Sha256 {
  readonly #secret: SourceData | undefined;
  #hash: ReturnType<typeof createHash | typeof createHmac> = createHash("sha256");

  constructor(secret?: SourceData) {
    this.#secret = secret;
    this.reset();
  }

  update(data: SourceData): void {
    this.#hash.update(bytesIn(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {
    this.#hash = this.#secret === undefined ? createHash("sha256") : createHmac("sha256", bytesIn(this.#secret));
  }
}

function bytesIn(data: SourceData): Buffer {
  if (typeof data === "string") return Buffer.from(data);
  return ArrayBuffer.isView(data) ? Buffer.from(data.buffer, data.byteOffset, data.byteLength) : Buffer.from(data);
}

/** What to sign with; the example key for us-east-1 unless said otherwise. */
export interface SigningOptions {
  readonly atMs: number;
  readonly secretAccessKey?: string;
  readonly accessKeyId?: string;
  readonly sessionToken?: string;
  readonly region?: string;
  readonly service?: string;
}

/** The request, signed by the SDK's signer in an Authorization header. `headers` are signed as well, unless they are unsignable. */
export async function signed(parts: RequestParts, options: SigningOptions): Promise<RequestParts> {
  const { target = "/", method = "GET" } = parts;
  const mark = target.indexOf("?");
  const request = {
    method,
    protocol: "http:",
    hostname: "127.0.0.1",
    path: mark < 0 ? target : target.slice(0, mark),
    query: mark < 0 ? {} : queryOf(target.slice(mark + 1)),
    headers: { host: HOST, "x-amz-content-sha256": "UNSIGNED-PAYLOAD", ...(parts.headers as Record<string, string>) },
  };
  const { headers } = await signer(options).sign(request, { signingDate: new Date(options.atMs) });
  return { ...parts, headers };
}

/** The request as a URL presigned by the SDK's signer; `host` alone is signed. */
export async function presigned(
  { target = "/", method = "GET" }: RequestParts,
  options: SigningOptions & { readonly expiresInSeconds?: number },
): Promise<RequestParts> {
  const request = { method, protocol: "http:", hostname: "127.0.0.1", path: target, headers: { host: HOST } };
  const { atMs, expiresInSeconds: expiresIn = 60 } = options;
  const presigner = new S3RequestPresigner({ ...signing(options), sha256: Sha256 });
  const { path, query = {} } = await presigner.presign(request, { signingDate: new Date(atMs), expiresIn });
  return { method, target: path + queryText(query), headers: { host: HOST } };
}

function queryOf(query: string): Record<string, string | string[]> {
  const parameters: Record<string, string | string[]> = Object.create(null);
  for (const [name, value] of new URLSearchParams(query)) {
    parameters[name] = name in parameters ? [parameters[name]!, value].flat() : value;
  }
  return parameters;
}

function signer(options: SigningOptions): SignatureV4 {
  return new SignatureV4({ ...signing(options), sha256: Sha256, uriEscapePath: false, applyChecksum: false });
}

function signing(
  options: SigningOptions,
): Pick<ConstructorParameters<typeof SignatureV4>[0], "credentials" | "region" | "service"> {
  return {
    credentials: { accessKeyId: EXAMPLE_KEY.accessKeyId, secretAccessKey: EXAMPLE_KEY.secretAccessKey, ...given(options) },
    region: options.region ?? REGION,
    service: options.service ?? "s3",
  };
}

function given({ accessKeyId, secretAccessKey, sessionToken }: SigningOptions): Partial<SigningOptions> {
  return {
    ...(accessKeyId === undefined ? {} : { accessKeyId }),
    ...(secretAccessKey === undefined ? {} : { secretAccessKey }),
    ...(sessionToken === undefined ? {} : { sessionToken }),
  };
}

/** A request as the SDK's client puts it on the wire. */
export interface SentRequest {
  readonly parts: RequestParts;
  readonly wireBytes: Buffer;
}

interface SdkRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string | readonly string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A client of the SDK that sends nothing: `sent` resolves with what it would have sent. */
export function recordingClient(): { readonly client: S3Client; readonly sent: () => Promise<SentRequest> } {
  let request: SdkRequest | undefined;
  const client = new S3Client({
    endpoint: `http://${HOST}`,
    region: REGION,
    forcePathStyle: true,
    credentials: EXAMPLE_KEY,
    maxAttempts: 1,
    requestHandler: {
      handle: async (sent: SdkRequest) => {
        request = sent;
        bytes = await bytesOf(sent.body);
        return { response: { statusCode: 200, headers: {}, body: Readable.from([]) } };
      },
    },
  });
  let bytes: Buffer = Buffer.alloc(0);
  return {
    client,
    sent: async () => {
      const { method, path, query, headers } = request!;
      return { parts: { method, target: path + queryText(query), headers, body: [bytes] }, wireBytes: bytes };
    },
  };
}

/** The text of a query as the SDK's HTTP handler writes it. */
function queryText(query: SdkRequest["query"]): string {
  const pairs = Object.entries(query).flatMap(([name, values]) =>
    values === null ? [encodeURIComponent(name)] : [values].flat().map((value) => `${encoded(name)}=${encoded(value)}`),
  );
  return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
}

function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

async function bytesOf(body: unknown): Promise<Buffer> {
  if (body === undefined || body === null) return Buffer.alloc(0);
  if (typeof body === "string" || body instanceof Uint8Array) return Buffer.from(body);
  const pieces: Buffer[] = [];
  for await (const piece of body as Readable) pieces.push(Buffer.from(piece as Uint8Array));
  return Buffer.concat(pieces);
}
