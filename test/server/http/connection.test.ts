import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { Duplex } from "node:stream";
import { test } from "node:test";
import { MAX_HEADER_SECTION_SIZE_BYTES } from "../../../src/server/http/wireRequest.ts";
import { element, TestServer } from "../TestServer.ts";
import { holdingServer } from "./holdingServer.ts";

const REQUEST_ID_FORM = /^[0-9A-HJKMNP-TV-Z]{16}$/;

test("Expect: the body is asked for once the request is authorised, then stored", async () => {
  await using server = await TestServer.start();
  using connection = await server.connect();
  await connection.sendHead(`PUT ${server.signed("PUT", "/bucket/key")}`, { Expect: "100-continue", "Content-Length": "5" });
  const interim = await connection.answer();
  assert.equal(interim.status, 100);
  await connection.send("hello");
  assert.equal((await connection.answer()).status, 200);
  assert.equal((await server.request("GET", "/bucket/key")).body, "hello");
});

for (const [why, path, code] of [
  ["nobody signed", undefined, "AccessDenied"],
  ["the bucket is missing", "/nobucket/key", "NoSuchBucket"],
] as const) {
  test(`Expect: refused at once, without asking for the body, when ${why}`, async () => {
    await using server = await TestServer.start();
    using connection = await server.connect();
    const target = path === undefined ? "/bucket/key" : server.signed("PUT", path);
    await connection.sendHead(`PUT ${target}`, { Expect: "100-continue", "Content-Length": "5" });
    const answer = await connection.answer();
    assert.notEqual(answer.status, 100);
    assert.equal(element(answer, "Code"), code);
    assert.equal(answer.headers.get("connection"), "close");
    connection.destroy();
  });
}

for (const sentBefore of ["", "hello"]) {
  test(`Expect: behind another request, the body is asked for once that one is answered${sentBefore && ", also where it is there"}`, async () => {
    const { server: held, release } = await holdingServer();
    await using server = held;
    using connection = await server.connect();
    await connection.sendHead(`GET ${server.signed("GET", "/bucket", { location: "" })}`);
    await connection.sendHead(`PUT ${server.signed("PUT", "/bucket/key")}`, { Expect: "100-continue", "Content-Length": "5" });
    await connection.send(sentBefore);
    // By the time another request is answered, those before it have been read.
    await server.request("GET", "/bucket");
    release();
    assert.equal((await connection.answer()).status, 200);
    assert.equal((await connection.answer()).status, 100);
    if (sentBefore === "") await connection.send("hello");
    const answer = await connection.answer();
    assert.equal(answer.status, 200);
    assert.equal(answer.body, "");
    assert.equal((await server.request("GET", "/bucket/key")).body, "hello");
  });
}

test("Expect: an expectation that is not 100-continue counts for nothing", async () => {
  await using server = await TestServer.start();
  for (const expectation of ["tea", "100-continued", "200-ok"]) {
    const put = await server.request("PUT", "/bucket/key", { headers: { Expect: expectation }, body: expectation });
    assert.equal(put.status, 200, expectation);
    assert.equal((await server.request("GET", "/bucket/key", { headers: { Expect: expectation } })).body, expectation);
  }
});

test("Connection: who is still sending the body of a request refused for a transfer coding is not cut off", async () => {
  await using server = await TestServer.start();
  using connection = await server.connect();
  await connection.sendHead("PUT /bucket/key", { "Transfer-Encoding": "gzip, chunked" });
  assert.equal((await connection.answer()).status, 501);
  for (const piece of ["a\r\nxxxxx", "xxxxx\r\n0\r\n\r\n"]) {
    // By the time another request is answered, the end of the connection would have come.
    await server.request("GET", "/bucket");
    assert.equal(connection.hasEnded, false);
    await connection.send(piece);
  }
  assert.equal(await connection.closed(), "");
});

test("Upgrade: a request that asks for another protocol is answered in this one, and the connection ends", async () => {
  await using server = await TestServer.start();
  using connection = await server.connect();
  const head = `GET /bucket/key HTTP/1.1\r\nHost: ${connection.host}\r\n`;
  await connection.send(`${head}Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n${head}\r\n`);
  const answer = await connection.answer();
  assert.equal(answer.status, 403);
  assert.equal(answer.headers.get("connection"), "close");
  assert.equal(await connection.closed(), "");
});

