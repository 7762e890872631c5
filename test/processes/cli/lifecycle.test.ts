import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { newFolder } from "../../newFolder.ts";
import type { CommandResult } from "./command.ts";
import { holdfast, Server } from "./command.ts";

const KEYS = { accessKeyId: "HFTESTTESTTESTTEST00", secretAccessKey: "t".repeat(40) };
const ENVIRONMENT = { HOLDFAST_ACCESS_KEY_ID: KEYS.accessKeyId, HOLDFAST_SECRET_ACCESS_KEY: KEYS.secretAccessKey };
const Bucket = "photos";
/** How long a busy machine may take to notice that the clock has moved. */
const PATIENCE_MS = 30_000;

async function filled(server: Server): Promise<void> {
  const client = server.client(KEYS);
  await client.send(new CreateBucketCommand({ Bucket }));
  await client.send(new CreateBucketCommand({ Bucket: "plain" }));
  await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
  await client.send(new PutObjectCommand({ Bucket, Key: "old" }));
  await client.send(new PutObjectCommand({ Bucket, Key: "gone" }));
  await client.send(new DeleteObjectCommand({ Bucket, Key: "gone" }));
  await client.send(new CreateMultipartUploadCommand({ Bucket, Key: "upload" }));
  const rule = { Status: "Enabled", Filter: { Prefix: "" } } as const;
  const Rules = [
    { ...rule, ID: "a", Expiration: { Days: 30 }, NoncurrentVersionExpiration: { NoncurrentDays: 9 } },
    { ...rule, ID: "b", AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } },
  ];
  await client.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
}

test("lifecycle run: tells beside a server what would go when and by which rule, and does what is due once it is asked to", async (t) => {
  const folder = newFolder(t);
  const server = await Server.start(t, ["--test-clock", "--workers", "2"], { folder, environment: ENVIRONMENT });
  await filled(server);
  const run = (...args: string[]): Promise<CommandResult> => holdfast(["lifecycle", "run", ...args], { folder });

  const nothing = await run();
  assert.equal(nothing.code, 0, nothing.stderr);
  assert.match(
    nothing.stdout,
    /^1 buckets with a lifecycle, 4 objects and uploads looked at: 0 objects and 0 versions deleted, .*aborted\n$/,
  );

  const dry = await run("--dry-run", "--at", "2100-01-01");
  assert.equal(dry.code, 0, dry.stderr);
  const lines = dry.stdout.split("\n");
  const forms = [
    /^add delete marker {2}photos {2}old \(version \S{32}\) {2}due \d{4}-\d\d-\d\dT00:00:00\.000Z by rule "a"$/,
    /^delete version {2}photos {2}gone \(version \S{32}\) {2}due \S+ by rule "a"$/,
    /^remove delete marker {2}photos {2}gone \(version \S{32}\) {2}due \S+ by rule "a"$/,
    /^abort upload {2}photos {2}upload \(upload [0-9a-f]+\) {2}due \S+ by rule "b"$/,
    /^Dry run, nothing was changed: 1 buckets with a lifecycle, .*: 0 objects and 1 versions deleted, 1 delete markers added and 1 removed, 0 moved to another class, 1 uploads aborted$/,
  ];
  for (const form of forms)
    assert.ok(
      lines.some((line) => form.test(line)),
      `${String(form)} in ${dry.stdout}`,
    );

  const json = (await run("--dry-run", "--at", "2100-01-01", "--json", "--bucket", Bucket)).stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.equal(json[0].action, "addDeleteMarker");
  assert.equal(json[0].rule, "a");
  assert.equal(json.at(-1).dryRun, true);
  assert.equal(json.at(-1).actions.abortUpload, 1);
  assert.match((await run("--bucket", "plain")).stdout, /^0 buckets/);

  const clock = await holdfast(["clock", "advance", "20 days"], { folder });
  assert.equal(clock.code, 0, clock.stderr);
  // The server may have been faster: then nothing is left for the command.
  const done = await run("--json");
  assert.equal(done.code, 0, done.stderr);
  const client = server.client(KEYS);
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket }));
    if (Versions.length === 1 && DeleteMarkers.length === 1) break;
    assert.ok(Date.now() < until, "what is due does not go");
    await sleep(100);
  }
  const metrics = await (await fetch(`${server.endpoint}/-/metrics`)).text();
  assert.match(metrics, /^holdfast_lifecycle_actions_total\{action="abortUpload"\} [01]$/m);
  assert.match(metrics, /^holdfast_lifecycle_ended_timestamp_seconds \d+/m);
});

test("lifecycle: what means nothing is refused in a sentence", async (t) => {
  const folder = newFolder(t);
  const wrong = [
    [[], /^Use: holdfast lifecycle run/],
    [["walk"], /^holdfast lifecycle has no "walk"\.\nUse: holdfast lifecycle run/],
    [["run", "--at", "2030-01-01"], /^What is due at another time can only be told: add --dry-run\.\n$/],
    [["run", "--dry-run", "--at", "tomorrow"], /^--at is "tomorrow", which is not a time in ISO 8601/],
  ] as const;
  for (const [args, said] of wrong) {
    const { code, stderr } = await holdfast(["lifecycle", ...args], { folder });
    assert.equal(code, 2);
    assert.match(stderr, said);
  }
  const server = await Server.start(t, [], { folder, environment: ENVIRONMENT });
  await server.end("SIGTERM");
  const { code, stderr } = await holdfast(["lifecycle", "run", "--bucket", "none"], { folder });
  assert.equal(code, 2);
  assert.equal(stderr, 'There is no bucket "none".\n');
});
