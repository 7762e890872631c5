import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
import { connect } from "node:net";
import { test } from "node:test";
import { connect as connectSecurely } from "node:tls";
import { crc32 } from "node:zlib";
import type { Asked } from "../../answers/AnswerServer.ts";
import { CERTIFICATE, PRIVATE_KEY_PATH } from "../http/testCertificate.ts";
import { readFileSync } from "node:fs";
import { createListener } from "../../../src/server/http/listener.ts";
import { FaultyServer } from "./FaultyServer.ts";

/** What rules do to connections and to bodies on their way, as it is seen on the wire. */

const GET: Asked = { method: "GET", path: "/bucket/key" };
const BODY = "hello world";
/** More than goes inline, so that it is read from a blob, in pieces. */
const LARGE = Buffer.alloc(300_000, "0123456789");
const PUT_LARGE: Asked = { method: "PUT", path: "/bucket/large", body: LARGE };
/** All of it has come before anybody asks. Of more than that, the system would not tell that its client has gone. */
const PUT_SMALL: Asked = { method: "PUT", path: "/bucket/large", body: LARGE.subarray(0, 10_000) };
const GET_LARGE: Asked = { method: "GET", path: "/bucket/large" };
const TLS = { certificate: CERTIFICATE, privateKey: readFileSync(PRIVATE_KEY_PATH, "utf8") };

/** How a connection ended for the client, and what came before that. */
async function endOf(faulty: FaultyServer, asked: Asked): Promise<Ended> {
  const { port } = faulty.answers.server;
  return ended(faulty, asked, connect({ port, host: "127.0.0.1", allowHalfOpen: true }));
}

/** The same over TLS, by a listener of its own. */
async function secureEndOf(faulty: FaultyServer, asked: Asked): Promise<Ended> {
  const { server } = createListener(faulty.answers.server.service, TLS);
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const socket = connectSecurely({ port, host: "127.0.0.1", ca: CERTIFICATE });
  try {
    await once(socket, "secureConnect");
    return await ended(faulty, asked, socket);
  } finally {
    server.close();
  }
}

interface Ended {
  readonly how: string;
  readonly received: string;
}

async function ended(faulty: FaultyServer, asked: Asked, socket: Socket): Promise<Ended> {
  let received = "";
  let how = "";
  socket.on("data", (bytes: Buffer) => (received += bytes.toString("latin1")));
  socket.on("error", (error: NodeJS.ErrnoException) => (how ||= error.code!));
  socket.on("end", () => {
    how ||= "end";
    socket.end();
  });
  socket.write(faulty.answers.wireBytes(faulty.answers.signed(asked, "header")));
  await new Promise((resolve) => socket.on("close", resolve));
  return { how, received };
}

for (const secure of [false, true]) {
  const over = secure ? " over TLS" : "";
  for (const [stage, isDone] of [
    ["beforeAuthentication", false],
    ["beforeExecution", false],
    ["afterCommit", true],
    ["sending", true],
  ] as const) {
    test(`disconnect: at ${stage}, a reset comes in place of an answer${over}`, async () => {
      await using faulty = await FaultyServer.start();
      await faulty.plan({ action: { kind: "disconnect", how: "reset" }, stage, match: { operations: ["PutObject"] } });
      const asked = { method: "PUT", path: "/bucket/new", body: "new" };
      const { how, received } = await (secure ? secureEndOf : endOf)(faulty, asked);
      assert.deepEqual([how, received], ["ECONNRESET", ""]);
      const { status, faults } = await faulty.lastRecord();
      assert.deepEqual([status, faults], [0, ["disconnect-1"]]);
      await faulty.forget();
      assert.equal((await faulty.send({ method: "HEAD", path: "/bucket/new" })).status, isDone ? 200 : 404);
      await faulty.assertUnharmed();
    });
  }
}