test("Connection: a HEAD that is no HTTP is refused without a body", async () => {
  await using server = await TestServer.start();
  using connection = await server.connect();
  await connection.send(`HEAD /bucket/key HTTP/1.1\r\nHost: ${connection.host}\r\nx-amz-meta-a: \u0001\r\n\r\n`);
  const answer = await connection.answer({ toHead: true });
  assert.equal(answer.status, 400);
  assert.equal(await connection.closed(), "");
});

test("Connection: the refusal of a head that came in several packets has no body, for it may be a HEAD", async () => {
  await using server = await TestServer.start();
  for (const [line, lines] of [
    ["HEAD /bucket/key", Array.from({ length: 5 }, (_, index) => `x-amz-meta-${index}: ${"m".repeat(8_000)}\r\n`)],
    ["GET /bucket/key", Array.from({ length: 5 }, (_, index) => `x-amz-meta-${index}: ${"m".repeat(8_000)}\r\n`)],
    ["HEAD /bucket/key", ["x-amz-meta-a: \u0001\r\n\r\n"]],
    ["HEAD /bucket/key", ["Content-Length: many\r\n\r\n"]],
  ] as const) {
    using connection = await server.connect();
    await connection.send(`${line} HTTP/1.1\r\nHost: ${connection.host}\r\n`);
    for (const piece of lines) {
      // By the time another request is answered, what was sent has been read.
      await server.request("GET", "/bucket");
      await connection.send(piece);
    }
    const answer = await connection.answer({ toHead: true });
    assert.equal(answer.status, 400);
    assert.equal(answer.headers.get("content-length"), "0");
    assert.equal(answer.headers.get("connection"), "close");
    assert.match(answer.headers.get("x-amz-request-id")!, REQUEST_ID_FORM);
    assert.equal(await connection.closed(), "");
  }
});

test("Connection: an error to HTTP/1.0 is not sent in chunks, which that version does not know", async () => {
  await using server = await TestServer.start();
  using connection = await server.connect();
  await connection.send("GET /bucket/key HTTP/1.0\r\n\r\n");
  const answer = await connection.answer();
  assert.equal(element(answer, "Code"), "AccessDenied");
  assert.equal(answer.headers.get("transfer-encoding"), undefined);
  assert.equal(answer.headers.get("content-length"), String(Buffer.byteLength(answer.body)));
  assert.equal(await connection.closed(), "");
});

test("Connection: pipelined requests are answered in their order", async () => {
  await using server = await TestServer.start();
  await server.request("PUT", "/bucket/one", { body: "1" });
  await server.request("PUT", "/bucket/two", { body: "2" });
  using connection = await server.connect();
  const head = (key: string): string =>
    `GET ${server.signed("GET", `/bucket/${key}`)} HTTP/1.1\r\nHost: ${connection.host}\r\n\r\n`;
  await connection.send(head("one") + head("missing") + head("two"));
  assert.equal((await connection.answer()).body, "1");
  assert.equal(element(await connection.answer(), "Code"), "NoSuchKey");
  assert.equal((await connection.answer()).body, "2");
});

test("Connection: kept alive after errors without a body, HEAD's among them", async () => {
  await using server = await TestServer.start();
  using connection = await server.connect();
  for (const method of ["GET", "HEAD", "GET"]) {
    await connection.sendHead(`${method} ${server.signed(method, "/bucket/missing")}`);
    const answer = await connection.answer({ toHead: method === "HEAD" });
    assert.equal(answer.status, 404);
    assert.notEqual(answer.headers.get("connection"), "close");
  }
});

test("Connection: HEAD's errors have the headers of GET's, and no body", async () => {
  await using server = await TestServer.start();
  using connection = await server.connect();
  await connection.sendHead(`HEAD ${server.signed("HEAD", "/nobucket")}`, { Connection: "close" });
  const answer = await connection.answer({ toHead: true });
  assert.equal(answer.status, 404);
  assert.equal(answer.headers.get("content-type"), "application/xml");
  assert.equal(answer.headers.get("transfer-encoding"), "chunked");
  assert.equal(await connection.closed(), "");
});

