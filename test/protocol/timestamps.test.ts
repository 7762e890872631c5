import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatDateTime, formatTimestamp, parseTimestamp } from "../../src/protocol/rest/timestamps.ts";

// A server in any zone reads and writes the same times. One process runs one test file.
process.env["TZ"] = "Asia/Kolkata";

const ANY_FORMAT: readonly (readonly [text: string, time: string])[] = [
  ["1994-11-06", "1994-11-06T00:00:00.000Z"],
  ["1994-11-06T08:49", "1994-11-06T08:49:00.000Z"],
  ["1994-11-06T08:49:37", "1994-11-06T08:49:37.000Z"],
  ["1994-11-06T08:49:37Z", "1994-11-06T08:49:37.000Z"],
  ["1994-11-06T08:49:37.5Z", "1994-11-06T08:49:37.500Z"],
  ["1994-11-06T08:49:37.123456Z", "1994-11-06T08:49:37.123Z"],
  ["1994-11-06T08:49:37+01:30", "1994-11-06T07:19:37.000Z"],
  ["1994-11-06T08:49:37-0130", "1994-11-06T10:19:37.000Z"],
];
const HTTP_ONLY: readonly (readonly [text: string, time: string])[] = [
  ["Sun, 06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37.000Z"],
  ["Sun, 06 Nov 1994 08:49:37 UTC", "1994-11-06T08:49:37.000Z"],
  ["Sun, 06 Nov 1994 08:49:37 +0130", "1994-11-06T07:19:37.000Z"],
  ["Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06T08:49:37.000Z"],
  ["Sun Nov  6 08:49:37 1994", "1994-11-06T08:49:37.000Z"],
  ["Wed Nov 16 08:49:37 1994", "1994-11-16T08:49:37.000Z"],
];

for (const [text, time] of ANY_FORMAT) {
  test(`parseTimestamp: ${text} is ${time}, whatever the format`, () => {
    for (const format of ["date-time", "http-date"] as const) assert.equal(parseTimestamp(text, format)?.toISOString(), time);
  });
}

for (const [text, time] of HTTP_ONLY) {
  test(`parseTimestamp: ${text} is ${time} where dates are HTTP's, and nothing elsewhere`, () => {
    assert.equal(parseTimestamp(text, "http-date")?.toISOString(), time);
    assert.equal(parseTimestamp(text, "date-time"), undefined);
  });
}

test("parseTimestamp: nothing may stand before or behind a time, and it has to exist", () => {
  const forms = [...ANY_FORMAT, ...HTTP_ONLY].map(([text]) => text);
  const impossible = [
    "1994-11-06 10:00",
    "Sun 1994-11-06",
    "",
    "0",
    "784111777",
    "1994",
    "1994-11",
    "1994-13-01",
    "1994-11-06T25:00:00Z",
    "Sun, 06 Foo 1994 08:49:37 GMT",
  ];
  for (const text of [...forms.flatMap((form) => [`x${form}`, `${form}x`]), ...impossible]) {
    for (const format of ["date-time", "http-date"] as const) assert.equal(parseTimestamp(text, format), undefined, text);
  }
});

test("formatTimestamp: times are shown to the second below them, as the format has it", () => {
  const time = new Date("1994-11-06T08:49:07.999Z");
  assert.equal(formatTimestamp(time, "http-date"), "Sun, 06 Nov 1994 08:49:07 GMT");
  assert.equal(formatTimestamp(time, "date-time"), "1994-11-06T08:49:07.000Z");
});

test("formatDateTime: is what JavaScript shows of the whole second, whatever was asked for before", () => {
  const times = fc.integer({ min: 0, max: Date.UTC(2200, 0) });
  fc.assert(
    fc.property(fc.array(times, { minLength: 1, maxLength: 4 }), (some) => {
      for (const timeMs of some.flatMap((time) => [time, time + 1, time + 86_400_000])) {
        assert.equal(formatDateTime(timeMs), `${new Date(timeMs).toISOString().slice(0, 19)}.000Z`);
      }
    }),
  );
  for (const timeMs of [0, 86_399_999, 86_400_000, -1, -86_400_000]) {
    assert.equal(formatDateTime(timeMs), new Date(Math.floor(timeMs / 1000) * 1000).toISOString());
  }
});
