/**
 * What failed:
 * - `answer`: a service answered with an error;
 * - `connection`: no answer came, or not all of it: refused, reset, cut off, timed out;
 * - `aborted`: the caller gave the request up;
 * - `unknown`: something else was thrown.
 */
export type ErrorKind = "answer" | "connection" | "aborted" | "unknown";

/** What is known of an error, before it is one. */
export interface ClientErrorFacts {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly isCodeGuessed?: boolean;
  readonly message: string;
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
  readonly hostId?: string | undefined;
  readonly details?: Readonly<Record<string, string>>;
  readonly explanation?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly raw: unknown;
  /** What was thrown, where it was. */
  readonly cause?: unknown;
}

/** An error of S3, IAM or STS, or a failure on the way there, in one form whoever reports it. */
export class ClientError extends Error {
  override readonly name = "ClientError";
  readonly kind: ErrorKind;
  /** The service's code, such as "NoSuchKey"; for a connection the system's ("ECONNRESET"), otherwise the name of what was thrown. */
  readonly code: string;
  /** True where the answer had no body, as to HEAD, and the code is what its HTTP status mostly means. */
  readonly isCodeGuessed: boolean;
  /** HTTP status. Some clients report 503 for an error inside a 200. */
  readonly status: number | undefined;
  /** Tells the operator which request it was (x-amz-request-id). */
  readonly requestId: string | undefined;
  /** The second id of S3's answers (x-amz-id-2). */
  readonly hostId: string | undefined;
  /** The elements of the body beside code, text and ids, such as BucketName, Key or Resource. */
  readonly details: Readonly<Record<string, string>>;
  /** What was wrong with this very request, in plain words. Holdfast says so; other servers seldom do. */
  readonly explanation: string | undefined;
  /** How long the server asks to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** What this was made of. */
  readonly raw: unknown;

  constructor(facts: ClientErrorFacts) {
    super(facts.message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.kind = facts.kind;
    this.code = facts.code;
    this.isCodeGuessed = facts.isCodeGuessed ?? false;
    this.status = facts.status;
    this.requestId = facts.requestId;
    this.hostId = facts.hostId;
    this.details = facts.details ?? {};
    this.explanation = facts.explanation;
    this.retryAfterMs = facts.retryAfterMs;
    this.raw = facts.raw;
  }
}
