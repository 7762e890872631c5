import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Caller } from "../../../src/auth/Caller.ts";
import { prefixOf } from "../../../src/server/limits/prefixOf.ts";
import type { LimitedRequest, LimiterSettings } from "../../../src/server/limits/RequestLimiter.ts";
import { limiterFor, MAX_TOKEN_WAIT_MS, RequestLimiter } from "../../../src/server/limits/RequestLimiter.ts";
import type { TokenBucket, TokenRate } from "../../../src/server/limits/tokenBucket.ts";
import { fullBucket, refilled, waitForToken, withoutToken, withToken } from "../../../src/server/limits/tokenBucket.ts";
import { MAX_YOUNG_BUCKETS, TokenBuckets } from "../../../src/server/limits/TokenBuckets.ts";
import { Places } from "../../../src/server/limits/Places.ts";
import { ManualTime } from "../ManualTime.ts";
import { rootOf } from "../../testCallers.ts";

const ROUNDING = 1e-6;

/** So small that the pauses below matter. */
const rates: fc.Arbitrary<TokenRate> = fc
  .tuple(fc.double({ min: 0.01, max: 100, noNaN: true }), fc.double({ min: 1, max: 20, noNaN: true }))
  .map(([perSecond, burst]) => ({ perSecond, burst }));
const pauses = fc.array(fc.double({ min: 0, max: 5_000, noNaN: true }), { minLength: 1, maxLength: 60 });

/** Lets requests come after these pauses; resolves with when each may go on, or `undefined` if it was refused. */
function admissions(rate: TokenRate, pausesMs: readonly number[], maxWaitMs: number): (number | undefined)[] {
  let nowMs = 0;
  let bucket: TokenBucket = fullBucket(rate, nowMs);
  return pausesMs.map((pauseMs) => {
    nowMs += pauseMs;
    bucket = refilled(rate, bucket, nowMs);
    const waitMs = waitForToken(rate, bucket);
    if (waitMs > maxWaitMs) return undefined;
    bucket = withoutToken(bucket);
    return nowMs + waitMs;
  });
}

test("Token bucket: in no stretch of time do more requests pass than its burst and its rate allow", () => {
  fc.assert(
    fc.property(rates, pauses, fc.double({ min: 0, max: 2_000, noNaN: true }), (rate, pausesMs, maxWaitMs) => {
      const passed = admissions(rate, pausesMs, maxWaitMs).filter((atMs) => atMs !== undefined);
      for (let from = 0; from < passed.length; from += 1) {
        for (let to = from; to < passed.length; to += 1) {
          const allowed = rate.burst + ((passed[to]! - passed[from]!) / 1000) * rate.perSecond;
          assert.ok(to - from + 1 <= allowed + ROUNDING * (1 + allowed));
        }
      }
    }),
  );
});

test("Token bucket: requests pass in the order they came", () => {
  fc.assert(
    fc.property(rates, pauses, (rate, pausesMs) => {
      const passed = admissions(rate, pausesMs, 1_000).filter((atMs) => atMs !== undefined);
      for (const [index, atMs] of passed.slice(1).entries()) assert.ok(atMs >= passed[index]! - ROUNDING);
    }),
  );
});

test("Token bucket: a client that keeps to the rate neither waits nor is refused", () => {
  fc.assert(
    fc.property(rates, fc.integer({ min: 1, max: 60 }), fc.double({ min: 1.001, max: 3, noNaN: true }), (rate, count, slower) => {
      const pausesMs = Array.from({ length: count }, () => (1000 / rate.perSecond) * slower);
      let nowMs = 0;
      for (const [index, atMs] of admissions(rate, pausesMs, 0).entries()) {
        nowMs += pausesMs[index]!;
        assert.equal(atMs, nowMs);
      }
    }),
  );
});

test("Token bucket: a token that came back serves another, and a bucket never holds more than its burst", () => {
  fc.assert(
    fc.property(rates, pauses, (rate, pausesMs) => {
      let bucket: TokenBucket = fullBucket(rate, 0);
      let nowMs = 0;
      for (const pauseMs of pausesMs) {
        nowMs += pauseMs;
        bucket = refilled(rate, bucket, nowMs);
        const returned = withToken(rate, withoutToken(bucket));
        assert.ok(Math.abs(returned.tokens - bucket.tokens) <= ROUNDING * (1 + rate.burst));
        assert.ok(withToken(rate, bucket).tokens <= rate.burst);
        bucket = withoutToken(bucket);
      }
    }),
  );
});