test("disconnect: an end comes in place of an answer, while the client sends a body that nobody reads", async () => {
  await using faulty = await FaultyServer.start();
  await faulty.plan({ action: { kind: "disconnect", how: "end" }, match: { operations: ["PutObject"] } });
  assert.deepEqual(await endOf(faulty, PUT_LARGE), { how: "end", received: "" });
  await faulty.assertUnharmed();
});

test("disconnect: a side that is closed alone still listens, until the client ends", async () => {
  await using faulty = await FaultyServer.start();
  await faulty.plan({ action: { kind: "disconnect", how: "halfClose" }, match: { method: "GET" } });
  const socket = connect({ port: faulty.answers.server.port, host: "127.0.0.1", allowHalfOpen: true });
  await once(socket, "connect");
  socket.write(faulty.answers.wireBytes(faulty.answers.signed(GET, "header")));
  socket.resume();
  await once(socket, "end");
  // Nothing is answered to it, and nothing refused.
  socket.write("GET / HTTP/1.1\r\n");
  assert.equal((await faulty.send({ method: "HEAD", path: "/bucket/key" })).status, 200);
  assert.equal(socket.destroyed, false);
  socket.end();
  await once(socket, "close");
  await faulty.assertUnharmed();
});

test("disconnect: a side that is closed alone does not hold up the end of the server", async () => {
  let isStopping = false;
  const faulty = await FaultyServer.start({ stopping: () => isStopping });
  await faulty.plan({ action: { kind: "disconnect", how: "halfClose" }, match: { method: "GET" } });
  const socket = connect({ port: faulty.answers.server.port, host: "127.0.0.1", allowHalfOpen: true });
  socket.write(faulty.answers.wireBytes(faulty.answers.signed(GET, "header")));
  socket.resume();
  await once(socket, "end");
  isStopping = true;
  assert.equal(await faulty.answers.server.stop(20_000), true);
  socket.destroy();
});

for (const [asked, whole] of [
  [GET, BODY],
  [GET_LARGE, LARGE.toString("latin1")],
] as const) {
  for (const how of ["reset", "end"] as const) {
    test(`disconnect: an answer of ${whole.length} bytes ends at byte 4 with ${how}, behind its whole head`, async () => {
      await using faulty = await FaultyServer.start();
      await faulty.send(PUT_LARGE);
      await faulty.plan({ action: { kind: "disconnect", how, atByte: 4 }, stage: "sending" });
      const { how: seen, received } = await endOf(faulty, asked);
      const [head, body] = received.split("\r\n\r\n");
      assert.equal(seen, how === "end" ? "end" : "ECONNRESET");
      // A reset may overtake what was sent before it.
      if (how === "end") assert.equal(body, whole.slice(0, 4));
      if (how === "end") assert.match(head!, new RegExp(`\r\nContent-Length: ${whole.length}`));
      const { status, sentSizeBytes } = await faulty.lastRecord();
      assert.deepEqual([status, sentSizeBytes], [200, 4]);
      await faulty.assertUnharmed();
    });
  }
}

test("disconnect: at byte 0 of an answer the head comes, of a HEAD's too", async () => {
  await using faulty = await FaultyServer.start();
  await faulty.plan({ action: { kind: "disconnect", how: "end", atByte: 0 }, stage: "sending" });
  for (const method of ["GET", "HEAD"]) {
    const { received } = await endOf(faulty, { ...GET, method });
    assert.match(received, /^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\n$/);
  }
  await faulty.assertUnharmed();
});

test("disconnect: behind the last byte of an answer, the connection ends with it", async () => {
  await using faulty = await FaultyServer.start();
  await faulty.plan({ action: { kind: "disconnect", how: "end", atByte: 1_000_000 }, stage: "sending" });
  assert.ok((await endOf(faulty, GET)).received.endsWith(`\r\n\r\n${BODY}`));
  await faulty.assertUnharmed();
});

