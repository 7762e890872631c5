import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Caller } from "../../../src/auth/Caller.ts";
import { MAX_PREFIX_LENGTH, prefixOf } from "../../../src/server/limits/prefixOf.ts";
import type { LimitedRequest, LimiterSettings } from "../../../src/server/limits/RequestLimiter.ts";
import { limiterFor, MAX_TOKEN_WAIT_MS, RequestLimiter } from "../../../src/server/limits/RequestLimiter.ts";
import type { TokenBucket, TokenRate } from "../../../src/server/limits/tokenBucket.ts";
import { fullBucket, refilled, waitForToken, withoutToken, withToken } from "../../../src/server/limits/tokenBucket.ts";
import { MAX_YOUNG_BUCKETS, TokenBuckets } from "../../../src/server/limits/TokenBuckets.ts";
import { ManualTime } from "../ManualTime.ts";

const ROUNDING = 1e-6;

const rates: fc.Arbitrary<TokenRate> = fc
  .tuple(fc.double({ min: 0.01, max: 10_000, noNaN: true }), fc.double({ min: 1, max: 10_000, noNaN: true }))
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
  assert.equal(prefixOf(`${"x".repeat(1_000)}/y`).length, MAX_PREFIX_LENGTH);
});

const NO_LIMITS: LimiterSettings = { limitRequests: undefined, limitPrefix: undefined, workers: 1 };

function limiter(limits: Partial<LimiterSettings>, maxWaiting?: number): { limiter: RequestLimiter; time: ManualTime } {
  const time = new ManualTime();
  return { limiter: new RequestLimiter({ ...NO_LIMITS, ...limits }, time, maxWaiting), time };
}

function caller(displayName: string): Caller {
  return { kind: "user", canonicalId: displayName.padEnd(64, "0"), displayName, accessKeyId: displayName };
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
