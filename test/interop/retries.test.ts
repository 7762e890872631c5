import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { setTimeout } from "node:timers/promises";
import { CreateBucketCommand, PutObjectCommand, S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import { newFolder } from "../newFolder.ts";
import { TEST_KEYS } from "../serverProcess.ts";
import { requirePackages } from "./installed.ts";
import type { LastingError } from "./lastingErrors.ts";
import { CONTESTED_BUCKET, CONTESTED_CONTENT, CONTESTED_KEY, lastingErrors } from "./lastingErrors.ts";
import { python } from "./python.ts";

const CONTESTED_ETAG = `"${createHash("md5").update(CONTESTED_CONTENT).digest("hex")}"`;
const BODY = "bytes that do not arrive";
const POLL_INTERVAL_MS = 5;

/** Errors that every client takes for passing ones, and those it leaves to the program. */
const RETRIED = ["InternalError", "ServiceUnavailable", "SlowDown", "RequestTimeout"] as const;
const LEFT_TO_THE_PROGRAM = ["OperationAborted", "ConditionalRequestConflict"] as const;

/** How often the server has answered with an error so far. */
function answers(error: LastingError, code: string): number {
  return error.server.service.metrics.snapshot().errors[code] ?? 0;
}

/** Checks how often the server answered with an error; a client has an answer a little before the server has done with the request. */
async function checkAnswers(error: LastingError, code: string, attempts: number): Promise<void> {
  while (answers(error, code) < attempts) await setTimeout(POLL_INTERVAL_MS);
  assert.equal(answers(error, code), attempts, `${code}: attempts seen by the server`);
}

interface PythonClient {
  readonly client: "boto3" | "aws";
  /** `undefined`: what the client does when nobody chooses. */
  readonly mode: "legacy" | "standard" | "adaptive" | undefined;
  /** How long it waits before each further attempt, in seconds, when the random part is at its highest. */
  readonly waits: readonly number[];
}

const LEGACY_WAITS = [1, 2, 4, 8];
const STANDARD_WAITS = [1, 2];

const PYTHON_CLIENTS: readonly PythonClient[] = [
  { client: "boto3", mode: undefined, waits: LEGACY_WAITS },
  { client: "boto3", mode: "legacy", waits: LEGACY_WAITS },
  { client: "boto3", mode: "standard", waits: STANDARD_WAITS },
  { client: "boto3", mode: "adaptive", waits: STANDARD_WAITS },
  { client: "aws", mode: undefined, waits: STANDARD_WAITS },
  { client: "aws", mode: "standard", waits: STANDARD_WAITS },
  { client: "aws", mode: "adaptive", waits: STANDARD_WAITS },
];

interface SeenByPython {
  /** The error as the client shows it. */
  readonly message: string;
  readonly waits: readonly number[];
  /** True when the client's own rate limiter made it wait as well. */
  readonly heldBack: boolean;
}

for (const { client, mode, waits } of PYTHON_CLIENTS) {
  test(`${client}, ${mode ?? "default"} retry mode: tries again after each passing error, waiting longer each time, and after no other`, async (t) => {
    requirePackages();
    const errors = await lastingErrors(t);
    const calls = await pythonCalls(t, errors);
    const { stdout, stderr } = await python("retries.py", "", { client, mode: mode ?? null, calls });
    assert.ok(stdout.startsWith("{"), stderr);
    const seen = JSON.parse(stdout) as Record<string, SeenByPython>;
    for (const code of RETRIED) {
      assert.match(
        seen[code]!.message,
        new RegExp(`^An error occurred \\(${code}\\) when calling the PutObject operation`),
        code,
      );
      assert.match(seen[code]!.message, new RegExp(`\\(reached max retries: ${waits.length}\\)`), code);
      assert.deepEqual(seen[code]!.waits, waits, code);
      await checkAnswers(errors[code]!, code, waits.length + 1);
      assert.equal(seen[code]!.heldBack, mode === "adaptive" && code === "SlowDown", `${code}: only SlowDown lowers the rate`);
    }
    for (const code of LEFT_TO_THE_PROGRAM) {
      assert.match(seen[code]!.message, new RegExp(`^An error occurred \\(${code}\\) when calling`), code);
      assert.deepEqual(seen[code]!.waits, [], code);
      await checkAnswers(errors[code]!, code, 1);
    }
  });
}

/** The call that meets each error, for boto3 (method and parameters) and the AWS CLI (method and arguments). */
async function pythonCalls(t: TestContext, errors: Readonly<Record<string, LastingError>>): Promise<unknown[]> {
  const folder = newFolder(t);
  const file = join(folder, "body");
  await writeFile(file, BODY);
  const put = {
    method: "put_object",
    parameters: { Bucket: "bucket", Key: CONTESTED_KEY, Body: BODY },
    arguments: { bucket: "bucket", key: CONTESTED_KEY, body: file },
  };
  const create = { method: "create_bucket", parameters: { Bucket: CONTESTED_BUCKET }, arguments: { bucket: CONTESTED_BUCKET } };
  return Object.entries(errors).map(([code, { endpoint }]) => ({
    code,
    endpoint,
    headers: code === "ConditionalRequestConflict" ? { "If-Match": CONTESTED_ETAG } : {},
    ...(code === "OperationAborted" ? create : put),
  }));
}

function sdk({ endpoint }: LastingError, retryMode: string): S3Client {
  return new S3Client({ endpoint, region: "us-east-1", credentials: TEST_KEYS, forcePathStyle: true, retryMode });
}

/** Sends what meets an error; resolves with the SDK's own count of attempts and waits. */
function send(client: S3Client, code: string): Promise<unknown> {
  if (code === "OperationAborted") return client.send(new CreateBucketCommand({ Bucket: CONTESTED_BUCKET }));
  const condition = code === "ConditionalRequestConflict" ? { IfMatch: CONTESTED_ETAG } : {};
  return client.send(new PutObjectCommand({ Bucket: "bucket", Key: CONTESTED_KEY, Body: BODY, ...condition }));
}

/** The SDK's waits double from here, in milliseconds, and are multiplied by a random number. */
const SDK_FIRST_WAIT_MS = 50;
const SDK_FIRST_WAIT_AFTER_THROTTLING_MS = 1_000;
const RANDOM = 0.5;

for (const retryMode of ["standard", "adaptive"]) {
  test(`AWS SDK v3, ${retryMode} retry mode: tries again after each passing error, longest after SlowDown, and after no other`, async (t) => {
    t.mock.method(Math, "random", () => RANDOM);
    const errors = await lastingErrors(t);
    const outcomes = Object.entries(errors).map(async ([code, error]) => {
      const client = sdk(error, retryMode);
      t.after(() => client.destroy());
      const thrown = await send(client, code).then(
        () => assert.fail(`${code} did not come`),
        (reason: unknown) => reason,
      );
      assert.ok(thrown instanceof S3ServiceException, `${code}: ${String(thrown)}`);
      assert.equal(thrown.name, code);
      const isRetried = RETRIED.some((retried) => retried === code);
      const firstWaitMs = code === "SlowDown" ? SDK_FIRST_WAIT_AFTER_THROTTLING_MS : SDK_FIRST_WAIT_MS;
      assert.equal(thrown.$metadata.attempts, isRetried ? 3 : 1, code);
      assert.equal(thrown.$metadata.totalRetryDelay, isRetried ? RANDOM * (firstWaitMs + 2 * firstWaitMs) : 0, code);
      await checkAnswers(error, code, isRetried ? 3 : 1);
    });
    await Promise.all(outcomes);
  });
}

for (const code of RETRIED) {
  test(`AWS SDK v3: an upload that meets ${code} succeeds once its cause is gone, and what is stored is whole`, async (t) => {
    const error = (await lastingErrors(t))[code]!;
    const client = sdk(error, "standard");
    t.after(() => client.destroy());
    let attempts = 0;
    client.middlewareStack.add(
      (next) => async (args) => {
        if (attempts > 0) await error.cure();
        attempts += 1;
        return next(args);
      },
      { step: "finalizeRequest", priority: "low", name: "cure" },
    );
    const output = await client.send(new PutObjectCommand({ Bucket: "bucket", Key: "after", Body: BODY }));
    assert.equal(output.$metadata.attempts, 2);
    await checkAnswers(error, code, 1);
    await error.cure();
    assert.equal((await error.server.request("GET", "/bucket/after")).body, BODY);
  });
}
