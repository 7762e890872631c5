import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { test } from "node:test";
import { metricsAccess } from "../../../src/server/figures/metricsAccess.ts";
import { packageVersion } from "../../../src/server/packageVersion.ts";
import { element, TestServer } from "../TestServer.ts";

const TOKEN = "a.token-of.thirty-three.characters";
const FORWARDED = { "X-Forwarded-For": "192.0.2.1" };

/** Whether a request from an address may see the metrics. */
function mayAsk(token: string | undefined, remoteAddress: string | undefined, headers: IncomingMessage["headers"] = {}): boolean {
  const remoteFamily = remoteAddress?.includes(":") === true ? "IPv6" : "IPv4";
  try {
    metricsAccess(token)({ socket: { remoteAddress, remoteFamily }, headers } as IncomingMessage);
    return true;
  } catch {
    return false;
  }
}

test("Metrics: this machine may ask, by each of its own addresses, and no other", () => {
  for (const address of ["127.0.0.1", "127.8.7.6", "::1", "::ffff:127.0.0.1"]) assert.ok(mayAsk(undefined, address), address);
  for (const address of ["192.0.2.1", "128.0.0.1", "10.0.0.1", "::2", "fe80::1", "::ffff:10.0.0.1", undefined]) {
    assert.ok(!mayAsk(undefined, address), address);
    assert.ok(!mayAsk(TOKEN, address), address);
  }
});

test("Metrics: what a proxy on this machine passes on is somebody else's", () => {
  for (const name of ["forwarded", "via", "x-forwarded-for", "x-real-ip"]) {
    assert.ok(!mayAsk(undefined, "127.0.0.1", { [name]: "something" }), name);
  }
});

test("Metrics: who brings the token may ask from anywhere, and through a proxy", () => {
  const authorization = `Bearer ${TOKEN}`;
  assert.ok(mayAsk(TOKEN, "192.0.2.1", { authorization }));
  assert.ok(mayAsk(TOKEN, "127.0.0.1", { authorization, "x-forwarded-for": "192.0.2.1" }));
  for (const wrong of [TOKEN, `Bearer ${TOKEN}x`, `Bearer ${TOKEN.slice(1)}`, "Bearer ", "Bearer undefined", ""]) {
    assert.ok(!mayAsk(TOKEN, "192.0.2.1", { authorization: wrong }), wrong);
    assert.ok(!mayAsk(undefined, "192.0.2.1", { authorization: wrong }), wrong);
  }
});

test("Metrics: who may not ask is answered AccessDenied, with what they need; health is everybody's", async () => {
  await using server = await TestServer.start({ metricsText: async () => "the figures", metricsToken: TOKEN });
  const refused = await server.request("GET", "/-/metrics", { unsigned: true, headers: FORWARDED });
  assert.equal(refused.status, 403);
  assert.equal(element(refused, "Code"), "AccessDenied");
  assert.match(element(refused, "Details") ?? "", /Authorization: Bearer, with the token of --metrics-token/);
  assert.ok(!refused.body.includes(TOKEN));
  const head = await server.request("HEAD", "/-/metrics", { unsigned: true, headers: FORWARDED });
  assert.deepEqual([head.status, head.body], [403, ""]);
  const health = await server.request("GET", "/-/health", { unsigned: true, headers: FORWARDED });
  assert.deepEqual([health.status, health.body], [200, JSON.stringify({ status: "ok", version: packageVersion() })]);
  const headers = { ...FORWARDED, Authorization: `Bearer ${TOKEN}` };
  const allowed = await server.request("GET", "/-/metrics", { unsigned: true, headers });
  assert.deepEqual([allowed.status, allowed.body], [200, "the figures"]);
  await using closed = await TestServer.start({ metricsText: async () => "the figures" });
  const told = await closed.request("GET", "/-/metrics", { unsigned: true, headers });
  assert.match(element(told, "Details") ?? "", /the server has no --metrics-token/);
});

test("Metrics: however many ask at once, they are made once", async () => {
  let made = 0;
  const making = Promise.withResolvers<string>();
  await using server = await TestServer.start({
    metricsText: () => {
      made += 1;
      return making.promise;
    },
  });
  using flood = await server.connect();
  const request = "GET /-/metrics HTTP/1.1\r\nHost: here\r\n\r\n";
  await flood.send(request.repeat(100));
  const others = Array.from({ length: 10 }, () => server.request("GET", "/-/metrics", { unsigned: true }));
  // Each of them has been asked by now: the server has answered somebody who came later.
  await server.request("GET", "/-/health", { unsigned: true });
  assert.equal(made, 1);
  making.resolve("the figures");
  for (const { body } of await Promise.all(others)) assert.equal(body, "the figures");
  for (let count = 0; count < 100; count += 1) assert.equal((await flood.answer()).body, "the figures");
});