test("Token bucket: it fills by its rate for the time that went by, and the next token is as far away as it is missing", () => {
  const rate = { perSecond: 10, burst: 5 };
  const refilledOnce = refilled(rate, { tokens: -2, atMs: 1_000 }, 1_250);
  assert.deepEqual(refilledOnce, { tokens: 0.5, atMs: 1_250 });
  assert.equal(waitForToken(rate, refilledOnce), 50);
  assert.deepEqual(refilled(rate, refilledOnce, 1_300), { tokens: 1, atMs: 1_300 });
  assert.equal(waitForToken(rate, { tokens: 1, atMs: 1_300 }), 0);
});

test("Token bucket: a clock that goes back gives nothing", () => {
  const rate = { perSecond: 10, burst: 5 };
  const bucket = withoutToken(fullBucket(rate, 1_000));
  assert.deepEqual(refilled(rate, bucket, 500), bucket);
});

test("Token buckets: forgetting idle ones is never noticed", () => {
  const use = fc.tuple(fc.double({ min: 0, max: 3_000, noNaN: true }), fc.constantFrom("a", "b", "c"));
  fc.assert(
    fc.property(rates, fc.array(use, { maxLength: 80 }), (rate, uses) => {
      const buckets = new TokenBuckets(rate, MAX_TOKEN_WAIT_MS);
      const remembered = new Map<string, TokenBucket>();
      let nowMs = 0;
      for (const [pauseMs, name] of uses) {
        nowMs += pauseMs;
        const bucket = refilled(rate, remembered.get(name) ?? fullBucket(rate, nowMs), nowMs);
        const waitMs = buckets.waitMs(name, nowMs);
        assert.ok(Math.abs(waitMs - waitForToken(rate, bucket)) <= ROUNDING * (1 + waitMs));
        if (waitMs > MAX_TOKEN_WAIT_MS) continue;
        buckets.take(name, nowMs);
        remembered.set(name, withoutToken(bucket));
      }
    }),
  );
});

test("Token buckets: memory is bounded by what was in use lately, and in any case", () => {
  const buckets = new TokenBuckets({ perSecond: 100, burst: 100 }, MAX_TOKEN_WAIT_MS);
  for (let name = 0; name < 10_000; name += 1) buckets.take(String(name), name);
  assert.ok(buckets.size <= 2 * (1_000 + MAX_TOKEN_WAIT_MS), `${buckets.size} after 10,000 names in 10 seconds`);
  for (let name = 0; name < 5 * MAX_YOUNG_BUCKETS; name += 1) buckets.take(`at once ${name}`, 10_000);
  assert.ok(buckets.size <= 2 * MAX_YOUNG_BUCKETS);
  buckets.take("much later", 1_000_000);
  assert.equal(buckets.size, 1);
});

test("Token buckets: of two lots of 16,384 names at once, the older is forgotten when a third begins", () => {
  const buckets = new TokenBuckets({ perSecond: 1, burst: 1 }, MAX_TOKEN_WAIT_MS);
  const takeMany = (lot: string, count: number): void => {
    for (let name = 0; name < count; name += 1) buckets.take(`${lot} ${name}`, 0);
  };
  takeMany("first", 16_384);
  takeMany("second", 16_384);
  assert.equal(buckets.size, 32_768);
  takeMany("third", 1);
  assert.equal(buckets.size, 16_385);
  assert.ok(buckets.waitMs("second 0", 0) > 0);
  assert.equal(buckets.waitMs("first 0", 0), 0);
});

/** When the turns of the buckets below begin. */
const START_MS = 10_000;
/** Two tokens at one a second, and the longest wait. */
const TURN_MS = 2_250;

function slowBuckets(): TokenBuckets {
  return new TokenBuckets({ perSecond: 1, burst: 2 }, MAX_TOKEN_WAIT_MS);
}

test("Token buckets: what was used just before a turn is remembered behind it", () => {
  const buckets = slowBuckets();
  buckets.take("first", START_MS);
  for (let count = 0; count < 2; count += 1) buckets.take("late", START_MS + TURN_MS - 1);
  buckets.take("turn", START_MS + TURN_MS);
  assert.ok(Math.abs(buckets.waitMs("late", START_MS + TURN_MS) - 999) < ROUNDING);
  buckets.giveBack("late", START_MS + TURN_MS);
  assert.equal(buckets.waitMs("late", START_MS + TURN_MS), 0);
});

test("Token buckets: what was out of use for a turn is dropped by the second, and at once when nothing happened for two", () => {
  const buckets = slowBuckets();
  for (const turn of [0, 1, 2]) buckets.take(`turn ${turn}`, START_MS + turn * TURN_MS);
  assert.equal(buckets.size, 2);
  buckets.take("long after", START_MS + 4 * TURN_MS);
  assert.equal(buckets.size, 1);
});

