import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdir, open, readdir, readFile, rename, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { CreateBucketCommand, ListBucketsCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { LmdbMetadataEngine } from "../../../src/store/metadata/lmdb/LmdbMetadataEngine.ts";
import { accounts } from "../../../src/store/records/AccountRecord.ts";
import { accountIdOf } from "../../../src/store/accounts/accountIds.ts";
import { newFolder } from "../../newFolder.ts";
import { holdfast, RunningCommand, Server } from "./command.ts";

/** Large enough to be a file of its own. */
const LARGE_SIZE_BYTES = 300_000;

/** The first user's keys. */
async function keysIn(folder: string): Promise<{ readonly accessKeyId: string; readonly secretAccessKey: string }> {
  return JSON.parse(await readFile(join(folder, "holdfast-data", "credentials.json"), "utf8"));
}

/** Puts a small object and a large one. */
async function fill(server: Server, folder: string): Promise<void> {
  const client = server.client(await keysIn(folder));
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
  const folder = newFolder(t);
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
  assert.match(listed.stdout, new RegExp(`^${accessKeyId}  ann    ${Owner?.ID}  ${accountId}  \\S+Z$`, "m"));
  assert.match(listed.stdout, /  admin  /);
  assert.ok(!listed.stdout.includes(secretAccessKey));

  await client.send(new CreateBucketCommand({ Bucket: "of-ann" }));
  const refused = await holdfast(["user", "remove", "ann"], { folder });
  assert.equal(refused.code, 1);
  assert.equal(refused.stderr, '"ann" owns "of-ann"; say with --give-buckets-to NAME to whom they go, or delete them first.\n');
  const removed = await holdfast(["user", "remove", "ann", "--give-buckets-to", "admin"], { folder });
  const told = `gave of-ann to admin\nremoved ${accessKeyId} of ann\nremoved the user ann\n`;
  assert.deepEqual(removed, { code: 0, stdout: told, stderr: "" });
  await assert.rejects(client.send(new ListBucketsCommand({})), { name: "InvalidAccessKeyId" });
  const admin = server.client(await keysIn(folder));
  assert.deepEqual(
    (await admin.send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name),
    ["of-ann"],
  );
});

test("user key: a key is disabled, enabled and removed at its next request in every worker; its owner and their buckets stay", async (t) => {
  const folder = newFolder(t);
  const server = await Server.start(t, ["--workers", "2"], { folder });
  const given = { accessKeyId: "HFANN1", secretAccessKey: "the-first-secret-of-ann" };
  const flags = ["--access-key", given.accessKeyId, "--secret-key", given.secretAccessKey];
  assert.equal((await holdfast(["user", "key", "add", "ann", ...flags], { folder })).code, 1);
  assert.equal((await holdfast(["user", "add", "ann", ...flags], { folder })).code, 0);
  // Each on a connection of its own: both workers answer.
  const clients = Array.from({ length: 6 }, () => server.client(given));
  const listAll = () => Promise.allSettled(clients.map((client) => client.send(new ListBucketsCommand({}))));
  const isRefused = (answer: PromiseSettledResult<unknown>): boolean =>
    answer.status === "rejected" && answer.reason.name === "InvalidAccessKeyId" && answer.reason.$metadata.httpStatusCode === 403;
  await clients[0]!.send(new CreateBucketCommand({ Bucket: "of-ann" }));
  assert.ok((await listAll()).every(({ status }) => status === "fulfilled"));
  const disabled = await holdfast(["user", "key", "disable", "HFANN1"], { folder });
  assert.deepEqual(disabled, { code: 0, stdout: "disabled HFANN1 of ann\n", stderr: "" });
  assert.ok((await listAll()).every(isRefused));
  assert.match((await holdfast(["user", "list"], { folder })).stdout, /^HFANN1 .* disabled$/m);
  assert.equal((await holdfast(["user", "key", "enable", "HFANN1"], { folder })).stdout, "enabled HFANN1 of ann\n");
  assert.ok((await listAll()).every(({ status }) => status === "fulfilled"));
  const removed = await holdfast(["user", "key", "remove", "HFANN1"], { folder });
  assert.equal(removed.stdout, "removed HFANN1 of ann\nann has no access key now, and keeps what is theirs\n");
  assert.ok((await listAll()).every(isRefused));
  assert.match((await holdfast(["user", "list"], { folder })).stdout, /^\(no key\) +ann /m);
  const second = { accessKeyId: "HFANN2", secretAccessKey: "the-second-secret-of-ann" };
  await holdfast(["user", "key", "add", "ann", "--access-key", "HFANN2", `--secret-key=${second.secretAccessKey}`], { folder });
  const { Buckets } = await server.client(second).send(new ListBucketsCommand({}));
  assert.deepEqual(
    Buckets?.map(({ Name }) => Name),
    ["of-ann"],
  );
});

test("user key remove: the first key stays removed after a restart, unless it is given from outside", async (t) => {
  const folder = newFolder(t);
  const first = await Server.start(t, [], { folder });
  const keys = await keysIn(folder);
  await holdfast(["user", "key", "remove", keys.accessKeyId], { folder });
  await first.end("SIGTERM");
  const second = await Server.start(t, [], { folder });
  assert.match(second.announcement, new RegExp(`access key +${keys.accessKeyId}   \\(removed; `));
  await assert.rejects(second.client(keys).send(new ListBucketsCommand({})), { name: "InvalidAccessKeyId" });
  await second.end("SIGTERM");
  const environment = { HOLDFAST_ACCESS_KEY_ID: keys.accessKeyId, HOLDFAST_SECRET_ACCESS_KEY: keys.secretAccessKey };
  const third = await Server.start(t, [], { folder, environment });
  await third.client(keys).send(new ListBucketsCommand({}));
});

