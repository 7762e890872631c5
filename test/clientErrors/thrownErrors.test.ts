import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { GetUserCommand, IAMClient } from "@aws-sdk/client-iam";
import { GetObjectCommand, HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { isRetryable, parseError, readError } from "../../src/clientErrors/index.ts";
import type { ClientError } from "../../src/clientErrors/index.ts";
import { Holdfast } from "../../src/index.ts";
import { ScriptedEndpoint } from "./ScriptedEndpoint.ts";
import type { Scripted } from "./ScriptedEndpoint.ts";

let server: Holdfast;
before(async () => (server = await Holdfast.start()));
after(() => server.stop());

const OBJECT = { Bucket: "nowhere", Key: "a key" };

async function failure(call: Promise<unknown>): Promise<ClientError> {
  const thrown = await call.then(
    () => assert.fail("it succeeded"),
    (error: unknown) => error,
  );
  const error = parseError(thrown);
  assert.equal(error.raw, thrown);
  assert.equal(error.cause, thrown);
  return error;
}

/** What the SDK makes of an answer. */
async function sdkFailure(answer: Scripted): Promise<ClientError> {
  await using endpoint = await ScriptedEndpoint.start(server, answer);
  const client = new S3Client({ ...server.clientConfig(), endpoint: endpoint.url, maxAttempts: 1 });
  return await failure(client.send(new GetObjectCommand(OBJECT)));
}

test("parseError: what SDK v3 throws for an error of S3's", async () => {
  const client = new S3Client({ ...server.clientConfig(), maxAttempts: 1 });
  const error = await failure(client.send(new GetObjectCommand(OBJECT)));
  assert.deepEqual([error.kind, error.code, error.status, error.isCodeGuessed], ["answer", "NoSuchBucket", 404, false]);
  assert.equal(error.message, "The specified bucket does not exist");
  assert.match(error.explanation!, /no bucket called "nowhere"/);
  assert.deepEqual(error.details, { BucketName: "nowhere", Resource: "/nowhere/a key" });
  assert.match(error.requestId!, /^[A-Z0-9]{16}$/);
  assert.ok(error.hostId!.length > 20);
});

test("parseError: what SDK v3 throws for HEAD, whose answers have no body", async () => {
  const client = new S3Client({ ...server.clientConfig(), maxAttempts: 1 });
  const missing = await failure(client.send(new HeadObjectCommand(OBJECT)));
  assert.deepEqual([missing.code, missing.status], ["NotFound", 404]);
  const credentials = { accessKeyId: "HFNOBODY", secretAccessKey: "secret" };
  const stranger = new S3Client({ ...server.clientConfig(), credentials, maxAttempts: 1 });
  const refused = await failure(stranger.send(new HeadObjectCommand(OBJECT)));
  assert.deepEqual([refused.code, refused.status, refused.isCodeGuessed], ["AccessDenied", 403, true]);
  assert.match(refused.requestId!, /^[A-Z0-9]{16}$/);
});

test("parseError: what SDK v3 throws for errors of IAM and STS has the code of their XML", async () => {
  const config = { ...server.clientConfig(), maxAttempts: 1 };
  const error = await failure(new IAMClient(config).send(new GetUserCommand({ UserName: "nobody" })));
  assert.deepEqual([error.code, error.status], ["NoSuchEntity", 404]);
  const credentials = { accessKeyId: "HFNOBODY", secretAccessKey: "secret" };
  const refused = await failure(new STSClient({ ...config, credentials }).send(new GetCallerIdentityCommand({})));
  assert.deepEqual([refused.code, refused.status], ["InvalidClientTokenId", 403]);
});

test("parseError: what SDK v3 throws for answers that are not S3's counts by their status", async () => {
  const page = await sdkFailure({ status: 502, reason: "Bad Gateway", body: "<html><body><h1>Bad</h1><hr></body></html>" });
  assert.deepEqual([page.kind, page.code, page.status, isRetryable(page)], ["answer", "BadGateway", 502, true]);
  const bare = await sdkFailure({ status: 503, reason: "Slow Down", headers: { "Retry-After": "2" } });
  assert.deepEqual([bare.code, bare.isCodeGuessed, bare.retryAfterMs], ["SlowDown", true, 2000]);
});

test("parseError: what SDK v3 throws when the connection is cut, when nobody listens, and when it is aborted", async () => {
  const cut = await sdkFailure("cut");
  assert.deepEqual([cut.kind, cut.code, cut.status, isRetryable(cut)], ["connection", "ECONNRESET", undefined, true]);
  const gone = await ScriptedEndpoint.start(server);
  const { url } = gone;
  await gone[Symbol.asyncDispose]();
  const client = new S3Client({ ...server.clientConfig(), endpoint: url, maxAttempts: 1 });
  const refused = await failure(client.send(new GetObjectCommand(OBJECT)));
  assert.deepEqual([refused.kind, refused.code], ["connection", "ECONNREFUSED"]);
  const aborted = await failure(client.send(new GetObjectCommand(OBJECT), { abortSignal: AbortSignal.abort() }));
  assert.deepEqual([aborted.kind, isRetryable(aborted)], ["aborted", false]);
});

test("parseError: what fetch throws when the connection is cut, and what it says of a refusal", async () => {
  await using endpoint = await ScriptedEndpoint.start(server, "cut");
  const cut = await failure(fetch(endpoint.url));
  assert.deepEqual([cut.kind, isRetryable(cut)], ["connection", true]);
  const refused = await readError(await fetch(`${endpoint.url}/nowhere/key`));
  assert.deepEqual([refused.code, refused.status], ["NoSuchBucket", 404]);
  const late = parseError(new DOMException("The operation was aborted due to timeout", "TimeoutError"));
  assert.deepEqual([late.kind, isRetryable(late)], ["connection", true]);
  const given = parseError(new DOMException("This operation was aborted", "AbortError"));
  assert.deepEqual([given.kind, isRetryable(given)], ["aborted", false]);
  const browser = parseError(new TypeError("Failed to fetch"));
  assert.deepEqual([browser.kind, browser.code], ["connection", "NetworkError"]);
});

test("parseError: what the AWS SDK before version 3 throws", () => {
  const error = parseError(
    Object.assign(new Error("Access Denied"), {
      code: "AccessDenied",
      statusCode: 403,
      requestId: "R",
      extendedRequestId: "H",
      retryable: false,
      retryDelay: 50,
      region: null,
      time: new Date(0),
    }),
  );
  assert.deepEqual(
    [error.kind, error.code, error.status, error.requestId, error.hostId, error.details],
    ["answer", "AccessDenied", 403, "R", "H", {}],
  );
  const lost = parseError(Object.assign(new Error("socket hang up"), { code: "NetworkingError", errno: "ECONNRESET" }));
  assert.deepEqual([lost.kind, lost.code], ["connection", "NetworkingError"]);
});

test("parseError: what minio-js throws, which has no status and writes names small", () => {
  const error = parseError(
    Object.assign(new Error("The specified key does not exist."), {
      name: "S3Error",
      code: "NoSuchKey",
      key: "a",
      bucketname: "photos",
      resource: "/photos/a",
      amzRequestid: "R",
      amzId2: "H",
      amzBucketRegion: null,
    }),
  );
  assert.deepEqual(
    [error.kind, error.code, error.status, error.requestId, error.hostId, error.details],
    ["answer", "NoSuchKey", undefined, "R", "H", { Key: "a", BucketName: "photos", Resource: "/photos/a" }],
  );
});

test("parseError: a defect of the program is no answer and no connection, and is not worth a retry", () => {
  for (const thrown of [new TypeError("x is not a function"), new RangeError("too long"), new Error("why"), "text", undefined]) {
    assert.equal(parseError(thrown).kind, "unknown");
    assert.equal(isRetryable(thrown), false);
  }
  const denied = Object.assign(new Error("no such file"), { code: "ENOENT", syscall: "open" });
  assert.deepEqual([parseError(denied).kind, parseError(denied).code], ["unknown", "ENOENT"]);
});
