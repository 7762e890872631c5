import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { RequestOptions } from "node:https";
import { request } from "node:https";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import {
  CreateBucketCommand,
  DeletePublicAccessBlockCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import type { S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { succeed } from "./commands.ts";
import { AWKWARD_KEYS, fixture } from "./fixture.ts";
import { requirePackages } from "./installed.ts";
import type { ProxyName } from "./proxies.ts";
import { CLIENT_ADDRESS, DOMAIN, Proxy } from "./proxies.ts";

const BUCKET = "behind";
const MEBIBYTE: number = 1024 * 1024;
const LARGE_BYTES: number = 64 * MEBIBYTE;
/** What a proxy may keep of such a body. Sockets take some more, which is the system's. */
const MAX_KEPT_BYTES: number = 16 * MEBIBYTE;
/** A proxy that gathers a body has it all after a fraction of this. */
const SETTLED_AFTER_MS = 1_500;

interface Scene {
  readonly proxy: Proxy;
  readonly client: S3Client;
  readonly folder: string;
}

/** A server with a bucket, behind a proxy as the page shows it. */
async function behind(t: TestContext, name: ProxyName, change?: (text: string) => string): Promise<Scene> {
  requirePackages("proxiesDebian");
  const args = ["--domain", DOMAIN, "--trust-proxy", "127.0.0.1"];
  const { server, folder } = await fixture(t, { args });
  const proxy = await Proxy.start(t, name, { folder, serverPort: server.port, ...(change !== undefined && { change }) });
  const direct = server.client();
  t.after(() => direct.destroy());
  await direct.send(new CreateBucketCommand({ Bucket: BUCKET }));
  return { proxy, client: proxy.client(t), folder };
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

async function answerTo(sent: ClientRequest): Promise<Answer> {
  const [message] = (await once(sent, "response")) as [IncomingMessage];
  return { status: message.statusCode!, headers: message.headers, body: await buffer(message) };
}

/** Asks for a URL as it is written: Node's own reading of it would tidy "..", which some keys have. */
function requestTo(url: string, options: RequestOptions): ClientRequest {
  const [, hostname, port, path] = /^https:\/\/([^:/]+):(\d+)(\/.*)$/.exec(url)!;
  return request({ hostname, port, path, ...options });
}

async function get(url: string, options: RequestOptions): Promise<Answer> {
  return await answerTo(requestTo(url, options).end());
}

/** Sends what a stream takes without gathering it here. */
async function send(to: ClientRequest, body: Buffer): Promise<void> {
  for (let offset = 0; offset < body.length; offset += MEBIBYTE)
    if (!to.write(body.subarray(offset, offset + MEBIBYTE))) await once(to, "drain");
}

const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

async function reachesEveryKey(t: TestContext, { client, proxy }: Scene): Promise<void> {
  const agent = proxy.agent(t);
  await client.send(new CreateBucketCommand({ Bucket: "keys-behind" }));
  for (const Key of AWKWARD_KEYS) {
    const object = { Bucket: "keys-behind", Key };
    const metadata = { "with.dot": "1", with_underscore: "2" };
    await client.send(new PutObjectCommand({ ...object, Body: `content of ${Key}`, Metadata: metadata }));
    const { Body, Metadata } = await client.send(new GetObjectCommand(object));
    assert.equal(await Body!.transformToString(), `content of ${Key}`);
    assert.deepEqual(Metadata, metadata);
    const url = await getSignedUrl(client, new GetObjectCommand(object));
    assert.ok(url.startsWith(`https://keys-behind.${DOMAIN}:`), url);
    const { status, body } = await get(url, { agent });
    assert.deepEqual({ status, body: body.toString() }, { status: 200, body: `content of ${Key}` });
  }
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: "keys-behind" }));
  assert.deepEqual(Contents.map(({ Key }) => Key).toSorted(), AWKWARD_KEYS.toSorted());
}

async function keepsNothing(t: TestContext, { client, proxy }: Scene): Promise<void> {
  const object = { Bucket: BUCKET, Key: "large" };
  const [most, last] = [randomBytes(LARGE_BYTES - MEBIBYTE), randomBytes(MEBIBYTE)];
  const agent = proxy.agent(t);
  const before = proxy.memoryBytes();
  const assertNothingKept = async (when: string): Promise<void> => {
    await setTimeout(SETTLED_AFTER_MS);
    const [memory, files] = [proxy.memoryBytes() - before, proxy.hiddenFileBytes()];
    assert.ok(memory + files < MAX_KEPT_BYTES, `${when}: ${memory} bytes of memory, ${files} bytes in files`);
  };
  const headers = { "content-length": LARGE_BYTES };
  const put = requestTo(await getSignedUrl(client, new PutObjectCommand(object)), { method: "PUT", headers, agent });
  await send(put, most);
  await assertNothingKept("while it is sent");
  put.end(last);
  assert.equal((await answerTo(put)).status, 200);
  const asked = requestTo(await getSignedUrl(client, new GetObjectCommand(object)), { agent }).end();
  const [message] = (await once(asked, "response")) as [IncomingMessage];
  assert.equal(message.statusCode, 200);
  await once(message, "readable");
  await assertNothingKept("while nobody reads it");
  assert.equal(sha256(await buffer(message)), sha256(Buffer.concat([most, last])));
}

