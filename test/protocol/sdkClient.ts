import * as sdk from "@aws-sdk/client-s3";
import { Readable } from "node:stream";
import type { OperationName } from "../../src/protocol/generated/types.ts";

/** The real SDK client with the wire cut: what it would send can be read, what it receives is made up. */

/** What the client hands to its HTTP handler. */
export interface SentRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string | readonly string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** What the handler hands back. */
export interface ReceivedAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readable;
}

type Command = new (input: object) => object;

/** Sends one command and answers it with `answer`; resolves with the output the client makes of it. */
export async function exchange(
  name: OperationName,
  input: object,
  answer: (request: SentRequest) => ReceivedAnswer | Promise<ReceivedAnswer>,
): Promise<Record<string, unknown>> {
  const client = new sdk.S3Client({
    region: "us-east-1",
    endpoint: "http://localhost:9000",
    forcePathStyle: true,
    disableHostPrefix: true,
    maxAttempts: 1,
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
    requestHandler: { handle: async (request: unknown) => ({ response: await answer(request as SentRequest) }) } as never,
  });
  const SdkCommand = (sdk as unknown as Record<string, Command>)[`${name}Command`]!;
  // The client adds to the input it is given.
  return (await client.send(new SdkCommand({ ...input }) as never)) as object as Record<string, unknown>;
}

/** What the client sends for an input. */
export async function sentFor(name: OperationName, input: object): Promise<SentRequest> {
  let sent: SentRequest | undefined;
  await exchange(name, input, (request) => {
    sent = request;
    throw new Error("enough seen");
  }).catch((error: unknown) => {
    if (sent === undefined) throw error;
  });
  return sent!;
}

/** The path and query of a request as they go over the wire. */
export function targetOf({ path, query }: SentRequest): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((item: string | null) =>
      item === null ? encodeURIComponent(name) : `${encodeURIComponent(name)}=${encodeURIComponent(item)}`,
    ),
  );
  return pairs.length === 0 ? path : `${path}?${pairs.join("&")}`;
}

/** A request body as bytes. */
export async function bytesOf(body: unknown): Promise<Buffer> {
  if (body === undefined || body === null) return Buffer.alloc(0);
  if (typeof body === "string" || body instanceof Uint8Array) return Buffer.from(body as string);
  const chunks: Buffer[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array>) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
