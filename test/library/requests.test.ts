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
import { Upload } from "@aws-sdk/lib-storage";
import type { RequestRecord } from "../../src/index.ts";
import { Holdfast } from "../../src/index.ts";
import { newFolder } from "../newFolder.ts";

/** A server with a bucket. */
async function started(options: Parameters<typeof Holdfast.start>[0] = {}) {
  const server = await Holdfast.start(options);
  const client = new S3Client({ ...server.clientConfig(), maxAttempts: 3 });
  await client.send(new CreateBucketCommand({ Bucket: "bucket" }));
  return {
    server,
    client,
    async [Symbol.asyncDispose](): Promise<void> {
      client.destroy();
      await server.stop();
    },
  };
}

const PART_SIZE_BYTES: number = 5 * 1024 * 1024;

function namesOf(records: readonly RequestRecord[]): (string | undefined)[] {
  return records.map(({ operation }) => operation);
}

for (const where of ["in memory", "on a data folder"] as const) {
  test(`requests: an upload in parts is completed exactly once, ${where}`, async (t) => {
    await using _ = await started(where === "in memory" ? {} : { data: newFolder(t) });
    const { server, client } = _;
    const params = { Bucket: "bucket", Key: "large", Body: Buffer.alloc(2 * PART_SIZE_BYTES + 1) };
    await new Upload({ client, params, partSize: PART_SIZE_BYTES }).done();
    const completions = await server.requests({ operations: ["CompleteMultipartUpload"] });
    assert.deepEqual(
      completions.map(({ bucket, key, status }) => [bucket, key, status]),
      [["bucket", "large", 200]],
    );
    const parts = await server.requests({ operations: ["UploadPart"], key: "large" });
    assert.deepEqual(parts.map(({ partNumber }) => partNumber).toSorted(), [1, 2, 3]);
    assert.ok(parts.every(({ uploadId }) => uploadId === completions[0]!.uploadId));
  });
}

test("requests: everything whose answer a client has is there, in the order in which it ended", async () => {
  await using _ = await started();
  const { server, client } = _;
  for (let count = 1; count <= 50; count += 1) {
    await client.send(new PutObjectCommand({ Bucket: "bucket", Key: `key-${count}`, Body: "x" }));
    const puts = await server.requests({ operations: ["PutObject"] });
    assert.equal(puts.length, count);
    assert.equal(puts.at(-1)?.key, `key-${count}`);
  }
});

test("requests: reset forgets them, a fork begins without any, and restore leaves them", async () => {
  await using _ = await started();
  const { server, client } = _;
  const snapshot = server.snapshot();
  await using fork = await server.fork();
  assert.deepEqual(await fork.requests(), []);
  await server.restore(snapshot);
  assert.deepEqual(namesOf(await server.requests()), ["CreateBucket"]);
  await server.reset();
  assert.deepEqual(await server.requests(), []);
  await client.send(new ListBucketsCommand({}));
  assert.deepEqual(namesOf(await server.requests()), ["ListBuckets"]);
});

test("requests: on a data folder those of the run before are there", async (t) => {
  const options = { data: newFolder(t), accessKeyId: "HFAGAIN", secretAccessKey: "the-same-secret" };
  {
    await using _ = await started(options);
  }
  await using again = await Holdfast.start(options);
  assert.deepEqual(namesOf(await again.requests()), ["CreateBucket"]);
});

test("requests: a filter with a member that there is not is a TypeError, and no filter that fits all", async () => {
  await using server = await Holdfast.start();
  await assert.rejects(server.requests({ operation: "PutObject" } as object), {
    name: "TypeError",
    message: /^requests\(\) knows no filter "operation"; it knows id, operations, /,
  });
});

test("requests: without a journal nobody is told that nothing was asked", async () => {
  await using server = await Holdfast.start({ journalSizeBytes: 0 });
  await assert.rejects(server.requests(), { message: "requests() needs a journal, and journalSizeBytes is 0" });
  await assert.rejects(server.why("0123456789ABCDEF"), { message: "why() needs a journal, and journalSizeBytes is 0" });
});

