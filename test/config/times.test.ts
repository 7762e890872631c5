import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { durationInWords, readDuration, readTime } from "../../src/config/times.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const DURATIONS: readonly (readonly [text: string, milliseconds: number])[] = [
  ["31 days", 31 * DAY_MS],
  ["1 day", DAY_MS],
  ["1d", DAY_MS],
  ["2 weeks", 14 * DAY_MS],
  ["1w", 7 * DAY_MS],
  ["90 minutes", 90 * MINUTE_MS],
  ["90 min", 90 * MINUTE_MS],
  ["5m", 5 * MINUTE_MS],
  ["1h30m", HOUR_MS + 30 * MINUTE_MS],
  ["1H 30M", HOUR_MS + 30 * MINUTE_MS],
  ["1 hour, 2 minutes and 3 seconds", HOUR_MS + 2 * MINUTE_MS + 3000],
  [" 2 hours ", 2 * HOUR_MS],
  ["1.5 days", 1.5 * DAY_MS],
  ["0.001s", 1],
  ["0 days", 0],
  ["P31D", 31 * DAY_MS],
  ["p2w", 14 * DAY_MS],
  ["PT1H30M", HOUR_MS + 30 * MINUTE_MS],
  ["P1DT0.5S", DAY_MS + 500],
];

test("readDuration: words, short forms and ISO 8601", () => {
  for (const [text, milliseconds] of DURATIONS) assert.equal(readDuration(text), milliseconds, text);
});

test("readDuration: what has no certain length is none", () => {
  const texts = [
    "",
    " ",
    "31",
    "days",
    "31 dais",
    "-1 day",
    "1 month",
    "2 years",
    "1 day ago",
    "1 day,",
    "and",
    "1 day and",
    "1e3 days",
  ];
  const iso = ["P", "PT", "P1DT", "P1Y", "P1M", "P-1D", "PT1D", "P1H", "P1D1W"];
  for (const text of [...texts, ...iso]) assert.equal(readDuration(text), undefined, text);
});

test("readDuration, durationInWords: one reads what the other writes, to the second", () => {
  const lengths = fc.integer({ min: 1, max: 10_000 * 86_400 });
  fc.assert(fc.property(lengths, (seconds) => readDuration(durationInWords(seconds * 1000)) === seconds * 1000));
});

test("durationInWords: each unit that is not nought", () => {
  assert.equal(durationInWords(31 * DAY_MS), "31 days");
  assert.equal(durationInWords(DAY_MS + HOUR_MS + MINUTE_MS + 1000), "1 day 1 hour 1 minute 1 second");
  assert.equal(durationInWords(2 * HOUR_MS + 1_501), "2 hours 2 seconds");
  assert.equal(durationInWords(499), "less than a second");
});

test("readTime: days and moments of ISO 8601, in UTC unless they say otherwise", () => {
  const noon = Date.UTC(2030, 0, 31, 12);
  assert.equal(readTime("2030-01-31"), Date.UTC(2030, 0, 31));
  for (const text of ["2030-01-31T12:00Z", "2030-01-31T12:00:00.000z", "2030-01-31 12:00", " 2030-01-31T14:00+02:00 "])
    assert.equal(readTime(text), noon, text);
  assert.equal(readTime("2030-01-31T12:00:00.5Z"), noon + 500);
  assert.equal(readTime("2028-02-29"), Date.UTC(2028, 1, 29));
});

test("readTime: what no calendar and no clock has is none", () => {
  const texts = [
    "",
    "tomorrow",
    "2030",
    "2030-1-1",
    "2030-02-29",
    "2030-02-31",
    "2030-13-01",
    "2030-01-31T",
    "2030-01-31T25:00Z",
  ];
  for (const text of [...texts, "2030-01-31T12Z", "2030-01-31Z", "1893456000"]) assert.equal(readTime(text), undefined, text);
});
