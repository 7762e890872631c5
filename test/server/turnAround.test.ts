import assert from "node:assert/strict";
import { test } from "node:test";
import type { Exchange } from "../../src/server/requests/Exchange.ts";
import { turnAroundMs } from "../../src/server/requests/turnAround.ts";

/** An exchange that began at 100, and whose answer began 60 milliseconds later. */
function exchange(complete: boolean, endedAt?: number, stageTimes = [10, 10, 10, 10, 20, 5]): Exchange {
  return { incoming: { complete, endedAt }, stageTimes, startedAt: 100 } as unknown as Exchange;
}

test("Turn-around time: from the last byte of the request to the first of the answer", () => {
  assert.equal(turnAroundMs(exchange(true)), 60);
  assert.equal(turnAroundMs(exchange(true, 150)), 10);
  // The body had come before the exchange's turn did.
  assert.equal(turnAroundMs(exchange(true, 90)), 60);
});

test("Turn-around time: there is none where the answer began before the request had ended", () => {
  assert.equal(turnAroundMs(exchange(true, 161)), undefined);
  assert.equal(turnAroundMs(exchange(false)), undefined);
});
