import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { FaultMatch, FaultSubject } from "../../src/faults/FaultRule.ts";
import { matches, strikesKey } from "../../src/faults/matches.ts";
import { readFaultRule } from "../../src/faults/readFaultRule.ts";

const NOW_MS = Date.parse("2026-06-01T00:00:00Z");
const PUT: FaultSubject = {
  operation: "UploadPart",
  method: "PUT",
  bucket: "photos",
  key: "a/cat.jpg",
  prefix: undefined,
  accessKeyId: "AKIA",
  partNumber: 2,
  nowMs: NOW_MS,
};
const LIST: FaultSubject = {
  ...PUT,
  operation: "ListObjectsV2",
  method: "GET",
  key: undefined,
  prefix: "a/b/",
  partNumber: undefined,
};

const rule = (match: FaultMatch, action: object = { kind: "delay", delayMs: 1 }) => readFaultRule({ match, action });

/** For each member: what fits the part that is put, and what does not. */
const MEMBERS: { readonly [Name in keyof Required<FaultMatch>]: readonly [fits: FaultMatch, other: FaultMatch] } = {
  operations: [{ operations: ["GetObject", "UploadPart"] }, { operations: ["GetObject"] }],
  bucket: [{ bucket: "photos" }, { bucket: "photo" }],
  key: [{ key: "a/cat.jpg" }, { key: "a/cat" }],
  prefix: [{ prefix: "a/c" }, { prefix: "A" }],
  method: [{ method: "PUT" }, { method: "GET" }],
  caller: [{ caller: "AKIA" }, { caller: "akia" }],
  partNumber: [{ partNumber: 2 }, { partNumber: 1 }],
  from: [{ from: "2026-06-01" }, { from: "2026-06-01T00:00:01Z" }],
  until: [{ until: "2026-06-01T00:00:01Z" }, { until: "2026-06-01" }],
};

test("matches: a rule without a match is about every request", () => {
  for (const subject of [PUT, LIST, { ...PUT, bucket: undefined, key: undefined, accessKeyId: undefined }])
    assert.ok(matches(rule({}), subject));
});

test("matches: all that is given must fit, and each member alone decides when it does not", () => {
  const names = Object.keys(MEMBERS) as (keyof FaultMatch)[];
  fc.assert(
    fc.property(fc.subarray(names), fc.option(fc.constantFrom(...names), { nil: undefined }), (given, spoilt) => {
      const match = Object.assign({}, ...given.map((name) => MEMBERS[name][name === spoilt ? 1 : 0])) as FaultMatch;
      const isSpoilt = spoilt !== undefined && given.includes(spoilt);
      // A window has to have a length to be read.
      if (given.includes("from") && given.includes("until") && isSpoilt && ["from", "until"].includes(spoilt)) return;
      assert.equal(matches(rule(match), PUT), !isSpoilt);
    }),
  );
});

test("matches: a request without what a rule names is not meant", () => {
  const bare: FaultSubject = { ...PUT, bucket: undefined, key: undefined, accessKeyId: undefined, partNumber: undefined };
  for (const name of ["bucket", "key", "prefix", "caller", "partNumber"] as const)
    assert.ok(!matches(rule(MEMBERS[name][0]), bare), name);
});

test("matches: a prefix is that of a key, or of what is listed", () => {
  assert.ok(matches(rule({ prefix: "a/b/" }), LIST));
  assert.ok(matches(rule({ prefix: "a/" }), LIST));
  assert.ok(!matches(rule({ prefix: "a/b/c" }), LIST));
  assert.ok(!matches(rule({ prefix: "a" }), { ...LIST, prefix: undefined }));
});

test("matches: a kind that is for some operations is about no others", () => {
  const stale = { kind: "stale", staleMs: 1 };
  for (const operation of ["GetObject", "HeadObject", "ListObjectsV2"])
    assert.ok(matches(rule({}, stale), { ...PUT, operation }));
  for (const operation of ["PutObject", "CompleteMultipartUpload"]) assert.ok(!matches(rule({}, stale), { ...PUT, operation }));
  const inside = { kind: "errorInside200", code: "InternalError" };
  assert.ok(matches(rule({}, inside), { ...PUT, operation: "UploadPartCopy" }));
  assert.ok(!matches(rule({}, inside), PUT));
});

test("strikesKey: keys of DeleteObjects are chosen by key, prefix and list, and the request matches without them", () => {
  const subject: FaultSubject = { ...PUT, operation: "DeleteObjects", method: "POST", key: undefined, partNumber: undefined };
  const failing = (match: FaultMatch, keys?: readonly string[]) =>
    rule(match, { kind: "keyErrors", code: "AccessDenied", ...(keys && { keys }) });
  for (const match of [{}, { key: "a/1" }, { prefix: "a/" }]) assert.ok(matches(failing(match), subject));
  assert.ok(!matches(failing({ bucket: "others" }), subject));
  const struck = (of: ReturnType<typeof failing>): string[] => ["a/1", "a/2", "b"].filter((key) => strikesKey(of, key));
  assert.deepEqual(struck(failing({})), ["a/1", "a/2", "b"]);
  assert.deepEqual(struck(failing({ prefix: "a/" })), ["a/1", "a/2"]);
  assert.deepEqual(struck(failing({ key: "a/1" })), ["a/1"]);
  assert.deepEqual(struck(failing({}, ["b", "c"])), ["b"]);
  assert.deepEqual(struck(failing({ prefix: "a/" }, ["b", "a/2"])), ["a/2"]);
  assert.ok(!strikesKey(rule({}), "b"), "other kinds strike no keys");
});