test("why: a refused request is told by either of its ids, as parts and as text", async () => {
  await using _ = await started();
  const { server, client } = _;
  const refused = await client.send(new GetObjectCommand({ Bucket: "bucket", Key: "missing" })).catch((error: unknown) => error);
  const { requestId, extendedRequestId } = (refused as { $metadata: Record<string, string> }).$metadata;
  const told = await server.why(requestId!);
  assert.equal(told.outcome, "refused");
  assert.deepEqual([told.stopped?.code, told.stopped?.status], ["NoSuchKey", 404]);
  assert.match(told.text, /NoSuchKey/);
  assert.deepEqual(await server.why(extendedRequestId!), told);
});

test("why: a wrong signature is compared with what the client signed", async () => {
  await using server = await Holdfast.start();
  const config = server.clientConfig();
  const stranger = new S3Client({
    ...config,
    credentials: { ...config.credentials, secretAccessKey: "another-secret" },
    maxAttempts: 1,
  });
  await assert.rejects(stranger.send(new ListBucketsCommand({})), { name: "SignatureDoesNotMatch" });
  stranger.destroy();
  const [{ requestId, story } = assert.fail()] = await server.requests({ errorCode: "SignatureDoesNotMatch" });
  const canonical = story!.canonicalRequest!;
  const same = await server.why(requestId, { canonical });
  assert.deepEqual([same.signature?.compared, same.signature?.difference], ["canonicalRequest", null]);
  const { signature } = await server.why(requestId, { canonical: canonical.replace(/^GET/, "PUT") });
  assert.deepEqual([signature?.difference?.line, signature?.difference?.client], [1, "PUT"]);
});

test("why: a request that the journal does not have is an error that says so", async () => {
  await using server = await Holdfast.start();
  await assert.rejects(server.why("0123456789ABCDEF"), { message: /^The journal has no request "0123456789ABCDEF"/ });
});

test("faults: an SDK tries again after SlowDown, and the requests tell of both attempts", async () => {
  await using _ = await started();
  const { server, client } = _;
  const rule = await server.faults.add({
    match: { operations: ["PutObject"] },
    chance: { times: 1 },
    action: { kind: "error", code: "SlowDown" },
  });
  assert.equal(rule.id, "SlowDown-1");
  await client.send(new PutObjectCommand({ Bucket: "bucket", Key: "key", Body: "x" }));
  const attempts = await server.requests({ operations: ["PutObject"] });
  assert.deepEqual(
    attempts.map(({ attempt, status, errorCode, faults }) => [attempt, status, errorCode, faults]),
    [
      [1, 503, "SlowDown", ["SlowDown-1"]],
      [2, 200, undefined, undefined],
    ],
  );
  assert.equal(attempts[0]!.invocationId, attempts[1]!.invocationId);
  const [listed] = await server.faults.list();
  assert.deepEqual([listed?.matched, listed?.struck], [2, 1]);
});

test("faults: a server in memory can tell what was there a while ago", async () => {
  await using _ = await started();
  const { server, client } = _;
  await client.send(new PutObjectCommand({ Bucket: "bucket", Key: "key", Body: "x" }));
  await server.faults.add({ match: { operations: ["HeadObject"] }, action: { kind: "stale", staleMs: 60_000 } });
  const head = new HeadObjectCommand({ Bucket: "bucket", Key: "key" });
  const failure: unknown = await client.send(head).catch((cause: unknown) => cause);
  assert.equal((failure as { $metadata: { httpStatusCode: number } }).$metadata.httpStatusCode, 404);
  await server.faults.clear();
  await client.send(head);
});

