/** Lengths of time, and moments, as people write them. */

const SECOND_MS = 1_000;
const MINUTE_MS: number = 60 * SECOND_MS;
const HOUR_MS: number = 60 * MINUTE_MS;
const DAY_MS: number = 24 * HOUR_MS;
const WEEK_MS: number = 7 * DAY_MS;

/** The units by the words for them. Months and years have no length of their own. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ...words(SECOND_MS, "s", "sec", "second"),
  ...words(MINUTE_MS, "m", "min", "minute"),
  ...words(HOUR_MS, "h", "hour"),
  ...words(DAY_MS, "d", "day"),
  ...words(WEEK_MS, "w", "week"),
]);

function words(lengthMs: number, ...names: readonly string[]): (readonly [string, number])[] {
  return names.flatMap((name) => [[name, lengthMs] as const, [`${name}s`, lengthMs] as const]);
}

/** What a length of time looks like, to end a sentence with. */
export const DURATION_FORM =
  'a length of time, such as "31 days", "1h30m" or "P31D"; months and years differ, so count in days or weeks';

/** What a moment looks like, to end a sentence with. */
export const TIME_FORM = 'a time in ISO 8601, such as "2030-01-31" or "2030-01-31T12:00:00Z"; without a zone it is in UTC';

const AMOUNT = /^\s*(?:(?:,|and\b)\s*)?(\d{1,12}(?:\.\d{1,6})?)\s*([a-z]+)/i;
const ISO_DURATION =
  /^P(?=[\dT])(?:(\d{1,12})W)?(?:(\d{1,12})D)?(?:T(?=\d)(?:(\d{1,12})H)?(?:(\d{1,12})M)?(?:(\d{1,12}(?:\.\d{1,6})?)S)?)?$/i;
const ISO_UNITS_MS: readonly number[] = [WEEK_MS, DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS];

/** The length of a time such as "31 days", "1h30m" or "P31D", in milliseconds; `undefined` for anything else. */
export function readDuration(text: string): number | undefined {
  const iso = ISO_DURATION.exec(text.trim());
  if (iso !== null) return Math.round(ISO_UNITS_MS.reduce((sum, unitMs, index) => sum + Number(iso[index + 1] ?? 0) * unitMs, 0));
  let rest = text;
  let sum = 0;
  do {
    const amount = AMOUNT.exec(rest);
    const unitMs = amount === null ? undefined : UNITS.get(amount[2]!.toLowerCase());
    if (amount === null || unitMs === undefined) return undefined;
    sum += Number(amount[1]) * unitMs;
    rest = rest.slice(amount[0].length);
  } while (rest.trim() !== "");
  return Math.round(sum);
}

const TIME = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|[+-]\d\d:\d\d)?)?$/i;

/** A moment such as "2030-01-31T12:00:00Z", in milliseconds since 1970; `undefined` for anything else, and for days no calendar has. */
export function readTime(text: string): number | undefined {
  const [, day, clock = "00:00", zone = "Z"] = TIME.exec(text.trim()) ?? [];
  if (day === undefined) return undefined;
  const dayMs = Date.parse(`${day}T00:00Z`);
  // A day that is not there may be taken for one in the next month.
  if (Number.isNaN(dayMs) || !new Date(dayMs).toISOString().startsWith(day)) return undefined;
  const time = Date.parse(`${day}T${clock}${zone.toUpperCase()}`);
  return Number.isNaN(time) ? undefined : time;
}

/** From the largest to the smallest, with what one is called. */
const SPOKEN_UNITS: readonly (readonly [lengthMs: number, name: string])[] = [
  [DAY_MS, "day"],
  [HOUR_MS, "hour"],
  [MINUTE_MS, "minute"],
  [SECOND_MS, "second"],
];

/** A length of time in words, to the second: "31 days", "1 hour 30 minutes". */
export function durationInWords(milliseconds: number): string {
  let rest = Math.round(milliseconds / SECOND_MS) * SECOND_MS;
  const parts: string[] = [];
  for (const [lengthMs, name] of SPOKEN_UNITS) {
    const count = Math.floor(rest / lengthMs);
    rest -= count * lengthMs;
    if (count > 0) parts.push(`${count} ${name}${count === 1 ? "" : "s"}`);
  }
  return parts.length === 0 ? "less than a second" : parts.join(" ");
}
