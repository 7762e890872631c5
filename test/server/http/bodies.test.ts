import assert from "node:assert/strict";
import { test } from "node:test";
import { linesOfBrokenHead, valueIn } from "../../../src/server/http/brokenHead.ts";
import { element, TestServer } from "../TestServer.ts";

test("Body: one that stops moving is RequestTimeout, the connection ends, and nothing is stored", async () => {
  await using server = await TestServer.start({ idleTimeoutMs: 50 });
  using connection = await server.connect();
  await connection.sendHead(`PUT ${server.signed("PUT", "/bucket/key")}`, { "Content-Length": "10" });
  await connection.send("half");
  const answer = await connection.answer();
  assert.equal(answer.status, 400);
  assert.equal(element(answer, "Code"), "RequestTimeout");
  assert.equal(answer.headers.get("connection"), "close");
  assert.equal((await server.request("GET", "/bucket/key")).status, 404);
});

test("Body: one that moves slowly may take longer than the idle timeout", async () => {
  await using server = await TestServer.start({ idleTimeoutMs: 500 });
  using connection = await server.connect();
  await connection.sendHead(`PUT ${server.signed("PUT", "/bucket/key")}`, { "Content-Length": "8" });
  for (const piece of "8 pieces") {
    await connection.send(piece);
    await new Promise((resolve) => setTimeout(resolve, 80));
  }
  assert.equal((await connection.answer()).status, 200);
});

test("Body: a client that goes away in the middle leaves nothing behind, and the server goes on", async () => {
  await using server = await TestServer.start();
  for (const sizeBytes of [1000, 10_000_000]) {
    using connection = await server.connect();
    await connection.sendHead(`PUT ${server.signed("PUT", "/bucket/key")}`, { "Content-Length": String(sizeBytes) });
    await connection.send("x".repeat(sizeBytes / 2));
    connection.destroy();
    assert.equal((await server.request("GET", "/bucket/key")).status, 404);
  }
  assert.equal((await server.store.blobs.statistics()).blobs, 0);
  assert.deepEqual(server.failures, []);
});

test("Body: a client that is busy sending sees why it was refused", async () => {
  await using server = await TestServer.start();
  using connection = await server.connect();
  await connection.sendHead(`PUT ${server.signed("PUT", "/nobucket/key")}`, { "Content-Length": String(1024 * 1024) });
  for (let sent = 0; sent < 16; sent += 1) await connection.send(Buffer.alloc(64 * 1024));
  const answer = await connection.answer();
  assert.equal(element(answer, "Code"), "NoSuchBucket");
  assert.equal(answer.headers.get("connection"), "close");
  assert.equal(await connection.closed(), "");
});

test("Body: refused, it is read no further than to a bound", async () => {
  await using server = await TestServer.start();
  using connection = await server.connect();
  await connection.sendHead(`PUT ${server.signed("PUT", "/nobucket/key")}`, { "Content-Length": String(5 * 1024 ** 3) });
  assert.equal(element(await connection.answer(), "Code"), "NoSuchBucket");
  const ended = connection.closed();
  let sentMebibytes = 0;
  for (let open = true; open; sentMebibytes += 1) {
    open = await Promise.race([ended.then(() => false), connection.send(Buffer.alloc(1024 * 1024)).then(() => true)]);
  }
  assert.ok(sentMebibytes < 64, `${sentMebibytes} MiB went through`);
});

test("Body: larger than 5 GiB is EntityTooLarge before any of it is read", async () => {
  await using server = await TestServer.start();
  using connection = await server.connect();
  const headers = { "Content-Length": String(5 * 1024 ** 3 + 1), Expect: "100-continue" };
  await connection.sendHead(`PUT ${server.signed("PUT", "/bucket/key")}`, headers);
  const answer = await connection.answer();
  assert.equal(answer.status, 400);
  assert.equal(element(answer, "Code"), "EntityTooLarge");
});

for (const [method, path, query] of [
  ["PUT", "/bucket/key", {}],
  ["POST", "/bucket/key", { uploads: "" }],
  ["POST", "/bucket", { delete: "" }],
  ["DELETE", "/bucket/key", {}],
  ["GET", "/bucket/key", {}],
] as const) {
  test(`Body: chunks of HTTP without a length are NotImplemented, to ${method} ${path} ${Object.keys(query).join()}`, async () => {
    await using server = await TestServer.start();
    for (const coding of ["chunked", "Chunked", "identity, chunked"]) {
      using connection = await server.connect();
      const headers = { "Transfer-Encoding": coding, "Content-MD5": "XUFAKrxLKna5cZ2REBfFkg==" };
      await connection.sendHead(`${method} ${server.signed(method, path, query)}`, headers);
      await connection.send("5\r\nhello\r\n0\r\n\r\n");
      const answer = await connection.answer();
      assert.equal(answer.status, 501, coding);
      assert.equal(element(answer, "Code"), "NotImplemented", coding);
      assert.equal(element(answer, "Header"), "Transfer-Encoding", coding);
    }
  });
}