test("Prefix: all up to the last slash, at most four folders and 256 characters", () => {
  const expected: Record<string, string> = {
    "": "",
    plain: "",
    "photos/cat.jpg": "photos/",
    "photos/": "photos/",
    "2024/05/06/07/08/x": "2024/05/06/07/",
    "a//b": "a//",
    "/leading": "/",
  };
  for (const [key, prefix] of Object.entries(expected)) assert.equal(prefixOf(key), prefix, key);
  assert.equal(prefixOf(`${"x".repeat(1_000)}/y`), "x".repeat(256));
});

const NO_LIMITS: LimiterSettings = { limitRequests: undefined, limitPrefix: undefined, workers: 1 };

function limiter(limits: Partial<LimiterSettings>, maxWaiting?: number): { limiter: RequestLimiter; time: ManualTime } {
  const time = new ManualTime();
  return { limiter: new RequestLimiter({ ...NO_LIMITS, ...limits }, time, maxWaiting), time };
}

function caller(displayName: string): Caller {
  return rootOf(displayName, displayName.padEnd(64, "0"), displayName);
}

function get(key: string, more: Partial<LimitedRequest> = {}): LimitedRequest {
  const address = { style: "path", bucket: "bucket", key } as const;
  return { caller: caller("ann"), request: { method: "GET", address }, signal: new AbortController().signal, ...more };
}

function put(key: string, more: Partial<LimitedRequest> = {}): LimitedRequest {
  const limited = get(key, more);
  return { ...limited, request: { ...limited.request, method: "PUT" } };
}

async function slowDown(admitted: Promise<void>, explanation: RegExp): Promise<void> {
  await assert.rejects(admitted, (error: { code: string; status: number; explanation: string }) => {
    assert.equal(error.code, "SlowDown");
    assert.equal(error.status, 503);
    assert.match(error.explanation, explanation);
    return true;
  });
}

test("Limiter: not there when nothing is limited", () => {
  assert.equal(limiterFor(NO_LIMITS, new ManualTime()), undefined);
  assert.ok(limiterFor({ ...NO_LIMITS, limitRequests: 1 }, new ManualTime()));
  assert.ok(limiterFor({ ...NO_LIMITS, limitPrefix: { writesPerSecond: 1, readsPerSecond: 1 } }, new ManualTime()));
});

test("Limiter: callers who do not sign share one rate", async () => {
  const { limiter: limits } = limiter({ limitRequests: 1 });
  const anonymous = { ...caller("nobody"), kind: "anonymous" } as Caller;
  await limits.admit(get("k", { caller: anonymous }));
  await slowDown(limits.admit(get("k", { caller: anonymous })), /: all callers who do not sign together may send 1 requests/);
});

test("Limiter: a request for no bucket has no prefix", async () => {
  const { limiter: limits } = limiter({ limitPrefix: { writesPerSecond: 1, readsPerSecond: 1 } });
  const address = { style: "path", bucket: undefined, key: undefined } as const;
  for (let count = 0; count < 3; count += 1) await limits.admit(get("", { request: { method: "GET", address } }));
});

test("Limiter: a request waits for a quarter of a second at most", async () => {
  const { limiter: limits, time } = limiter({ limitRequests: 4 });
  for (let count = 0; count < 4; count += 1) await limits.admit(get("k"));
  const first = limits.admit(get("k"));
  assert.equal(limits.waiting, 1);
  time.pass(249.5);
  await slowDown(limits.admit(get("k")), /4 requests a second/);
  time.pass(0.5);
  const second = limits.admit(get("k"));
  await first;
  assert.equal(limits.waiting, 1);
  time.pass(250);
  await second;
});

test("Limiter: each caller has a rate, whatever the prefix", async () => {
  const { limiter: limits, time } = limiter({ limitRequests: 2 });
  await limits.admit(get("a/1"));
  await limits.admit(put("b/1"));
  await slowDown(limits.admit(get("c/1")), /: ann may send 2 requests a second\./);
  await limits.admit(get("c/1", { caller: caller("ben") }));
  time.pass(500);
  await limits.admit(get("c/1"));
});

test("Limiter: each prefix has a rate for writes and one for reads, whoever the caller", async () => {
  const { limiter: limits } = limiter({ limitPrefix: { writesPerSecond: 1, readsPerSecond: 2 } });
  await limits.admit(put("photos/1"));
  await slowDown(
    limits.admit(put("photos/2", { caller: caller("ben") })),
    /the keys below "photos\/" together take 1 writes a second/,
  );
  await limits.admit(get("photos/1"));
  await limits.admit(get("photos/2"));
  await slowDown(limits.admit(get("photos/3")), /take 2 reads a second/);
  await limits.admit(put("videos/1"));
  await limits.admit(put("plain"));
  await slowDown(limits.admit(put("other")), /the bucket itself and its keys without "\/"/);
});

