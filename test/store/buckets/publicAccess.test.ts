import assert from "node:assert/strict";
import { test } from "node:test";
import { accountBlockOf, joinedBlock, putAccountBlock } from "../../../src/store/buckets/publicAccess.ts";
import { EVERYTHING_BLOCKED, NOTHING_BLOCKED } from "../../../src/store/records/PublicAccessBlock.ts";
import type { PublicAccessBlock } from "../../../src/store/records/PublicAccessBlock.ts";
import { openTestStore } from "../testStore.ts";

test("accountBlockOf: what was put last, of this account alone, and nothing once it is taken away", async () => {
  const store = await openTestStore();
  const [mine, theirs] = ["a".repeat(64), "b".repeat(64)];
  assert.equal(await accountBlockOf(store, mine), undefined);
  await putAccountBlock(store, mine, EVERYTHING_BLOCKED);
  assert.deepEqual(await accountBlockOf(store, mine), EVERYTHING_BLOCKED);
  await putAccountBlock(store, mine, { ...NOTHING_BLOCKED, blockPublicPolicy: true });
  assert.deepEqual(await accountBlockOf(store, mine), { ...NOTHING_BLOCKED, blockPublicPolicy: true });
  assert.equal(await accountBlockOf(store, theirs), undefined);
  await putAccountBlock(store, mine, undefined);
  await putAccountBlock(store, mine, undefined);
  assert.equal(await accountBlockOf(store, mine), undefined);
});

test("joinedBlock: each switch is on that is on in one of the two", () => {
  assert.equal(joinedBlock(undefined, undefined), undefined);
  for (const name of Object.keys(NOTHING_BLOCKED) as (keyof PublicAccessBlock)[]) {
    const one = { ...NOTHING_BLOCKED, [name]: true };
    assert.deepEqual(joinedBlock(one, NOTHING_BLOCKED), one, name);
    assert.deepEqual(joinedBlock(NOTHING_BLOCKED, one), one, name);
    assert.deepEqual(joinedBlock(undefined, one), one, name);
    assert.deepEqual(joinedBlock(one, undefined), one, name);
  }
});
