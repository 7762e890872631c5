import { quoted } from "../errors/quoted.ts";
import { S3Error } from "../errors/S3Error.ts";
import { detailTime, MAX_SKEW_MS, parseBasicTime } from "./requestTime.ts";

/** A presigned URL lives a week at most. */
const MAX_EXPIRES_SECONDS = 604_800;

const INTEGER = /^-?\d{1,15}$/;

function queryError(message: string, explanation: string): S3Error {
  return new S3Error("AuthorizationQueryParametersError", { message, explanation });
}

/** Checks when a presigned URL of version 4 is valid; returns X-Amz-Date. Throws AuthorizationQueryParametersError, AccessDenied. */
export function checkQueryTime(date: string, expires: string, nowMs: number): string {
  const startMs = parseBasicTime(date);
  if (startMs === undefined) {
    throw queryError(
      `X-Amz-Date must be in the ISO8601 Long Format "yyyyMMdd'T'HHmmss'Z'"`,
      `X-Amz-Date is ${quoted(date)}; 20260301T120000Z would be one.`,
    );
  }
  if (!INTEGER.test(expires))
    throw queryError(
      "X-Amz-Expires should be a number",
      `X-Amz-Expires is ${quoted(expires)}; it takes seconds, 1 to ${MAX_EXPIRES_SECONDS}.`,
    );
  const seconds = Number(expires);
  if (seconds < 0)
    throw queryError(
      "X-Amz-Expires must be non-negative",
      `X-Amz-Expires is ${seconds} seconds; it takes 1 to ${MAX_EXPIRES_SECONDS}.`,
    );
  if (seconds > MAX_EXPIRES_SECONDS) {
    throw queryError(
      "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds",
      `X-Amz-Expires is ${seconds} seconds; it takes 1 to ${MAX_EXPIRES_SECONDS}.`,
    );
  }
  const endMs = startMs + seconds * 1000;
  if (startMs > nowMs + MAX_SKEW_MS) {
    throw new S3Error("AccessDenied", {
      message: "Request is not yet valid",
      details: [
        ["X-Amz-Date", String(startMs)],
        ["Expires", detailTime(endMs)],
        ["ServerTime", detailTime(nowMs)],
      ],
      explanation: `The URL is valid from ${detailTime(startMs)}, and the server's time is ${detailTime(nowMs)}; set the clock of whoever signed it.`,
    });
  }
  if (nowMs > endMs) {
    throw new S3Error("AccessDenied", {
      message: "Request has expired",
      details: [
        ["X-Amz-Expires", expires],
        ["Expires", detailTime(endMs)],
        ["ServerTime", detailTime(nowMs)],
      ],
      explanation: `The URL was valid for ${seconds} seconds, until ${detailTime(endMs)}; presign a new one.`,
    });
  }
  return date;
}