test("Limiter: a bucket's prefix is not that of another bucket whose name it continues", async () => {
  const { limiter: limits } = limiter({ limitPrefix: { writesPerSecond: 1, readsPerSecond: 1 } });
  await limits.admit(put("a/b"));
  const address = { style: "path", bucket: "bucket-a", key: "b" } as const;
  await limits.admit({ ...put("b"), request: { method: "PUT", address } });
});

test("Limiter: a refused request takes nothing from the limit that would have let it pass", async () => {
  const { limiter: limits } = limiter({ limitRequests: 2, limitPrefix: { writesPerSecond: 1, readsPerSecond: 1 } });
  await limits.admit(put("photos/1"));
  for (let count = 0; count < 5; count += 1) await slowDown(limits.admit(put("photos/2")), /writes a second/);
  await limits.admit(put("videos/1"));
});

test("Limiter: each of the processes has its share", async () => {
  const { limiter: limits } = limiter({ limitRequests: 8, workers: 4 });
  await limits.admit(get("1"));
  await limits.admit(get("2"));
  const third = limits.admit(get("3"));
  await slowDown(third, /8 requests a second/);
});

test("Limiter: a request waits for a token that comes soon, in its turn", async () => {
  const { limiter: limits, time } = limiter({ limitRequests: 10 });
  for (let count = 0; count < 10; count += 1) await limits.admit(get("k"));
  const passed: number[] = [];
  const waiting = [1, 2].map((number) => limits.admit(get("k")).then(() => passed.push(number)));
  await slowDown(limits.admit(get("k")), /10 requests a second/);
  assert.equal(limits.waiting, 2);
  time.pass(99);
  await time.settled();
  assert.deepEqual(passed, []);
  time.pass(1);
  await time.settled();
  assert.deepEqual(passed, [1]);
  time.pass(100);
  await Promise.all(waiting);
  assert.deepEqual(passed, [1, 2]);
  assert.equal(limits.waiting, 0);
});

test("Limiter: only so many requests wait", async () => {
  const { limiter: limits, time } = limiter({ limitRequests: 100 }, 3);
  for (let count = 0; count < 100; count += 1) await limits.admit(get("k"));
  const waiting = [1, 2, 3].map(() => limits.admit(get("k")));
  await slowDown(limits.admit(get("k")), /3 other requests wait already/);
  time.pass(10);
  await waiting[0];
  const next = limits.admit(get("k"));
  time.pass(30);
  await Promise.all([...waiting, next]);
});

test("Limiter: who needs no wait passes those who do, and the shortest wait is one", async () => {
  const { limiter: limits, time } = limiter({ limitRequests: 4_000 }, 1);
  for (let count = 0; count < 4_000; count += 1) await limits.admit(get("k"));
  const waiting = limits.admit(get("k"));
  assert.equal(limits.waiting, 1);
  await limits.admit(get("k", { caller: caller("ben") }));
  await slowDown(limits.admit(get("k")), /1 other requests wait already/);
  time.pass(0.25);
  await waiting;
});

test("Limiter: in a process 1,024 requests wait", async () => {
  const { limiter: limits, time } = limiter({ limitRequests: 10_000 });
  for (let count = 0; count < 10_000; count += 1) await limits.admit(get("k"));
  const waiting = Array.from({ length: 1_024 }, () => limits.admit(get("k")));
  await slowDown(limits.admit(get("k")), /1024 other requests wait already/);
  time.pass(MAX_TOKEN_WAIT_MS);
  await Promise.all(waiting);
});

test("Places: a process has 4,096, and each that is left can be taken again", () => {
  const places = new Places();
  for (let count = 0; count < 4_096; count += 1) assert.ok(places.take());
  assert.ok(!places.take());
  places.leave();
  assert.ok(places.take());
  assert.ok(!places.take());
});

test("Limiter: a client that goes away leaves the queue and its tokens", async () => {
  const { limiter: limits, time } = limiter({ limitRequests: 10, limitPrefix: { writesPerSecond: 10, readsPerSecond: 10 } });
  for (let count = 0; count < 10; count += 1) await limits.admit(put("k"));
  const client = new AbortController();
  const gone = limits.admit(put("k", { signal: client.signal }));
  const staying = limits.admit(put("k"));
  await slowDown(limits.admit(put("k")), /a second/);
  client.abort();
  await slowDown(gone, /went away/);
  assert.equal(limits.waiting, 1);
  const next = limits.admit(put("k"));
  time.pass(200);
  await Promise.all([staying, next]);
});
