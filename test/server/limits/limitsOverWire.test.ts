import assert from "node:assert/strict";
import { test } from "node:test";
import type { LimiterSettings } from "../../../src/server/limits/RequestLimiter.ts";
import { RequestLimiter } from "../../../src/server/limits/RequestLimiter.ts";
import type { Service } from "../../../src/server/Service.ts";
import { ManualTime } from "../ManualTime.ts";
import { element, TestServer } from "../TestServer.ts";

/** A server whose limits count from after its bucket was made. */
async function limitedServer(limits: Partial<LimiterSettings>) {
  const time = new ManualTime();
  const limiter = new RequestLimiter({ limitRequests: undefined, limitPrefix: undefined, workers: 1, ...limits }, time);
  const server = await TestServer.start({ limiter });
  time.pass(1_000_000);
  return { server, limiter, time, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

test("SlowDown: 503 Slow Down with S3's text, no Retry-After, the connection closed, and nothing stored", async () => {
  await using limited = await limitedServer({ limitPrefix: { writesPerSecond: 1, readsPerSecond: 10 } });
  const { server, time } = limited;
  assert.equal((await server.request("PUT", "/bucket/photos/1", { body: "1" })).status, 200);
  const answer = await server.request("PUT", "/bucket/photos/2", { body: "2" });
  assert.equal(answer.status, 503);
  assert.equal(answer.reason, "Slow Down");
  assert.equal(answer.headers.get("connection"), "close");
  assert.ok(!answer.headers.has("retry-after"));
  assert.equal(element(answer, "Code"), "SlowDown");
  assert.equal(element(answer, "Message"), "Please reduce your request rate.");
  assert.match(element(answer, "Details")!, /photos\/&quot; together take 1 writes a second/);
  assert.equal((await server.request("GET", "/bucket/photos/2")).status, 404);
  time.pass(1_000);
  assert.equal((await server.request("PUT", "/bucket/photos/2", { body: "2" })).status, 200);
  assert.equal(server.service.metrics.snapshot().errors["SlowDown"], 1);
  assert.deepEqual(server.failures, [], "the operator has nothing to look into");
});

test("SlowDown: HEAD has the status and the reason, and no body", async () => {
  await using limited = await limitedServer({ limitPrefix: { writesPerSecond: 1, readsPerSecond: 1 } });
  const { server } = limited;
  await server.request("GET", "/bucket/key");
  const answer = await server.request("HEAD", "/bucket/key");
  assert.equal(answer.status, 503);
  assert.equal(answer.reason, "Slow Down");
  assert.equal(answer.body, "");
});

test("SlowDown: comes instead of 100 Continue, before the body is asked for", async () => {
  await using limited = await limitedServer({ limitRequests: 1 });
  const { server } = limited;
  await server.request("GET", "/bucket/key");
  using connection = await server.connect();
  await connection.sendHead(`PUT ${server.signed("PUT", "/bucket/key")}`, { Expect: "100-continue", "Content-Length": "5" });
  assert.equal((await connection.answer()).status, 503);
});

test("SlowDown: requests that S3 refuses anyway are refused as ever, and use up nobody's rate", async () => {
  await using limited = await limitedServer({ limitRequests: 1, limitPrefix: { writesPerSecond: 1, readsPerSecond: 1 } });
  const { server } = limited;
  for (let count = 0; count < 3; count += 1) {
    assert.equal(element(await server.request("GET", "/bucket/key", { unsigned: true }), "Code"), "AccessDenied");
    assert.equal(element(await server.request("GET", "/nobucket/key"), "Code"), "NoSuchBucket");
  }
  assert.equal(element(await server.request("GET", "/bucket/key"), "Code"), "NoSuchKey");
  assert.equal(element(await server.request("GET", "/bucket/key"), "Code"), "SlowDown");
  assert.equal(element(await server.request("GET", "/nobucket/key"), "Code"), "NoSuchBucket");
});

test("SlowDown: a request that is only a little early is answered late, and one whose client went away leaves the queue", async () => {
  await using limited = await limitedServer({ limitRequests: 10 });
  const { server, limiter, time } = limited;
  for (let count = 0; count < 10; count += 1) await server.request("GET", "/bucket/key");
  const gone = await server.connect();
  await gone.sendHead(`GET ${server.signed("GET", "/bucket/key")}`);
  await until(() => limiter.waiting === 1);
  const late = server.request("GET", "/bucket/key");
  await until(() => limiter.waiting === 2);
  gone.reset();
  await until(() => limiter.waiting === 1);
  time.pass(200);
  assert.equal((await late).status, 404);
});

/** Resolves when something has come true; a test that waits in vain is ended by its runner. */
async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 1));
}

