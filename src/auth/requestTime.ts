import { S3Error } from "../errors/S3Error.ts";

/** How far a client's clock may be off. */
export const MAX_SKEW_MS: number = 15 * 60 * 1000;

const BASIC_FORM = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;

/** Milliseconds since 1970 of a time like 20130524T000000Z; `undefined` for anything else. */
export function parseBasicTime(text: string): number | undefined {
  const match = BASIC_FORM.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const time = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  // Date.UTC rolls 20130231 over into March; such a date is none.
  return basicTime(time) === text ? time : undefined;
}

/** A time as 20130524T000000Z. */
export function basicTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/[-:]|\.\d{3}/g, "");
}

/** A time as S3's error details show it: 2013-05-24T00:00:00Z. */
export function detailTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d{3}Z$/, "Z");
}

/** Refuses a request signed too long ago, or too far ahead. `sent` is the time as the client wrote it. */
export function checkSkew(requestMs: number, sent: string, nowMs: number): void {
  const offMs = Math.abs(nowMs - requestMs);
  if (offMs <= MAX_SKEW_MS) return;
  throw new S3Error("RequestTimeTooSkewed", {
    details: [
      ["RequestTime", sent],
      ["ServerTime", detailTime(nowMs)],
      ["MaxAllowedSkewMilliseconds", String(MAX_SKEW_MS)],
    ],
    explanation: `The request was signed ${Math.round(offMs / 1000)} seconds ${requestMs < nowMs ? "before" : "after"} the server's time; set the client's clock.`,
  });
}