test("user: what it does not take is answered with how it is used", async (t) => {
  const folder = newFolder(t);
  for (const [args, said] of [
    [[], /^Use: holdfast user add NAME/],
    [["add"], /^holdfast user add needs a NAME\.\nUse: holdfast user add NAME/],
    [["key", "add"], /^holdfast user key add needs a NAME\.\nUse: holdfast user key add NAME/],
    [["list", "ann"], /^The argument "ann" has no meaning behind holdfast user list\.\nUse: /],
    [["list", "--access-key", "HFANN"], /^holdfast user list does not take --access-key\.\nUse: /],
    [["key", "remove", "--access-key=HFANN", "HFANN"], /^holdfast user key remove does not take --access-key\.\nUse: /],
  ] as const) {
    const { code, stderr } = await holdfast(["user", ...args], { folder });
    assert.equal(code, 2);
    assert.match(stderr, said);
  }
});

test("user add: a further key of the same name is the same owner's; a secret that was given is not repeated", async (t) => {
  const folder = newFolder(t);
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
  assert.equal(unknown.stderr, 'There is no user "carl"; holdfast user list shows them.\n');
});

test("user, scrub: they find the folder as serve does, and make none", async (t) => {
  const folder = newFolder(t);
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

for (const [which, what, spoil] of [
  ["an index", "missing", (metadata) => rm(join(metadata, "data.mdb"))],
  ["the folder of an index", "missing", (metadata) => rm(metadata, { recursive: true })],
  ["an index", "empty", (metadata) => truncate(join(metadata, "data.mdb"), 0)],
  ["an index", "cut short", (metadata) => truncate(join(metadata, "data.mdb"), 8192)],
] as readonly [string, string, (metadata: string) => Promise<void>][]) {
  test(`serve, user, scrub: ${which} that is ${what} is told, and nothing is touched`, async (t) => {
    const folder = newFolder(t);
    const server = await Server.start(t, [], { folder });
    await fill(server, folder);
    await server.end("SIGTERM");
    const data = join(folder, "holdfast-data");
    await spoil(join(data, "metadata"));
    const files = async (): Promise<string[]> => (await readdir(data, { recursive: true })).toSorted();
    const before = await files();
    for (const args of [["serve", "--port", "0"], ["user", "list"], ["scrub"]]) {
      const { code, stdout, stderr } = await holdfast(args, { folder });
      assert.equal(code, 1, args.join(" "));
      assert.equal(stdout, "");
      const sentence = `^The index ${join(data, "metadata", "data.mdb")} (?:is|was) ${what}[^\n]* Restore ${join(data, "metadata")} from the latest backup`;
      assert.match(stderr, new RegExp(sentence));
      assert.deepEqual(await files(), before);
    }
  });
}

for (const [what, spoil] of [
  ["removed", (data) => rm(data, { recursive: true })],
  ["replaced", async (data) => (await rename(data, `${data}-before`), await mkdir(data))],
] as readonly [string, (data: string) => Promise<void>][]) {
  for (const workers of ["1", "2"]) {
    test(`serve: a data folder that is ${what} under the server ends it, with a line in the log (workers: ${workers})`, async (t) => {
      const folder = newFolder(t);
      const server = await Server.start(t, ["--workers", workers], { folder });
      const data = join(folder, "holdfast-data");
      await spoil(data);
      const { code, stderr } = await server.ended;
      assert.equal(code, 1);
      assert.match(
        stderr,
        /^{"level":"fatal",[^\n]*"the data folder, or one of a storage class, was removed or replaced under the server: nothing is written any more/m,
      );
      assert.deepEqual(await readdir(data).catch(() => []), []);
    });
  }
}

test("scrub: a damaged blob is named, with its object, beside the running server; nothing is changed", async (t) => {
  const folder = newFolder(t);
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

test("scrub: a damaged record is named by its row", async (t) => {
  const folder = newFolder(t);
  const server = await Server.start(t, [], { folder });
  await fill(server, folder);
  await server.end("SIGTERM");
  const path = join(folder, "holdfast-data", "metadata");
  const metadata = await LmdbMetadataEngine.open({ path, durability: "written", mapSizeBytes: 2 ** 28 });
  const [entry] = metadata.read({ keys: [], ranges: [{ ...accounts(1) }] }).ranges[0]!;
  const value = Buffer.from(entry!.value);
  value[10]! ^= 4;
  await metadata.transact({ keys: [] }, () => ({ changes: [{ key: entry!.key, value }], result: undefined }));
  await metadata.close();
  const damaged = await holdfast(["scrub"], { folder });
  assert.equal(damaged.code, 1);
  assert.match(damaged.stdout, /^DAMAGED {2}the record accounts\/\w+ does not match its checksum\n2 objects .* 1 damaged\n$/);
});

test("scrub: SIGINT ends it, and it says that it was not over", async (t) => {
  const folder = newFolder(t);
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
