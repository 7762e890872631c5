import assert from "node:assert/strict";
import { test } from "node:test";
import type { Retention } from "../../../src/store/objects/locks.ts";
import { defaultRetention, NOT_RETAINED, refuseLocked, refuseShorterRetention } from "../../../src/store/objects/locks.ts";
import type { ObjectRecord } from "../../../src/store/records/ObjectRecord.ts";
import { EMPTY_OBJECT } from "../records/samples.ts";
import { BUCKET } from "../testStore.ts";

const NOW_MS = Date.UTC(2028, 1, 29, 12);
const DAY_MS = 86_400_000;
const LOCKED = { code: "AccessDenied", message: "Access Denied because object protected by object lock." };

const retained = (retentionMode: Retention["retentionMode"], days: number): ObjectRecord => ({
  ...EMPTY_OBJECT,
  retentionMode,
  retainUntilMs: NOW_MS + days * DAY_MS,
});

test("defaultRetention: none where the bucket has none, days of 24 hours, and years of the calendar", () => {
  const of = (defaultRetentionDays: number, defaultRetentionYears: number): Retention =>
    defaultRetention({ ...BUCKET, defaultRetentionMode: "COMPLIANCE", defaultRetentionDays, defaultRetentionYears }, NOW_MS);
  assert.deepEqual(defaultRetention(BUCKET, NOW_MS), NOT_RETAINED);
  assert.deepEqual(of(1, 0), { retentionMode: "COMPLIANCE", retainUntilMs: NOW_MS + DAY_MS });
  assert.deepEqual(of(30, 0), { retentionMode: "COMPLIANCE", retainUntilMs: NOW_MS + 30 * DAY_MS });
  // The day after 28 February, for that year has no 29th.
  assert.deepEqual(of(0, 1), { retentionMode: "COMPLIANCE", retainUntilMs: Date.UTC(2029, 2, 1, 12) });
  assert.deepEqual(of(0, 4), { retentionMode: "COMPLIANCE", retainUntilMs: Date.UTC(2032, 1, 29, 12) });
});

test("refuseLocked: a legal hold keeps a version from everybody, with or without retention", () => {
  for (const bypasses of [true, false]) {
    const held: ObjectRecord = { ...EMPTY_OBJECT, legalHold: "ON" };
    assert.throws(() => refuseLocked(held, NOW_MS, bypasses), { ...LOCKED, explanation: /^The version is under a legal hold/ });
    refuseLocked({ ...EMPTY_OBJECT, legalHold: "OFF" }, NOW_MS, bypasses);
    refuseLocked(EMPTY_OBJECT, NOW_MS, bypasses);
  }
});

test("refuseLocked: a retention keeps a version until its last millisecond, in governance mode not from who bypasses it", () => {
  assert.throws(() => refuseLocked(retained("COMPLIANCE", 1), NOW_MS, false), {
    ...LOCKED,
    explanation: /^The version is retained until 2028-03-01T12:00:00\.000Z in compliance mode/,
  });
  assert.throws(() => refuseLocked(retained("COMPLIANCE", 1), NOW_MS, true), LOCKED);
  assert.throws(() => refuseLocked(retained("GOVERNANCE", 1), NOW_MS, false), { ...LOCKED, explanation: /governance mode/ });
  refuseLocked(retained("GOVERNANCE", 1), NOW_MS, true);
  for (const mode of ["COMPLIANCE", "GOVERNANCE"] as const) {
    refuseLocked(retained(mode, 0), NOW_MS, false);
    assert.throws(() => refuseLocked(retained(mode, 0), NOW_MS - 1, false), LOCKED);
  }
});

test("refuseShorterRetention: the same or a later end in the same mode is always taken", () => {
  for (const mode of ["COMPLIANCE", "GOVERNANCE"] as const)
    for (const days of [2, 3]) refuseShorterRetention(retained(mode, 2), retained(mode, days), NOW_MS, false);
});

test("refuseShorterRetention: an earlier end, another mode or none is refused until the retention has ended or is bypassed", () => {
  for (const [before, after] of [
    [retained("COMPLIANCE", 2), retained("COMPLIANCE", 1)],
    [retained("COMPLIANCE", 2), retained("GOVERNANCE", 3)],
    [retained("COMPLIANCE", 2), NOT_RETAINED],
    [retained("GOVERNANCE", 2), retained("GOVERNANCE", 1)],
    [retained("GOVERNANCE", 2), retained("COMPLIANCE", 3)],
    [retained("GOVERNANCE", 2), NOT_RETAINED],
  ] as const) {
    const refused = { ...LOCKED, explanation: /A retention can be prolonged in its mode, and nothing else\.$/ };
    assert.throws(() => refuseShorterRetention(before, after, NOW_MS, false), refused);
    refuseShorterRetention(before, after, NOW_MS + 2 * DAY_MS, false);
    const bypass = (): void => refuseShorterRetention(before, after, NOW_MS, true);
    if (before.retentionMode === "GOVERNANCE") bypass();
    else assert.throws(bypass, LOCKED);
  }
  refuseShorterRetention(EMPTY_OBJECT, retained("COMPLIANCE", 1), NOW_MS, false);
});
