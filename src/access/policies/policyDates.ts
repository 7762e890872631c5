/** A date as policies write it: ISO 8601, of which everything behind the year may be missing. */
const ISO_8601 = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})?)?)?)?$/;

/** Seconds since 1970; four digits are a year. */
const EPOCH_SECONDS = /^\d{5,12}$/;

const MINUTE_MS = 60_000;

/**
 * A date of a policy or a request, in milliseconds since 1970; `undefined` for what is none.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Date
 */
export function readDate(text: string): number | undefined {
  if (EPOCH_SECONDS.test(text)) return Number(text) * 1000;
  const found = ISO_8601.exec(text);
  if (found === null) return undefined;
  const [, year, month = "01", day = "01", hour = "00", minute = "00", second = "00", fraction = "0", zone = "Z"] = found;
  const numbers = [year!, month, day, hour, minute, second].map(Number) as [number, number, number, number, number, number];
  if (numbers[3] > 23 || numbers[4] > 59 || numbers[5] > 60) return undefined;
  const dayMs = Date.UTC(numbers[0], numbers[1] - 1, numbers[2]);
  // Date.UTC takes 30 February for 1 March.
  if (!new Date(dayMs).toISOString().startsWith(`${year}-${month}-${day}`)) return undefined;
  const timeMs = ((numbers[3] * 60 + numbers[4]) * 60 + numbers[5]) * 1000 + Math.floor(Number(`0.${fraction}`) * 1000);
  return dayMs + timeMs - offsetMs(zone);
}

/** How far a zone is ahead of UTC, in milliseconds. */
function offsetMs(zone: string): number {
  if (zone === "Z") return 0;
  const digits = zone.slice(1).replace(":", "");
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return (zone.startsWith("-") ? -minutes : minutes) * MINUTE_MS;
}