test("disconnect: an upload is cut at a byte of its body, and nothing of it is kept", async () => {
  await using faulty = await FaultyServer.start();
  const before = await faulty.answers.server.store.blobs.statistics();
  await faulty.plan({ action: { kind: "disconnect", how: "reset", atByte: 100_000 }, stage: "receiving" });
  assert.deepEqual(await endOf(faulty, PUT_LARGE), { how: "ECONNRESET", received: "" });
  assert.deepEqual(await faulty.answers.server.store.blobs.statistics(), before);
  assert.equal((await faulty.send({ ...GET_LARGE, method: "HEAD" })).status, 404);
  await faulty.assertUnharmed();
});

test("disconnect: what was sent behind the request on its connection is not looked at", async () => {
  await using faulty = await FaultyServer.start();
  await faulty.plan({ action: { kind: "disconnect", how: "end" }, match: { method: "GET" } });
  using connection = await faulty.answers.connect();
  const second = faulty.answers.wireBytes(faulty.answers.signed({ method: "PUT", path: "/bucket/behind", body: "x" }, "header"));
  const first = faulty.answers.wireBytes(faulty.answers.signed(GET, "header"));
  await connection.send(Buffer.concat([first, second]));
  assert.equal(await connection.closed(), "");
  assert.equal((await faulty.send({ method: "HEAD", path: "/bucket/behind" })).status, 404);
  await faulty.assertUnharmed();
});

test("delay: an answer comes after its time, and the connection goes on", async () => {
  await using faulty = await FaultyServer.start();
  for (const stage of ["beforeAuthentication", "beforeExecution", "afterCommit"]) {
    await faulty.plan({ action: { kind: "delay", delayMs: 30 }, stage, match: { method: "GET" }, chance: { times: 1 } });
  }
  using connection = await faulty.answers.connect();
  const beganAtMs = performance.now();
  await faulty.sendOn(connection, GET);
  assert.equal((await connection.answer()).body, BODY);
  assert.ok(performance.now() - beganAtMs >= 85, "it did not wait");
  assert.deepEqual((await faulty.lastRecord()).faults, ["delay-1", "delay-2", "delay-3"]);
  await faulty.sendOn(connection, GET);
  assert.equal((await connection.answer()).body, BODY);
  await faulty.assertUnharmed();
});

for (const [what, rule, asked] of [
  ["before it is executed", { action: { kind: "delay", delayMs: 600_000 } }, GET_LARGE],
  ["while it is answered", { action: { kind: "stall", stallMs: 600_000, atByte: 5 }, stage: "sending" }, GET_LARGE],
  ["while it is slowly answered", { action: { kind: "throttle", bytesPerSecond: 1 }, stage: "sending" }, GET_LARGE],
  ["while it is received", { action: { kind: "stall", stallMs: 600_000, atByte: 5 }, stage: "receiving" }, PUT_SMALL],
] as const) {
  test(`waits: a request that waits ${what} ends when its client leaves, and leaves nothing behind`, async () => {
    await using faulty = await FaultyServer.start();
    await faulty.send({ ...PUT_LARGE });
    await faulty.plan({ ...rule, match: { key: "large" } });
    const { service } = faulty.answers.server;
    const connection = await faulty.answers.connect();
    await faulty.sendOn(connection, asked);
    while (service.metrics.snapshot({ delivered: 0, dropped: 0 }).underWay === 0) await new Promise(setImmediate);
    await new Promise((resolve) => setTimeout(resolve, 20));
    connection.reset();
    await faulty.settled();
    await faulty.assertUnharmed();
  });

  test(`waits: a request that waits ${what} goes on when the server stops`, async () => {
    let isStopping = false;
    await using faulty = await FaultyServer.start({ stopping: () => isStopping });
    await faulty.send({ ...PUT_LARGE });
    await faulty.plan({ ...rule, match: { key: "large" } });
    using connection = await faulty.answers.connect();
    await faulty.sendOn(connection, asked);
    const { service } = faulty.answers.server;
    while (service.metrics.snapshot({ delivered: 0, dropped: 0 }).underWay === 0) await new Promise(setImmediate);
    isStopping = true;
    assert.equal((await connection.answer()).status, 200);
  });
}

