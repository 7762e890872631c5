import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { STORAGE_CLASSES } from "../../../src/store/objects/storageClasses.ts";
import type { Due, VersionFacts } from "../../../src/store/lifecycle/due.ts";
import { dueOfCurrent, dueOfLonelyMarker, dueOfNoncurrent, noncurrentSince } from "../../../src/store/lifecycle/due.ts";
import type { Lifecycle } from "../../../src/store/lifecycle/LifecycleRule.ts";
import { filter, lifecycle, rule } from "./rules.ts";

const MS = Date.parse;
const DAY_MS = 24 * 60 * 60 * 1000;
const WRITTEN_MS = MS("2014-01-15T10:30:00Z");
const LATER_MS = MS("2034-01-15T10:30:00Z");

function version(said: Partial<VersionFacts> = {}): VersionFacts {
  return {
    sizeBytes: 1_000_000,
    tags: [],
    lastModifiedMs: WRITTEN_MS,
    storageClass: "STANDARD",
    isDeleteMarker: false,
    versionId: undefined,
    retentionMode: undefined,
    retainUntilMs: 0,
    legalHold: undefined,
    ...said,
  };
}

function days(count: number): { readonly kind: "days"; readonly days: number } {
  return { kind: "days", days: count };
}

function to(storageClass: string, count: number): { readonly at: ReturnType<typeof days>; readonly storageClass: string } {
  return { at: days(count), storageClass };
}

/** What is due, and when at the earliest: one millisecond before, nothing is. */
function earliestOf(ask: (nowMs: number) => Due | undefined): readonly [string, string] {
  const due = ask(LATER_MS)!;
  assert.equal(ask(due.atMs)?.action, due.action);
  assert.notEqual(ask(due.atMs - 1)?.action, due.action);
  return [due.action, new Date(due.atMs).toISOString()];
}

const current = (life: Lifecycle, object: VersionFacts = version(), nowMs = LATER_MS): Due | undefined =>
  dueOfCurrent(life, undefined, "logs/a", object, nowMs);
const noncurrent = (life: Lifecycle, object: VersionFacts, sinceMs: number, nowMs = LATER_MS, newer = 0): Due | undefined =>
  dueOfNoncurrent(life, "logs/a", object, { sinceMs, newer }, nowMs);

test("due: a version that was replaced on 15 January at 10:30 moves after 3 days on the 19th", () => {
  const life = lifecycle(rule({ noncurrentTransitions: [{ days: 3, newer: 0, storageClass: "GLACIER" }] }));
  const old = version({ lastModifiedMs: MS("2014-01-01T10:30:00Z") });
  const sinceMs = noncurrentSince(old, { lastModifiedMs: WRITTEN_MS });
  assert.deepEqual(
    earliestOf((nowMs) => noncurrent(life, old, sinceMs, nowMs)),
    ["changeClass", "2014-01-19T00:00:00.000Z"],
  );
});

test("due: a photo deleted on 2 January at 11:30 can be had back for five days, until the 8th", () => {
  const life = lifecycle(rule({ noncurrentExpiration: { days: 5, newer: 0 } }));
  const photo = version({ lastModifiedMs: MS("2014-01-01T10:30:00Z"), versionId: "111111" });
  const sinceMs = noncurrentSince(photo, { lastModifiedMs: MS("2014-01-02T11:30:00Z") });
  assert.deepEqual(
    earliestOf((nowMs) => noncurrent(life, photo, sinceMs, nowMs)),
    ["deleteVersion", "2014-01-08T00:00:00.000Z"],
  );
});

test("due: a version is not noncurrent before it was there, whenever the upload of its successor was begun", () => {
  assert.equal(noncurrentSince({ lastModifiedMs: 20 }, { lastModifiedMs: 10 }), 20);
});

test("due: what expires on the day of its transition expires", () => {
  const life = lifecycle(
    rule({ id: "1", filter: filter({ prefix: "logs/" }), expiration: days(365) }),
    rule({ id: "2", filter: filter({ prefix: "logs/" }), transitions: [to("STANDARD_IA", 365)] }),
  );
  assert.deepEqual(
    earliestOf((nowMs) => current(life, version(), nowMs)),
    ["deleteObject", "2015-01-16T00:00:00.000Z"],
  );
});

test("due: a transition comes before a delete marker, and that once the object is there", () => {
  const life = lifecycle(rule({ expiration: days(10), transitions: [to("GLACIER", 10)] }));
  assert.equal(dueOfCurrent(life, "Enabled", "a", version(), LATER_MS)?.action, "changeClass");
  assert.equal(dueOfCurrent(life, "Enabled", "a", version({ storageClass: "GLACIER" }), LATER_MS)?.action, "addDeleteMarker");
});

