import { headerOf } from "./headerOf.ts";

const SECONDS = /^\d{1,9}$/;
const MS_PER_SECOND = 1000;

/**
 * How long the server asks to wait, in milliseconds: Retry-After, as seconds or as a date. A date counts from the answer's own Date, so that
 * no clocks are compared; without one it says nothing.
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-retry-after
 */
export function retryAfterMs(headers: unknown): number | undefined {
  const value = headerOf(headers, "retry-after")?.trim();
  if (value === undefined) return undefined;
  if (SECONDS.test(value)) return Number(value) * MS_PER_SECOND;
  const waitMs = Date.parse(value) - Date.parse(headerOf(headers, "date") ?? "");
  return Number.isNaN(waitMs) ? undefined : Math.max(0, waitMs);
}