test("faults: rules are part of the content: reset, restore and fork take them along", async () => {
  await using _ = await started();
  const { server } = _;
  const idsOf = async (of: Holdfast): Promise<string[]> => (await of.faults.list()).map(({ id }) => id);
  await server.faults.add([{ id: "first", action: { kind: "delay", delayMs: 1 } }]);
  const snapshot = server.snapshot();
  await using fork = await server.fork();
  assert.deepEqual(await idsOf(fork), ["first"]);
  await server.faults.add({ id: "second", action: { kind: "delay", delayMs: 1 } });
  assert.equal(await server.faults.remove("first"), true);
  assert.equal(await server.faults.remove("first"), false);
  assert.deepEqual([await idsOf(server), await idsOf(fork)], [["second"], ["first"]]);
  await server.restore(snapshot);
  assert.deepEqual(await idsOf(server), ["first"]);
  assert.equal(await server.faults.clear(), 1);
  await server.restore(snapshot);
  await server.reset();
  assert.deepEqual(await idsOf(server), []);
});

test("faults: a scenario replaces all rules, in order, and its seed can be another one", async () => {
  await using server = await Holdfast.start();
  await server.faults.add({ id: "before", action: { kind: "delay", delayMs: 1 } });
  const scenario = {
    name: "mine",
    description: "for this test",
    rules: [
      { id: "b", chance: { probability: 0.5 }, action: { kind: "delay", delayMs: 1 } },
      { id: "a", action: { kind: "delay", delayMs: 2 } },
    ],
  } as const;
  const rules = await server.faults.apply(scenario, { seed: 7 });
  assert.deepEqual(
    rules.map(({ id, chance }) => [id, chance.seed]),
    [
      ["b", 7],
      ["a", undefined],
    ],
  );
  assert.deepEqual(
    (await server.faults.list()).map(({ rule }) => rule),
    rules,
  );
});

test("faults: a rule that cannot be is a TypeError with the precise text, and nothing is added", async () => {
  await using server = await Holdfast.start();
  const { faults } = server;
  const wrong = { action: { kind: "error", code: "SlowDwon" } } as never;
  await assert.rejects(faults.add(wrong), {
    name: "TypeError",
    message: /^action\.code is "SlowDwon", .*did you mean "SlowDown"\?/,
  });
  const right = { id: "taken", action: { kind: "delay", delayMs: 1 } } as const;
  await assert.rejects(faults.add([right, wrong]), { name: "TypeError", message: /^\[1\]\.action\.code is "SlowDwon"/ });
  assert.deepEqual(await faults.list(), []);
  await faults.add(right);
  await assert.rejects(faults.add(right), { name: "TypeError", message: /^There is a rule "taken" already/ });
  await assert.rejects(faults.apply("no such scenario"), {
    name: "TypeError",
    message: /^There is no scenario "no such scenario"/,
  });
  assert.equal((await faults.list()).length, 1);
});

test("faults: on a data folder they are off unless asked for, and adding says so", async (t) => {
  const data = newFolder(t);
  const rule = { match: { operations: ["HeadObject"] }, action: { kind: "error", code: "InternalError" } } as const;
  {
    await using server = await Holdfast.start({ data });
    const refused = (method: string) => ({
      message: `faults.${method}() needs a server on which faults may strike: start it with { faults: true }`,
    });
    await assert.rejects(server.faults.add(rule), refused("add"));
    await assert.rejects(server.faults.apply("any"), refused("apply"));
    assert.deepEqual(await server.faults.list(), []);
  }
  await using _ = await started({ data, faults: true });
  const { server, client } = _;
  await server.faults.add({ ...rule, chance: { times: 3 } });
  const failure: unknown = await client
    .send(new HeadObjectCommand({ Bucket: "bucket", Key: "key" }))
    .catch((cause: unknown) => cause);
  assert.equal((failure as { $metadata: { httpStatusCode: number } }).$metadata.httpStatusCode, 500);
  assert.equal((await server.requests({ operations: ["HeadObject"], status: "5xx" })).length, 3);
});
