import assert from "node:assert/strict";
import { test } from "node:test";
import { dueAfterDays } from "../../../src/store/lifecycle/days.ts";
import { abortionOf, expirationOf } from "../../../src/store/lifecycle/expirationOf.ts";
import { filter, lifecycle, rule } from "./rules.ts";

const MS = Date.parse;

test("days: what was written on 15 January 2014 at 10:30 is due after 3 days on 19 January at midnight", () => {
  assert.equal(dueAfterDays(MS("2014-01-15T10:30:00Z"), 3), MS("2014-01-19T00:00:00Z"));
});

test("days: the last millisecond of a day and its first have the same midnight, and the first of the next day another", () => {
  assert.equal(dueAfterDays(MS("2024-02-28T00:00:00Z"), 1), MS("2024-03-01T00:00:00Z"));
  assert.equal(dueAfterDays(MS("2024-02-28T23:59:59.999Z"), 1), MS("2024-03-01T00:00:00Z"));
  assert.equal(dueAfterDays(MS("2024-02-29T00:00:00Z"), 1), MS("2024-03-02T00:00:00Z"));
});

test("days: no days at all is the next midnight", () => {
  assert.equal(dueAfterDays(MS("2024-02-28T00:00:00Z"), 0), MS("2024-02-29T00:00:00Z"));
});

const OBJECT = {
  key: "logs/a",
  sizeBytes: 100,
  tags: [
    ["a", "1"],
    ["b", "2"],
  ],
  lastModifiedMs: MS("2014-01-15T10:30:00Z"),
} as const;
const IN_3_DAYS = { kind: "days", days: 3 } as const;

test("expirationOf: the earliest of several rules wins, of the same time the first, and says its id", () => {
  const rules = [
    rule({ id: "late", expiration: { kind: "days", days: 4 } }),
    rule({ id: "soon", expiration: IN_3_DAYS }),
    rule({ id: "same", expiration: { kind: "date", atMs: MS("2014-01-19T00:00:00Z") } }),
  ];
  assert.deepEqual(expirationOf(lifecycle(...rules), OBJECT), { atMs: MS("2014-01-19T00:00:00Z"), ruleId: "soon" });
});

test("expirationOf: a date holds for what was written behind it, too", () => {
  const past = rule({ expiration: { kind: "date", atMs: MS("2013-01-01T00:00:00Z") } });
  assert.deepEqual(expirationOf(lifecycle(past), OBJECT), { atMs: MS("2013-01-01T00:00:00Z"), ruleId: "rule" });
});

test("expirationOf: disabled rules, those for lonely markers, and those without expiration say nothing", () => {
  const rules = [rule({ isEnabled: false, expiration: IN_3_DAYS }), rule({ expiration: { kind: "lonelyMarkers" } }), rule()];
  assert.equal(expirationOf(lifecycle(...rules), OBJECT), undefined);
});

const FILTERS = [
  ["a prefix", filter({ prefix: "logs/" }), true],
  ["another prefix", filter({ prefix: "logs/b" }), false],
  ["a tag", filter({ tags: [["a", "1"]] }), true],
  [
    "all tags",
    filter({
      tags: [
        ["b", "2"],
        ["a", "1"],
      ],
    }),
    true,
  ],
  ["a tag of another value", filter({ tags: [["a", "2"]] }), false],
  [
    "a tag too many",
    filter({
      tags: [
        ["a", "1"],
        ["c", "3"],
      ],
    }),
    false,
  ],
  ["more bytes than one less", filter({ sizeGreaterThan: 99 }), true],
  ["more bytes than it has", filter({ sizeGreaterThan: 100 }), false],
  ["less bytes than one more", filter({ sizeLessThan: 101 }), true],
  ["less bytes than it has", filter({ sizeLessThan: 100 }), false],
  ["all at once", filter({ prefix: "logs/", tags: [["a", "1"]], sizeGreaterThan: 1, sizeLessThan: 101 }), true],
] as const;

for (const [name, said, takes] of FILTERS) {
  test(`expirationOf: a filter for ${name} ${takes ? "takes" : "leaves"} the object`, () => {
    assert.equal(expirationOf(lifecycle(rule({ filter: said, expiration: IN_3_DAYS })), OBJECT) !== undefined, takes);
  });
}

test("abortionOf: the earliest rule whose prefix fits aborts an upload, counted from when it was begun", () => {
  const rules = [
    rule({ id: "elsewhere", filter: filter({ prefix: "b" }), abortUploadsAfterDays: 1 }),
    rule({ id: "off", isEnabled: false, abortUploadsAfterDays: 1 }),
    rule({ id: "none" }),
    rule({ id: "week", abortUploadsAfterDays: 7 }),
    rule({ id: "two", filter: filter({ prefix: "a" }), abortUploadsAfterDays: 2 }),
  ];
  const upload = { key: "a", initiatedAtMs: MS("2024-12-30T12:00:00Z") };
  assert.deepEqual(abortionOf(lifecycle(...rules), upload), { atMs: MS("2025-01-02T00:00:00Z"), ruleId: "two" });
  assert.equal(abortionOf(lifecycle(...rules.slice(0, 3)), upload), undefined);
});