test("stall: an answer halts at a byte, and then goes on", async () => {
  await using faulty = await FaultyServer.start();
  await faulty.plan({ action: { kind: "stall", stallMs: 50, atByte: 6 }, stage: "sending" });
  const beganAtMs = performance.now();
  const { body } = await faulty.send(GET);
  assert.ok(performance.now() - beganAtMs >= 49, "it did not halt");
  assert.equal(body, BODY);
  await faulty.assertUnharmed();
});

test("stall: a body is not received for longer than a client may pause, and that is not held against the client", async () => {
  await using faulty = await FaultyServer.start({ idleTimeoutMs: 30 });
  await faulty.plan({ action: { kind: "stall", stallMs: 120, atByte: 100_000 }, stage: "receiving" });
  assert.equal((await faulty.send(PUT_LARGE)).status, 200);
  await faulty.forget();
  assert.equal((await faulty.send(GET_LARGE)).body, LARGE.toString());
  await faulty.assertUnharmed();
});

test("throttle: an answer takes the time of its bandwidth, and comes whole", async () => {
  await using faulty = await FaultyServer.start();
  await faulty.send(PUT_LARGE);
  await faulty.plan({ action: { kind: "throttle", bytesPerSecond: 1_500_000 }, stage: "sending" });
  const beganAtMs = performance.now();
  assert.equal((await faulty.send(GET_LARGE)).body, LARGE.toString());
  assert.ok(performance.now() - beganAtMs >= 195, "it was too fast");
  await faulty.assertUnharmed();
});

test("throttle: a body takes the time of its bandwidth, aws-chunked too, and arrives whole", async () => {
  await using faulty = await FaultyServer.start();
  await faulty.plan({ action: { kind: "throttle", bytesPerSecond: 1_500_000 }, stage: "receiving" });
  const beganAtMs = performance.now();
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(LARGE));
  const trailer = `x-amz-checksum-crc32:${checksum.toString("base64")}`;
  const chunked = `${LARGE.length.toString(16)}\r\n${LARGE.toString()}\r\n0\r\n${trailer}\r\n\r\n`;
  const answer = await faulty.send({
    ...PUT_LARGE,
    headers: {
      "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
      "x-amz-decoded-content-length": String(LARGE.length),
      "x-amz-trailer": "x-amz-checksum-crc32",
    },
    body: chunked,
  });
  assert.ok(performance.now() - beganAtMs >= 195, "it was too fast");
  assert.equal(answer.status, 200, answer.body);
  await faulty.forget();
  assert.equal((await faulty.send(GET_LARGE)).body, LARGE.toString());
  await faulty.assertUnharmed();
});

test("throttle: a document is received slowly, and read as it is", async () => {
  await using faulty = await FaultyServer.start();
  await faulty.plan({ action: { kind: "throttle", bytesPerSecond: 2_000 }, stage: "receiving" });
  const body = "<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>";
  const headers = { "Content-MD5": createHash("md5").update(body).digest("base64") };
  const asked = { method: "PUT", path: "/bucket/key", query: { tagging: "" }, headers, body };
  assert.equal((await faulty.send(asked)).status, 200);
  await faulty.assertUnharmed();
});

test("contentLength: more than there is leaves the client waiting for bytes when the connection ends", async () => {
  await using faulty = await FaultyServer.start();
  await faulty.plan({ action: { kind: "contentLength", byBytes: 7 }, match: { method: "GET" } });
  const { how, received } = await endOf(faulty, GET);
  assert.equal(how, "end");
  assert.match(received, new RegExp(`\r\nContent-Length: 18\r\n\r\n${BODY}$`));
  await faulty.assertUnharmed();
});

test("contentLength: fewer than there are cuts the body there, and the connection goes on", async () => {
  await using faulty = await FaultyServer.start();
  await faulty.plan({ action: { kind: "contentLength", byBytes: -4 }, chance: { times: 1 } });
  using connection = await faulty.answers.connect();
  await faulty.sendOn(connection, GET);
  const { headers, body } = await connection.answer();
  assert.deepEqual([headers.get("content-length"), body], ["7", "hello w"]);
  await faulty.sendOn(connection, GET);
  assert.equal((await connection.answer()).body, BODY);
  await faulty.assertUnharmed();
});