test("ServiceUnavailable: beyond the requests a process works on, before the body and before any work; health is answered", async () => {
  await using server = await TestServer.start({ maxRequestsUnderWay: 1 });
  using first = await server.connect();
  await first.sendHead(`PUT ${server.signed("PUT", "/bucket/first")}`, { Expect: "100-continue", "Content-Length": "5" });
  assert.equal((await first.answer()).status, 100);
  using second = await server.connect();
  await second.sendHead(`PUT ${server.signed("PUT", "/bucket/second")}`, { Expect: "100-continue", "Content-Length": "5" });
  const answer = await second.answer();
  assert.equal(answer.status, 503);
  assert.equal(answer.reason, "Service Unavailable");
  assert.equal(answer.headers.get("connection"), "close");
  assert.ok(!answer.headers.has("retry-after"));
  assert.equal(element(answer, "Code"), "ServiceUnavailable");
  assert.equal(element(answer, "Message"), "Service is unable to handle request.");
  assert.match(element(answer, "Details")!, /as many requests as it can/);
  second.destroy();
  assert.equal((await server.request("GET", "/-/health", { unsigned: true })).status, 200);
  await first.send("hello");
  assert.equal((await first.answer()).status, 200);
  assert.equal((await server.request("GET", "/bucket/first")).body, "hello");
  assert.equal((await server.request("GET", "/bucket/second")).status, 404);
  assert.deepEqual(server.failures, []);
});

test("ServiceUnavailable: places are given back by requests that fail, are refused or lose their client", async () => {
  await using server = await TestServer.start({ maxRequestsUnderWay: 1, idleTimeoutMs: 50 });
  assert.equal((await server.request("GET", "/bucket/missing")).status, 404);
  assert.equal((await server.request("GET", "/bucket/missing", { unsigned: true })).status, 403);
  const gone = await server.connect();
  await gone.sendHead(`PUT ${server.signed("PUT", "/bucket/key")}`, { Expect: "100-continue", "Content-Length": "5" });
  assert.equal((await gone.answer()).status, 100);
  gone.destroy();
  await until(() => server.service.metrics.snapshot().underWay === 0);
  assert.equal((await server.request("GET", "/bucket/missing")).status, 404);
});

test("InternalError: the log has the failure under the answer's request id; the answer shows nothing of it", async () => {
  const reported: [requestId: string, cause: unknown][] = [];
  const failure = new Error("the secret inner workings");
  const adapt = (service: Service): Service => ({
    ...service,
    store: { ...service.store, metadata: failing(service.store.metadata, failure) },
  });
  const onFailure = (requestId: string, cause: unknown): void => void reported.push([requestId, cause]);
  await using server = await TestServer.start({ adapt, onFailure });
  const answer = await server.request("PUT", "/bucket/key", { body: "x" });
  assert.equal(answer.status, 500);
  assert.equal(element(answer, "Code"), "InternalError");
  assert.equal(element(answer, "Message"), "We encountered an internal error. Please try again.");
  assert.match(element(answer, "Details")!, /may or may not have happened/);
  const everything = `${[...answer.headers].join("\n")}\n${answer.body}`;
  assert.doesNotMatch(everything, /secret|\.ts\b|^ +at /m);
  assert.deepEqual(reported, [[answer.headers.get("x-amz-request-id"), failure]]);
  assert.equal(element(answer, "RequestId"), reported[0]![0]);
});

/** An engine whose commits fail once the server's first bucket is there. */
function failing(engine: Service["store"]["metadata"], failure: Error): Service["store"]["metadata"] {
  let commits = 0;
  return new Proxy(engine, {
    get(target, name) {
      if (name === "transact" && (commits += 1) > 1) return () => Promise.reject(failure);
      const value = Reflect.get(target, name) as unknown;
      return typeof value === "function" ? (value as (...args: unknown[]) => unknown).bind(target) : value;
    },
  });
}
