import { catalogueEntry } from "./catalogue.ts";
import type { ErrorCode } from "./ErrorCode.ts";
import type { ErrorDetail, JournalFacts } from "./ServiceError.ts";
import { ServiceError } from "./ServiceError.ts";

/** What an `S3Error` may say beyond its code. */
export interface S3ErrorOptions {
  /** S3's exact text when the catalogue's first message does not fit. */
  readonly message?: string;
  readonly details?: readonly ErrorDetail[];
  /** One or two plain sentences about this request, sent as `Details`: what was expected, what came, what to do. Never a secret. */
  readonly explanation?: string;
  /** Response headers this error brings, such as `Allow` or `x-amz-bucket-region`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Overrides the catalogue's HTTP status (304, 405 in place of 404 …). */
  readonly status?: number;
  /** What the journal keeps of it beside all this; never sent. */
  readonly facts?: JournalFacts;
  readonly cause?: unknown;
}

/** Every refusal and failure of S3's that reaches a client. Thrown anywhere, rendered in one place. */
export class S3Error extends ServiceError {
  override readonly name = "S3Error";
  declare readonly code: ErrorCode;

  constructor(code: ErrorCode, options: S3ErrorOptions = {}) {
    const { message, status } = catalogueEntry(code);
    super({ message, status, ...options, code, isDefect: code === "InternalError" });
  }
}

/** The same error, with another explanation or with more headers. */
export function amended(
  error: S3Error,
  { explanation = error.explanation, headers }: Pick<S3ErrorOptions, "explanation" | "headers">,
): S3Error {
  const { code, message, status, details, facts, cause } = error;
  return new S3Error(code, {
    ...{ message, status, details },
    headers: { ...error.headers, ...headers },
    ...(explanation !== undefined && { explanation }),
    ...(facts !== undefined && { facts }),
    ...(cause !== undefined && { cause }),
  });
}