test("Connection: every answer names itself, its time and its server", async () => {
  await using server = await TestServer.start();
  const good = await server.request("PUT", "/bucket/key", { body: "x" });
  const bad = await server.request("GET", "/bucket/missing");
  for (const { headers } of [good, bad]) {
    assert.match(headers.get("x-amz-request-id")!, REQUEST_ID_FORM);
    assert.match(headers.get("x-amz-id-2")!, /^[A-Za-z0-9+/]{76}$/);
    assert.ok(Number.isFinite(Date.parse(headers.get("date")!)));
    assert.equal(headers.get("server"), "AmazonS3");
  }
  assert.equal(element(bad, "RequestId"), bad.headers.get("x-amz-request-id"));
  assert.equal(element(bad, "HostId"), bad.headers.get("x-amz-id-2"));
});

test("Connection: what is no HTTP gets BadRequest as XML, and the connection ends", async () => {
  await using server = await TestServer.start();
  for (const line of [
    "HELLO\r\n\r\n",
    "GET / HTTP/9.9\r\n\r\n",
    "GET /bucket/a b HTTP/1.1\r\nHost: x\r\n\r\n",
    "\x16\x03\x01\x02\x00\x01",
  ]) {
    using connection = await server.connect();
    await connection.send(Buffer.from(line, "latin1"));
    const answer = await connection.answer();
    assert.equal(answer.status, 400, line);
    assert.equal(element(answer, "Code"), "BadRequest", line);
    assert.equal(answer.headers.get("connection"), "close");
    assert.match(answer.headers.get("x-amz-request-id")!, REQUEST_ID_FORM);
    assert.equal(await connection.closed(), "");
  }
});

test("Connection: more header lines than S3 reads are refused", async () => {
  await using server = await TestServer.start();
  const answer = await server.request("GET", "/bucket/key", {
    headers: { "x-amz-meta-much": "m".repeat(MAX_HEADER_SECTION_SIZE_BYTES) },
  });
  assert.equal(answer.status, 400);
  assert.equal(element(answer, "Code"), "RequestHeaderSectionTooLarge");
  assert.equal(element(answer, "MaxSizeAllowed"), String(MAX_HEADER_SECTION_SIZE_BYTES));
});

for (const [method, code] of [
  ["GET", "RequestHeaderSectionTooLarge"],
  ["HEAD", undefined],
] as const) {
  test(`Connection: more header lines than the parser reads are refused, to ${method} ${code === undefined ? "without a body" : "as S3 does"}`, async () => {
    await using server = await TestServer.start();
    let written = "";
    const socket = new Duplex({
      read: () => undefined,
      write(bytes: Buffer, _encoding, done) {
        written += bytes.toString();
        done();
      },
    });
    server.serve(socket);
    // In one piece, which no network promises.
    socket.push(`${method} /bucket/key HTTP/1.1\r\nHost: x\r\nx-amz-meta-much: ${"m".repeat(64 * 1024)}\r\n\r\n`);
    await once(socket, "finish");
    const [head, body] = written.split("\r\n\r\n");
    assert.match(head!, /^HTTP\/1\.1 400 Bad Request\r\n/);
    assert.equal(/<Code>(\w+)<\/Code>/.exec(body!)?.[1], code);
    assert.equal(body === "", code === undefined);
    socket.destroy();
  });
}

test("Connection: who is still sending header lines when they are refused is not cut off before reading the refusal", async () => {
  await using server = await TestServer.start();
  // Half open, so that the client goes on sending as one does that has not looked at the answer yet.
  const socket = connect({ port: server.port, host: "127.0.0.1", allowHalfOpen: true });
  let received = "";
  let isReset = false;
  socket.on("data", (bytes: Buffer) => (received += bytes.toString()));
  socket.on("error", () => (isReset = true));
  await once(socket, "connect");
  socket.write("GET /bucket/key HTTP/1.1\r\n");
  for (let count = 0; count < 20; count += 1) {
    socket.write(`x-amz-meta-${count}: ${"m".repeat(8_000)}\r\n`);
    // By the time another request is answered, what was sent has been read.
    await server.request("GET", "/bucket");
  }
  assert.match(received, /^HTTP\/1\.1 400 Bad Request\r\n/);
  assert.equal(isReset, false);
  socket.destroy();
});