test("due: where versioning is suspended, null versions go for good and others are covered", () => {
  const life = lifecycle(rule({ expiration: days(10), transitions: [to("GLACIER", 10)] }));
  assert.equal(dueOfCurrent(life, "Suspended", "a", version(), LATER_MS)?.action, "deleteObject");
  const other = version({ versionId: "v", storageClass: "GLACIER" });
  assert.equal(dueOfCurrent(life, "Suspended", "a", other, LATER_MS)?.action, "addDeleteMarker");
});

test("due: of two transitions to one class the earlier acts", () => {
  const life = lifecycle(
    rule({ id: "1", transitions: [to("STANDARD_IA", 10)] }),
    rule({ id: "2", filter: filter({ prefix: "logs/" }), transitions: [to("STANDARD_IA", 365)] }),
  );
  const due = current(life);
  assert.deepEqual([due?.ruleId, due?.atMs], ["1", MS("2014-01-26T00:00:00Z")]);
});

test("due: an object with the tags of both rules expires after 14 days, and never gets to 365", () => {
  const life = lifecycle(
    rule({ filter: filter({ tags: [["tag1", "value1"]] }), transitions: [to("GLACIER", 365)] }),
    rule({ filter: filter({ tags: [["tag2", "value2"]] }), expiration: days(14) }),
  );
  const both = version({
    tags: [
      ["tag1", "value1"],
      ["tag2", "value2"],
    ],
  });
  assert.deepEqual(
    earliestOf((nowMs) => current(life, both, nowMs)),
    ["deleteObject", "2014-01-30T00:00:00.000Z"],
  );
  assert.equal(current(life, version({ tags: [["tag1", "value1"]] }))?.action, "changeClass");
});

test("due: a transition after no days is due at the midnight that follows", () => {
  const life = lifecycle(rule({ transitions: [to("GLACIER", 0)] }));
  assert.deepEqual(
    earliestOf((nowMs) => current(life, version(), nowMs)),
    ["changeClass", "2014-01-16T00:00:00.000Z"],
  );
});

test("due: a date that has passed holds for whatever comes behind it", () => {
  const atMs = MS("2010-01-01T00:00:00Z");
  const expires = lifecycle(rule({ expiration: { kind: "date", atMs } }));
  assert.equal(current(expires, version(), WRITTEN_MS)?.action, "deleteObject");
  const moves = lifecycle(rule({ transitions: [{ at: { kind: "date", atMs }, storageClass: "GLACIER" }] }));
  assert.equal(current(moves, version(), WRITTEN_MS)?.action, "changeClass");
});

const SAME_DAY = [
  [["STANDARD_IA", "GLACIER"], "GLACIER"],
  [["ONEZONE_IA", "GLACIER"], "GLACIER"],
  [["GLACIER", "DEEP_ARCHIVE"], "DEEP_ARCHIVE"],
  [["STANDARD_IA", "ONEZONE_IA"], "ONEZONE_IA"],
  [["STANDARD_IA", "GLACIER_IR"], "GLACIER_IR"],
  [["INTELLIGENT_TIERING", "STANDARD_IA"], "INTELLIGENT_TIERING"],
  [["INTELLIGENT_TIERING", "ONEZONE_IA"], "INTELLIGENT_TIERING"],
  [["INTELLIGENT_TIERING", "GLACIER_IR"], "INTELLIGENT_TIERING"],
  [["INTELLIGENT_TIERING", "DEEP_ARCHIVE"], "DEEP_ARCHIVE"],
] as const;

for (const [classes, favoured] of SAME_DAY) {
  test(`due: of ${classes.join(" and ")} on one day ${favoured} is chosen, and stays`, () => {
    const life = lifecycle(...classes.map((storageClass) => rule({ transitions: [to(storageClass, 30)] })));
    const due = current(life);
    assert.equal(due?.action === "changeClass" && due.storageClass, favoured);
    assert.equal(current(life, version({ storageClass: favoured })), undefined);
  });
}

test("due: objects below 128 KiB stay, but for archives where that was said, and for rules with sizes of their own", () => {
  const small = version({ sizeBytes: 128 * 1024 - 1 });
  const to128 = (storageClass: string, sizes = {}): Lifecycle =>
    lifecycle(rule({ filter: filter(sizes), transitions: [to(storageClass, 30)] }));
  const varies = (life: Lifecycle): Lifecycle => ({ ...life, transitionMinimum: "varies_by_storage_class" });
  for (const storageClass of ["STANDARD_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"]) {
    assert.equal(current(to128(storageClass), small), undefined, storageClass);
    assert.equal(current(to128(storageClass), version({ sizeBytes: 128 * 1024 }))?.action, "changeClass");
    assert.equal(current(to128(storageClass, { sizeGreaterThan: 1 }), small)?.action, "changeClass");
    assert.equal(current(to128(storageClass, { sizeLessThan: 200_000 }), small)?.action, "changeClass");
    assert.equal(
      current(varies(to128(storageClass)), small) !== undefined,
      ["GLACIER", "DEEP_ARCHIVE"].includes(storageClass),
      storageClass,
    );
  }
});