test("Body: a transfer coding S3 does not have is a bare 501, an unknown one a bare 400, wherever the line stands", async () => {
  await using server = await TestServer.start();
  for (const [coding, status] of [
    ["gzip, chunked", 501],
    ["gzip", 501],
    ["chunked, gzip", 501],
    ["br", 400],
    ["br, chunked", 400],
    ["tea", 400],
    ["tea, chunked", 400],
    ["identity, tea", 400],
  ] as const) {
    for (const lines of [
      { "Transfer-Encoding": coding },
      { "transfer-encoding": `\t${coding} `, "Content-Length": "5" },
      { "Content-Length": "5", "Transfer-Encoding": coding },
      { "Content-Length": "5", "TRANSFER-ENCODING": coding, "x-amz-meta-a": "b" },
    ]) {
      using connection = await server.connect();
      await connection.sendHead(`PUT ${server.signed("PUT", "/bucket/key")}`, lines);
      const answer = await connection.answer();
      const which = `${coding} in ${Object.keys(lines).join(", ")}`;
      assert.equal(answer.status, status, which);
      assert.equal(answer.body, "", which);
      assert.equal(answer.headers.get("connection"), "close", which);
    }
  }
});

test("Body: the coding of an earlier request, or of a body, is not mistaken for that of a broken one", async () => {
  await using server = await TestServer.start();
  using connection = await server.connect();
  const body = "a\r\nTransfer-Encoding: tea\r\n\r\nb";
  const put = `PUT ${server.signed("PUT", "/bucket/key")} HTTP/1.1\r\nHost: ${connection.host}\r\n`;
  const whole = `${put}Content-Length: ${body.length}\r\n\r\n${body}`;
  await connection.send(`${whole}${put}Content-Length: 5\r\nTransfer-Encoding: gzip\r\n\r\nTransfer-Encoding: tea\r\n\r\n`);
  assert.equal((await connection.answer()).status, 200);
  assert.equal((await connection.answer()).status, 501);
});

test("Body: a head of nothing but blanks costs no more than its length", async () => {
  const packet = Buffer.from(`PUT / HTTP/1.1\r\nTransfer-Encoding:${" ".repeat(60_000)}x\r\n\r\n`);
  const startedAt = performance.now();
  assert.equal(valueIn(linesOfBrokenHead(packet, 40), "transfer-encoding"), "x");
  assert.ok(performance.now() - startedAt < 200);
});

for (const headers of [
  { "Content-Length": "5", "Transfer-Encoding": "chunked" },
  { "Transfer-Encoding": "chunked", "Content-Length": "5" },
  { "Content-Length": "5", "Transfer-Encoding": "identity, chunked" },
]) {
  test(`Body: both a length and chunks are no HTTP, for two readers could see two requests: ${Object.values(headers).join()}`, async () => {
    await using server = await TestServer.start();
    using connection = await server.connect();
    await connection.sendHead(`PUT ${server.signed("PUT", "/bucket/key")}`, headers);
    await connection.send("0\r\n\r\nGET / HTTP/1.1\r\n\r\n");
    const answer = await connection.answer();
    assert.equal(answer.status, 400);
    assert.equal(element(answer, "Code"), "BadRequest");
    assert.match(element(answer, "Details")!, /^The request has the Transfer-Encoding &quot;/);
    assert.equal(answer.headers.get("connection"), "close");
    assert.equal(await connection.closed(), "");
  });
}

const TWICE = { "Content-Length": "5", "content-length": "5" };
const NO_CODING = { "Transfer-Encoding": "identity", "Content-Length": "5" };

