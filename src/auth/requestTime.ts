import { quoted } from "../errors/quoted.ts";
import { S3Error } from "../errors/S3Error.ts";

/** How far a client's clock may be off. */
export const MAX_SKEW_MS: number = 15 * 60 * 1000;

/**
 * Milliseconds since 1970 of a time like 20130524T000000Z; `undefined` for anything else, and for days no calendar has.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
export function parseBasicTime(text: string): number | undefined {
  if (text.length !== 16 || text[8] !== "T" || text[15] !== "Z") return undefined;
  const [hour, minute, second] = [digits(text, 9, 11), digits(text, 11, 13), digits(text, 13, 15)];
  if (!(hour < 24 && minute < 60 && second < 60)) return undefined;
  const day = new Date(Date.UTC(digits(text, 0, 4), digits(text, 4, 6) - 1, digits(text, 6, 8)));
  // Date.UTC rolls days there are not over: 20130231 would be one in March. It takes years below 100 for those of 1900.
  const isDate = day.getUTCMonth() === digits(text, 4, 6) - 1 && text[0] !== "0";
  return isDate ? day.getTime() + ((hour * 60 + minute) * 60 + second) * 1000 : undefined;
}

/** True for eight digits. Which day they name, and whether there is one, is settled by comparing it with the request's time. */
export function isDay(text: string): boolean {
  return text.length === 8 && !Number.isNaN(digits(text, 0, 8));
}

/** The number that stands in part of a text; NaN unless all of it are digits. */
function digits(text: string, start: number, end: number): number {
  let value = 0;
  for (let index = start; index < end; index += 1) {
    const digit = text.charCodeAt(index) - 0x30;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

/** Behind the last time that four digits can name a year of, in milliseconds since 1970. */
const YEAR_10000_MS: number = Date.UTC(10_000, 0);

/**
 * Milliseconds since 1970 of the time in a Date or x-amz-date header, in either of its forms; `undefined` for anything else, and outside
 * the years 1970 to 9999.
 */
export function parseTime(text: string): number | undefined {
  const time = parseBasicTime(text) ?? Date.parse(text);
  return isInRange(time) ? time : undefined;
}

/** Milliseconds since 1970 of a time in seconds since then; `undefined` for anything else, and behind the year 9999. */
export function parseEpochSeconds(text: string): number | undefined {
  const time = EPOCH_SECONDS.test(text) ? Number(text) * 1000 : Number.NaN;
  return isInRange(time) ? time : undefined;
}

const EPOCH_SECONDS = /^\d{1,12}$/;

function isInRange(time: number): boolean {
  return time >= 0 && time < YEAR_10000_MS;
}

/** A time as 20130524T000000Z. */
export function basicTime(milliseconds: number): string {
  const iso = new Date(milliseconds).toISOString();
  return `${iso.slice(0, 4)}${iso.slice(5, 7)}${iso.slice(8, 13)}${iso.slice(14, 16)}${iso.slice(17, 19)}Z`;
}

/** A time as S3's error details show it: 2013-05-24T00:00:00Z. */
export function detailTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d{3}/, "");
}

/** The error of a request signed by header that does not say when; `sent` is empty where neither header came. */
export function withoutDate(sent: string): S3Error {
  const found = sent === "" ? "Neither came" : `${quoted(sent)} is no time`;
  return new S3Error("AccessDenied", {
    message: "AWS authentication requires a valid Date or x-amz-date header",
    explanation: `A signed request says when it was signed, best in x-amz-date as YYYYMMDDTHHMMSSZ. ${found}.`,
  });
}

/**
 * True for a request signed too long ago, or too far ahead. Where a test has moved the server's time away from real time, a client may go by
 * either of them, or by one in between: some never heed the server's time, and others go by what it was.
 */
export function isSkewed(requestMs: number, nowMs: number, realClock?: () => number): boolean {
  const realMs = realClock?.() ?? nowMs;
  return requestMs < Math.min(nowMs, realMs) - MAX_SKEW_MS || requestMs > Math.max(nowMs, realMs) + MAX_SKEW_MS;
}

/** Refuses a request signed too long ago, or too far ahead, with RequestTimeTooSkewed. `sent` is the time as the client wrote it. */
export function checkSkew(requestMs: number, sent: string, nowMs: number, realClock?: () => number): void {
  if (!isSkewed(requestMs, nowMs, realClock)) return;
  const offMs = Math.abs(nowMs - requestMs);
  const side = requestMs < nowMs ? "before" : "after";
  throw new S3Error("RequestTimeTooSkewed", {
    details: [
      ["RequestTime", sent],
      ["ServerTime", detailTime(nowMs)],
      ["MaxAllowedSkewMilliseconds", String(MAX_SKEW_MS)],
    ],
    explanation: `The request was signed ${Math.round(offMs / 1000)} seconds ${side} the server's time; set the client's clock.`,
  });
}
