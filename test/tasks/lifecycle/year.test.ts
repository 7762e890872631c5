import assert from "node:assert/strict";
import { test } from "node:test";
import { describeVersion } from "../../../src/store/objects/objects.ts";
import { uploadsOf } from "../../../src/store/records/UploadRecord.ts";
import { readRows } from "../../../src/store/transact.ts";
import { LifecycleRounds } from "../../../src/tasks/lifecycle/LifecycleRounds.ts";
import type { TestStore } from "../../store/testStore.ts";
import { BUCKET } from "../../store/testStore.ts";
import { begin, bucketOf, DAY_MS, drop, openAgingStore, put, setRules, shown } from "./agingStore.ts";
import type { ModelVersion } from "./model.ts";
import { Model } from "./model.ts";

const HOUR_MS = DAY_MS / 24;
const LARGE = Buffer.alloc(128 * 1024, "x");
const DAYS = 365;
const KEYS = 12;

const RULES = [
  {
    Transitions: [
      { Days: 30, StorageClass: "STANDARD_IA" },
      { Days: 90, StorageClass: "GLACIER" },
    ],
    Expiration: { Days: 120 },
    NoncurrentVersionTransitions: [{ NoncurrentDays: 10, StorageClass: "DEEP_ARCHIVE" }],
    NoncurrentVersionExpiration: { NoncurrentDays: 45, NewerNoncurrentVersions: 2 },
    AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
  },
  { Filter: { Tag: { Key: "kind", Value: "temporary" } }, Expiration: { Days: 20 } },
  { Expiration: { ExpiredObjectDeleteMarker: true } },
];

/** Numbers that look random, and are the same every time. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** What somebody does, to the store and to the model alike. */
async function act(store: TestStore, model: Model, next: (below: number) => number): Promise<void> {
  const key = `key${next(KEYS)}`;
  const versions = model.versionsOf(key);
  const writtenMs = store.nowMs;
  const plain = { writtenMs, isMarker: false, isLarge: false, isTemporary: false, isHeld: false, storageClass: "STANDARD" };
  switch (next(8)) {
    case 0: {
      const { marker } = await drop(store, key);
      versions.unshift({ ...plain, id: marker!.versionId, isMarker: true });
      return;
    }
    case 1:
      model.uploads.set(await begin(store, key), writtenMs);
      break;
    case 2: {
      const hold = versions.find(({ isMarker }) => !isMarker);
      if (hold !== undefined) await setHold(store, key, hold, !hold.isHeld);
      break;
    }
    case 3: {
      const index = next(3);
      const one = versions[index];
      if (one === undefined || one.isMarker || one.isHeld) break;
      await drop(store, key, one.id);
      versions.splice(index, 1);
      break;
    }
    default: {
      const isLarge = next(2) === 0;
      const isTemporary = next(4) === 0;
      const tags = isTemporary ? ([["kind", "temporary"]] as const) : [];
      const { versionId } = await put(store, key, { tags, ...(isLarge ? { bytes: LARGE } : {}) });
      versions.unshift({ ...plain, id: versionId, isLarge, isTemporary });
    }
  }
  if (versions.length === 0) model.keys.delete(key);
}

async function setHold(store: TestStore, key: string, version: ModelVersion, isHeld: boolean): Promise<void> {
  await describeVersion(store, await bucketOf(store), { key, versionId: version.id }, (record) => ({
    ...record!,
    legalHold: isHeld ? "ON" : "OFF",
  }));
  version.isHeld = isHeld;
}

async function compare(store: TestStore, model: Model, when: string): Promise<void> {
  const wanted = [...model.keys].map(([key, versions]) => {
    return [key, versions.map(({ isMarker, storageClass }) => (isMarker ? "-" : storageClass)).join(" ")] as const;
  });
  assert.deepEqual(Object.entries(await shown(store)).toSorted(), wanted.toSorted(), when);
  const { uploads } = await readRows(store, { uploads: uploadsOf(BUCKET.id, 1_000) });
  assert.deepEqual(uploads.map(({ uploadId }) => uploadId).toSorted(), [...model.uploads.keys()].toSorted(), when);
}

test("lifecycle: through a year, what is there each day is what S3's guide says", async () => {
  const store = await openAgingStore("Enabled");
  await setRules(store, ...RULES);
  const model = new Model();
  const next = numbers(16);
  const rounds = new LifecycleRounds(store, {
    signal: new AbortController().signal,
    intervalMs: DAY_MS,
    pause: async () => undefined,
    onFailure: (what, cause) => assert.fail(`${what}: ${String(cause)}`),
  });
  let midnightMs = Math.floor(store.nowMs / DAY_MS) * DAY_MS;
  await rounds.look();
  for (let day = 0; day < DAYS; day++) {
    for (let hour = 2; hour < 24; hour += 8) {
      store.nowMs = midnightMs + hour * HOUR_MS + next(HOUR_MS);
      await act(store, model, next);
    }
    midnightMs += DAY_MS;
    store.nowMs = midnightMs;
    await rounds.look();
    model.midnight(midnightMs);
    await compare(store, model, `day ${day}`);
  }
  const { actions, failed } = rounds.figures.total;
  assert.equal(failed, 0);
  // Everything but what only buckets without versions know has happened, and more than once.
  for (const [action, count] of Object.entries(actions))
    assert.ok(action === "deleteObject" ? count === 0 : count > 5, `${action}: ${count}`);
});
