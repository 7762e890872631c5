/** The forms of time on S3's wire. */

const HTTP_DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\w*, /;
const ISO_DATE = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;
const EPOCH_SECONDS = /^\d{1,12}(?:\.\d+)?$/;

/** Reads an HTTP date (RFC 9110), an ISO 8601 date or seconds since 1970; `undefined` for anything else. */
export function parseTimestamp(text: string): Date | undefined {
  if (EPOCH_SECONDS.test(text)) return new Date(Number(text) * 1000);
  if (!HTTP_DATE.test(text) && !ISO_DATE.test(text)) return undefined;
  const milliseconds = Date.parse(text);
  return Number.isNaN(milliseconds) ? undefined : new Date(milliseconds);
}

/** S3 keeps time to the second, and shows three zeros behind it. */
export function formatTimestamp(date: Date, format: "date-time" | "http-date" | "epoch-seconds"): string {
  const seconds = Math.floor(date.getTime() / 1000);
  if (format === "epoch-seconds") return String(seconds);
  const whole = new Date(seconds * 1000);
  return format === "http-date" ? whole.toUTCString() : whole.toISOString();
}
