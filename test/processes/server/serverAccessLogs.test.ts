import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";
import type { S3Client } from "@aws-sdk/client-s3";
import {
  CreateBucketCommand,
  DeleteBucketPolicyCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketLoggingCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { deliveryPolicy, linesOf } from "../../accessLogs/LoggedServer.ts";
import { newFolder } from "../../newFolder.ts";
import { ServerProcess } from "../../serverProcess.ts";

/** Server access logs of durable servers, with one process and with several. */

const REQUESTS = 200;
const AT_ONCE = 8;
/** No log is delivered before the server stops. */
const NEVER = ["--log-delivery-ms", "86400000"];

async function start(t: TestContext, data: string, args: readonly string[]): Promise<ServerProcess> {
  const server = await ServerProcess.start(data, { args });
  t.after(() => server.stop());
  return server;
}

async function setUp(client: S3Client): Promise<void> {
  await client.send(new CreateBucketCommand({ Bucket: "logs" }));
  await client.send(new PutBucketPolicyCommand({ Bucket: "logs", Policy: deliveryPolicy("logs") }));
  await client.send(new CreateBucketCommand({ Bucket: "bucket" }));
  const LoggingEnabled = { TargetBucket: "logs", TargetPrefix: "" };
  await client.send(new PutBucketLoggingCommand({ Bucket: "bucket", BucketLoggingStatus: { LoggingEnabled } }));
}

/** Puts so many objects, several at once. */
async function putObjects(server: ServerProcess): Promise<void> {
  const lanes = Array.from({ length: AT_ONCE }, async (_, lane) => {
    // Each on connections of its own, so that every worker gets some.
    const client = server.client();
    for (let index = lane; index < REQUESTS; index += AT_ONCE) {
      await client.send(new PutObjectCommand({ Bucket: "bucket", Key: `k${index}`, Body: "content" }));
    }
    client.destroy();
  });
  await Promise.all(lanes);
}

/** The keys that logged requests name. */
async function loggedKeys(client: S3Client): Promise<string[]> {
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: "logs" }));
  const keys: string[] = [];
  for (const { Key } of Contents) {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: "logs", Key }));
    keys.push(...linesOf(await Body!.transformToString("latin1")).map(({ key }) => key));
  }
  return keys.toSorted();
}

const EVERY_KEY: readonly string[] = Array.from({ length: REQUESTS }, (_, index) => `k${index}`).toSorted();

for (const workers of ["1", "2"]) {
  test(`Server access logs: a clean stop of ${workers} workers delivers every line, once`, async (t) => {
    const data = newFolder(t);
    const args = ["--workers", workers, ...NEVER];
    const first = await start(t, data, args);
    const client = first.client();
    await setUp(client);
    await putObjects(first);
    assert.deepEqual(await loggedKeys(client), []);
    client.destroy();
    assert.equal(await first.stop(), 0);
    const second = await start(t, data, args);
    assert.deepEqual(await loggedKeys(second.client()), EVERY_KEY);
  });
}

test("Server access logs: workers deliver them at intervals, and metrics count the lines of all of them", async (t) => {
  const server = await start(t, newFolder(t), ["--workers", "2", "--log-delivery-ms", "100"]);
  await setUp(server.client());
  await putObjects(server);
  const text = `holdfast_server_access_log_lines_total{outcome="delivered"} ${REQUESTS}\n`;
  for (let metrics = ""; !metrics.includes(text);) {
    metrics = await (await fetch(`http://127.0.0.1:${server.port}/-/metrics`)).text();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.deepEqual(await loggedKeys(server.client()), EVERY_KEY);
});

test("Server access logs: what the target refuses is told to the operator, and the server stops all the same", async (t) => {
  const server = await start(t, newFolder(t), ["--workers", "2", ...NEVER]);
  const client = server.client();
  await setUp(client);
  await client.send(new DeleteBucketPolicyCommand({ Bucket: "logs" }));
  await client.send(new PutObjectCommand({ Bucket: "bucket", Key: "k", Body: "content" }));
  assert.equal(await server.stop(), 0);
  const warnings = server.output.split("\n").filter((line) => line.includes("server access logs could not be delivered"));
  assert.equal(warnings.length, 1);
  const warning = JSON.parse(warnings[0]!) as Record<string, unknown>;
  assert.deepEqual([warning["bucket"], warning["targetBucket"], warning["lines"]], ["bucket", "logs", 1]);
});
