import assert from "node:assert/strict";
import { test } from "node:test";
import type { PageRequest } from "../../../src/store/accounts/pages.ts";
import { itemsWanted, pageOfList, pageOfRows } from "../../../src/store/accounts/pages.ts";
import { membershipRow, membershipsOf } from "../../../src/store/records/identityRows.ts";
import { mark } from "../../../src/store/records/Row.ts";
import { textInKey } from "../../../src/store/records/tables.ts";
import { commit, openTestStore } from "../testStore.ts";

const INVALID_MARKER = { name: "IdentityError", code: "ValidationError", message: "Invalid Marker." };
const GROUP_ID = "AGPA1";

/** A store with a group of so many users; pages of them, and whether a page may leave names out. */
async function opened(names: readonly string[]) {
  const store = await openTestStore();
  await commit(
    store,
    names.map((name) => mark(membershipRow(GROUP_ID, name))),
  );
  await commit(store, [mark(membershipRow("AGPA2", "another group's"))]);
  const range = membershipsOf(GROUP_ID);
  return (page: PageRequest, isShown?: (name: string) => boolean) =>
    pageOfRows(
      store,
      range,
      page,
      ({ key }) => {
        const name = textInKey(key, range.start.length, key.length);
        return isShown === undefined || isShown(name) ? name : undefined;
      },
      isShown !== undefined,
    );
}

const numbered = (count: number): string[] => Array.from({ length: count }, (_, index) => String(index).padStart(4, "0"));

test("itemsWanted: 100, or from 1 to 1000", () => {
  assert.equal(itemsWanted({}), 100);
  assert.deepEqual([itemsWanted({ maxItems: 1 }), itemsWanted({ maxItems: 1_000 })], [1, 1_000]);
  for (const maxItems of [0, 1_001]) assert.throws(() => itemsWanted({ maxItems }), { code: "ValidationError" });
});

test("pageOfRows: a page has as many as are wanted, and says where the next one begins where there is one", async () => {
  const names = numbered(5);
  const page = await opened(names);
  for (const maxItems of [1, 2, 3, 4, 5, 6]) {
    const first = await page({ maxItems });
    assert.deepEqual(first.items, names.slice(0, maxItems));
    assert.equal(first.marker === undefined, maxItems >= 5);
    if (first.marker === undefined) continue;
    assert.equal(Buffer.from(first.marker, "base64url").toString(), names[maxItems - 1]);
    assert.deepEqual((await page({ marker: first.marker })).items, names.slice(maxItems));
  }
});

test("pageOfRows: what is left out makes a page no longer, and nothing is shown twice or never", async () => {
  const names = numbered(2_500);
  const page = await opened(names);
  for (const [maxItems, isShown, pages] of [
    [2, (name: string) => name.endsWith("99"), 13],
    [1_000, (name: string) => name === "2499", 3],
    [100, () => false, 3],
    [1, (name: string) => name === "0000" || name === "0001", 5],
  ] as const) {
    const shown: string[] = [];
    let count = 0;
    let marker: string | undefined;
    do {
      const found = await page({ maxItems, marker }, isShown);
      assert.ok(found.items.length <= maxItems);
      shown.push(...found.items);
      count += 1;
      ({ marker } = found);
    } while (marker !== undefined);
    assert.deepEqual(shown, names.filter(isShown));
    assert.equal(count, pages);
  }
});

test("pageOfRows: no page looks at more rows than it has to", async () => {
  const store = await openTestStore();
  const { read } = store.metadata;
  const limits: unknown[] = [];
  store.metadata.read = (readSet) => {
    limits.push(readSet.ranges?.[0]?.limit);
    return read.call(store.metadata, readSet);
  };
  for (const [maxItems, isFiltered] of [
    [undefined, false],
    [5, false],
    [5, true],
    [1_000, true],
  ] as const) {
    await pageOfRows(store, membershipsOf(GROUP_ID), { maxItems }, String, isFiltered);
  }
  assert.deepEqual(limits, [101, 6, 1_000, 1_001]);
});

test("pageOfRows: a page of 1000 with a filter looks at one row more, to know whether there is another", async () => {
  const page = await opened(numbered(1_000));
  const all = await page({ maxItems: 1_000 }, () => true);
  assert.deepEqual([all.items.length, all.marker], [1_000, undefined]);
});

test("pageOfList: is sorted, whatever the list is", () => {
  const page = pageOfList(["b", "d", "a", "c"], { maxItems: 3 }, (item) => item);
  assert.deepEqual(page.items, ["a", "b", "c"]);
});

test("pageOfList: goes on behind what a marker says, whether or not that is still there", () => {
  const list = ["a", "c", "e"];
  const page = (request: PageRequest) => pageOfList(list, request, (item) => item);
  const behind = (text: string): string => Buffer.from(text).toString("base64url");
  assert.deepEqual(page({}), { items: list, marker: undefined });
  assert.deepEqual(page({ maxItems: 3 }), { items: list, marker: undefined });
  assert.deepEqual(page({ maxItems: 2 }), { items: ["a", "c"], marker: behind("c") });
  assert.deepEqual(page({ maxItems: 1, marker: behind("a") }), { items: ["c"], marker: behind("c") });
  assert.deepEqual(page({ marker: behind("b") }), { items: ["c", "e"], marker: undefined });
  assert.deepEqual(page({ marker: behind("e") }), { items: [], marker: undefined });
  assert.throws(() => page({ maxItems: 0 }), { code: "ValidationError" });
});

test("pages: a marker that no page gives is refused", async () => {
  const page = await opened([]);
  for (const marker of ["", "a+b", " YQ", "YQ\n", "YQ==", "x".repeat(1_025)]) {
    await assert.rejects(page({ marker }), INVALID_MARKER, marker);
    assert.throws(() => pageOfList([], { marker }, String), INVALID_MARKER, marker);
  }
  assert.deepEqual((await page({ marker: "x".repeat(1_024) })).items, []);
});
