import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { RequestOptions } from "node:https";
import { request } from "node:https";
import { buffer } from "node:stream/consumers";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
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
  readonly serverPort: number;
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
  return { proxy, client: proxy.client(t), serverPort: server.port, folder };
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

async function get(url: string, options: RequestOptions): Promise<Answer> {
  return await answerTo(request(url, options).end());
}

/** Sends what a stream takes without gathering it here. */
async function send(to: ClientRequest, body: Buffer): Promise<void> {
  for (let offset = 0; offset < body.length; offset += MEBIBYTE)
    if (!to.write(body.subarray(offset, offset + MEBIBYTE))) await once(to, "drain");
}

const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

for (const name of ["nginx", "caddyfile", "haproxy"] as const) {
  test(`${name}: the AWS SDK reaches every key by the bucket's own host name, signed and presigned`, async (t) => {
    const { client, proxy } = await behind(t, name);
    const agent = proxy.agent(t);
    for (const Key of AWKWARD_KEYS) {
      const object = { Bucket: BUCKET, Key };
      const metadata = { "with.dot": "1", with_underscore: "2" };
      await client.send(new PutObjectCommand({ ...object, Body: `content of ${Key}`, Metadata: metadata }));
      const { Body, Metadata } = await client.send(new GetObjectCommand(object));
      assert.equal(await Body!.transformToString(), `content of ${Key}`);
      assert.deepEqual(Metadata, metadata);
      const url = await getSignedUrl(client, new GetObjectCommand(object));
      assert.ok(url.startsWith(`https://${BUCKET}.${DOMAIN}:`), url);
      const { status, body } = await get(url, { agent });
      assert.equal(status, 200, `${Key}: ${body.toString()}`);
      assert.equal(body.toString(), `content of ${Key}`);
    }
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: BUCKET }));
    assert.deepEqual(Contents.map(({ Key }) => Key).toSorted(), AWKWARD_KEYS.toSorted());
  });

  test(`${name}: a large body goes through as it comes, either way`, async (t) => {
    const { client, proxy } = await behind(t, name);
    const object = { Bucket: BUCKET, Key: "large" };
    const body = randomBytes(LARGE_BYTES);
    const agent = proxy.agent(t);
    const before = proxy.memoryBytes();
    const assertNothingKept = async (when: string): Promise<void> => {
      await setTimeout(SETTLED_AFTER_MS);
      const [memory, files] = [proxy.memoryBytes() - before, proxy.hiddenFileBytes()];
      assert.ok(memory + files < MAX_KEPT_BYTES, `${when}: ${memory} bytes of memory, ${files} bytes in files`);
    };
    const headers = { "content-length": LARGE_BYTES };
    const put = request(await getSignedUrl(client, new PutObjectCommand(object)), { method: "PUT", headers, agent });
    await send(put, body.subarray(MEBIBYTE));
    await assertNothingKept("while it is sent");
    put.end(body.subarray(0, MEBIBYTE));
    assert.equal((await answerTo(put)).status, 200);
    const [message] = (await once(
      request(await getSignedUrl(client, new GetObjectCommand(object)), { agent }).end(),
      "response",
    )) as [IncomingMessage];
    assert.equal(message.statusCode, 200);
    await once(message, "readable");
    await assertNothingKept("while nobody reads it");
    assert.equal(sha256(await buffer(message)), sha256(Buffer.concat([body.subarray(MEBIBYTE), body.subarray(0, MEBIBYTE)])));
  });

  test(`${name}: who waits for 100 Continue gets it, and a refusal`, async (t) => {
    const { client, proxy } = await behind(t, name);
    const agent = proxy.agent(t);
    const url = await getSignedUrl(client, new PutObjectCommand({ Bucket: BUCKET, Key: "expected" }));
    const expecting = (address: string): ClientRequest => {
      const sent = request(address, { method: "PUT", agent, headers: { Expect: "100-continue", "content-length": 5 } });
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
    const { status } = await answerTo(refused);
    refused.destroy();
    assert.equal(status, 403);
    // As the page says: nginx answers before it has asked.
    assert.equal(isContinued, name === "nginx");
  });

  test(`${name}: policies see the client's address and protocol, whatever it says of itself`, async (t) => {
    const { client, proxy } = await behind(t, name);
    const object = { Bucket: BUCKET, Key: "seen" };
    await client.send(new PutObjectCommand({ ...object, Body: "seen" }));
    await client.send(new DeletePublicAccessBlockCommand({ Bucket: BUCKET }));
    const condition = { IpAddress: { "aws:SourceIp": `${CLIENT_ADDRESS}/32` }, Bool: { "aws:SecureTransport": "true" } };
    const rest = { Action: "s3:GetObject", Resource: `arn:aws:s3:::${BUCKET}/*`, Condition: condition };
    const statement = { Effect: "Allow", Principal: "*", ...rest };
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
    await client.send(new PutBucketPolicyCommand({ Bucket: BUCKET, Policy }));
    const url = `${proxy.endpoint}/${BUCKET}/seen`;
    assert.equal((await get(url, { agent: proxy.agent(t) })).status, 200);
    const other = proxy.agent(t, "127.0.0.3");
    assert.equal((await get(url, { agent: other })).status, 403);
    const headers = { "X-Forwarded-For": CLIENT_ADDRESS, Forwarded: `for=${CLIENT_ADDRESS};proto=https` };
    assert.equal((await get(url, { agent: other, headers })).status, 403);
  });

  test(`${name}: what is stored compressed comes as it is stored, to clients that speak of no compression too`, async (t) => {
    const { client, proxy } = await behind(t, name);
    const object = { Bucket: BUCKET, Key: "zipped" };
    const Body = Buffer.from("1f8b0800000000000003cb48cdc9c9070086a6103605000000", "hex");
    await client.send(new PutObjectCommand({ ...object, Body, ContentEncoding: "gzip", ContentType: "text/plain" }));
    const { headers, body } = await get(await getSignedUrl(client, new GetObjectCommand(object)), { agent: proxy.agent(t) });
    assert.equal(headers["content-encoding"], "gzip");
    assert.equal(headers["content-length"], String(Body.length));
    assert.deepEqual(body, Body);
  });

  test(`${name}: the server's own paths stay closed`, async (t) => {
    const { proxy } = await behind(t, name);
    for (const path of ["/-/health", "/-/metrics", "/-/requests", "/-/faults?x=y"])
      assert.equal((await get(`${proxy.endpoint}${path}`, { agent: proxy.agent(t) })).status, 404, path);
  });
}

for (const name of ["nginx", "haproxy"] as const) {
  test(`${name}: curl reaches an object by HTTP/2`, async (t) => {
    const { client, proxy, folder } = await behind(t, name);
    const object = { Bucket: BUCKET, Key: "a b+c//ü" };
    await client.send(new PutObjectCommand({ ...object, Body: "by HTTP/2" }));
    const url = await getSignedUrl(client, new GetObjectCommand(object));
    const to = ["--connect-to", `::127.0.0.1:${proxy.port}`, "--cacert", `${folder}/certificate.pem`];
    const printed = await succeed("/usr/bin/curl", ["-sS", "--http2", ...to, "-w", " %{http_version}", url]);
    assert.equal(printed, "by HTTP/2 2");
  });
}

test("nginx: a proxy that changes Host makes every request SignatureDoesNotMatch", async (t) => {
  const { client } = await behind(t, "nginx", (text) => text.replace(/^.*proxy_set_header Host.*$/m, ""));
  await assert.rejects(client.send(new ListObjectsV2Command({ Bucket: BUCKET })), { name: "SignatureDoesNotMatch" });
});
