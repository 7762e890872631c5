import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketLifecycleConfigurationCommand,
  PutBucketLoggingCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import type { PutBucketLifecycleConfigurationCommandInput } from "@aws-sdk/client-s3";
import { Holdfast } from "../../src/index.ts";
import { CERTIFICATE, CERTIFICATE_PATH, PRIVATE_KEY_PATH } from "../server/http/testCertificate.ts";
import { RawConnection } from "../server/RawConnection.ts";
import type { Line } from "./LoggedServer.ts";
import { deliveryPolicy, linesOf } from "./LoggedServer.ts";

/** Server access logs of a server as a program starts it. */

/** Often enough that no test waits long. */
const LOG_DELIVERY_MS = 100;

function clientOf(server: Holdfast): S3Client {
  const { endpoint, ...config } = server.clientConfig();
  // Only where the certificate is the test's own.
  const isSecure = endpoint.startsWith("https:");
  return new S3Client({
    endpoint,
    ...config,
    maxAttempts: 1,
    ...(isSecure && { requestHandler: { httpsAgent: { ca: CERTIFICATE } } }),
  });
}

/** A bucket whose requests are logged into "logs". */
async function setUp(client: S3Client): Promise<void> {
  await client.send(new CreateBucketCommand({ Bucket: "logs" }));
  await client.send(new PutBucketPolicyCommand({ Bucket: "logs", Policy: deliveryPolicy("logs") }));
  await client.send(new CreateBucketCommand({ Bucket: "bucket" }));
  const LoggingEnabled = { TargetBucket: "logs", TargetPrefix: "" };
  await client.send(new PutBucketLoggingCommand({ Bucket: "bucket", BucketLoggingStatus: { LoggingEnabled } }));
}

/** All lines that were delivered. */
async function deliveredLines(client: S3Client): Promise<Line[]> {
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: "logs" }));
  const texts = await Promise.all(
    Contents.map(async ({ Key }) => {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: "logs", Key }));
      return Body!.transformToString("latin1");
    }),
  );
  return texts.flatMap(linesOf);
}

/** The same, once there are so many. */
async function linesOnceThereAre(client: S3Client, count: number): Promise<Line[]> {
  for (;;) {
    const lines = await deliveredLines(client);
    if (lines.length >= count) return lines;
    await new Promise((resolve) => setTimeout(resolve, LOG_DELIVERY_MS));
  }
}

test("Server access logs: a server in memory delivers them at intervals, by the time of its clock", async () => {
  await using server = await Holdfast.start({ logDeliveryMs: LOG_DELIVERY_MS });
  const client = clientOf(server);
  await server.clock.set("2030-05-06T07:08:09Z");
  await setUp(client);
  await client.send(new PutObjectCommand({ Bucket: "bucket", Key: "k", Body: "content" }));
  const [line] = await linesOnceThereAre(client, 1);
  assert.match(line!.time, /^06\/May\/2030:07:08:\d\d \+0000$/);
  assert.equal(line!.operation, "REST.PUT.OBJECT");
  const { Contents } = await client.send(new ListObjectsV2Command({ Bucket: "logs" }));
  assert.match(Contents![0]!.Key!, /^2030-05-06-07-08-\d\d-[0-9A-F]{16}$/);
});

test("Server access logs: over TLS a line says version and cipher, also of a connection that ended with its answer", async () => {
  await using server = await Holdfast.start({
    logDeliveryMs: LOG_DELIVERY_MS,
    tlsCertificatePath: CERTIFICATE_PATH,
    tlsPrivateKeyPath: PRIVATE_KEY_PATH,
  });
  const client = clientOf(server);
  await setUp(client);
  using connection = await RawConnection.openSecure(Number(new URL(server.endpoint).port), CERTIFICATE);
  await connection.send("GET /bucket/none HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  assert.equal((await connection.answer()).status, 403);
  const [line] = await linesOnceThereAre(client, 1);
  assert.equal(line!.tls, "TLSv1.3");
  assert.match(line!.cipher, /^TLS_AES_\d+_GCM_SHA\d+$/);
  assert.equal(line!.host, "localhost");
});

test("Server access logs: lines of content that is replaced go with it", async () => {
  await using server = await Holdfast.start({ logDeliveryMs: LOG_DELIVERY_MS });
  const client = clientOf(server);
  await setUp(client);
  const snapshot = server.snapshot();
  await client.send(new PutObjectCommand({ Bucket: "bucket", Key: "before", Body: "content" }));
  await server.restore(snapshot);
  await client.send(new PutObjectCommand({ Bucket: "bucket", Key: "after", Body: "content" }));
  const lines = await linesOnceThereAre(client, 1);
  assert.deepEqual(
    lines.map(({ key }) => key),
    ["after"],
  );
});

test("Server access logs: what lifecycle does stands there as S3's, without a request", async () => {
  await using server = await Holdfast.start({ logDeliveryMs: LOG_DELIVERY_MS });
  const client = clientOf(server);
  await setUp(client);
  await client.send(new PutObjectCommand({ Bucket: "bucket", Key: "my cat", Body: "content" }));
  await client.send(new PutBucketVersioningCommand({ Bucket: "bucket", VersioningConfiguration: { Status: "Enabled" } }));
  const moved = await client.send(new PutObjectCommand({ Bucket: "bucket", Key: "moved", Body: Buffer.alloc(128 * 1024) }));
  await client.send(new CreateMultipartUploadCommand({ Bucket: "bucket", Key: "upload" }));
  const rule = { Status: "Enabled", Filter: { Prefix: "" } } as const;
  const Rules = [
    { ...rule, ID: "1", Filter: { Prefix: "my" }, Expiration: { Days: 1 }, NoncurrentVersionExpiration: { NoncurrentDays: 1 } },
    { ...rule, ID: "2", Transitions: [{ Days: 1, StorageClass: "GLACIER" }] } as const,
    { ...rule, ID: "3", AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } },
  ];
  const put = { Bucket: "bucket", LifecycleConfiguration: { Rules: Rules.map((one) => ({ ...one })) } };
  await client.send(new PutBucketLifecycleConfigurationCommand(put as PutBucketLifecycleConfigurationCommandInput));
  await server.clock.advance("3 days");
  const done = async (count: number): Promise<Line[]> => {
    for (;;) {
      const lines = (await deliveredLines(client)).filter(({ requester }) => requester === "AmazonS3");
      if (lines.length >= count) return lines.toSorted((a, b) => (a.operation < b.operation ? -1 : 1));
      await new Promise((resolve) => setTimeout(resolve, LOG_DELIVERY_MS));
    }
  };
  const first = await done(3);
  assert.deepEqual(
    first.map(({ operation, key }) => `${operation} ${key}`),
    ["S3.CREATE.DELETEMARKER my%2520cat", "S3.DELETE.UPLOAD upload", "S3.TRANSITION.OBJECT moved"],
  );
  const line = first[2]!;
  assert.deepEqual(
    [line.request, line.status, line.objectSize, line.versionId, line.remoteAddress],
    ["-", "-", String(128 * 1024), moved.VersionId, "-"],
  );
  await server.clock.advance("3 days");
  const expired = (await done(5)).filter(({ operation }) => operation === "S3.EXPIRE.OBJECT");
  // The marker above it may be gone in the same round.
  assert.ok(expired.some(({ key, versionId }) => key === "my%20cat" && versionId === "null"));
});
