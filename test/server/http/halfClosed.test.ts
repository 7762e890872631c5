import assert from "node:assert/strict";
import { test } from "node:test";
import { element, TestServer } from "../TestServer.ts";
import { holdingServer } from "./holdingServer.ts";

for (const count of [1, 2, 3, 10]) {
  test(`Half-close: who says behind ${count} whole requests that nothing more will come gets all answers`, async () => {
    const { server: held, release } = await holdingServer();
    await using server = held;
    using connection = await server.connect();
    const target = server.signed("GET", "/bucket", { location: "" });
    await connection.send(`GET ${target} HTTP/1.1\r\nHost: ${connection.host}\r\n\r\n`.repeat(count));
    connection.end();
    // By the time another request is answered, the end has been read.
    await server.request("GET", "/bucket");
    release();
    for (let index = 0; index < count; index += 1) assert.equal((await connection.answer()).status, 200);
    assert.equal(await connection.closed(), "");
  });
}

test("Half-close: without a request, the connection ends", async () => {
  await using server = await TestServer.start();
  using connection = await server.connect();
  connection.end();
  assert.equal(await connection.closed(), "");
  using used = await server.connect();
  await used.sendHead(`GET ${server.signed("GET", "/bucket/missing")}`);
  assert.equal((await used.answer()).status, 404);
  used.end();
  assert.equal(await used.closed(), "");
});

for (const before of [0, 1, 2, 3]) {
  test(`Half-close: a body cut by it, behind ${before} requests, is IncompleteBody, and nothing is stored`, async () => {
    const { server: held, release } = await holdingServer();
    await using server = held;
    using connection = await server.connect();
    const target = server.signed("GET", "/bucket", { location: "" });
    const get = `GET ${target} HTTP/1.1\r\nHost: ${connection.host}\r\n\r\n`;
    const put = `PUT ${server.signed("PUT", "/bucket/key")} HTTP/1.1\r\nHost: ${connection.host}\r\nContent-Length: 10\r\n\r\nhalf`;
    await connection.send(get.repeat(before) + put);
    connection.end();
    await server.request("GET", "/bucket");
    release();
    for (let index = 0; index < before; index += 1) assert.equal((await connection.answer()).status, 200);
    const answer = await connection.answer();
    assert.equal(answer.status, 400);
    assert.equal(element(answer, "Code"), "IncompleteBody");
    assert.equal(await connection.closed(), "");
    assert.equal((await server.request("GET", "/bucket/key")).status, 404);
    assert.deepEqual(server.failures, []);
  });

  test(`Half-close: a head cut by it, behind ${before} requests, is BadRequest`, async () => {
    const { server: held, release } = await holdingServer();
    await using server = held;
    using connection = await server.connect();
    const target = server.signed("GET", "/bucket", { location: "" });
    await connection.send(`GET ${target} HTTP/1.1\r\nHost: ${connection.host}\r\n\r\n`.repeat(before));
    await connection.send("GET /bucket/key HTTP/1.1\r\nHo");
    connection.end();
    await server.request("GET", "/bucket");
    release();
    for (let index = 0; index < before; index += 1) assert.equal((await connection.answer()).status, 200);
    assert.equal((await connection.answer({ toHead: true })).status, 400);
    await connection.closed();
  });
}

/** More than the networks of both sides hold. */
const LARGE = Buffer.alloc(8 * 1024 * 1024, "large ");
/** More than a head may have. */
const TOO_LONG = `GET /${"a".repeat(40_000)} HTTP/1.1\r\n\r\n`;

test("Half-close: in the middle of an answer, it keeps nothing from being said of a head that is too long behind it", async () => {
  await using server = await TestServer.start();
  await server.request("PUT", "/bucket/large", { body: LARGE });
  using connection = await server.connect();
  await connection.sendHead(`GET ${server.signed("GET", "/bucket/large")}`);
  await connection.received();
  await connection.send(TOO_LONG);
  // By the time another request is answered, it has been read, and then the end.
  await server.request("GET", "/bucket");
  connection.end();
  await server.request("GET", "/bucket");
  connection.resume();
  assert.equal((await connection.answer()).body.length, LARGE.length);
  const answer = await connection.answer();
  assert.equal(element(answer, "Code"), "RequestHeaderSectionTooLarge");
  assert.equal(await connection.closed(), "");
});

test("Half-close: a client that has gone altogether is noticed with its answer, and its place is given back", async () => {
  const { server: held, release } = await holdingServer({ maxRequestsUnderWay: 1 });
  await using server = held;
  const connection = await server.connect();
  await connection.sendHead(`GET ${server.signed("GET", "/bucket", { location: "" })}`);
  while (server.service.metrics.snapshot().underWay === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  connection.destroy();
  release();
  while (server.service.metrics.snapshot().underWay > 0) await new Promise((resolve) => setTimeout(resolve, 1));
  assert.equal((await server.request("GET", "/bucket/missing")).status, 404);
  assert.deepEqual(server.failures, []);
});
