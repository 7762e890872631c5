import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { Agent } from "node:https";
import { createConnection } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { connect } from "node:tls";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { Holdfast } from "../../../src/index.ts";
import { holdfast, newFolder, Server } from "../../cli/command.ts";

/**
 * Signed by itself, for localhost and 127.0.0.1, until 2126; made by
 * `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500 -addext subjectAltName=DNS:localhost,IP:127.0.0.1`.
 */
const CERTIFICATE_PATH = join(import.meta.dirname, "testCertificate.pem");
const PRIVATE_KEY_PATH = join(import.meta.dirname, "testPrivateKey.pem");
const TLS = { tlsCertificatePath: CERTIFICATE_PATH, tlsPrivateKeyPath: PRIVATE_KEY_PATH };
const TLS_FLAGS = ["--tls-cert", CERTIFICATE_PATH, "--tls-key", PRIVATE_KEY_PATH];
const ca = await readFile(CERTIFICATE_PATH, "utf8");
/** More than one TLS record, and than one chunk of a stream. */
const BODY = Buffer.alloc(300_000, "0123456789");

async function putAndGet(config: ConstructorParameters<typeof S3Client>[0]): Promise<void> {
  const client = new S3Client({ ...config, maxAttempts: 1, requestHandler: { httpsAgent: new Agent({ ca, keepAlive: true }) } });
  await client.send(new CreateBucketCommand({ Bucket: "bucket" }));
  await client.send(new PutObjectCommand({ Bucket: "bucket", Key: "key", Body: BODY }));
  const { Body } = await client.send(new GetObjectCommand({ Bucket: "bucket", Key: "key" }));
  assert.ok(BODY.equals(await Body!.transformToByteArray()));
  client.destroy();
}

test("TLS: objects go in and out over https, of a server in memory", async () => {
  await using server = await Holdfast.start(TLS);
  assert.match(server.endpoint, /^https:/);
  await putAndGet(server.clientConfig());
});

for (const workers of ["1", "2"]) {
  test(`TLS: objects go in and out over https, of a durable server (workers: ${workers})`, async (t) => {
    const keys = { accessKeyId: "HFTEST", secretAccessKey: "a-secret-for-tests" };
    const environment = { HOLDFAST_ACCESS_KEY_ID: keys.accessKeyId, HOLDFAST_SECRET_ACCESS_KEY: keys.secretAccessKey };
    const server = await Server.start(t, [...TLS_FLAGS, "--workers", workers], { folder: await newFolder(t), environment });
    assert.match(server.endpoint, /^https:/);
    await putAndGet({ endpoint: server.endpoint, region: "us-east-1", credentials: keys, forcePathStyle: true });
    const { code, stderr } = await server.end("SIGTERM");
    assert.equal(code, 0);
    assert.equal(stderr, "Stopping: requests under way are finished.\n");
  });
}

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
  const old = connect({ port, host: "127.0.0.1", ca, minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" });
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
  const client = connect({ port: Number(new URL(server.endpoint).port), host: "127.0.0.1", ca });
  let received = "";
  client.setEncoding("latin1").on("data", (text: string) => (received += text));
  await once(client, "secureConnect");
  client.end("PUT /bucket HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nfive!");
  await once(client, "close");
  assert.match(received, /^HTTP\/1\.1 403 Forbidden\r\n[^]*<Code>AccessDenied</);
});

test("TLS: a head that has to be mended is served", async () => {
  await using server = await Holdfast.start(TLS);
  const socket = connect({ port: Number(new URL(server.endpoint).port), host: "localhost", ca });
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

test("TLS: a certificate or a key that cannot be used ends with a sentence, exit code 2 and no data folder", async (t) => {
  const folder = await newFolder(t);
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  await writeFile(join(folder, "other.key"), privateKey.export({ type: "pkcs8", format: "pem" }));
  await writeFile(
    join(folder, "locked.key"),
    privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "x" }),
  );
  await writeFile(join(folder, "text.pem"), "no certificate");
  const expected: readonly (readonly [certificate: string, key: string, sentence: string])[] = [
    [
      "missing.pem",
      PRIVATE_KEY_PATH,
      "The certificate missing.pem cannot be used: ENOENT: no such file or directory, open 'missing.pem'.",
    ],
    [
      CERTIFICATE_PATH,
      "missing.key",
      "The private key missing.key cannot be used: ENOENT: no such file or directory, open 'missing.key'.",
    ],
    [".", PRIVATE_KEY_PATH, "The certificate . cannot be used: EISDIR: illegal operation on a directory, read."],
    ["text.pem", PRIVATE_KEY_PATH, "text.pem holds no certificate in PEM."],
    [CERTIFICATE_PATH, "text.pem", "text.pem holds no private key in PEM that opens without a passphrase."],
    [CERTIFICATE_PATH, "locked.key", "locked.key holds no private key in PEM that opens without a passphrase."],
    [CERTIFICATE_PATH, "other.key", `The private key other.key is not that of the certificate ${CERTIFICATE_PATH}.`],
  ];
  for (const [certificate, key, sentence] of expected) {
    const { code, stderr } = await holdfast(["--data", "data", "--tls-cert", certificate, "--tls-key", key], { folder });
    assert.equal(stderr, `${sentence}\n`);
    assert.equal(code, 2);
  }
  const one = await holdfast(["--data", "data", "--tls-cert", CERTIFICATE_PATH], { folder });
  assert.equal(one.stderr, "HTTPS needs both a certificate and its private key: --tls-cert and --tls-key.\n");
  assert.equal(one.code, 2);
  await assert.rejects(readFile(join(folder, "data", "format")), { code: "ENOENT" });
});
