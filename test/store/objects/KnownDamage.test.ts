import assert from "node:assert/strict";
import { test } from "node:test";
import { KnownDamage } from "../../../src/store/objects/KnownDamage.ts";

const MEBI = 1024 * 1024;

test("KnownDamage: what is read behind a noted offset is to be proven, 4 MiB of it at most", () => {
  const damage = new KnownDamage();
  assert.equal(damage.within("a", 0, 100 * MEBI), undefined);
  damage.note("a", 10 * MEBI);
  assert.deepEqual(damage.within("a", 0, 100 * MEBI), { start: 10 * MEBI, end: 14 * MEBI });
  assert.deepEqual(damage.within("a", 12 * MEBI, 13 * MEBI), { start: 12 * MEBI, end: 13 * MEBI });
  assert.equal(damage.within("a", 0, 10 * MEBI), undefined);
  assert.equal(damage.within("a", 14 * MEBI, 15 * MEBI), undefined);
  assert.equal(damage.within("b", 0, 100 * MEBI), undefined);
});

test("KnownDamage: of more than a thousand contents the first noted is forgotten", () => {
  const damage = new KnownDamage();
  for (let count = 0; count < 1_000; count += 1) damage.note(String(count), 0);
  damage.note("0", 5);
  damage.note("more", 0);
  assert.equal(damage.within("1", 0, 1), undefined);
  assert.deepEqual(damage.within("0", 0, 6), { start: 5, end: 6 });
  assert.ok(damage.within("more", 0, 1));
});
