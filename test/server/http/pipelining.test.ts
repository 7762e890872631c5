import assert from "node:assert/strict";
import diagnostics from "node:diagnostics_channel";
import { test } from "node:test";
import { GetBucketLocation } from "../../../src/operations/buckets/GetBucketLocation.ts";
import { PutObject } from "../../../src/operations/objects/PutObject.ts";
import type { AnyOperation } from "../../../src/operations/Operation.ts";
import type { Service } from "../../../src/server/Service.ts";
import type { RawConnection } from "../RawConnection.ts";
import { element, TestServer } from "../TestServer.ts";
import { holdingServer } from "./holdingServer.ts";
import { settled, Wire } from "./Wire.ts";

/** Far more than are parsed before their time. */
const MANY = 300;

function head(server: TestServer, method: string, path: string, lines: readonly string[] = []): string {
  const target = `${method} ${server.signed(method, path)} HTTP/1.1`;
  return [target, `Host: 127.0.0.1:${server.port}`, ...lines, "", ""].join("\r\n");
}

function put(server: TestServer, path: string, body: string, lines: readonly string[] = []): string {
  return head(server, "PUT", path, [`Content-Length: ${body.length}`, ...lines]) + body;
}

/** A request that the server of `holdingServer` answers when it is told to. */
function heldGet(server: TestServer): string {
  return `GET ${server.signed("GET", "/bucket", { location: "" })} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n\r\n`;
}

async function statuses(connection: RawConnection, count: number): Promise<number[]> {
  const all: number[] = [];
  for (let index = 0; index < count; index += 1) all.push((await connection.answer()).status);
  return all;
}

test("Pipelining: of two writes of one connection, the later one begins when the earlier one is answered, and wins", async () => {
  const begun: unknown[] = [];
  const release = Promise.withResolvers<void>();
  const handle = async (input: { readonly ContentLength?: number }, context: unknown): Promise<unknown> => {
    begun.push(input.ContentLength);
    if (begun.length === 1) await release.promise;
    return PutObject.handle(input as never, context as never);
  };
  const adapt = (service: Service): Service => ({
    ...service,
    operations: new Map([...service.operations, ["PutObject", { ...PutObject, handle } as unknown as AnyOperation]]),
  });
  await using server = await TestServer.start({ adapt });
  using connection = await server.connect();
  await connection.send(put(server, "/bucket/key", "old") + put(server, "/bucket/key", "newer"));
  // By the time another request is answered, those before it have been read.
  await server.request("GET", "/bucket");
  assert.deepEqual(begun, [3]);
  release.resolve();
  assert.deepEqual(await statuses(connection, 2), [200, 200]);
  assert.equal((await server.request("GET", "/bucket/key")).body, "newer");
});

