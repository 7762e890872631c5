import { answerError } from "./answerError.ts";
import type { Answer } from "./answerError.ts";
import { bodyText, MAX_BODY_LENGTH } from "./bodyText.ts";
import { ClientError } from "./ClientError.ts";
import { errorDocument } from "./errorDocument.ts";
import type { HeadersLike } from "./headerOf.ts";
import { thrownError } from "./thrownError.ts";

/**
 * Makes one form of whatever tells of a failure: an answer (`status`, `headers`, `body` as text or bytes), a body alone (REST's XML, a SOAP fault,
 * the XML of IAM and STS, a website's page), or what a client threw (AWS SDK for JavaScript 3 and 2, minio-js, fetch, Node). An answer without
 * a body gets the code that its status mostly means, and `isCodeGuessed`. Of a `Response` of fetch the body is not at hand: `readError` reads it.
 *
 * Never throws, whatever it is given. Reads no more than the first 64 KiB of a body, in proportion to their length.
 */
export function parseError(input: unknown): ClientError {
  try {
    return parsed(input);
  } catch {
    // A getter that throws, a proxy that was revoked: nothing can be asked of such a thing.
    return new ClientError({ kind: "unknown", code: "Unknown", message: "", raw: input });
  }
}

function parsed(input: unknown): ClientError {
  if (input instanceof ClientError) return input;
  const body = bodyText(input);
  if (body !== undefined) {
    if (errorDocument(body) !== undefined) return answerError({ body }, input);
    return new ClientError({ kind: "unknown", code: "Unknown", message: body, raw: input });
  }
  if (typeof input !== "object" || input === null) {
    return new ClientError({ kind: "unknown", code: "Unknown", message: input === undefined ? "" : String(input), raw: input });
  }
  return input instanceof Error ? thrownError(input) : (plainAnswer(input) ?? thrownError(input));
}

function plainAnswer(input: object): ClientError | undefined {
  const { status, statusCode, statusText, statusMessage, headers, body } = input as Readonly<Record<string, unknown>>;
  const number = status ?? statusCode;
  if (typeof number !== "number" || (headers === undefined && body === undefined)) return undefined;
  const reason = statusText ?? statusMessage;
  return answerError(
    {
      status: number,
      statusText: typeof reason === "string" ? reason : undefined,
      headers: headers as HeadersLike,
      // What is not at hand may say anything.
      body: bodyText(body) ?? (body === undefined || body === null ? "" : " "),
    },
    input,
  );
}

/** A `Response` of fetch, as far as it is needed here. */
export interface FetchResponse extends Pick<Answer, "statusText"> {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: {
    getReader(): {
      read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
      cancel(): Promise<void>;
    };
  } | null;
}

/**
 * Reads the body of a `Response` of fetch and says what its error is; no more than the first 64 KiB. A body that fails on the way counts as
 * far as it came. Never rejects. It has no timeout of its own: the signal that was given to `fetch` ends the body as well.
 */
export async function readError(response: FetchResponse): Promise<ClientError> {
  const { status, statusText, headers } = response;
  try {
    const body = await beginning(response.body);
    return answerError({ status, statusText, headers, body }, response);
  } catch {
    return parseError(response);
  }
}

async function beginning(stream: FetchResponse["body"]): Promise<Uint8Array> {
  const bytes = new Uint8Array(MAX_BODY_LENGTH);
  let length = 0;
  const reader = stream?.getReader();
  try {
    while (reader !== undefined && length < bytes.length) {
      const { done, value } = await reader.read();
      if (done || value === undefined) return bytes.subarray(0, length);
      const piece = value.subarray(0, bytes.length - length);
      bytes.set(piece, length);
      length += piece.length;
    }
    await reader?.cancel();
  } catch {
    // The connection broke; what came before that may say enough.
  }
  return bytes.subarray(0, length);
}
