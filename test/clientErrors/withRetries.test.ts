import assert from "node:assert/strict";
import { test } from "node:test";
import { ClientError, Pace, parseError, withRetries } from "../../src/clientErrors/index.ts";
import type { CallOptions, RetryNotice } from "../../src/clientErrors/index.ts";

function answered(code: string, status: number, headers: Record<string, string> = {}): ClientError {
  return parseError({ status, headers, body: `<Error><Code>${code}</Code></Error>` });
}

interface Run {
  readonly calls: number;
  readonly waitsMs: readonly number[];
  readonly outcome: unknown;
}

/** Calls what throws these one after the other and then succeeds; waits take no time, and chance is always the same. */
async function run(failures: readonly unknown[], options: CallOptions = {}): Promise<Run> {
  const waitsMs: number[] = [];
  const sleep = async (ms: number): Promise<void> => void waitsMs.push(ms);
  let calls = 0;
  const call = (attempt: number): string => {
    assert.equal(attempt, ++calls);
    if (calls > failures.length) return "done";
    throw failures[calls - 1];
  };
  const outcome = await withRetries(call, { random: () => 0.5, sleep, ...options }).catch((error: unknown) => error);
  return { calls, waitsMs, outcome };
}

const many = (error: unknown): unknown[] => Array.from({ length: 20 }, () => error);

test("withRetries: pauses whose bound doubles up to the longest, ten attempts in all, and then what was thrown last", async () => {
  const error = answered("InternalError", 500);
  const { calls, waitsMs, outcome } = await run(many(error));
  assert.equal(calls, 10);
  assert.deepEqual(waitsMs, [50, 100, 200, 400, 800, 1600, 3200, 6400, 10_000]);
  assert.equal(outcome, error);
});

test("withRetries: longer pauses from the start where the service asks for less", async () => {
  for (const [code, status] of [
    ["SlowDown", 503],
    ["ServiceUnavailable", 503],
    ["Throttling", 400],
  ] as const) {
    assert.deepEqual((await run(many(answered(code, status)), { attempts: 4 })).waitsMs, [500, 1000, 2000], code);
  }
});

test("withRetries: pauses are random from nothing to their bound", async () => {
  const failures = many(answered("InternalError", 500));
  assert.deepEqual((await run(failures, { attempts: 4, random: () => 0 })).waitsMs, []);
  assert.deepEqual((await run(failures, { attempts: 4, random: () => 0.999 })).waitsMs, [100, 200, 400]);
  const options = { attempts: 4, baseDelayMs: 10, slowBaseDelayMs: 20, maxDelayMs: 30, random: () => 0.999 };
  assert.deepEqual((await run(failures, options)).waitsMs, [10, 20, 30]);
  assert.deepEqual((await run(many(answered("SlowDown", 503)), options)).waitsMs, [20, 30, 30]);
});

test("withRetries: a code that fails for good is thrown at once, whatever its status", async () => {
  for (const error of [
    answered("AccessDenied", 503),
    answered("NotImplemented", 501),
    answered("NoSuchKey", 500),
    new TypeError("x is not a function"),
    new DOMException("aborted", "AbortError"),
  ]) {
    const { calls, outcome } = await run(many(error));
    assert.equal(calls, 1);
    assert.equal(outcome, error);
  }
});

test("withRetries: codes worth a retry get one, whatever their status", async () => {
  for (const error of [
    answered("RequestTimeout", 400),
    answered("OperationAborted", 409),
    answered("ConditionalRequestConflict", 409),
    answered("InternalError", 200),
    answered("Unheard", 502),
    Object.assign(new Error("socket hang up"), { code: "ECONNRESET" }),
  ]) {
    assert.equal((await run([error])).outcome, "done");
  }
});

test("withRetries: bytes that are damaged each time are not sent for ever", async () => {
  for (const code of ["BadDigest", "IncompleteBody", "XAmzContentSHA256Mismatch"]) {
    assert.equal((await run(many(answered(code, 400)))).calls, 3, code);
  }
});

test("withRetries: Retry-After is the least pause, and one that is too long ends it", async () => {
  const wait = (seconds: string): ClientError => answered("SlowDown", 503, { "retry-after": seconds });
  assert.deepEqual((await run([wait("7"), wait("0")])).waitsMs, [7000, 1000]);
  const { calls, outcome } = await run([wait("61")]);
  assert.equal(calls, 1);
  assert.equal((outcome as ClientError).retryAfterMs, 61_000);
  assert.equal((await run([wait("61")], { maxRetryAfterMs: 61_000 })).outcome, "done");
});

test("withRetries: what needs a change is sent again once that was made", async () => {
  const expired = answered("ExpiredToken", 400);
  assert.equal((await run([expired])).outcome, expired);
  const told: string[] = [];
  const mend = async ({ code }: ClientError): Promise<boolean> => told.push(code) === 1;
  assert.equal((await run([expired], { mend })).outcome, "done");
  const again = await run([expired, expired], { mend });
  assert.equal(again.calls, 1);
  assert.deepEqual(told, ["ExpiredToken", "ExpiredToken"]);
  const never = (): boolean => assert.fail("AccessDenied needs more than a change");
  assert.equal((await run([answered("AccessDenied", 403)], { mend: never })).calls, 1);
});

test("withRetries: tells of each pause before it", async () => {
  const notices: Omit<RetryNotice, "error">[] = [];
  const onRetry = ({ error, ...notice }: RetryNotice): void => {
    assert.equal(error.code, "InternalError");
    notices.push(notice);
  };
  await run(many(answered("InternalError", 500)), { attempts: 3, onRetry });
  assert.deepEqual(notices, [
    { attempts: 1, delayMs: 50 },
    { attempts: 2, delayMs: 100 },
  ]);
});

test("withRetries: calls with the same pace slow down together", async () => {
  let now = 0;
  const pace = new Pace({ now: () => now });
  const slept: number[] = [];
  const sleep = async (ms: number): Promise<void> => {
    slept.push(ms);
    now += ms;
  };
  const options: CallOptions = { pace, sleep, random: () => 0 };
  let refusals = 1;
  await withRetries(() => {
    if (refusals-- > 0) throw answered("SlowDown", 503);
  }, options);
  assert.deepEqual(slept, [1000]);
  await withRetries(() => "another", options);
  assert.equal(slept.length, 2);
  assert.ok(slept[1]! > 500 && slept[1]! <= 1000, `waited ${slept[1]} ms`);
});

test("withRetries: a signal ends the pause, and the call with it", async () => {
  const giveUp = new AbortController();
  const calls: number[] = [];
  const running = withRetries(
    (attempt) => {
      calls.push(attempt);
      throw answered("InternalError", 500);
    },
    {
      signal: giveUp.signal,
      random: () => 1,
      baseDelayMs: 600_000,
      maxDelayMs: 600_000,
      onRetry: () => queueMicrotask(() => giveUp.abort(new Error("enough"))),
    },
  );
  await assert.rejects(running, { message: "enough" });
  assert.deepEqual(calls, [1]);
  await assert.rejects(
    withRetries(() => "never", { signal: AbortSignal.abort(new Error("before")) }),
    { message: "before" },
  );
});

test("withRetries: waits by the machine's own clock and chance where none are handed in", async () => {
  let calls = 0;
  const value = await withRetries(
    () => {
      if (++calls < 3) throw answered("InternalError", 500);
      return calls;
    },
    { baseDelayMs: 2 },
  );
  assert.equal(value, 3);
});
