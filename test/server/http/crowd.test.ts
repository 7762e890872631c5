import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import { test } from "node:test";
import type { TlsMaterial } from "../../../src/server/http/tlsMaterial.ts";
import { createListener } from "../../../src/server/http/listener.ts";
import { element, TestServer } from "../TestServer.ts";
import { RawConnection } from "../RawConnection.ts";
import { CERTIFICATE, PRIVATE_KEY_PATH } from "./testCertificate.ts";

const TLS: TlsMaterial = { certificate: CERTIFICATE, privateKey: readFileSync(PRIVATE_KEY_PATH, "utf8") };
const LIMIT = 4;
const REFUSED_AT_ONCE = 64;
const REFUSED_FOR_MS = 2_000;
const HEALTH = "GET /-/health HTTP/1.1\r\nHost: here\r\n\r\n";

/** A server that takes few connections, and what it says of that. */
async function smallServer(t: TestContext, tls?: TlsMaterial) {
  const whole = await TestServer.start();
  const said: (readonly [what: string, facts: object])[] = [];
  const { server, connections } = createListener(whole.service, tls, {
    limit: LIMIT,
    warn: (facts, what) => said.push([what, facts]),
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  t.after(() => Promise.all([connections.close(0), whole.stop(0)]));
  const open: RawConnection[] = [];
  t.after(() => open.forEach((connection) => connection.destroy()));
  const { port } = server.address() as AddressInfo;
  return {
    said,
    server,
    /** A connection without TLS, whatever the server speaks. */
    async connectPlainly(): Promise<RawConnection> {
      open.push(await RawConnection.open(port));
      return open.at(-1)!;
    },
    async connect(): Promise<RawConnection> {
      open.push(await (tls === undefined ? RawConnection.open(port) : RawConnection.openSecure(port, CERTIFICATE)));
      return open.at(-1)!;
    },
    /** A connection that has had an answer, and stays. */
    async connectAndAsk(): Promise<RawConnection> {
      const connection = await this.connect();
      await connection.send(HEALTH);
      assert.equal((await connection.answer()).status, 200);
      return connection;
    },
  };
}

test("Connections: where there are too many, the oldest that never asked for anything makes room", async (t) => {
  const server = await smallServer(t);
  const kept = await server.connectAndAsk();
  const silent = [await server.connect(), await server.connect(), await server.connect()];
  const next = await server.connectAndAsk();
  assert.equal(await silent[0]!.closed(), "");
  // Half a head is not a request.
  await silent[1]!.send("GET /-/hea");
  const last = await server.connectAndAsk();
  assert.equal(await silent[1]!.closed(), "");
  assert.equal(silent[2]!.hasEnded, false);
  for (const connection of [kept, next, last]) {
    await connection.send(HEALTH);
    assert.equal((await connection.answer()).status, 200);
  }
  assert.deepEqual(server.said, [
    ["as many connections as this process takes: silent ones are ended, others refused", { limit: LIMIT }],
  ]);
});

test("Connections: where all have asked for something, the next is told ServiceUnavailable, and ends", async (t) => {
  const server = await smallServer(t);
  for (let count = 0; count < LIMIT; count += 1) await server.connectAndAsk();
  const refused = await server.connect();
  await refused.send(HEALTH);
  const answer = await refused.answer();
  assert.deepEqual([answer.status, answer.headers.get("connection")], [503, "close"]);
  assert.equal(element(answer, "Code"), "ServiceUnavailable");
  assert.match(element(answer, "Details") ?? "", /as many connections as it takes/);
  assert.equal(await refused.closed(), "");
});

test("Connections: those that are refused are few, and not for long", async (t) => {
  const server = await smallServer(t);
  for (let count = 0; count < LIMIT; count += 1) await server.connectAndAsk();
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const refused: RawConnection[] = [];
  for (let count = 0; count < REFUSED_AT_ONCE; count += 1) refused.push(await server.connect());
  const beyond = await server.connect();
  assert.equal(await beyond.closed(), "");
  // The others would still be told; who does not ask ends as well.
  t.mock.timers.tick(REFUSED_FOR_MS - 1);
  await refused[0]!.send(HEALTH);
  assert.equal((await refused[0]!.answer()).status, 503);
  assert.ok(refused.slice(1).every(({ hasEnded }) => !hasEnded));
  t.mock.timers.tick(1);
  for (const connection of refused) assert.equal(await connection.closed(), "");
});

test("Connections: when enough have gone, others are taken again, and one line says how many were not", async (t) => {
  const server = await smallServer(t);
  const kept = [];
  for (let count = 0; count < LIMIT; count += 1) kept.push(await server.connectAndAsk());
  const refused = await server.connect();
  await refused.send(HEALTH);
  assert.equal((await refused.answer()).status, 503);
  kept[0]!.destroy();
  while (server.said.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.deepEqual(server.said.at(-1), ["there is room for connections again", { turnedAway: 1 }]);
  await server.connectAndAsk();
  assert.equal(server.said.length, 2);
});

test("Connections over TLS: who does not even shake hands makes room, and who is refused is told so", async (t) => {
  const server = await smallServer(t, TLS);
  const silent = await server.connectPlainly();
  for (let count = 1; count < LIMIT; count += 1) await server.connectAndAsk();
  const shaken = await server.connect();
  assert.equal(await silent.closed(), "");
  await server.connectAndAsk();
  assert.equal(await shaken.closed(), "");
  const refused = await server.connect();
  await refused.send(HEALTH);
  assert.equal((await refused.answer()).status, 503);
  assert.equal(await refused.closed(), "");
});

test("Connections: one that never says anything ends when its time is over, over TLS as well", async (t) => {
  const servers = [await smallServer(t), await smallServer(t, TLS)];
  const silent = servers.map(async (server) => {
    server.server.headersTimeout = 1;
    return (await server.connect()).closed();
  });
  for (const said of await Promise.all(silent)) assert.match(said, /^HTTP\/1\.1 400 [^]*<Code>RequestTimeout<\/Code>/);
});
