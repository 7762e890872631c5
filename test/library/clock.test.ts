import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { Holdfast } from "../../src/index.ts";

const HOUR_MS = 60 * 60 * 1000;
const DAYS_MS = 31 * 24 * HOUR_MS;
/** What an assertion leaves for a busy machine; no step below is as small. */
const LEEWAY_MS = HOUR_MS / 2;
const PLACE = { Bucket: "bucket", Key: "key" };

function assertAhead(server: Holdfast, aheadMs: number): void {
  const offMs = server.clock.now.getTime() - Date.now() - aheadMs;
  assert.ok(Math.abs(offMs) < LEEWAY_MS, `the clock shows ${server.clock.now.toISOString()}, ${offMs} ms off`);
}

async function modifiedAfterPut(client: S3Client): Promise<number> {
  await client.send(new PutObjectCommand({ ...PLACE, Body: "x" }));
  return (await client.send(new HeadObjectCommand(PLACE))).LastModified!.getTime();
}

test("clock: it is moved forward, set and reset, and a client goes on with its first try", async () => {
  await using holdfast = await Holdfast.start();
  const client = new S3Client({ ...holdfast.clientConfig(), maxAttempts: 1 });
  assertAhead(holdfast, 0);
  await client.send(new CreateBucketCommand({ Bucket: "bucket" }));
  const shown = await holdfast.clock.advance("31 days");
  assert.ok(Math.abs(shown.getTime() - holdfast.clock.now.getTime()) < LEEWAY_MS);
  assertAhead(holdfast, DAYS_MS);
  assert.ok(Math.abs((await modifiedAfterPut(client)) - Date.now() - DAYS_MS) < LEEWAY_MS);
  await holdfast.clock.advance("PT1H");
  assertAhead(holdfast, DAYS_MS + HOUR_MS);
  await holdfast.clock.set("2040-02-29");
  assert.equal(new Date(await modifiedAfterPut(client)).toISOString().slice(0, 10), "2040-02-29");
  await holdfast.clock.set(new Date(Date.now() - DAYS_MS));
  assertAhead(holdfast, -DAYS_MS);
  await holdfast.clock.reset();
  assertAhead(holdfast, 0);
});

test("clock: a client that took it for the right time finds back after it was set back", async () => {
  await using holdfast = await Holdfast.start();
  const client = new S3Client(holdfast.clientConfig());
  await holdfast.clock.advance("31 days");
  await client.send(new ListBucketsCommand({}));
  await holdfast.clock.set("2020-01-01");
  const { $metadata } = await client.send(new ListBucketsCommand({}));
  assert.equal($metadata.attempts, 2);
});

test("clock: what has to lie in the future, and presigned URLs, go by it", async () => {
  await using holdfast = await Holdfast.start();
  const client = new S3Client({ ...holdfast.clientConfig(), maxAttempts: 1 });
  await client.send(new CreateBucketCommand({ Bucket: "bucket" }));
  await client.send(new PutObjectCommand({ ...PLACE, Body: "x" }));
  const url = await getSignedUrl(client, new GetObjectCommand(PLACE), { expiresIn: 3600 });
  const status = async (address: string): Promise<number> => (await fetch(address)).status;
  await holdfast.clock.advance("59 minutes");
  assert.equal(await status(url), 200);
  await holdfast.clock.advance("2 minutes");
  const refused = await fetch(url);
  assert.equal(refused.status, 403);
  assert.match(await refused.text(), /<Code>AccessDenied<\/Code><Message>Request has expired<\/Message>/);
  const signingDate = holdfast.clock.now;
  assert.equal(await status(await getSignedUrl(client, new GetObjectCommand(PLACE), { expiresIn: 3600, signingDate })), 200);
  await holdfast.clock.advance("1 day");
  const lock = { ObjectLockMode: "GOVERNANCE", ObjectLockRetainUntilDate: new Date(Date.now() + HOUR_MS) } as const;
  await assert.rejects(client.send(new PutObjectCommand({ ...PLACE, ...lock })), {
    name: "InvalidArgument",
    message: "The retain until date must be in the future!",
  });
});

test("clock: reset makes it real, restore brings back how far it was ahead, and a fork goes its own way", async () => {
  await using holdfast = await Holdfast.start();
  await holdfast.clock.advance("31 days");
  const ahead = holdfast.snapshot();
  await using fork = await holdfast.fork();
  assertAhead(fork, DAYS_MS);
  await fork.clock.reset();
  assertAhead(fork, 0);
  assertAhead(holdfast, DAYS_MS);
  await holdfast.reset();
  assertAhead(holdfast, 0);
  await holdfast.restore(ahead);
  assertAhead(holdfast, DAYS_MS);
  await fork.restore(ahead);
  assertAhead(fork, DAYS_MS);
});

test("clock: what is no length and no time is a RangeError that says what is, and moves nothing", async () => {
  await using holdfast = await Holdfast.start();
  const { clock } = holdfast;
  await assert.rejects(clock.advance("a month"), { message: /^"a month" is not a length of time, such as "31 days"/ });
  await assert.rejects(clock.advance("-1 day"), RangeError);
  await assert.rejects(clock.set("tomorrow"), { message: /^"tomorrow" is not a time in ISO 8601/ });
  for (const time of [new Date(Number.NaN), new Date(-1), "9999-01-01"]) await assert.rejects(clock.set(time), RangeError);
  await assert.rejects(clock.advance("999999 weeks"), { message: "The test clock would leave the years 1970 to 9998." });
  assertAhead(holdfast, 0);
});
