import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import {
  CopyObjectCommand,
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import type { RetryStrategyV2 } from "@smithy/types";
import { Pace, parseError, retryStrategy } from "../../src/clientErrors/index.ts";
import type { RetryOptions, S3RetryStrategy } from "../../src/clientErrors/index.ts";
import { Holdfast } from "../../src/index.ts";
import { errorXml, ScriptedEndpoint } from "./ScriptedEndpoint.ts";
import type { Scripted } from "./ScriptedEndpoint.ts";

let server: Holdfast;
before(async () => (server = await Holdfast.start()));
after(() => server.stop());
beforeEach(async () => {
  await server.reset();
  await new S3Client(server.clientConfig()).send(new CreateBucketCommand({ Bucket: "bucket" }));
});

const OBJECT = { Bucket: "bucket", Key: "key" };
const PUT = { ...OBJECT, Body: "text" };
const times = (count: number, answer: Scripted): Scripted[] => Array.from({ length: count }, () => answer);
const refusal = (status: number, code: string, headers: Record<string, string> = {}): Scripted => ({
  status,
  headers,
  body: errorXml(code),
});

interface Attempt extends AsyncDisposable {
  readonly client: S3Client;
  readonly endpoint: ScriptedEndpoint;
  /** The pauses, which take no time. */
  readonly waitsMs: number[];
}

async function clientFor(script: readonly Scripted[], options: RetryOptions = {}): Promise<Attempt> {
  const endpoint = await ScriptedEndpoint.start(server, ...script);
  const waitsMs: number[] = [];
  const sleep = async (ms: number): Promise<void> => void waitsMs.push(ms);
  const strategy = retryStrategy({ random: () => 0.5, sleep, pace: false, ...options });
  const client = new S3Client({ ...server.clientConfig(), endpoint: endpoint.url, retryStrategy: strategy });
  return {
    client,
    endpoint,
    waitsMs,
    [Symbol.asyncDispose]: async () => {
      client.destroy();
      await endpoint[Symbol.asyncDispose]();
    },
  };
}

test("retryStrategy: is what the SDK calls a RetryStrategyV2", () => {
  const strategy: RetryStrategyV2 = retryStrategy() satisfies S3RetryStrategy;
  assert.equal(typeof strategy.acquireInitialRetryToken, "function");
});

test("retryStrategy: a request that fails inside S3 is sent again with growing pauses until it succeeds", async () => {
  const failures: Scripted[] = [refusal(500, "InternalError"), { status: 500 }, "cut", refusal(400, "RequestTimeout")];
  await using attempt = await clientFor(failures);
  const { $metadata } = await attempt.client.send(new PutObjectCommand(PUT));
  assert.equal(attempt.endpoint.requests.length, 5);
  assert.deepEqual(attempt.waitsMs, [50, 100, 200, 400]);
  assert.deepEqual([$metadata.attempts, $metadata.totalRetryDelay], [5, 750]);
});

test("retryStrategy: ten attempts in all, or as many as it was told", async () => {
  await using ten = await clientFor(times(20, refusal(500, "InternalError")));
  const error = await ten.client.send(new GetObjectCommand(OBJECT)).catch((thrown: unknown) => thrown);
  assert.ok(error instanceof S3ServiceException);
  assert.deepEqual([error.name, error.$metadata.attempts], ["InternalError", 10]);
  assert.equal(ten.endpoint.requests.length, 10);
  await using two = await clientFor(times(20, refusal(500, "InternalError")), { attempts: 2 });
  await assert.rejects(two.client.send(new GetObjectCommand(OBJECT)), { name: "InternalError" });
  assert.equal(two.endpoint.requests.length, 2);
});

test("retryStrategy: what would be refused again is not sent again, whatever its status", async () => {
  for (const [status, code] of [
    [403, "AccessDenied"],
    [404, "NoSuchKey"],
    [501, "NotImplemented"],
    [503, "AccessDenied"],
    [412, "PreconditionFailed"],
  ] as const) {
    await using attempt = await clientFor([refusal(status, code)]);
    await assert.rejects(attempt.client.send(new GetObjectCommand(OBJECT)), { name: code });
    assert.equal(attempt.endpoint.requests.length, 1, code);
  }
});

test("retryStrategy: an error inside a 200 counts by its code, and so does a 200 that ends before its body", async () => {
  const copy = new CopyObjectCommand({ ...OBJECT, Key: "copy", CopySource: "bucket/key" });
  await using denied = await clientFor([refusal(200, "AccessDenied")]);
  await assert.rejects(denied.client.send(copy), { name: "AccessDenied" });
  assert.equal(denied.endpoint.requests.length, 1);
  await using failed = await clientFor(["pass", refusal(200, "InternalError"), { status: 200 }]);
  await failed.client.send(new PutObjectCommand(PUT));
  const { $metadata } = await failed.client.send(copy);
  assert.equal($metadata.attempts, 3);
});

test("retryStrategy: SlowDown is waited for longer, and Retry-After is respected", async () => {
  await using attempt = await clientFor([
    refusal(503, "SlowDown"),
    { status: 503, reason: "Slow Down" },
    refusal(503, "SlowDown", { "Retry-After": "9" }),
  ]);
  await attempt.client.send(new PutObjectCommand(PUT));
  assert.deepEqual(attempt.waitsMs, [500, 1000, 9000]);
});

test("retryStrategy: after a SlowDown all requests of the client share one pace, which grows again with success", async () => {
  let now = 0;
  const pace = new Pace({ now: () => now });
  const slept: number[] = [];
  const sleep = async (ms: number): Promise<void> => {
    slept.push(ms);
    now += ms;
  };
  await using attempt = await clientFor([...times(10, "pass"), refusal(503, "SlowDown")], { pace, sleep, random: () => 0 });
  const put = (): Promise<unknown> => attempt.client.send(new PutObjectCommand(PUT));
  for (let n = 0; n < 10; n++) await put();
  assert.deepEqual([slept, pace.ratePerSecond], [[], undefined]);
  await put();
  // Eleven in this second: half of that is 5.5 in a second, and one success on top.
  assert.equal(slept.length, 1);
  assert.ok(Math.abs(slept[0]! - 1000 / 5.5) < 1, `waited ${slept[0]} ms`);
  assert.ok(pace.ratePerSecond! > 5.5);
  await put();
  await put();
  assert.equal(slept.length, 3);
  assert.ok(slept[2]! < slept[0]!);
});

test("retryStrategy: a clock that is wrong is corrected by the SDK, and the request sent again, also a HEAD", async () => {
  const headers = { date: new Date(Date.now() + 3_600_000).toUTCString() };
  for (const [command, answer] of [
    [new GetObjectCommand(OBJECT), refusal(403, "RequestTimeTooSkewed", headers)],
    [new HeadObjectCommand(OBJECT), { status: 403, headers }],
  ] as const) {
    await using attempt = await clientFor([answer, { status: 200, headers }]);
    const { $metadata } = await attempt.client.send(command);
    assert.equal($metadata.attempts, 2);
  }
});

test("retryStrategy: what looks like a wrong clock and was not corrected is not sent again", async () => {
  await using attempt = await clientFor([refusal(403, "RequestTimeTooSkewed")]);
  await assert.rejects(attempt.client.send(new GetObjectCommand(OBJECT)), { name: "RequestTimeTooSkewed" });
  assert.equal(attempt.endpoint.requests.length, 1);
});

test("retryStrategy: a conditional write whose answer was lost meets itself, and what it wrote tells that it was its own", async () => {
  await using attempt = await clientFor(["lose"]);
  const writeId = "3f2a";
  const write = attempt.client.send(new PutObjectCommand({ ...PUT, IfNoneMatch: "*", Metadata: { "write-id": writeId } }));
  const error = parseError(await write.catch((thrown: unknown) => thrown));
  assert.equal(error.code, "PreconditionFailed");
  assert.equal(attempt.endpoint.requests.length, 2);
  const { Metadata } = await attempt.client.send(new HeadObjectCommand(OBJECT));
  assert.equal(Metadata?.["write-id"], writeId);
});

test("retryStrategy: a request that is aborted while it waits ends", async () => {
  const giveUp = new AbortController();
  const sleep = (): Promise<void> => {
    giveUp.abort();
    return new Promise(() => undefined);
  };
  await using attempt = await clientFor([refusal(500, "InternalError")], { sleep });
  await assert.rejects(attempt.client.send(new PutObjectCommand(PUT), { abortSignal: giveUp.signal }), { name: "AbortError" });
  assert.equal(attempt.endpoint.requests.length, 1);
});
