import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { MemoryMetadataEngine } from "../../../src/store/metadata/memory/MemoryMetadataEngine.ts";
import type { BucketPagePlan } from "../../../src/store/objects/listing.ts";
import { pageOfBuckets, pageOfObjects } from "../../../src/store/objects/listing.ts";
import { bucketRow } from "../../../src/store/records/BucketRecord.ts";
import type { BucketRecord } from "../../../src/store/records/BucketRecord.ts";
import { put, remove } from "../../../src/store/records/Row.ts";
import type { Store } from "../../../src/store/Store.ts";
import { BUCKET, commit, openTestStore, openUncheckedStore, putObject } from "../testStore.ts";

const EVERYTHING: BucketPagePlan = { ownerId: "o", prefix: "", region: undefined, afterName: "", limit: 10_000 };

async function storeWith(buckets: readonly BucketRecord[]): Promise<Store> {
  const store = await openUncheckedStore({ metadata: new MemoryMetadataEngine() });
  await commit(store, [remove(bucketRow(BUCKET.name)), ...buckets.map((bucket) => put(bucketRow(bucket.name), bucket))]);
  return store;
}

async function shown(store: Store, plan: BucketPagePlan): Promise<{ readonly names: string[]; readonly more: boolean }> {
  const { buckets, more } = await pageOfBuckets(store, plan);
  return { names: buckets.map(({ name }) => name), more };
}

test("pageOfBuckets: shows what looking at every bucket shows, whoever owns them, wherever they are", async () => {
  const word = (minLength: number) =>
    fc.array(fc.constantFrom("a", "b", "-"), { minLength, maxLength: 4 }).map((letters) => letters.join(""));
  const plans = fc.record({
    buckets: fc.uniqueArray(fc.record({ name: word(1), ownerId: fc.constantFrom("o", "p"), region: fc.constantFrom("r", "s") }), {
      maxLength: 25,
      selector: (bucket) => bucket.name,
    }),
    prefix: word(0),
    region: fc.constantFrom(undefined, "r", "s"),
    afterName: word(0),
    limit: fc.integer({ min: 0, max: 6 }),
  });
  await fc.assert(
    fc.asyncProperty(plans, async ({ buckets, ...plan }) => {
      const store = await storeWith(buckets.map((bucket) => ({ ...BUCKET, ...bucket })));
      const fitting = buckets.filter(
        (bucket) =>
          bucket.ownerId === "o" &&
          bucket.name.startsWith(plan.prefix) &&
          (plan.afterName === "" || bucket.name > plan.afterName) &&
          (plan.region === undefined || bucket.region === plan.region),
      );
      const names = fitting.map((bucket) => bucket.name).toSorted();
      const expected = { names: names.slice(0, plan.limit), more: names.length > plan.limit };
      assert.deepEqual(await shown(store, { ...plan, ownerId: "o" }), expected);
    }),
    { numRuns: 200 },
  );
});

test("pageOfBuckets: goes on through any number of other people's buckets", async () => {
  const names = Array.from({ length: 2_001 }, (_, index) => `b${String(index).padStart(4, "0")}`);
  const own = (name: string): boolean => ["b0000", "b0999", "b1000", "b2000"].includes(name);
  const store = await storeWith(names.map((name) => ({ ...BUCKET, name, ownerId: own(name) ? "o" : "p" })));
  assert.deepEqual(await shown(store, EVERYTHING), { names: names.filter(own), more: false });
  assert.deepEqual(await shown(store, { ...EVERYTHING, limit: 3 }), { names: ["b0000", "b0999", "b1000"], more: true });
  assert.deepEqual(await shown(store, { ...EVERYTHING, limit: 4 }), { names: names.filter(own), more: false });
  assert.deepEqual(await shown(store, { ...EVERYTHING, prefix: "b1" }), { names: ["b1000"], more: false });
  const others = (await shown(store, { ...EVERYTHING, ownerId: "p" })).names;
  assert.deepEqual(
    others,
    names.filter((name) => !own(name)),
  );
});

test("pageOfObjects: a page of nothing is followed by nothing, and owners are read only when asked for", async () => {
  const store = await openTestStore();
  for (const key of ["a/1", "a/2", "b"]) await putObject(store, key, Buffer.from(key));
  const plan = { prefix: "", delimiter: "/", after: "", limit: 1, detail: "plain" } as const;
  assert.deepEqual(await pageOfObjects(store, BUCKET, { ...plan, limit: 0 }), { items: [], more: false });
  assert.deepEqual(await pageOfObjects(store, BUCKET, plan), { items: [{ commonPrefix: "a/" }], more: true });
  for (const detail of ["plain", "owner"] as const) {
    const { items, more } = await pageOfObjects(store, BUCKET, { ...plan, after: "a/", detail });
    assert.equal(more, false);
    assert.deepEqual(
      items.map((item) => "object" in item && [item.key, item.object.sizeBytes, item.object.ownerId]),
      [["b", 1, detail === "owner" ? BUCKET.ownerId : ""]],
    );
  }
});
