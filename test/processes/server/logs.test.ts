import assert from "node:assert/strict";
import { copyFile, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { connect } from "node:tls";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { newFolder } from "../../newFolder.ts";
import {
  CERTIFICATE,
  CERTIFICATE_PATH,
  OTHER_CERTIFICATE_PATH,
  OTHER_PRIVATE_KEY_PATH,
  PRIVATE_KEY_PATH,
} from "../../server/http/testCertificate.ts";
import { logLines, Server } from "../cli/command.ts";

const KEYS = { accessKeyId: "HFLOGS", secretAccessKey: "a-secret-for-logs" };
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

function start(t: TestContext, args: readonly string[], folder: string): Promise<Server> {
  const environment = { HOLDFAST_ACCESS_KEY_ID: KEYS.accessKeyId, HOLDFAST_SECRET_ACCESS_KEY: KEYS.secretAccessKey };
  return Server.start(t, args, { folder, environment });
}

/** The objects of lines of JSON, each of which has no name twice. */
function parsed(text: string): Record<string, unknown>[] {
  const lines = text.split("\n");
  assert.equal(lines.pop(), "");
  return lines.map((line) => {
    const entry = JSON.parse(line) as Record<string, unknown>;
    assert.equal(JSON.stringify(entry), line, "a name that is there twice would be gone");
    return entry;
  });
}

for (const workers of ["1", "2"]) {
  test(`Access log: at SIGHUP it is opened anew, and no line is lost or cut (workers: ${workers})`, async (t) => {
    const folder = newFolder(t);
    const server = await start(t, ["--workers", workers, "--access-log", "access.log"], folder);
    const client = server.client(KEYS);
    const path = join(folder, "access.log");
    const ids: string[] = [];
    const put = async (count: number): Promise<void> => {
      const { $metadata } = await client.send(new PutObjectCommand({ Bucket: "bucket", Key: `key ${count}`, Body: "bytes" }));
      ids.push($metadata.requestId!);
    };
    await client.send(new CreateBucketCommand({ Bucket: "bucket" }));
    await Promise.all(Array.from({ length: 40 }, (_, count) => put(count)));
    while ((await stat(path).catch(() => undefined)) === undefined) await new Promise((resolve) => setTimeout(resolve, 50));
    // As logrotate does it, while requests go on.
    await rename(path, `${path}.1`);
    const during = Promise.all(Array.from({ length: 40 }, (_, count) => put(100 + count)));
    process.kill(server.pid, "SIGHUP");
    await during;
    await server.said(/"msg":"files were opened anew"/);
    await Promise.all(Array.from({ length: 40 }, (_, count) => put(200 + count)));
    assert.equal((await server.end("SIGTERM")).code, 0);
    const [old, fresh] = [parsed(await readFile(`${path}.1`, "utf8")), parsed(await readFile(path, "utf8"))];
    const logged = [...old, ...fresh]
      .filter(({ operation }) => operation === "PutObject")
      .map(({ requestId }) => requestId as string);
    assert.deepEqual(logged.toSorted(), ids.toSorted());
    const inFresh = new Set(fresh.map(({ requestId }) => requestId));
    for (const id of ids.slice(-40)) assert.ok(inFresh.has(id), "what came later is in the new file");
  });

  test(`TLS: at SIGHUP certificate and key are read again; a pair that is none is logged, and the one before stays (workers: ${workers})`, async (t) => {
    const folder = newFolder(t);
    const [certificate, key] = [join(folder, "tls.pem"), join(folder, "tls.key")];
    await copyFile(CERTIFICATE_PATH, certificate);
    await copyFile(PRIVATE_KEY_PATH, key);
    const server = await start(t, ["--workers", workers, "--tls-cert", certificate, "--tls-key", key], folder);
    const port = Number(new URL(server.endpoint).port);
    /** The certificates that connections are shown, of whichever process takes them. */
    const shown = async (): Promise<Set<string>> => new Set(await Promise.all(Array.from({ length: 8 }, () => commonName(port))));
    assert.deepEqual(await shown(), new Set([await commonNameOf(CERTIFICATE)]));
    await copyFile(OTHER_CERTIFICATE_PATH, certificate);
    process.kill(server.pid, "SIGHUP");
    await server.said(/certificate and private key cannot be used: those before stay/);
    assert.deepEqual(await shown(), new Set([await commonNameOf(CERTIFICATE)]));
    await copyFile(OTHER_PRIVATE_KEY_PATH, key);
    process.kill(server.pid, "SIGHUP");
    await server.said(/"certificate":"[^"]*tls\.pem","msg":"files were opened anew"/);
    const deadline = Date.now() + 30_000;
    while (!isOnly(await shown(), "other")) assert.ok(Date.now() < deadline, "all processes show the new one");
    await writeFile(key, "nothing");
    assert.equal((await server.end("SIGTERM")).code, 0);
  });
}

function isOnly(names: ReadonlySet<string>, name: string): boolean {
  return names.size === 1 && names.has(name);
}

function commonName(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", rejectUnauthorized: false }, () => {
      resolve(String(socket.getPeerCertificate().subject?.CN ?? ""));
      socket.destroy();
    });
    socket.once("error", reject);
  });
}

