import assert from "node:assert/strict";
import { test } from "node:test";
import { sharedResult } from "../../../src/server/figures/sharedResult.ts";

const LIFETIME_MS = 1_000;

/** A shared result whose making and whose time are in the test's hands. */
function asked() {
  const makings: PromiseWithResolvers<number>[] = [];
  let nowMs = 5;
  const ask = sharedResult(
    () => {
      makings.push(Promise.withResolvers());
      return makings.at(-1)!.promise;
    },
    LIFETIME_MS,
    () => nowMs,
  );
  return { makings, ask, pass: (milliseconds: number) => (nowMs += milliseconds) };
}

test("sharedResult: all who ask within its lifetime get one result", async () => {
  const { makings, ask, pass } = asked();
  const first = ask();
  makings[0]!.resolve(1);
  assert.equal(await first, 1);
  pass(LIFETIME_MS - 1);
  assert.equal(await ask(), 1);
  assert.equal(makings.length, 1);
  pass(1);
  const second = ask();
  makings[1]!.resolve(2);
  assert.equal(await second, 2);
});

test("sharedResult: while it is made, it is not made again, however long that takes", async () => {
  const { makings, ask, pass } = asked();
  const first = ask();
  pass(LIFETIME_MS * 10);
  const second = ask();
  assert.equal(makings.length, 1);
  makings[0]!.resolve(1);
  assert.deepEqual(await Promise.all([first, second]), [1, 1]);
  void ask();
  assert.equal(makings.length, 2);
});

test("sharedResult: a failure is shared, and then forgotten", async () => {
  const { makings, ask, pass } = asked();
  const all = [ask(), ask()];
  makings[0]!.reject(new Error("it failed"));
  for (const one of all) await assert.rejects(one, { message: "it failed" });
  await assert.rejects(ask(), { message: "it failed" });
  pass(LIFETIME_MS);
  const again = ask();
  makings[1]!.resolve(2);
  assert.equal(await again, 2);
});
