/** A time of XML Schema: a day, a time of it with any number of digits behind the second, and a zone, without which it is UTC. */
const FORM = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,12}))?(Z|[+-]\d\d:\d\d)?$/;

const MILLISECOND_DIGITS = 3;

/** A time to the millisecond, by the two ways to drop the digits behind it. In milliseconds since 1970. */
export interface DateTime {
  readonly truncatedMs: number;
  /** Up from the half, by the first digit that is dropped. */
  readonly roundedMs: number;
}

/**
 * Reads an xsd:dateTime; `undefined` for anything else.
 * @see https://www.w3.org/TR/xmlschema-2/#dateTime
 */
export function parseDateTime(text: string): DateTime | undefined {
  const match = FORM.exec(text);
  if (match === null) return undefined;
  const [, seconds, fraction = "", zone = "Z"] = match;
  const secondsMs = Date.parse(`${seconds}${zone}`);
  if (Number.isNaN(secondsMs)) return undefined;
  const truncatedMs = secondsMs + Number(fraction.slice(0, MILLISECOND_DIGITS).padEnd(MILLISECOND_DIGITS, "0"));
  return { truncatedMs, roundedMs: truncatedMs + (Number(fraction[MILLISECOND_DIGITS]) >= 5 ? 1 : 0) };
}
