import assert from "node:assert/strict";
import { test } from "node:test";
import { BoundedMap } from "../../src/store/BoundedMap.ts";

test("BoundedMap: where there is no room, the entry that was set first goes", () => {
  const map = new BoundedMap<string, number>(3);
  const kept = (): unknown[] => ["a", "b", "c", "d", "e"].map((key) => map.get(key));
  for (const [index, key] of ["a", "b", "c"].entries()) map.set(key, index);
  assert.deepEqual(kept(), [0, 1, 2, undefined, undefined]);
  map.set("d", 3);
  assert.deepEqual(kept(), [undefined, 1, 2, 3, undefined]);
  map.set("b", 4);
  assert.deepEqual(kept(), [undefined, 4, 2, 3, undefined]);
  map.set("e", 5);
  assert.deepEqual(kept(), [undefined, 4, undefined, 3, 5]);
});
