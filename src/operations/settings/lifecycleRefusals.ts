import { invalidArgument } from "../../errors/invalidArgument.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { LifecycleRule } from "../../protocol/generated/types.ts";
import { formatTimestamp } from "../../protocol/rest/timestamps.ts";

/** What the checks of a lifecycle's rules share. */

const DAY_MS: number = 24 * 60 * 60 * 1000;

/** S3's InvalidRequest. */
export function invalidRequest(message: string, explanation: string): S3Error {
  return new S3Error("InvalidRequest", { message, explanation });
}

/** Refuses numbers below 1 with InvalidArgument. */
export function checkPositive(element: string, value: number, action: string): void {
  if (value > 0) return;
  throw invalidArgument(element, String(value), {
    message: `'${element}' for ${action} action must be a positive integer`,
    explanation: `${element} of a rule's ${action} is ${value}; it can be 1 or more.`,
  });
}

/** Refuses dates within a day with InvalidArgument. */
export function checkMidnight(date: Date): void {
  if (date.getTime() % DAY_MS === 0) return;
  const text = formatTimestamp(date, "date-time");
  throw invalidArgument("Date", text, {
    message: "'Date' must be at midnight GMT",
    explanation: `A Date is ${text}; rules act on whole days, so say 00:00:00Z.`,
  });
}

/** What a rule is about, as S3's texts write it: `filter '(prefix=logs/ and objectsizegreaterthan=1)'`, or `prefix 'logs/'` of older rules. */
export function describedFilter({ Prefix, Filter = {} }: LifecycleRule): string {
  if (Prefix !== undefined) return `prefix '${Prefix}'`;
  const { Prefix: prefix, ObjectSizeGreaterThan: above, ObjectSizeLessThan: below } = Filter.And ?? Filter;
  const tags = Filter.And?.Tags ?? (Filter.Tag === undefined ? [] : [Filter.Tag]);
  const parts = [
    ...(prefix === undefined ? [] : [`prefix=${prefix}`]),
    ...tags.map(({ Key, Value }) => `tag={key=${Key}, value=${Value}}`),
    ...(above === undefined ? [] : [`objectsizegreaterthan=${above}`]),
    ...(below === undefined ? [] : [`objectsizelessthan=${below}`]),
  ];
  return `filter '(${parts.join(" and ")})'`;
}