test("contentLength: a HEAD says it, and nothing else happens to its connection", async () => {
  await using faulty = await FaultyServer.start();
  await faulty.plan({ action: { kind: "contentLength", byBytes: 7 } });
  using connection = await faulty.answers.connect();
  for (let count = 0; count < 2; count += 1) {
    await faulty.sendOn(connection, { ...GET, method: "HEAD" });
    assert.equal((await connection.answer({ toHead: true })).headers.get("content-length"), "18");
  }
  await faulty.assertUnharmed();
});

test("corrupt: one byte of a body is another one under the right checksum, and what is stored stays right", async () => {
  await using faulty = await FaultyServer.start();
  await faulty.send(PUT_LARGE);
  await faulty.plan({ action: { kind: "corrupt", what: "body" } });
  const headers = { "x-amz-checksum-mode": "ENABLED" };
  for (const [asked, whole] of [
    [GET, BODY],
    [GET_LARGE, LARGE.toString("latin1")],
  ] as const) {
    const { received } = await endOf(faulty, { ...asked, headers: { ...headers, Connection: "close" } });
    const [, body] = received.split("\r\n\r\n");
    const wrong = Array.from(whole).flatMap((_, index) => (whole[index] === body![index] ? [] : [index]));
    assert.deepEqual([body!.length, wrong], [whole.length, [Math.floor(whole.length / 2)]]);
  }
  await faulty.forget();
  assert.equal((await faulty.send(GET_LARGE)).body, LARGE.toString());
  await faulty.assertUnharmed();
});

test("corrupt: a right body comes under a wrong checksum, or a wrong ETag where none was asked for", async () => {
  await using faulty = await FaultyServer.start();
  const asking = { ...GET, headers: { "x-amz-checksum-mode": "ENABLED" } };
  const [right, plain] = [await faulty.send(asking), await faulty.send(GET)];
  await faulty.plan({ action: { kind: "corrupt", what: "checksum" } });
  const wrong = await faulty.send(asking);
  const name = [...right.headers.keys()].find((header) => /^x-amz-checksum-(?!type)/.test(header))!;
  assert.notEqual(wrong.headers.get(name), right.headers.get(name));
  assert.equal(wrong.headers.get(name)!.length, right.headers.get(name)!.length);
  assert.deepEqual([wrong.headers.get("etag"), wrong.body], [right.headers.get("etag"), BODY]);
  const other = await faulty.send(GET);
  assert.match(other.headers.get("etag")!, /^"[0-9a-f]{32}"$/);
  assert.notEqual(other.headers.get("etag"), plain.headers.get("etag"));
  await faulty.assertUnharmed();
});

test("corrupt: an answer without checksum and ETag is as it is, and the journal says nothing", async () => {
  await using faulty = await FaultyServer.start();
  await faulty.plan({ action: { kind: "corrupt", what: "checksum" } });
  assert.equal((await faulty.send({ method: "GET", path: "/bucket", query: { location: "" } })).status, 200);
  assert.equal((await faulty.lastRecord()).faults, undefined);
});

test("sending: an error is struck as any other answer", async () => {
  await using faulty = await FaultyServer.start();
  await faulty.plan({ action: { kind: "disconnect", how: "end", atByte: 20 }, stage: "sending" });
  const { received } = await endOf(faulty, { method: "GET", path: "/bucket/none" });
  assert.match(received, /^HTTP\/1\.1 404 Not Found\r\n[^]*\r\nContent-Length: \d+\r\n/);
  assert.equal(received.split("\r\n\r\n")[1]!.length, 20);
  assert.equal((await faulty.lastRecord()).errorCode, "NoSuchKey");
  await faulty.assertUnharmed();
});
