import assert from "node:assert/strict";
import { test } from "node:test";
import { CreateBucketCommand, GetObjectCommand, ListBucketsCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import type { RequestRecord } from "../../../src/journal/RequestRecord.ts";
import { newFolder } from "../../newFolder.ts";
import type { CommandResult } from "./command.ts";
import { holdfast, RunningCommand, Server } from "./command.ts";

const KEYS = { accessKeyId: "HFTESTTESTTESTTEST00", secretAccessKey: "t".repeat(40) };
const ENVIRONMENT = { HOLDFAST_ACCESS_KEY_ID: KEYS.accessKeyId, HOLDFAST_SECRET_ACCESS_KEY: KEYS.secretAccessKey };

async function used(server: Server): Promise<void> {
  const client = server.client(KEYS);
  await client.send(new CreateBucketCommand({ Bucket: "photos" }));
  await client.send(new PutObjectCommand({ Bucket: "photos", Key: "my cat.jpg", Body: "meow" }));
  await client.send(new GetObjectCommand({ Bucket: "photos", Key: "none\u001b[2J" })).catch(() => undefined);
  await client.send(new ListBucketsCommand({}));
  client.destroy();
}

function recordsIn({ stdout }: CommandResult): RequestRecord[] {
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as RequestRecord);
}

test("requests: tells what a server has answered, beside it and after it has ended, as a table, as JSON, and as S3's logs have it", async (t) => {
  const folder = newFolder(t);
  const run = (...args: string[]): Promise<CommandResult> => holdfast(["requests", ...args], { folder });
  const server = await Server.start(t, ["--workers", "2"], { folder, environment: ENVIRONMENT });
  await used(server);

  const all = await run("--json");
  assert.equal(all.code, 0, all.stderr);
  const records = recordsIn(all);
  const operations = records.map(({ operation }) => operation);
  assert.deepEqual(operations, ["CreateBucket", "PutObject", "GetObject", "ListBuckets"]);
  assert.equal(records[2]!.story?.error?.code, "NoSuchKey");

  const refused = recordsIn(await run("--json", "--status", "4xx", "--since", "1h"));
  assert.deepEqual(refused, [records[2]]);
  assert.deepEqual(recordsIn(await run("--json", "--code", "NoSuchKey", "--bucket", "photos")), [records[2]]);
  const both = recordsIn(
    await run("--json", "--operation", "PutObject", "--operation", "ListBuckets", "--caller", KEYS.accessKeyId),
  );
  assert.deepEqual(both, [records[1], records[3]]);
  assert.deepEqual(recordsIn(await run("--json", "--limit", "1")), [records[3]]);
  assert.deepEqual(recordsIn(await run("--json", "--prefix", "my", "--method", "put")), [records[1]]);
  assert.deepEqual(recordsIn(await run("--json", "--until", "2020-01-01")), []);

  const table = await run();
  const [head, ...rows] = table.stdout.trimEnd().split("\n");
  assert.match(head!, /^time +request id +request +status +code +ms +received +sent +what +who$/);
  assert.equal(rows.length, 4);
  assert.match(
    rows[1]!,
    /^\S+Z {2}[0-9A-Z]{16} {2}PUT PutObject +200 +[\d.]+ +\d+ +0 {2}photos\/my cat\.jpg +arn:aws:iam::\d{12}:root$/,
  );
  assert.match(rows[2]!, / 404 +NoSuchKey .* photos\/none\\u001b\[2J /);

  assert.equal((await server.end("SIGTERM")).code, 0);
  const lines = await run("--format", "aws");
  assert.equal(lines.code, 0, lines.stderr);
  const [, put, get, list] = lines.stdout.trimEnd().split("\n");
  const id = "[0-9a-f]{64}";
  const time = String.raw`\[\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d \+0000\]`;
  const begin = new RegExp(
    `^(${id}) photos ${time} 127\\.0\\.0\\.1 \\1 [0-9A-Z]{16} REST\\.PUT\\.OBJECT my%2520cat\\.jpg "PUT /photos/my%20cat\\.jpg`,
  );
  assert.match(put!, begin);
  assert.match(put!, / SigV4 - AuthHeader 127\.0\.0\.1:\d+ - - - -$/);
  assert.match(get!, / REST\.GET\.OBJECT none%251B%255B2J "GET .* HTTP\/1\.1" 404 NoSuchKey \d+ - \d+ \d+ /);
  assert.match(list!, new RegExp(`^- - ${time} 127\\.0\\.0\\.1 ${id} `));
});

test("requests: follows until it is interrupted", async (t) => {
  const folder = newFolder(t);
  const server = await Server.start(t, [], { folder, environment: ENVIRONMENT });
  await used(server);
  const following = new RunningCommand(["requests", "--follow", "--json", "--limit", "2"], { folder });
  t.after(() => following.kill("SIGKILL"));
  await following.said(/ListBuckets/);
  const client = server.client(KEYS);
  await client.send(new PutObjectCommand({ Bucket: "photos", Key: "later", Body: "x" }));
  client.destroy();
  await following.said(/"later"/);
  following.kill("SIGINT");
  const result = await following.ended;
  assert.equal(result.code, 130, result.stderr);
  const operations = recordsIn(result).map(({ operation }) => operation);
  assert.deepEqual(operations, ["GetObject", "ListBuckets", "PutObject"]);
});

test("requests: a server that keeps no journal has none, and neither has a folder of an earlier version", async (t) => {
  const folder = newFolder(t);
  const server = await Server.start(t, ["--journal-size-bytes", "0"], { folder, environment: ENVIRONMENT });
  await used(server);
  const { code, stdout, stderr } = await holdfast(["requests"], { folder });
  assert.deepEqual([code, stdout, stderr], [0, "", "No request fits.\n"]);
});

test("requests: says what is wrong with its arguments, and where there is no data folder", async (t) => {
  const folder = newFolder(t);
  const cases: readonly (readonly [args: string[], code: number, said: RegExp])[] = [
    [["--status", "teapot"], 2, /^--status is "teapot", which is neither a status such as 404 nor a class such as 4xx\.\n$/],
    [["--since", "soon"], 2, /^--since is "soon", which is not a time in ISO 8601.* or how long ago, such as "10m"\.\n$/],
    [["--until", "10m"], 2, /^--until is "10m", which is not a time in ISO 8601/],
    [["--limit", "0"], 2, /^--limit is "0", which is no number from 1 to 100000\.\n$/],
    [["--format", "csv"], 2, /^--format is "csv"; there is only "aws"\.\n$/],
    [["--format", "aws", "--json"], 2, /^--json and --format are two forms: choose one\.\n$/],
    [["--follow", "--until", "2030-01-01"], 2, /^--follow has no end: leave --until out\.\n$/],
    [["--bucked", "a"], 2, /^There is no option --bucked; did you mean --bucket\?/],
    [[], 1, /is not a Holdfast data folder: it has no "format" file\.\n$/],
  ];
  for (const [args, code, said] of cases) {
    const result = await holdfast(["requests", ...args], { folder });
    assert.match(result.stderr, said);
    assert.equal(result.code, code, result.stderr);
  }
});