test("Pipelining: however many requests a packet has, two are objects at a time, and all are answered in their order", async (t) => {
  const { server: held, release } = await holdingServer();
  await using server = held;
  const wire = new Wire();
  let parsed = 0;
  const count = (message: unknown): void => void ((message as { socket: unknown }).socket === wire && (parsed += 1));
  diagnostics.subscribe("http.server.request.start", count);
  t.after(() => diagnostics.unsubscribe("http.server.request.start", count));
  server.serve(wire);
  const keys = Array.from({ length: MANY }, (_, index) => `/nobucket-${index}/key`);
  wire.push(heldGet(server) + keys.map((path) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`).join(""));
  await settled();
  assert.equal(parsed, 2);
  assert.equal(server.service.metrics.snapshot().underWay, 1);
  release();
  while (!wire.received.includes(`/nobucket-${MANY - 1}/`)) await settled();
  assert.deepEqual(
    [...wire.received.matchAll(/<Resource>(.*?)<\/Resource>/g)].map(([, path]) => path),
    keys,
  );
  for (const event of wire.eventNames()) assert.ok(wire.listenerCount(event) < 10, String(event));
  wire.destroy();
});

test("Pipelining: what comes behind a head that had to be mended stays bytes, however much it is", async (t) => {
  const { server: held, release } = await holdingServer();
  await using server = held;
  let parsed = 0;
  const count = (): void => void (parsed += 1);
  diagnostics.subscribe("http.server.request.start", count);
  t.after(() => diagnostics.unsubscribe("http.server.request.start", count));
  using connection = await server.connect();
  const mended = heldGet(server).replace("\r\n\r\n", "\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n");
  const before = parsed;
  await connection.send(mended + head(server, "GET", "/bucket").repeat(MANY));
  while (server.service.metrics.snapshot().underWay === 0) await settled();
  assert.equal(parsed - before, 1);
  release();
  assert.equal((await connection.answer()).status, 200);
  assert.equal(await connection.closed(), "");
});

test("Pipelining: of what a client sends before its time, no more is read than fits into a buffer or two", async () => {
  const { server: held, release } = await holdingServer();
  await using server = held;
  const wire = new Wire();
  server.serve(wire);
  wire.push(heldGet(server) + heldGet(server) + put(server, "/bucket/key", "x".repeat(1024)));
  await settled();
  const packet = Buffer.from(put(server, "/bucket/key", "y".repeat(60 * 1024)));
  let taken = 0;
  while (wire.push(packet)) taken += 1;
  assert.ok(taken < 4, String(taken));
  await settled();
  assert.ok(wire.readableLength > packet.length);
  release();
  while ((wire.received.match(/HTTP\/1\.1 200/g) ?? []).length < taken + 4) await settled();
  assert.equal(wire.readableLength, 0);
  wire.destroy();
});

test("Pipelining: what comes behind is served as ever: bodies, expectations, HEAD, errors, the last answer", async () => {
  await using server = await TestServer.start();
  for (const round of [1, 2, 3]) {
    using connection = await server.connect();
    const large = `${round}`.repeat(100_000);
    await connection.send(
      [
        put(server, "/bucket/large", large),
        head(server, "HEAD", "/bucket/large"),
        put(server, "/bucket/small", "small", ["Expect: 100-continue"]),
        head(server, "GET", "/bucket/missing"),
        head(server, "GET", "/bucket/large", ["Range:   bytes=0-2 "]),
        put(server, "/bucket/odd", "x", ["Cache-Control: r\u00e9sum\u00e9", "cache-control:max-age=1"]),
        head(server, "HEAD", "/bucket/odd"),
        head(server, "DELETE", "/bucket/large"),
        head(server, "GET", "/bucket/small", ["Connection: close"]),
        head(server, "DELETE", "/bucket/small"),
      ].join(""),
    );
    assert.equal((await connection.answer()).status, 200);
    const size = await connection.answer({ toHead: true });
    assert.equal(size.headers.get("content-length"), String(large.length));
    assert.deepEqual(await statuses(connection, 2), [100, 200]);
    assert.equal(element(await connection.answer(), "Code"), "NoSuchKey");
    assert.equal((await connection.answer()).body, large.slice(0, 3));
    assert.equal((await connection.answer()).status, 200);
    const cacheControl = (await connection.answer({ toHead: true })).headers.get("cache-control")!;
    assert.equal(Buffer.from(cacheControl, "latin1").toString(), "r\u00e9sum\u00e9,max-age=1");
    assert.equal((await connection.answer()).status, 204);
    const last = await connection.answer();
    assert.equal(last.body, "small");
    assert.equal(last.headers.get("connection"), "close");
    assert.equal(await connection.closed(), "");
    assert.equal((await server.request("GET", "/bucket/small")).status, 200, "what came behind the last request was not done");
  }
});

test("Pipelining: HTTP/1.0 behind others is answered in its place, and ends the connection", async () => {
  await using server = await TestServer.start();
  await server.request("PUT", "/bucket/key", { body: "x" });
  using connection = await server.connect();
  const get = head(server, "GET", "/bucket/key");
  await connection.send(get.repeat(4) + get.replace("HTTP/1.1", "HTTP/1.0") + get);
  assert.deepEqual(await statuses(connection, 5), [200, 200, 200, 200, 200]);
  assert.equal(await connection.closed(), "");
});

for (const [what, nonsense] of [
  ["what is no HTTP", "no request\r\n\r\n"],
  ["who asks for a tunnel", "CONNECT host:80 HTTP/1.1\r\nHost: x\r\n\r\n"],
] as const) {
  test(`Pipelining: ${what} behind whole requests is refused behind their answers`, async () => {
    const { server: held, release } = await holdingServer();
    await using server = held;
    for (const before of [0, 1, 2, 3, 4, 5]) {
      using connection = await server.connect();
      await connection.send(heldGet(server).repeat(before) + nonsense);
      await server.request("GET", "/bucket");
      release();
      assert.deepEqual(await statuses(connection, before), Array(before).fill(200));
      const refusal = await connection.answer();
      assert.equal(element(refusal, "Code"), "BadRequest");
      assert.equal(refusal.headers.get("connection"), "close");
      assert.equal(await connection.closed(), "");
    }
  });
}

test("Pipelining: a request for another protocol is answered in its place, and ends the connection", async () => {
  await using server = await TestServer.start();
  for (const before of [0, 1, 2, 3, 4]) {
    using connection = await server.connect();
    const get = head(server, "GET", "/bucket/missing");
    await connection.send(
      get.repeat(before) + head(server, "GET", "/bucket/missing", ["Connection: Upgrade", "Upgrade: h2c"]) + get,
    );
    assert.deepEqual(await statuses(connection, before + 1), Array(before + 1).fill(404));
    assert.equal(await connection.closed(), "");
  }
});

test("Pipelining: a head with many lines that waits is read again with all of them", async () => {
  await using server = await TestServer.start();
  using connection = await server.connect();
  const lines = Array.from({ length: 1_200 }, () => "a:");
  const many = head(server, "PUT", "/bucket/key", [...lines, "Content-Length: 4"]);
  await connection.send(`${head(server, "GET", "/bucket/missing").repeat(3)}${many}body`);
  assert.deepEqual(await statuses(connection, 4), [404, 404, 404, 200]);
  assert.equal((await server.request("GET", "/bucket/key")).body, "body");
});

test("Pipelining: while a client takes nothing of an answer, no other is made, and its place is held", async () => {
  await using server = await TestServer.start({ maxRequestsUnderWay: 1 });
  await server.request("PUT", "/bucket/key", { body: "x".repeat(60_000) });
  const wire = new Wire();
  wire.stall();
  server.serve(wire);
  wire.push(head(server, "GET", "/bucket/key").repeat(20));
  await settled();
  assert.ok(wire.writableLength > 60_000 && wire.writableLength < 62_000, String(wire.writableLength));
  assert.equal(element(await server.request("GET", "/bucket/key"), "Code"), "ServiceUnavailable");
  wire.takeAll();
  while ((wire.received.match(/HTTP\/1\.1 200/g) ?? []).length < 20) await settled();
  await settled();
  assert.equal(server.service.metrics.snapshot().underWay, 0);
  assert.equal((await server.request("GET", "/bucket/key")).status, 200);
  wire.destroy();
});

test("Pipelining: when the client has gone, what waits is not done", async () => {
  for (const waiting of [1, 2, 3]) {
    const { server: held, release } = await holdingServer();
    await using server = held;
    const connection = await server.connect();
    await connection.send(heldGet(server) + put(server, "/bucket/key", "x").repeat(waiting));
    await server.request("GET", "/bucket");
    connection.reset();
    release();
    while (server.service.metrics.snapshot().underWay > 0) await settled();
    assert.equal((await server.request("GET", "/bucket/key")).status, 404);
    assert.deepEqual(server.failures, []);
  }
});

test("Pipelining: that the client has gone is noticed by the request under way while others wait, as objects and as bytes", async () => {
  for (const waiting of [0, 1, 2, 50]) {
    const begun = Promise.withResolvers<void>();
    const left = Promise.withResolvers<void>();
    const handle = async (_input: unknown, { signal }: { readonly signal: AbortSignal }): Promise<unknown> => {
      signal.addEventListener("abort", () => left.resolve());
      begun.resolve();
      await left.promise;
      return { output: {} };
    };
    const adapt = (service: Service): Service => ({
      ...service,
      operations: new Map([
        ...service.operations,
        ["GetBucketLocation", { ...GetBucketLocation, handle } as unknown as AnyOperation],
      ]),
    });
    await using server = await TestServer.start({ adapt });
    const connection = await server.connect();
    await connection.send(heldGet(server).repeat(1 + waiting));
    await begun.promise;
    connection.reset();
    await left.promise;
    while (server.service.metrics.snapshot().underWay > 0) await settled();
  }
});

test("Pipelining: the time for the next request does not run while one that had waited is answered", async () => {
  const { server: held, release } = await holdingServer();
  await using server = held;
  const timeouts: number[] = [];
  const wire = Object.assign(new Wire(), { setTimeout: (milliseconds: number) => timeouts.push(milliseconds) });
  server.serve(wire);
  wire.push(head(server, "GET", "/bucket/missing").repeat(2) + heldGet(server));
  await settled();
  assert.equal(wire.received.match(/404 Not Found/g)?.length, 2);
  assert.equal(timeouts.at(-1), 0);
  release();
  await settled();
  assert.ok(timeouts.at(-1)! > 0);
  wire.destroy();
});
