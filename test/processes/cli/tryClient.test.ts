import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { newFolder } from "../../newFolder.ts";
import { holdfast } from "./command.ts";

/** Sends one request by node:http, signed by nobody: the trial's bucket takes none of those. */
const ASKS_ONCE = `fetch(process.env.HOLDFAST_ENDPOINT + "/" + process.env.HOLDFAST_BUCKET).then((answer) => process.exit(answer.ok ? 0 : 7))`;

/** Puts an object with the SDK, as often as that tries, and leaves an upload under way if it is told to. */
const PUTS = `
import { CreateMultipartUploadCommand, PutObjectCommand, S3Client } from ${JSON.stringify(import.meta.resolve("@aws-sdk/client-s3"))};
const client = new S3Client({ forcePathStyle: true, maxAttempts: Number(process.argv[2]) });
const Bucket = process.env.HOLDFAST_BUCKET;
await client.send(new PutObjectCommand({ Bucket, Key: "folder/a.txt", Body: "hello" })).catch((cause) => { console.log(cause.name); process.exitCode = 3; });
if (process.argv[3] === "leave") await client.send(new CreateMultipartUploadCommand({ Bucket, Key: "left" }));
`;

function scenario(folder: string, rules: readonly object[]): string {
  const path = join(folder, "scenario.json");
  writeFileSync(path, JSON.stringify({ name: "test", description: "For a test.", rules }));
  return path;
}

const TWO_INTERNAL_ERRORS = {
  match: { operations: ["PutObject"] },
  chance: { times: 2 },
  action: { kind: "error", code: "InternalError" },
};

function program(folder: string): string {
  const path = join(folder, "puts.mjs");
  writeFileSync(path, PUTS);
  return path;
}

test("try-client: a program that retries passes, and the report counts its attempts", async (t) => {
  const folder = newFolder(t);
  const path = scenario(folder, [TWO_INTERNAL_ERRORS]);
  const { code, stdout, stderr } = await holdfast(
    ["try-client", "--scenario", path, "--", process.execPath, program(folder), "5"],
    { folder },
  );
  assert.equal(code, 0, stdout + stderr);
  assert.match(stdout, /It sent 3 requests for 1 calls; 1 of the calls succeeded\./);
  assert.match(stdout, /Retries InternalError: +yes/);
  assert.match(stdout, /InternalError +2 +2 +0 /);
});

test("try-client: a program that does not retry fails, and the report says what it gave up", async (t) => {
  const folder = newFolder(t);
  const path = scenario(folder, [TWO_INTERNAL_ERRORS]);
  const { code, stdout } = await holdfast(
    ["try-client", "--scenario", path, "--json", "--", process.execPath, program(folder), "1"],
    { folder },
  );
  assert.equal(code, 1);
  const result = JSON.parse(stdout);
  assert.equal(result.exitCode, 3);
  assert.equal(result.judgement.retriesInternalError, "no");
  assert.equal(result.judgement.givenUp.length, 1);
  assert.deepEqual(result.struck, [{ id: "InternalError-1", struck: 1 }]);
});

test("try-client: an upload that nobody ended is left behind, and files are compared with objects", async (t) => {
  const folder = newFolder(t);
  const files = join(folder, "files");
  mkdirSync(files);
  writeFileSync(join(files, "a.txt"), "hello");
  writeFileSync(join(files, "b.txt"), "missing");
  const path = scenario(folder, [TWO_INTERNAL_ERRORS]);
  const compare = `${files}=s3://own/folder/`;
  const args = ["try-client", "--scenario", path, "--bucket", "own", "--compare", compare, "--json"];
  const { code, stdout } = await holdfast([...args, "--", process.execPath, program(folder), "5", "leave"], { folder });
  assert.equal(code, 1);
  const { left, differences } = JSON.parse(stdout);
  assert.deepEqual(
    left.uploads.map(({ bucket, key, parts }: Record<string, unknown>) => ({ bucket, key, parts })),
    [{ bucket: "own", key: "left", parts: 0 }],
  );
  assert.deepEqual(differences, [{ path: join(files, "b.txt"), bucket: "own", key: "folder/b.txt", problem: "missing" }]);
});

test("try-client: a command that does not end in time is ended, with what it started", async (t) => {
  const folder = newFolder(t);
  const path = scenario(folder, [TWO_INTERNAL_ERRORS]);
  const command = ["sh", "-c", "sleep 600 & sleep 600"];
  const { code, stdout } = await holdfast(["try-client", "--scenario", path, "--timeout", "1s", "--json", "--", ...command], {
    folder,
  });
  assert.equal(code, 1);
  const { timedOut, exitCode } = JSON.parse(stdout);
  assert.equal(timedOut, true);
  assert.equal(exitCode, undefined);
});

test("try-client: what the scenario, the command or the options cannot be is said in a sentence", async (t) => {
  const folder = newFolder(t);
  const asked = (...args: string[]) => holdfast(["try-client", ...args], { folder });
  const none = await asked();
  assert.equal(none.code, 2);
  assert.match(none.stderr, /^What is to be tried stands behind --\.\nUse: holdfast try-client /);
  const unknown = await asked("--scenario", "s3-bad-day", "--", "true");
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /There is no scenario "s3-bad-day"; did you mean "s3s-bad-day"\?/);
  const missing = await asked("--", "no-such-command-anywhere");
  assert.equal(missing.code, 2);
  assert.match(missing.stderr, /no-such-command-anywhere cannot be run: /);
});

test("try-client: a request that is refused is a failure of the call, and not of the store", async (t) => {
  const folder = newFolder(t);
  const path = scenario(folder, [TWO_INTERNAL_ERRORS]);
  const { stdout } = await holdfast(["try-client", "--scenario", path, "--json", "--", process.execPath, "-e", ASKS_ONCE], {
    folder,
  });
  const { exitCode, judgement } = JSON.parse(stdout);
  assert.equal(exitCode, 7);
  assert.deepEqual(judgement.failures, [{ failure: "AccessDenied", met: 1, retried: 0, givenUp: 1 }]);
  assert.equal(judgement.readsCodes, "yes");
});