for (const [what, headers] of [
  ["whose length is said twice", TWICE],
  ["that says to have no coding", NO_CODING],
  ["that says after its length to have no coding", { "Content-Length": "5", "transfer-encoding": "Identity" }],
] as const) {
  test(`Body: one ${what} is served, and the connection ends`, async () => {
    await using server = await TestServer.start();
    for (const expectation of [{}, { Expect: "100-continue" }]) {
      using connection = await server.connect();
      await connection.sendHead(`PUT ${server.signed("PUT", "/bucket/key")}`, { ...headers, ...expectation });
      if ("Expect" in expectation) assert.equal((await connection.answer()).status, 100);
      else await server.request("GET", "/bucket");
      await connection.send("hello");
      const answer = await connection.answer();
      assert.equal(answer.status, 200, answer.body);
      assert.equal(answer.headers.get("connection"), "close");
      assert.equal(await connection.closed(), "");
      assert.equal((await server.request("GET", "/bucket/key")).body, "hello");
      await server.request("DELETE", "/bucket/key");
    }
  });

  test(`Body: behind one ${what}, nothing is read as a request`, async () => {
    await using server = await TestServer.start();
    await server.request("PUT", "/bucket/other", { body: "x" });
    using connection = await server.connect();
    const lines = Object.entries({ Host: connection.host, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
    const put = `PUT ${server.signed("PUT", "/bucket/key")} HTTP/1.1\r\n${lines.join("")}\r\nhello`;
    const behind = `DELETE ${server.signed("DELETE", "/bucket/other")} HTTP/1.1\r\nHost: ${connection.host}\r\n\r\n`;
    await connection.send(put + behind);
    assert.equal((await connection.answer()).status, 200);
    assert.equal(await connection.closed(), "");
    assert.equal((await server.request("GET", "/bucket/other")).status, 200);
  });
}

test("Body: a length that is said twice is BadRequest, which says so, where the lengths differ or it is not the first request", async () => {
  await using server = await TestServer.start();
  const put = `PUT ${server.signed("PUT", "/bucket/key")}`;
  for (const [headers, isFirst] of [
    [{ "Content-Length": "5", "content-length": "6" }, true],
    [{ "Content-Length": "5", "content-length": "05" }, true],
    [TWICE, false],
  ] as const) {
    using connection = await server.connect();
    if (!isFirst) {
      await connection.sendHead(`GET ${server.signed("GET", "/bucket/missing")}`);
      assert.equal((await connection.answer()).status, 404);
    }
    await connection.sendHead(put, headers);
    const answer = await connection.answer();
    assert.equal(answer.status, 400);
    assert.equal(element(answer, "Code"), "BadRequest");
    assert.equal(element(answer, "Details"), "The request has two Content-Length lines, and may have one.");
  }
});

test("Body: one with a mended head can finish while the server stops, and does not hold it up", async () => {
  const server = await TestServer.start();
  using connection = await server.connect();
  await connection.sendHead(`PUT ${server.signed("PUT", "/bucket/key")}`, NO_CODING);
  await connection.send("he");
  await server.request("GET", "/bucket");
  const stopped = server.stop(10_000);
  await new Promise((resolve) => setTimeout(resolve, 100));
  await connection.send("llo");
  assert.equal((await connection.answer()).status, 200);
  assert.equal(await stopped, true);
});

test("Body: who goes away in the middle of one with a mended head leaves nothing behind", async () => {
  await using server = await TestServer.start();
  for (const leave of ["destroy", "end"] as const) {
    using connection = await server.connect();
    await connection.sendHead(`PUT ${server.signed("PUT", "/bucket/key")}`, NO_CODING);
    await connection.send("he");
    await server.request("GET", "/bucket");
    connection[leave]();
    if (leave === "end") assert.equal(element(await connection.answer(), "Code"), "IncompleteBody");
    await connection.closed();
  }
  while (server.service.metrics.snapshot().underWay > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal((await server.request("GET", "/bucket/key")).status, 404);
  assert.deepEqual(server.failures, []);
});

test("Body: of a GET is read and not mistaken for the next request", async () => {
  await using server = await TestServer.start();
  await server.request("PUT", "/bucket/key", { body: "content" });
  using connection = await server.connect();
  const get = `GET ${server.signed("GET", "/bucket/key")}`;
  await connection.sendHead(get, { "Content-Length": "22" });
  await connection.send("GET /smuggled HTTP/1.1");
  assert.equal((await connection.answer()).body, "content");
  await connection.sendHead(get);
  assert.equal((await connection.answer()).body, "content");
});

test("Body: a reader that goes away in the middle of an object frees it", async () => {
  await using server = await TestServer.start();
  const content = Buffer.alloc(32 * 1024 * 1024, "x");
  await server.request("PUT", "/bucket/large", { body: content });
  using connection = await server.connect();
  await connection.sendHead(`GET ${server.signed("GET", "/bucket/large")}`);
  await connection.received();
  assert.notEqual(server.store.readers.count, 0);
  connection.destroy();
  while (server.store.readers.count > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual(server.failures, []);
});
