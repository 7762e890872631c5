import { catalogueEntry } from "../errors/catalogue.ts";
import { bodyText } from "./bodyText.ts";
import { ClientError } from "./ClientError.ts";
import { codeOfStatus } from "./codeOfStatus.ts";
import { errorDocument } from "./errorDocument.ts";
import type { ErrorDocument } from "./errorDocument.ts";
import { headerOf } from "./headerOf.ts";
import type { HeadersLike } from "./headerOf.ts";
import { isErrorCode } from "./isErrorCode.ts";
import { retryAfterMs } from "./retryAfter.ts";

/** An answer as a client has it: with its body read, or without one. */
export interface Answer {
  readonly status?: number | undefined;
  /** The text of the status line. */
  readonly statusText?: string | undefined;
  readonly headers?: HeadersLike | undefined;
  readonly body?: string | Uint8Array | ArrayBuffer | undefined;
}

/** The error that an answer is. What its body says comes first, then its headers, then its status. */
export function answerError({ status, statusText, headers, body }: Answer, raw: unknown): ClientError {
  const text = bodyText(body) ?? "";
  const document = errorDocument(text) ?? implied(status, statusText, text);
  return new ClientError({
    ...document,
    kind: "answer",
    status,
    requestId: document.requestId ?? headerOf(headers, "x-amz-request-id") ?? headerOf(headers, "x-amzn-requestid"),
    hostId: document.hostId ?? headerOf(headers, "x-amz-id-2"),
    retryAfterMs: retryAfterMs(headers),
    raw,
  });
}

/** What an answer says whose body does not say it. */
function implied(status = 0, reason: string | undefined, body: string): ErrorDocument & { readonly isCodeGuessed: true } {
  const nothing = { requestId: undefined, hostId: undefined, explanation: undefined, details: {}, isCodeGuessed: true } as const;
  if (status >= 200 && status < 300 && body.trim() === "") {
    // Only an operation that keeps the connection alive while it works says 200 before it knows. SDKs call this InternalError as well.
    return {
      ...nothing,
      code: "InternalError",
      message: "The answer began with a success and ended before it said what came of it.",
    };
  }
  const code = codeOfStatus(status, reason);
  const known = isErrorCode(code) ? catalogueEntry(code).message : "";
  return { ...nothing, code, message: reason !== undefined && reason !== "" ? reason : known };
}
