import { catalogueEntry } from "./catalogue.ts";
import type { ErrorCode } from "./ErrorCode.ts";

/** A detail element of an error body, in the order S3 sends them. `undefined` values are left out by the renderer. */
export type ErrorDetail = readonly [name: string, value: string | undefined];

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
  readonly cause?: unknown;
}

/** Every refusal and failure that reaches a client. Thrown anywhere, rendered in one place. */
export class S3Error extends Error {
  override readonly name = "S3Error";
  readonly code: ErrorCode;
  readonly status: number;
  readonly details: readonly ErrorDetail[];
  readonly explanation: string | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ErrorCode, options: S3ErrorOptions = {}) {
    const entry = catalogueEntry(code);
    // Only InternalError is a defect. Any other is an answer, and collecting a stack for it would be most of its cost.
    const limit = Error.stackTraceLimit;
    if (code !== "InternalError") Error.stackTraceLimit = 0;
    super(options.message ?? entry.message, options.cause === undefined ? undefined : { cause: options.cause });
    Error.stackTraceLimit = limit;
    this.code = code;
    this.status = options.status ?? entry.status;
    this.details = options.details ?? [];
    this.explanation = options.explanation;
    this.headers = options.headers ?? {};
  }
}