test("due: a lonely delete marker goes at once by its own rule, and at its age by one for current versions", () => {
  const marker = { lastModifiedMs: WRITTEN_MS };
  const ask = (life: Lifecycle, nowMs = LATER_MS): Due | undefined => dueOfLonelyMarker(life, "a", marker, nowMs);
  assert.equal(ask(lifecycle(rule({ expiration: { kind: "lonelyMarkers" } })), WRITTEN_MS)?.action, "removeDeleteMarker");
  assert.deepEqual(
    earliestOf((nowMs) => ask(lifecycle(rule({ expiration: days(60) })), nowMs)),
    ["removeDeleteMarker", "2014-03-17T00:00:00.000Z"],
  );
  assert.equal(ask(lifecycle(rule({ isEnabled: false, expiration: { kind: "lonelyMarkers" } }))), undefined);
  for (const said of [{ prefix: "b" }, { tags: [["a", "1"]] as const }, { sizeLessThan: 5 }, { sizeGreaterThan: 0 }]) {
    assert.equal(ask(lifecycle(rule({ filter: filter(said), expiration: days(60) }))), undefined);
  }
});

test("due: as many newer noncurrent versions stay as the rule says; delete markers have no such right", () => {
  const life = lifecycle(
    rule({
      noncurrentExpiration: { days: 1, newer: 2 },
      noncurrentTransitions: [{ days: 0, newer: 1, storageClass: "GLACIER" }],
    }),
  );
  const asked = [0, 1, 2].map((newer) => noncurrent(life, version(), WRITTEN_MS, LATER_MS, newer)?.action);
  assert.deepEqual(asked, [undefined, "changeClass", "deleteVersion"]);
  const marker = version({ isDeleteMarker: true, sizeBytes: 0 });
  assert.equal(noncurrent(life, marker, WRITTEN_MS)?.action, "deleteVersion");
});

test("due: what is locked is not deleted for good, but moves, and is covered", () => {
  const life = lifecycle(
    rule({
      expiration: days(1),
      noncurrentExpiration: { days: 1, newer: 0 },
      noncurrentTransitions: [{ days: 1, newer: 0, storageClass: "GLACIER" }],
    }),
  );
  const locks = [{ legalHold: "ON" }, { retentionMode: "GOVERNANCE", retainUntilMs: LATER_MS + 1 }] as const;
  for (const lock of locks) {
    assert.equal(noncurrent(life, version(lock), WRITTEN_MS)?.action, "changeClass");
    assert.equal(noncurrent(life, version({ ...lock, storageClass: "GLACIER" }), WRITTEN_MS), undefined);
    assert.equal(dueOfCurrent(life, "Enabled", "a", version({ ...lock, versionId: "v" }), LATER_MS)?.action, "addDeleteMarker");
  }
  const over = version({ retentionMode: "COMPLIANCE", retainUntilMs: LATER_MS, legalHold: "OFF" });
  assert.equal(noncurrent(life, over, WRITTEN_MS)?.action, "deleteVersion");
});

const CLASSES = STORAGE_CLASSES.map(({ name }) => name);
const TARGETS = CLASSES.filter((name) => name !== "STANDARD" && name !== "REDUCED_REDUNDANCY");
const ORDERS = new Map(STORAGE_CLASSES.map(({ name, order }) => [name, order]));

test("due: a class is the same whether lifecycle looked every day or once, and never one further up", () => {
  const transitions = fc.array(fc.record({ storageClass: fc.constantFrom(...TARGETS), count: fc.integer({ min: 0, max: 6 }) }), {
    maxLength: 6,
  });
  fc.assert(
    fc.property(transitions, fc.constantFrom(...CLASSES), (said, begun) => {
      const life = lifecycle(...said.map(({ storageClass, count }) => rule({ transitions: [to(storageClass, count)] })));
      const step = (storageClass: string, nowMs: number): string => {
        const due = current(life, version({ storageClass }), nowMs);
        return due?.action === "changeClass" ? due.storageClass : storageClass;
      };
      let daily = begun;
      for (let day = 0; day < 9; day++) {
        const next = step(daily, WRITTEN_MS + day * DAY_MS);
        assert.ok(ORDERS.get(next)! >= ORDERS.get(daily)!);
        daily = next;
      }
      const once = step(begun, LATER_MS);
      assert.equal(once, daily);
      assert.equal(step(once, LATER_MS), once);
    }),
  );
});