test("Connection: methods nobody has are BadRequest, known ones in the wrong place MethodNotAllowed", async () => {
  await using server = await TestServer.start();
  for (const method of ["TRACE", "PROPFIND", "LINK"]) {
    const answer = await server.request(method, "/bucket/key", { unsigned: true });
    assert.equal(answer.status, 400, method);
    assert.equal(element(answer, "Code"), "BadRequest", method);
  }
  const answer = await server.request("POST", "/");
  assert.equal(answer.status, 405);
  assert.equal(answer.headers.get("allow"), "GET");
});

test("Connection: HTTP/1.0 is answered and closed", async () => {
  await using server = await TestServer.start();
  await server.request("PUT", "/bucket/key", { body: "old" });
  using connection = await server.connect();
  await connection.send(`GET ${server.signed("GET", "/bucket/key")} HTTP/1.0\r\nHost: ${connection.host}\r\n\r\n`);
  const answer = await connection.answer();
  assert.equal(answer.body, "old");
  await connection.closed();
});

for (const path of ["/", "/-/health"]) {
  test(`Connection: ends when the answer to GET ${path} needed nothing of a body that has not come`, async () => {
    await using server = await TestServer.start();
    using connection = await server.connect();
    await connection.sendHead(`GET ${path}`, { "Content-Length": "1000" });
    const answer = await connection.answer();
    assert.ok(answer.status < 400);
    assert.equal(answer.headers.get("connection"), "close");
    await connection.send("x".repeat(1000));
    assert.equal(await connection.closed(), "");
  });
}

test("Connection: HTTP/1.1 without Host is BadRequest", async () => {
  await using server = await TestServer.start();
  using connection = await server.connect();
  await connection.send("GET /bucket/key HTTP/1.1\r\n\r\n");
  assert.equal(element(await connection.answer(), "Code"), "BadRequest");
});

test("Connection: garbage behind a request whose answer is due is refused behind that answer", async () => {
  const { server: held, release } = await holdingServer();
  await using server = held;
  using connection = await server.connect();
  const query = { location: "" };
  await connection.sendHead(`GET ${server.signed("GET", "/bucket", query)}`);
  await connection.send("no request\r\n\r\n");
  await server.request("GET", "/bucket");
  release();
  assert.equal((await connection.answer()).status, 200);
  const refusal = await connection.answer();
  assert.equal(element(refusal, "Code"), "BadRequest");
  assert.equal(refusal.headers.get("connection"), "close");
  assert.equal(await connection.closed(), "");
});

test("Connection: garbage behind a request is never answered inside that request's answer, nor cuts it short", async () => {
  await using server = await TestServer.start();
  const sizeBytes = 12 * 1024 * 1024;
  await server.request("PUT", "/bucket/large", { body: Buffer.alloc(sizeBytes, "x") });
  using connection = await server.connect();
  await connection.sendHead(`GET ${server.signed("GET", "/bucket/large")}`);
  await connection.received();
  await connection.send("no request\r\n\r\n");
  const everything = await connection.closed();
  assert.match(everything, /^HTTP\/1.1 200 OK\r\n/);
  const rest = everything.slice(everything.indexOf("\r\n\r\n") + 4 + sizeBytes);
  assert.match(rest, /^HTTP\/1.1 400 Bad Request\r\n/);
});

test("Pipelining: a request read while the connection ends is not answered, and the server lives on", async () => {
  await using server = await TestServer.start();
  const request = Buffer.from("GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const written: Buffer[] = [];
  const socket = new Duplex({
    read: () => undefined,
    write(bytes: Buffer, _encoding, done) {
      written.push(bytes);
      done();
    },
    // The server has said its last word, and hears one more before the connection has ended.
    final(done) {
      socket.push("HEAD /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello");
      done();
      socket.destroy();
    },
    destroy(failure, done) {
      setTimeout(done, 50, failure);
    },
  });
  server.serve(socket);
  socket.push(Buffer.concat([request, request]));
  await once(socket, "close");
  const answers = Buffer.concat(written).toString();
  assert.equal(answers.split("HTTP/1.1 400 Bad Request").length - 1, 1, answers);
  assert.match(answers, /\r\nConnection: close\r\n/);
});
