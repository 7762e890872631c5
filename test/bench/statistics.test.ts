import assert from "node:assert/strict";
import { test } from "node:test";
import type { Sample } from "../../bench/statistics.ts";
import { FEWEST_COLLECTIONS, median, quantile, ratioOf, summarise } from "../../bench/statistics.ts";

const sample: Sample = {
  requests: 100,
  seconds: 1,
  megabytes: 5,
  p50Ms: 2,
  p99Ms: 9,
  serverCpuSeconds: 0.5,
  clientCpuSeconds: 0.4,
  allocated: { bytes: 1_000, collections: FEWEST_COLLECTIONS },
};

test("median: is the middle value, or the mean of the two in the middle, and leaves its argument alone", () => {
  const values = [10, 2, 9];
  assert.equal(median(values), 9);
  assert.deepEqual(values, [10, 2, 9]);
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.throws(() => median([]), RangeError);
});

test("quantile: is the smallest value that the share does not exceed", () => {
  const values = Float64Array.from({ length: 100 }, (_, index) => index + 1);
  assert.equal(quantile(values, 0.5), 50);
  assert.equal(quantile(values, 0.99), 99);
  assert.equal(quantile(values, 1), 100);
  assert.equal(quantile(values, 0), 1);
  assert.equal(quantile([7], 0.99), 7);
  assert.throws(() => quantile([], 0.5), RangeError);
});

test("summarise: takes the median of the rounds' rates and divides what is counted by all requests", () => {
  const rounds = [sample, { ...sample, requests: 300, megabytes: 15 }, { ...sample, requests: 200, seconds: 2, p99Ms: 30 }];
  const figures = summarise(rounds);
  assert.equal(figures.perSecond, 100);
  assert.equal(figures.megabytesPerSecond, 5);
  assert.equal(figures.p99Ms, 9);
  assert.equal(figures.cpuMicrosecondsPerRequest, 2_500);
  assert.equal(figures.allocatedBytesPerRequest, 5);
});

test("summarise: gives no figure for what was not seen in every round, or is too little for one", () => {
  assert.equal(summarise([sample, { ...sample, serverCpuSeconds: undefined }]).cpuMicrosecondsPerRequest, undefined);
  assert.equal(summarise([{ ...sample, serverCpuSeconds: 0.09 }]).cpuMicrosecondsPerRequest, undefined);
  assert.equal(summarise([sample, { ...sample, allocated: undefined }]).allocatedBytesPerRequest, undefined);
  const few = { bytes: 1_000, collections: FEWEST_COLLECTIONS - 1 };
  assert.equal(summarise([{ ...sample, allocated: few }]).allocatedBytesPerRequest, undefined);
});

test("summarise: tells when the client was the limit, which it is not beside a server that is busy as well", () => {
  assert.equal(summarise([sample]).clientBound, false);
  assert.equal(summarise([{ ...sample, clientCpuSeconds: 0.99 }]).clientBound, true);
  assert.equal(summarise([{ ...sample, clientCpuSeconds: 0.99, serverCpuSeconds: undefined }]).clientBound, true);
  assert.equal(summarise([{ ...sample, clientCpuSeconds: 0.99, serverCpuSeconds: 0.99 }]).clientBound, false);
});

test("ratioOf: compares round by round, so that a disturbed round disturbs both sides alike", () => {
  const fast = [100, 10, 100].map((requests) => ({ ...sample, requests }));
  const slow = [50, 5, 50].map((requests) => ({ ...sample, requests }));
  assert.equal(ratioOf(fast, slow), 2);
  assert.equal(ratioOf(fast, [slow[0]!, { ...sample, requests: 1_000 }, slow[2]!]), 2);
});
