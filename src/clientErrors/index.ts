/**
 * `holdfast/errors`, for programs that talk to S3: its codes with what is known of them, any failure in one form, whether it is worth a retry,
 * and retries as S3's guidance wants them. It knows nothing of the server and loads nothing of it.
 *
 * ```ts
 * const client = new S3Client({ retryStrategy: retryStrategy() });
 * ```
 */
export type { ErrorCode } from "../errors/ErrorCode.ts";
export type { SoapSide } from "../errors/ErrorFacts.ts";
export type { Confidence, MessageVariant } from "../errors/Explanation.ts";
export { adviceFor } from "./adviceFor.ts";
export type { Answer } from "./answerError.ts";
export type { ClientErrorFacts, ErrorKind } from "./ClientError.ts";
export { ClientError } from "./ClientError.ts";
export type { ErrorStory } from "./explain.ts";
export { explain } from "./explain.ts";
export type { HeadersLike } from "./headerOf.ts";
export { errorCodes, isErrorCode } from "./isErrorCode.ts";
export { isErrorInside200 } from "./isErrorInside200.ts";
export { isRetryable, mayHaveHappened } from "./isRetryable.ts";
export type { CodeEntry } from "./lookUp.ts";
export { lookUp } from "./lookUp.ts";
export type { PaceOptions, Turn } from "./Pace.ts";
export { Pace } from "./Pace.ts";
export type { FetchResponse } from "./parseError.ts";
export { parseError, readError } from "./parseError.ts";
export type { Retry, RetryAdvice } from "./RetryAdvice.ts";
export type { RetryNotice, RetryOptions } from "./RetryPolicy.ts";
export type { S3RetryStrategy, S3RetryToken } from "./retryStrategy.ts";
export { retryStrategy } from "./retryStrategy.ts";
export type { CallOptions } from "./withRetries.ts";
export { withRetries } from "./withRetries.ts";
