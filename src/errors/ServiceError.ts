/** A detail element of an error body, in the order S3 sends them. `undefined` values are left out by the renderer. */
export type ErrorDetail = readonly [name: string, value: string | undefined];

/** A step of a request's story: what it is about, and plain data about that. */
export interface JournalFacts {
  readonly step: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** What every error says, whichever service's it is. */
export interface ServiceErrorFacts {
  readonly code: string;
  readonly message: string;
  /** HTTP status. */
  readonly status: number;
  readonly details?: readonly ErrorDetail[] | undefined;
  /** One or two plain sentences about this request: what was expected, what came, what to do. Never a secret. */
  readonly explanation?: string | undefined;
  /** Response headers this error brings. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** What the journal keeps of it beside all this, under a word for what it is; never sent. */
  readonly facts?: JournalFacts | undefined;
  readonly cause?: unknown;
  /** True for a defect, whose stack is worth what collecting it costs. */
  readonly isDefect?: boolean;
}

/** Every refusal and failure that reaches a client: S3's (`S3Error`), or IAM's and STS's (`QueryError`). */
export class ServiceError extends Error {
  readonly code: string;
  readonly status: number;
  readonly details: readonly ErrorDetail[];
  readonly explanation: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly facts: JournalFacts | undefined;

  constructor({ code, message, status, details, explanation, headers, facts, cause, isDefect }: ServiceErrorFacts) {
    // Only a defect needs a stack. Any other is an answer, and collecting a stack for it would be most of its cost.
    const limit = Error.stackTraceLimit;
    if (isDefect !== true) Error.stackTraceLimit = 0;
    super(message, cause === undefined ? undefined : { cause });
    Error.stackTraceLimit = limit;
    this.code = code;
    this.status = status;
    this.details = details ?? [];
    this.explanation = explanation;
    this.headers = headers ?? {};
    this.facts = facts;
  }
}
