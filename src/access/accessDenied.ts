import { S3Error } from "../errors/S3Error.ts";
import type { Refusal } from "./authorize.ts";
import type { Question } from "./Question.ts";

/**
 * S3's error for a caller who may not: who asked and why not, and what would have to be allowed.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html
 */
export function accessDenied({ action, explanation }: Question, { why, message }: Refusal): S3Error {
  // Where S3 has a text of its own, no permission would help.
  if (message !== undefined) return new S3Error("AccessDenied", { message, explanation: `${why}.` });
  return new S3Error("AccessDenied", { explanation: explanation ?? `${why}; this needs ${action}.` });
}
