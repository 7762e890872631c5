/** The forms of time on S3's wire. */

/** The three forms of RFC 9110: fixed, with a two-digit year, and as C's asctime writes it. */
const HTTP_DATE =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*, \d{2}[ -][A-Z][a-z]{2}[ -]\d{2,4} \d{2}:\d{2}:\d{2} (?:GMT|UTC|[+-]\d{4})$/;
const ASCTIME = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/;
const ISO_DATE = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** How a member writes time. */
export type TimestampFormat = "date-time" | "http-date";

/** Reads a time in the format of its member; where that is an HTTP date, ISO 8601 will do as well. `undefined` for anything else. */
export function parseTimestamp(text: string, format: TimestampFormat): Date | undefined {
  const milliseconds = (format === "http-date" ? httpDate(text) : undefined) ?? isoDate(text);
  return milliseconds === undefined || Number.isNaN(milliseconds) ? undefined : new Date(milliseconds);
}

function httpDate(text: string): number | undefined {
  if (HTTP_DATE.test(text)) return Date.parse(text);
  // Without a zone, which JavaScript would take for the server's.
  return ASCTIME.test(text) ? Date.parse(`${text} GMT`) : undefined;
}

function isoDate(text: string): number | undefined {
  const match = ISO_DATE.exec(text);
  if (match === null) return undefined;
  return Date.parse(match[1] === undefined && text.includes("T") ? `${text}Z` : text);
}

/** S3 keeps time to the second, and shows three zeros behind it. */
export function formatTimestamp(date: Date, format: TimestampFormat): string {
  return format === "http-date" ? date.toUTCString() : formatDateTime(date.getTime());
}

const MILLISECONDS_PER_DAY = 86_400_000;
const TWO_DIGITS: readonly string[] = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, "0"));
/** The day asked for last, as its date: a list asks for the same one a thousand times. */
let lastDay = { number: Number.NaN, text: "" };

/** A time, given in milliseconds since 1970, as lists show it: 2026-11-21T07:18:00.000Z. */
export function formatDateTime(timeMs: number): string {
  const day = Math.floor(timeMs / MILLISECONDS_PER_DAY);
  if (day !== lastDay.number) lastDay = { number: day, text: new Date(day * MILLISECONDS_PER_DAY).toISOString().split("T")[0]! };
  const second = Math.floor((timeMs - day * MILLISECONDS_PER_DAY) / 1000);
  const minute = Math.floor(second / 60);
  return `${lastDay.text}T${TWO_DIGITS[Math.floor(minute / 60)]}:${TWO_DIGITS[minute % 60]}:${TWO_DIGITS[second % 60]}.000Z`;
}
