import assert from "node:assert/strict";
import { once } from "node:events";
import { createConnection } from "node:net";
import { test } from "node:test";
import { connect } from "node:tls";
import { Holdfast } from "../../../src/index.ts";
import { putAndGet } from "./putAndGet.ts";
import { CERTIFICATE, CERTIFICATE_PATH, PRIVATE_KEY_PATH } from "./testCertificate.ts";

const TLS = { tlsCertificatePath: CERTIFICATE_PATH, tlsPrivateKeyPath: PRIVATE_KEY_PATH };

test("TLS: objects go in and out over https, of a server in memory", async () => {
  await using server = await Holdfast.start(TLS);
  assert.match(server.endpoint, /^https:/);
  await putAndGet(server.clientConfig());
});

test("TLS: a client that does not know the certificate refuses it", async () => {
  await using server = await Holdfast.start(TLS);
  await assert.rejects(fetch(server.endpoint), (error: Error) => /SELF_SIGNED/.test((error.cause as { code: string }).code));
});

test("TLS: plain HTTP is ended without an answer, and the server goes on", async () => {
  const failures: unknown[] = [];
  await using server = await Holdfast.start({ ...TLS, onFailure: (_, cause) => failures.push(cause) });
  const { port } = new URL(server.endpoint);
  const plain = createConnection(Number(port), "127.0.0.1");
  let received = "";
  plain.setEncoding("latin1").on("data", (text: string) => (received += text));
  plain.on("error", () => undefined);
  plain.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await once(plain, "close");
  // At most a TLS alert: nothing that a client would take for an answer of S3's.
  assert.doesNotMatch(received, /HTTP/);
  await assert.rejects(fetch(server.endpoint.replace("https:", "http:")));
  assert.deepEqual(failures, []);
  await putAndGet(server.clientConfig());
});

test("TLS: a protocol older than 1.2 is not spoken", async () => {
  await using server = await Holdfast.start(TLS);
  const port = Number(new URL(server.endpoint).port);
  const old = connect({
    port,
    host: "127.0.0.1",
    ca: CERTIFICATE,
    minVersion: "TLSv1",
    maxVersion: "TLSv1.1",
    ciphers: "DEFAULT@SECLEVEL=0",
  });
  const [error] = (await once(old, "error")) as [NodeJS.ErrnoException];
  assert.match(String(error.code), /ERR_SSL|ECONNRESET/);
});

test("TLS: a handshake that is never finished does not hold up the end of the server", async () => {
  const server = await Holdfast.start(TLS);
  const silent = createConnection(Number(new URL(server.endpoint).port), "127.0.0.1");
  await once(silent, "connect");
  silent.on("error", () => undefined);
  await server.stop();
  if (!silent.closed) await once(silent, "close");
});

test("TLS: a client that ends its half of the connection in the middle of a body is answered", async () => {
  await using server = await Holdfast.start(TLS);
  const client = connect({ port: Number(new URL(server.endpoint).port), host: "127.0.0.1", ca: CERTIFICATE });
  let received = "";
  client.setEncoding("latin1").on("data", (text: string) => (received += text));
  await once(client, "secureConnect");
  client.end("PUT /bucket HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nfive!");
  await once(client, "close");
  assert.match(received, /^HTTP\/1\.1 403 Forbidden\r\n[^]*<Code>AccessDenied</);
});

test("TLS: requests sent in one piece, and the end of that half of the connection behind them, are all answered in their order", async () => {
  await using server = await Holdfast.start(TLS);
  const count = 50;
  const client = connect({ port: Number(new URL(server.endpoint).port), host: "127.0.0.1", ca: CERTIFICATE });
  let received = "";
  client.setEncoding("latin1").on("data", (text: string) => (received += text));
  await once(client, "secureConnect");
  const paths = Array.from({ length: count }, (_, index) => `/nobucket/${index}`);
  client.end(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`).join(""));
  await once(client, "close");
  assert.deepEqual(
    [...received.matchAll(/<Resource>(.*?)<\/Resource>/g)].map(([, path]) => path),
    paths,
  );
});

test("TLS: a head that has to be mended is served", async () => {
  await using server = await Holdfast.start(TLS);
  const socket = connect({ port: Number(new URL(server.endpoint).port), host: "localhost", ca: CERTIFICATE });
  const lines = "Host: x\r\nTransfer-Encoding: identity\r\nContent-Length: 4\r\nContent-Length: 4\r\n";
  socket.write(`PUT /bucket/key HTTP/1.1\r\n${lines}\r\nbody`);
  let received = "";
  for await (const bytes of socket) received += String(bytes);
  assert.match(received, /^HTTP\/1\.1 404 Not Found\r\n[^]*<Code>NoSuchBucket</);
});

test("TLS: a client that gives up in the middle of the handshake is let go at once", async () => {
  await using server = await Holdfast.start(TLS);
  const client = createConnection(Number(new URL(server.endpoint).port), "127.0.0.1");
  client.on("error", () => undefined).resume();
  const startedAt = performance.now();
  client.end(Buffer.from("160301020001", "hex"));
  await once(client, "close");
  // A server that waits waits for ten seconds.
  assert.ok(performance.now() - startedAt < 9_000);
});
