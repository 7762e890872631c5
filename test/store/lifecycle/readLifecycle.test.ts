import assert from "node:assert/strict";
import { test } from "node:test";
import { findBucket } from "../../../src/store/buckets/buckets.ts";
import { deleteSetting, putSetting } from "../../../src/store/buckets/settings.ts";
import { LIFECYCLE_KIND, parseLifecycle, readLifecycle } from "../../../src/store/lifecycle/readLifecycle.ts";
import { BUCKET, openTestStore } from "../testStore.ts";
import { filter, lifecycle, rule } from "./rules.ts";

/** A document as it is stored. */
function document(Rules: readonly object[], TransitionDefaultMinimumObjectSize = "all_storage_classes_128K"): string {
  return JSON.stringify({ Rules, TransitionDefaultMinimumObjectSize });
}

test("parseLifecycle: filters of each form are one", () => {
  const enabled = { ID: "rule", Status: "Enabled" };
  const tag = { Key: "k", Value: "v" };
  const { rules } = parseLifecycle(
    document([
      { ...enabled, Prefix: "old/" },
      { ...enabled, Filter: {} },
      { ...enabled, Filter: { Prefix: "new/" } },
      { ...enabled, Filter: { Tag: tag } },
      { ...enabled, Filter: { ObjectSizeGreaterThan: 0 } },
      { ...enabled, Filter: { ObjectSizeLessThan: 1 } },
      { ...enabled, Filter: { And: { Prefix: "p", Tags: [tag, { Key: "l", Value: "" }] } } },
      { ...enabled, Filter: { And: { ObjectSizeGreaterThan: 1, ObjectSizeLessThan: 9 } } },
    ]),
  );
  const expected = [
    filter({ prefix: "old/" }),
    filter(),
    filter({ prefix: "new/" }),
    filter({ tags: [["k", "v"]] }),
    filter({ sizeGreaterThan: 0 }),
    filter({ sizeLessThan: 1 }),
    filter({
      prefix: "p",
      tags: [
        ["k", "v"],
        ["l", ""],
      ],
    }),
    filter({ sizeGreaterThan: 1, sizeLessThan: 9 }),
  ];
  assert.deepEqual(
    rules,
    expected.map((one) => rule({ filter: one })),
  );
});

test("parseLifecycle: each action becomes what it says, and one that says to do nothing none", () => {
  const asked = { ID: "rule", Status: "Enabled", Filter: {} };
  const { rules } = parseLifecycle(
    document([
      { ...asked, Expiration: { Days: 1 } },
      { ...asked, Expiration: { Date: "2026-01-02T00:00:00.000Z" } },
      { ...asked, Expiration: { ExpiredObjectDeleteMarker: true } },
      { ...asked, Expiration: { ExpiredObjectDeleteMarker: false } },
      { ...asked, NoncurrentVersionExpiration: { NoncurrentDays: 3 } },
      { ...asked, NoncurrentVersionExpiration: { NoncurrentDays: 3, NewerNoncurrentVersions: 2 } },
      { ...asked, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } },
      {
        ...asked,
        Transitions: [
          { Days: 0, StorageClass: "GLACIER_IR" },
          { Date: "2026-01-02T00:00:00.000Z", StorageClass: "GLACIER" },
        ],
      },
      {
        ...asked,
        NoncurrentVersionTransitions: [
          { NoncurrentDays: 30, StorageClass: "STANDARD_IA" },
          { NoncurrentDays: 60, StorageClass: "GLACIER", NewerNoncurrentVersions: 1 },
        ],
      },
      { ...asked, ID: "off", Status: "Disabled", Expiration: { Days: 1 } },
    ]),
  );
  const date = { kind: "date", atMs: Date.UTC(2026, 0, 2) } as const;
  assert.deepEqual(rules, [
    rule({ expiration: { kind: "days", days: 1 } }),
    rule({ expiration: date }),
    rule({ expiration: { kind: "lonelyMarkers" } }),
    rule(),
    rule({ noncurrentExpiration: { days: 3, newer: 0 } }),
    rule({ noncurrentExpiration: { days: 3, newer: 2 } }),
    rule({ abortUploadsAfterDays: 7 }),
    rule({
      transitions: [
        { at: { kind: "days", days: 0 }, storageClass: "GLACIER_IR" },
        { at: date, storageClass: "GLACIER" },
      ],
    }),
    rule({
      noncurrentTransitions: [
        { days: 30, newer: 0, storageClass: "STANDARD_IA" },
        { days: 60, newer: 1, storageClass: "GLACIER" },
      ],
    }),
    rule({ id: "off", isEnabled: false, expiration: { kind: "days", days: 1 } }),
  ]);
});

test("readLifecycle: a bucket's lifecycle, as long as it has one", async () => {
  const store = await openTestStore();
  const bucketOf = async () => (await findBucket(store, BUCKET.name))!;
  assert.equal(await readLifecycle(store, await bucketOf()), undefined);
  const stored = { ID: "rule", Status: "Enabled", Filter: {}, Expiration: { Days: 1 } };
  await putSetting(store, await bucketOf(), LIFECYCLE_KIND, document([stored], "varies_by_storage_class"));
  assert.deepEqual(await readLifecycle(store, await bucketOf()), {
    ...lifecycle(rule({ expiration: { kind: "days", days: 1 } })),
    transitionMinimum: "varies_by_storage_class",
  });
  await deleteSetting(store, await bucketOf(), LIFECYCLE_KIND);
  assert.equal(await readLifecycle(store, await bucketOf()), undefined);
});
