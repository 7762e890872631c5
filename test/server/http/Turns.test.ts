import assert from "node:assert/strict";
import { test } from "node:test";
import { Turns } from "../../../src/server/http/Turns.ts";

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

test("Turns: what comes in one turn is handled together at its end, each once, in its order", async () => {
  const handled: string[] = [];
  const turns = new Turns<string>((item) => handled.push(item));
  for (const item of ["a", "b", "c"]) turns.add(item);
  assert.deepEqual(handled, []);
  await turn();
  assert.deepEqual(handled, ["a", "b", "c"]);
  await turn();
  turns.add("d");
  assert.equal(handled.length, 3);
  await turn();
  assert.deepEqual(handled, ["a", "b", "c", "d"]);
});

test("Turns: what comes while a turn is handled waits for the next", async () => {
  const handled: string[] = [];
  const turns = new Turns<string>((item) => {
    handled.push(item);
    if (item.length < 3) turns.add(`${item}+`);
  });
  turns.add("a");
  turns.add("b");
  await turn();
  assert.deepEqual(handled, ["a", "b"]);
  await turn();
  assert.deepEqual(handled, ["a", "b", "a+", "b+"]);
  await turn();
  assert.deepEqual(handled, ["a", "b", "a+", "b+", "a++", "b++"]);
  await turn();
  assert.equal(handled.length, 6);
});
