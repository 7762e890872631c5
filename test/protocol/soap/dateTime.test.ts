import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDateTime } from "../../../src/protocol/soap/dateTime.ts";

const NOON_MS = Date.UTC(2026, 2, 1, 12);

test("parseDateTime: a time with any zone, or none, and any digits behind the second", () => {
  for (const [text, truncatedMs, roundedMs = truncatedMs] of [
    ["2026-03-01T12:00:00Z", 0],
    ["2026-03-01T12:00:00", 0],
    ["2026-03-01T14:00:00+02:00", 0],
    ["2026-03-01T07:30:00.5-04:30", 500],
    ["2026-03-01T12:00:00.1834Z", 183],
    ["2026-03-01T12:00:00.1835Z", 183, 184],
    ["2026-03-01T12:00:00.99999Z", 999, 1000],
    ["2026-03-01T12:00:00.000499999999Z", 0],
  ] as const) {
    assert.deepEqual(parseDateTime(text), { truncatedMs: NOON_MS + truncatedMs, roundedMs: NOON_MS + roundedMs }, text);
  }
});

test("parseDateTime: anything else is no time", () => {
  for (const text of [
    "",
    "2026-03-01",
    "2026-03-01 12:00:00Z",
    "2026-03-01T12:00Z",
    "2026-03-01T12:00:00.Z",
    "2026-13-01T12:00:00Z",
    "2026-03-01T25:00:00Z",
    "2026-03-01T12:00:00GMT",
    "2026-03-01T12:00:00.0000000000000Z",
    "12026-03-01T12:00:00Z",
  ]) {
    assert.equal(parseDateTime(text), undefined, text);
  }
});