async function commonNameOf(pem: string): Promise<string> {
  const { X509Certificate } = await import("node:crypto");
  return /(?:^|\n)CN=(.*)/.exec(new X509Certificate(pem).subject ?? "")?.[1] ?? "";
}

test("Log: from start to stop every line has time, level, pid and message once, and no secret, whatever the level", async (t) => {
  const folder = newFolder(t);
  for (const level of ["info", "debug", "trace"]) {
    const server = await start(t, ["--workers", "2", "--log-level", level, "--access-log", "access.log"], folder);
    const client = server.client(KEYS);
    const forged = server.client({ ...KEYS, secretAccessKey: "another-secret" });
    await client.send(new CreateBucketCommand({ Bucket: `of-${level}` }));
    const missing = await client
      .send(new GetObjectCommand({ Bucket: `of-${level}`, Key: "a key" }))
      .catch((error: unknown) => error);
    await assert.rejects(forged.send(new PutObjectCommand({ Bucket: `of-${level}`, Key: "a key", Body: "bytes" })));
    const { stderr } = await server.end("SIGTERM");
    assert.doesNotMatch(stderr, /a-secret-for-logs|another-secret|Signature=[0-9a-f]/);
    const json = stderr.split("\n").filter((line) => line.startsWith("{"));
    const lines = parsed(`${json.join("\n")}\n`);
    for (const { time, pid, msg } of lines) {
      assert.match(String(time), TIME);
      assert.equal(typeof pid, "number");
      assert.equal(typeof msg, "string");
    }
    const found = (wanted: string) => logLines(stderr).filter(({ msg }) => msg === wanted);
    assert.match(String(found("started")[0]?.version), /^\d+\.\d+\.\d+/);
    assert.equal(found("stopped").length, 1);
    assert.equal(found("settings").length, level === "info" ? 0 : 1);
    const told = found("a request was answered");
    assert.equal(told.length, level === "info" ? 0 : 3);
    assert.equal(found("the head of a request, and its stages").length, level === "trace" ? 3 : 0);
    if (level === "info") {
      assert.equal(lines.length, 2, stderr);
      continue;
    }
    const { $metadata } = missing as { $metadata: { requestId: string } };
    const { explanation, caller, ...line } = told.find(({ requestId }) => requestId === $metadata.requestId)!;
    assert.deepEqual(
      [line.accessKeyId, line.operation, line.bucket, line.key, line.status, line.errorCode],
      [KEYS.accessKeyId, "GetObject", `of-${level}`, "a key", 404, "NoSuchKey"],
    );
    assert.match(String(explanation), /has no object under exactly this key/);
    assert.match(String(caller), /^arn:aws:iam::\d{12}:root$/);
  }
  for (const { time } of parsed(await readFile(join(folder, "access.log"), "utf8"))) assert.match(String(time), TIME);
});