/** Resolves with whether a client that is refused was told to send its body before. */
async function expectsContinue(t: TestContext, { client, proxy }: Scene): Promise<boolean> {
  const agent = proxy.agent(t);
  const url = await getSignedUrl(client, new PutObjectCommand({ Bucket: BUCKET, Key: "expected" }));
  const expecting = (address: string): ClientRequest => {
    const sent = requestTo(address, { method: "PUT", agent, headers: { Expect: "100-continue", "content-length": 5 } });
    sent.flushHeaders();
    return sent;
  };
  const accepted = expecting(url);
  await once(accepted, "continue");
  accepted.end("hello");
  assert.equal((await answerTo(accepted)).status, 200);
  const refused = expecting(url.replace("X-Amz-Signature=", "X-Amz-Signature=0"));
  let isContinued = false;
  refused.on("continue", () => {
    isContinued = true;
    refused.end("hello");
  });
  assert.equal((await answerTo(refused)).status, 403);
  refused.destroy();
  return isContinued;
}

async function tellsTheClient(t: TestContext, { client, proxy }: Scene): Promise<void> {
  const object = { Bucket: BUCKET, Key: "seen" };
  await client.send(new PutObjectCommand({ ...object, Body: "seen" }));
  await client.send(new DeletePublicAccessBlockCommand({ Bucket: BUCKET }));
  const Condition = { IpAddress: { "aws:SourceIp": `${CLIENT_ADDRESS}/32` }, Bool: { "aws:SecureTransport": "true" } };
  const what = { Action: "s3:GetObject", Resource: `arn:aws:s3:::${BUCKET}/*` };
  const Statement = [{ Effect: "Allow", Principal: "*", ...what, Condition }];
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement });
  await client.send(new PutBucketPolicyCommand({ Bucket: BUCKET, Policy }));
  const url = `${proxy.endpoint}/${BUCKET}/seen`;
  assert.equal((await get(url, { agent: proxy.agent(t) })).status, 200);
  const other = proxy.agent(t, "127.0.0.3");
  assert.equal((await get(url, { agent: other })).status, 403);
  const headers = { "X-Forwarded-For": CLIENT_ADDRESS, Forwarded: `for=${CLIENT_ADDRESS};proto=https` };
  assert.equal((await get(url, { agent: other, headers })).status, 403);
}

async function leavesBytesAlone(t: TestContext, { client, proxy }: Scene): Promise<void> {
  const object = { Bucket: BUCKET, Key: "zipped" };
  const Body = gzipSync("hello");
  await client.send(new PutObjectCommand({ ...object, Body, ContentEncoding: "gzip", ContentType: "text/plain" }));
  const { headers, body } = await get(await getSignedUrl(client, new GetObjectCommand(object)), { agent: proxy.agent(t) });
  assert.equal(headers["content-encoding"], "gzip");
  assert.equal(headers["content-length"], String(Body.length));
  assert.deepEqual(body, Body);
}

async function closesOwnPaths(t: TestContext, { proxy }: Scene): Promise<void> {
  for (const path of ["/-/health", "/-/metrics", "/-/requests", "/-/faults?x=y"])
    assert.equal((await get(`${proxy.endpoint}${path}`, { agent: proxy.agent(t) })).status, 404, path);
}

async function speaksHttp2({ client, proxy, folder }: Scene): Promise<void> {
  const object = { Bucket: BUCKET, Key: "a b+c//ü" };
  await client.send(new PutObjectCommand({ ...object, Body: "by HTTP/2" }));
  const url = await getSignedUrl(client, new GetObjectCommand(object));
  const to = ["--connect-to", `::127.0.0.1:${proxy.port}`, "--cacert", join(folder, "certificate.pem")];
  assert.equal(await succeed("/usr/bin/curl", ["-sS", "--http2", ...to, "-w", " %{http_version}", url]), "by HTTP/2 2");
}

// One server for each proxy: what takes time is their start.
for (const name of ["nginx", "caddyfile", "haproxy"] as const) {
  test(`${name}: nothing is changed, kept or hidden on the way, as docs/proxies.md sets it up`, async (t) => {
    const scene = await behind(t, name);
    await t.test("the AWS SDK reaches every key by the bucket's own host name, signed and presigned", (part) =>
      reachesEveryKey(part, scene),
    );
    await t.test("curl reaches an object by HTTP/2", () => speaksHttp2(scene));
    await t.test("a large body goes through as it comes, either way", (part) => keepsNothing(part, scene));
    await t.test("who waits for 100 Continue gets it, or a refusal", async (part) => {
      // As the page says: nginx answers before it has asked.
      assert.equal(await expectsContinue(part, scene), name === "nginx");
    });
    await t.test("what is stored compressed comes as it is stored, to clients that speak of no compression too", (part) =>
      leavesBytesAlone(part, scene),
    );
    await t.test("policies see the client's address and protocol, whatever it says of itself", (part) =>
      tellsTheClient(part, scene),
    );
    await t.test("the server's own paths stay closed", (part) => closesOwnPaths(part, scene));
  });
}

test("nginx: a proxy that changes Host makes every request SignatureDoesNotMatch", async (t) => {
  const { client } = await behind(t, "nginx", (text) => text.replace(/^.*proxy_set_header Host.*$/m, ""));
  await assert.rejects(client.send(new ListObjectsV2Command({ Bucket: BUCKET })), { name: "SignatureDoesNotMatch" });
});
