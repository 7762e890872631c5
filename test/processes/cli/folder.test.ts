import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { open, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { CreateBucketCommand, ListBucketsCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { accountIdOf } from "../../../src/store/users/accountIds.ts";
import { holdfast, newFolder, RunningCommand, Server } from "./command.ts";

/** Large enough to be a file of its own. */
const LARGE_SIZE_BYTES = 300_000;

/** Puts a small object and a large one. */
async function fill(server: Server, folder: string): Promise<void> {
  const keys = JSON.parse(await readFile(join(folder, "holdfast-data", "credentials.json"), "utf8"));
  const client = server.client(keys);
  await client.send(new CreateBucketCommand({ Bucket: "bucket" }));
  await client.send(new PutObjectCommand({ Bucket: "bucket", Key: "small", Body: "inline" }));
  await client.send(new PutObjectCommand({ Bucket: "bucket", Key: "large", Body: Buffer.alloc(LARGE_SIZE_BYTES, "x") }));
}

/** The file of the large object. */
async function largeBlob(folder: string): Promise<string> {
  const entries = await readdir(join(folder, "holdfast-data", "blobs"), { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && (await stat(path)).size >= LARGE_SIZE_BYTES) return path;
  }
  assert.fail("the large object has no file");
}

test("user: keys are added, listed and removed while the server runs", async (t) => {
  const folder = await newFolder(t);
  const server = await Server.start(t, ["--workers", "2"], { folder });
  const added = await holdfast(["user", "add", "ann"], { folder });
  assert.equal(added.code, 0, added.stderr);
  const accessKeyId = /^access key +(\S+)$/m.exec(added.stdout)![1]!;
  const secretAccessKey = /^secret key +(\S+) +\(shown this once\)$/m.exec(added.stdout)![1]!;
  assert.match(accessKeyId, /^HF[A-Z0-9]{18}$/);
  assert.match(secretAccessKey, /^[A-Za-z0-9+/]{40}$/);
  const client = server.client({ accessKeyId, secretAccessKey });
  const { Owner } = await client.send(new ListBucketsCommand({}));
  assert.match(added.stdout, new RegExp(`^owner id +${Owner?.ID}$`, "m"));

  const listed = await holdfast(["user", "list"], { folder });
  assert.equal(listed.code, 0);
  const accountId = accountIdOf(Owner?.ID ?? "");
  assert.match(added.stdout, new RegExp(`^account id +${accountId}$`, "m"));
  assert.match(listed.stdout, new RegExp(`^${accessKeyId}  ann  ${Owner?.ID}  ${accountId}  `, "m"));
  assert.match(listed.stdout, /  admin  /);
  assert.ok(!listed.stdout.includes(secretAccessKey));

  const removed = await holdfast(["user", "remove", "ann"], { folder });
  assert.deepEqual(removed, { code: 0, stdout: `removed ${accessKeyId} of ann\n`, stderr: "" });
  await assert.rejects(client.send(new ListBucketsCommand({})), { name: "InvalidAccessKeyId" });
});

test("user add: a further key of the same name is the same owner's; a secret that was given is not repeated", async (t) => {
  const folder = await newFolder(t);
  await (await Server.start(t, [], { folder })).end("SIGTERM");
  const first = await holdfast(["user", "add", "ann"], { folder });
  const second = await holdfast(["user", "add", "ann", "--access-key", "HFANN2", "--secret-key=-begins-with-a-hyphen"], {
    folder,
  });
  assert.equal(second.code, 0, second.stderr);
  assert.match(second.stdout, /^access key +HFANN2\nsecret key +as given$/m);
  const ownerOf = (text: string): string => /^owner id +(\S+)$/m.exec(text)![1]!;
  assert.equal(ownerOf(first.stdout), ownerOf(second.stdout));
  const taken = await holdfast(["user", "add", "ben", "--access-key", "HFANN2"], { folder });
  assert.equal(taken.code, 1);
  assert.equal(taken.stderr, 'The access key HFANN2 belongs to "ann"; choose another one for "ben".\n');
  const unknown = await holdfast(["user", "remove", "carl"], { folder });
  assert.equal(unknown.code, 1);
  assert.equal(unknown.stderr, 'There is no user and no access key "carl".\n');
});

test("user, scrub: they find the folder as serve does, and make none", async (t) => {
  const folder = await newFolder(t);
  const missing = await holdfast(["user", "list"], { folder });
  assert.equal(missing.code, 1);
  assert.match(missing.stderr, /holdfast-data is not a Holdfast data folder: it has no "format" file\.\n$/);
  assert.deepEqual(await readdir(folder), []);
  await (await Server.start(t, ["--data", "elsewhere"], { folder })).end("SIGTERM");
  await writeFile(join(folder, "options.json"), JSON.stringify({ data: "elsewhere" }));
  for (const [args, environment] of [
    [["--data", "elsewhere"], {}],
    [["--config", "options.json"], {}],
    [[], { HOLDFAST_DATA: "elsewhere" }],
    [[], { HOLDFAST_CONFIG: "options.json" }],
  ] as const) {
    for (const command of [["user", "list"], ["scrub"]]) {
      const { code, stderr } = await holdfast([...command, ...args], { folder, environment });
      assert.equal(code, 0, stderr);
    }
  }
});

test("scrub: a damaged blob is named, with its object, beside the running server; nothing is changed", async (t) => {
  const folder = await newFolder(t);
  const server = await Server.start(t, [], { folder });
  await fill(server, folder);
  const whole = await holdfast(["scrub"], { folder });
  assert.equal(whole.code, 0, whole.stderr);
  assert.equal(whole.stdout, "2 objects and 0 parts, 0.3 MiB compared, 0 damaged\n");

  const path = await largeBlob(folder);
  const bytes = await readFile(path);
  const middle = Math.floor(bytes.length / 2);
  bytes.writeUInt8(bytes.readUInt8(middle) ^ 1, middle);
  await writeFile(path, bytes);
  const damaged = await holdfast(["scrub"], { folder });
  assert.equal(damaged.code, 1);
  assert.match(damaged.stdout, /^DAMAGED  bucket  large  .*\n2 objects and 0 parts, [\d.]+ MiB compared, 1 damaged\n$/);
  assert.ok((await readFile(path)).equals(bytes));
});

test("scrub: SIGINT ends it, and it says that it was not over", async (t) => {
  const folder = await newFolder(t);
  const server = await Server.start(t, [], { folder });
  await fill(server, folder);
  await server.end("SIGTERM");
  // A blob that comes only when it is let: reading it takes as long as the test wants.
  const path = await largeBlob(folder);
  await rm(path);
  execFileSync("mkfifo", [path]);
  const scrub = new RunningCommand(["scrub"], { folder });
  await scrub.said(/objects and 0 parts/);
  scrub.kill("SIGINT");
  await (await open(path, "w")).close();
  const { code, stderr } = await scrub.ended;
  assert.equal(code, 130);
  assert.match(stderr, /Interrupted: what was not compared may be damaged too\.\n$/);
});
