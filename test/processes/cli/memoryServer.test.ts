import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { GetObjectCommand, HeadBucketCommand, ListBucketsCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { ReadyContent } from "../../../src/cli/readyFile.ts";
import { newFolder } from "../../newFolder.ts";
import { holdfast, RunningCommand } from "./command.ts";

const KEYS = { accessKeyId: "HFFIXED", secretAccessKey: "a-secret-for-tests" };
const KEY_FLAGS = ["--access-key", KEYS.accessKeyId, "--secret-key", KEYS.secretAccessKey];
const MAIN = join(import.meta.dirname, "..", "..", "..", "src", "main.ts");
const LOOK_EVERY_MS = 20;

/** What a ready file says once it is there. */
async function readyContent(path: string): Promise<ReadyContent> {
  while (!existsSync(path)) await wait(LOOK_EVERY_MS);
  return JSON.parse(await readFile(path, "utf8")) as ReadyContent;
}

function clientOf({ endpoint, region, accessKeyId, secretAccessKey }: ReadyContent): S3Client {
  return new S3Client({
    endpoint,
    region,
    credentials: { accessKeyId, secretAccessKey },
    forcePathStyle: true,
    maxAttempts: 1,
  });
}

/** A server with a ready file of that name in the folder, and what that says. */
async function started(
  t: TestContext,
  folder: string,
  args: readonly string[],
): Promise<{ running: RunningCommand; ready: ReadyContent; client: S3Client }> {
  const running = new RunningCommand(["serve", "--port", "0", "--ready-file", "ready.json", ...args], { folder });
  t.after(async () => {
    running.kill("SIGKILL");
    await running.ended;
  });
  const ready = await readyContent(join(folder, "ready.json"));
  return { running, ready, client: clientOf(ready) };
}

test("serve --memory: has the keys and buckets it was given, and makes nothing on the disk but the ready file", async (t) => {
  const folder = newFolder(t);
  const args = ["--memory", "--bucket", "photos", "--bucket", "logs", "--region", "eu-west-1", ...KEY_FLAGS];
  const { running, ready, client } = await started(t, folder, args);
  const { version, pid, endpoint, port, accountId, ...others } = ready;
  assert.match(version, /^\d+\.\d+\.\d+/);
  assert.equal(pid, running.pid);
  assert.equal(endpoint, `http://127.0.0.1:${port}`);
  assert.deepEqual(others, { region: "eu-west-1", ...KEYS, buckets: ["photos", "logs"] });
  assert.equal((await stat(join(folder, "ready.json"))).mode & 0o777, 0o600);
  await client.send(new HeadBucketCommand({ Bucket: "logs", ExpectedBucketOwner: accountId }));
  await client.send(new PutObjectCommand({ Bucket: "photos", Key: "a", Body: "kept for now" }));
  const { Body } = await client.send(new GetObjectCommand({ Bucket: "photos", Key: "a" }));
  assert.equal(await Body!.transformToString(), "kept for now");
  assert.deepEqual(await readdir(folder), ["ready.json"]);
  running.kill("SIGTERM");
  const { code, stdout } = await running.ended;
  assert.equal(code, 0);
  assert.ok(stdout.startsWith(`Holdfast ${version} listens on ${endpoint}\n`), stdout);
  assert.match(
    stdout,
    /^ {2}secret key +a-secret-for-tests\n {2}account id +\d{12}\n {2}buckets +photos, logs\n {2}content +in memory/m,
  );
  assert.ok(stdout.endsWith(`  aws --endpoint-url ${endpoint} s3 ls s3://photos\n\n`), stdout);
  assert.deepEqual(await readdir(folder), []);
});

test("serve --memory: without keys it makes some, which the ready file has; a secret of a variable is not shown", async (t) => {
  const folder = newFolder(t);
  const { running, ready, client } = await started(t, folder, ["--memory"]);
  assert.deepEqual((await client.send(new ListBucketsCommand({}))).Buckets, []);
  await running.said(/s3:\/\/first-bucket\n/);
  assert.ok(running.stdout.includes(`AWS_SECRET_ACCESS_KEY=${ready.secretAccessKey}\n`));

  const environment = { HOLDFAST_ACCESS_KEY_ID: KEYS.accessKeyId, HOLDFAST_SECRET_ACCESS_KEY: KEYS.secretAccessKey };
  const other = new RunningCommand(["--memory", "--port", "0"], { folder, environment });
  t.after(() => other.kill("SIGKILL"));
  await other.said(/s3:\/\/first-bucket\n/);
  other.kill("SIGTERM");
  const { stdout, stderr } = await other.ended;
  assert.ok(!`${stdout}${stderr}`.includes(KEYS.secretAccessKey));
  assert.match(stdout, /AWS_SECRET_ACCESS_KEY="\$HOLDFAST_SECRET_ACCESS_KEY"\n/);
});

test("serve --bucket: makes what is missing at each start of a durable server, and leaves the rest", async (t) => {
  const folder = newFolder(t);
  for (const buckets of [["photos"], ["photos", "logs"]]) {
    const args = ["--workers", "1", ...buckets.flatMap((name) => ["--bucket", name])];
    const { running, client } = await started(t, folder, args);
    const { Buckets = [] } = await client.send(new ListBucketsCommand({}));
    assert.deepEqual(Buckets.map(({ Name }) => Name).toSorted(), buckets.toSorted());
    if (buckets.length === 1) await client.send(new PutObjectCommand({ Bucket: "photos", Key: "a", Body: "kept" }));
    else await client.send(new GetObjectCommand({ Bucket: "photos", Key: "a" }));
    running.kill("SIGTERM");
    assert.equal((await running.ended).code, 0);
  }
});

test("serve --ready-file: takes the place of one that a killed server left, and of nothing else", async (t) => {
  const folder = newFolder(t);
  const killed = await started(t, folder, ["--memory"]);
  killed.running.kill("SIGKILL");
  await killed.running.ended;
  assert.deepEqual(await readdir(folder), ["ready.json"]);
  const next = new RunningCommand(["--memory", "--port", "0", "--ready-file", "ready.json"], { folder });
  t.after(() => next.kill("SIGKILL"));
  await next.said(/first-bucket\n/);
  assert.equal((await readyContent(join(folder, "ready.json"))).pid, next.pid);

  await writeFile(join(folder, "notes.txt"), "years of work");
  for (const [path, problem] of [
    ["notes.txt", "something else is there"],
    ["missing/ready.json", `there is no folder ${join(folder, "missing")}`],
  ]) {
    const { code, stderr } = await holdfast(["--memory", "--port", "0", "--ready-file", path!], { folder });
    assert.equal(code, 2);
    assert.equal(stderr, `The ready file ${path} cannot be written: ${problem}.\n`);
  }
  assert.equal(await readFile(join(folder, "notes.txt"), "utf8"), "years of work");
});

test("serve --until-stdin-ends: stops with 0 when the pipe is closed, and not before", async (t) => {
  const folder = newFolder(t);
  const args = [MAIN, "--memory", "--port", "0", "--ready-file", "ready.json", "--until-stdin-ends"];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ["pipe", "ignore", "pipe"] });
  t.after(() => child.kill("SIGKILL"));
  const said = text(child.stderr);
  const ended = once(child, "close");
  const client = clientOf(await readyContent(join(folder, "ready.json")));
  child.stdin.write("what is written there is not read as anything\n");
  await client.send(new ListBucketsCommand({}));
  child.stdin.end();
  assert.deepEqual(await ended, [0, null], await said);
  assert.deepEqual(await readdir(folder), []);
});

test("holdfast user: where the variables ask for a server in memory, there is no folder to work on", async (t) => {
  const folder = newFolder(t);
  const { code, stderr } = await holdfast(["user", "list"], { folder, environment: { HOLDFAST_MEMORY: "true" } });
  assert.equal(code, 2);
  assert.equal(stderr, "The variables or the option file ask for a server in memory, which has no data folder to work on.\n");
});
