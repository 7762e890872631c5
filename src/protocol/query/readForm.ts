import { QueryError } from "../../errors/QueryError.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { BodyReading } from "../Dialect.ts";
import { QueryList } from "../QueryList.ts";
import { BodyReader } from "../streaming/BodyReader.ts";
import type { WireRequest } from "../WireRequest.ts";

/**
 * No form is larger than this, in bytes: a policy's document has at most 131,072 characters, each of which may be three bytes, percent-encoded.
 * It is read before it is known who asks, for it says what is asked for.
 */
const MAX_FORM_SIZE_BYTES: number = 512 * 1024;

/** A piece of a form taken from the socket at once. */
const MAX_PIECE_SIZE_BYTES: number = 64 * 1024;

/** Reads a request's body, as it came. Throws RequestEntityTooLarge, RequestTimeout and IncompleteBody. */
export async function readForm(request: WireRequest, { idleTimeoutMs, beforeFirstRead }: BodyReading): Promise<Buffer> {
  const { headers } = request;
  const announced = headers.get("content-length");
  if (announced === undefined && !headers.has("transfer-encoding")) return Buffer.alloc(0);
  if (Number(announced ?? 0) > MAX_FORM_SIZE_BYTES) throw tooLarge();
  const reader = new BodyReader(request.body, idleTimeoutMs);
  const pieces: Buffer[] = [];
  let sizeBytes = 0;
  try {
    beforeFirstRead?.();
    for (;;) {
      const piece = await reader.next(MAX_PIECE_SIZE_BYTES);
      if (piece === undefined) break;
      sizeBytes += piece.length;
      if (sizeBytes > MAX_FORM_SIZE_BYTES) throw tooLarge();
      pieces.push(piece);
    }
    if (reader.wasCut) throw new S3Error("IncompleteBody", { explanation: "The connection was closed before the body's end." });
  } finally {
    reader.close();
  }
  return Buffer.concat(pieces, sizeBytes);
}

function tooLarge(): QueryError {
  return new QueryError("RequestEntityTooLarge", {
    message: `Request body is larger than ${MAX_FORM_SIZE_BYTES} bytes`,
    explanation: `A form has ${MAX_FORM_SIZE_BYTES} bytes at most.`,
  });
}

/** The parameters of a form; of a repeated one, the first counts. Throws MalformedQueryString for broken percent-encoding. */
export function parametersOf(form: string): ReadonlyMap<string, string> {
  try {
    const parameters = new Map<string, string>();
    for (const { name, value } of new QueryList(form).pairs()) if (!parameters.has(name)) parameters.set(name, value);
    return parameters;
  } catch (cause) {
    if (!(cause instanceof S3Error)) throw cause;
    throw new QueryError("MalformedQueryString", { cause, explanation: cause.explanation });
  }
}
