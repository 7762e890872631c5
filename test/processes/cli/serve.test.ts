import assert from "node:assert/strict";
import { mkdir, readdir, readFile, stat, truncate, writeFile } from "node:fs/promises";
import { execFileSync } from "node:child_process";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { newFolder } from "../../newFolder.ts";
import { holdfast, logLines, RunningCommand, Server, withoutLog } from "./command.ts";

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Large enough to be a file of its own. */
const LARGE_SIZE_BYTES = 300_000;

async function keysIn(folder: string): Promise<Keys> {
  return JSON.parse(await readFile(join(folder, "holdfast-data", "credentials.json"), "utf8")) as Keys;
}

test("serve: the first start says all that a client needs, and the secret once", async (t) => {
  const folder = newFolder(t);
  const first = await Server.start(t, [], { folder });
  const keys = await keysIn(folder);
  const { announcement } = first;
  assert.match(first.endpoint, /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.match(announcement, / region +us-east-1\n/);
  assert.match(announcement, / durability +synced\n/);
  assert.match(announcement, / workers +1\n/);
  assert.ok(announcement.includes(`access key    ${keys.accessKeyId}\n`));
  assert.ok(announcement.includes(`data folder   ${join(folder, "holdfast-data")}\n`));
  assert.ok(announcement.includes(`${keys.secretAccessKey}   (shown this once; kept in `));
  assert.ok(announcement.includes(`aws --endpoint-url ${first.endpoint} s3 mb s3://first-bucket`));
  const ExpectedBucketOwner = /^  account id +(\d{12})$/m.exec(announcement)![1]!;
  await first.client(keys).send(new CreateBucketCommand({ Bucket: "bucket" }));
  await first.client(keys).send(new HeadBucketCommand({ Bucket: "bucket", ExpectedBucketOwner }));
  const { code, stderr } = await first.end("SIGTERM");
  assert.equal(code, 0);
  assert.ok(!stderr.includes(keys.secretAccessKey));

  const second = await Server.start(t, ["--log-level", "trace"], { folder });
  assert.ok(second.announcement.includes(keys.accessKeyId));
  assert.match(second.announcement, /secret key +in \S+credentials\.json\n/);
  const { Buckets } = await second.client(keys).send(new ListBucketsCommand({}));
  assert.equal(Buckets?.length, 1);
  const later = await second.end("SIGTERM");
  assert.ok(!`${later.stdout}${later.stderr}`.includes(keys.secretAccessKey));
});

test("serve: it names all its regions, and has clients begin with the first", async (t) => {
  const { announcement } = await Server.start(t, ["--region", "eu-west-1", "--region", "us-east-1"], { folder: newFolder(t) });
  assert.match(announcement, / regions +eu-west-1, us-east-1\n/);
  assert.match(announcement, / AWS_DEFAULT_REGION=eu-west-1\n/);
});

test("serve: the credentials and the data folder are their owner's alone", async (t) => {
  const folder = newFolder(t);
  await Server.start(t, [], { folder });
  assert.equal((await stat(join(folder, "holdfast-data"))).mode & 0o777, 0o700);
  assert.equal((await stat(join(folder, "holdfast-data", "credentials.json"))).mode & 0o777, 0o600);
});

test("serve: keys from the variables are used, not shown and not written down", async (t) => {
  const folder = newFolder(t);
  const keys = { accessKeyId: "HFFROMOUTSIDE", secretAccessKey: "a-secret-from-outside" };
  const environment = { HOLDFAST_ACCESS_KEY_ID: keys.accessKeyId, HOLDFAST_SECRET_ACCESS_KEY: keys.secretAccessKey };
  const server = await Server.start(t, [], { folder, environment });
  assert.ok(!server.announcement.includes(keys.secretAccessKey));
  assert.match(server.announcement, /secret key +in HOLDFAST_SECRET_ACCESS_KEY\n/);
  await server.client(keys).send(new ListBucketsCommand({}));
  await assert.rejects(keysIn(folder), { code: "ENOENT" });
});

test("serve: users of the option file are there", async (t) => {
  const folder = newFolder(t);
  const ann = { accessKeyId: "HFANN", secretAccessKey: "the-secret-of-ann" };
  await writeFile(join(folder, "options.json"), JSON.stringify({ region: "eu-west-1", users: [{ name: "ann", ...ann }] }));
  const server = await Server.start(t, ["--config", "options.json", "--region", "us-east-1"], { folder });
  const { Owner } = await server.client(ann).send(new ListBucketsCommand({}));
  assert.match(Owner?.ID ?? "", /^[0-9a-f]{64}$/);
});

test("serve: it listens on this machine alone, unless another address is asked for by name", async (t) => {
  const here = await Server.start(t, [], { folder: newFolder(t) });
  assert.doesNotMatch(here.announcement, /Open to the network/);
  const open = await Server.start(t, ["--host", "0.0.0.0"], { folder: newFolder(t) });
  assert.match(open.announcement, /Open to the network: whoever reaches 0\.0\.0\.0 can send requests/);
  const loopback = await Server.start(t, ["--host", "127.0.0.2"], { folder: newFolder(t) });
  assert.equal(new URL(loopback.endpoint).hostname, "127.0.0.2");
  assert.doesNotMatch(loopback.announcement, /Open to the network/);
});

test("serve: a second server on the same folder ends with who holds it, and harms nothing", async (t) => {
  const folder = newFolder(t);
  const server = await Server.start(t, [], { folder });
  const keys = await keysIn(folder);
  const { code, stdout, stderr } = await holdfast(["serve", "--port", "0"], { folder });
  assert.equal(code, 1);
  assert.equal(stdout, "");
  const data = join(folder, "holdfast-data");
  assert.ok(stderr.startsWith(`The data folder ${data} is in use by process ${server.pid} on `), stderr);
  assert.ok(stderr.endsWith(`, serving ${server.endpoint}. Stop that server, or choose another folder with --data.\n`), stderr);
  await server.client(keys).send(new ListBucketsCommand({}));
});

test("serve: an address that cannot be had ends with a sentence, not a stack", async (t) => {
  const folder = newFolder(t);
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  t.after(() => taken.close());
  const { port } = taken.address() as AddressInfo;
  for (const workers of ["1", "2"]) {
    const used = await holdfast(["--port", String(port), "--workers", workers], { folder });
    assert.equal(used.code, 1);
    assert.match(used.stderr, /^[^\n]*EADDRINUSE[^\n]*: another program listens there; choose another --port\.\n$/);
  }
  const foreign = await holdfast(["--port", "0", "--host", "192.0.2.1", "--workers", "1"], { folder });
  assert.equal(foreign.code, 1);
  assert.match(foreign.stderr, /^[^\n]*EADDRNOTAVAIL[^\n]*: this machine does not have that address; choose another --host\.\n$/);
});

test("serve: a data folder that cannot be one is left alone, and said", async (t) => {
  const folder = newFolder(t);
  await writeFile(join(folder, "file"), "");
  const file = await holdfast(["--port", "0", "--data", "file"], { folder });
  assert.equal(file.code, 1);
  assert.match(file.stderr, /^EEXIST: [^\n]*\.\n$/);
  await mkdir(join(folder, "thesis"));
  await writeFile(join(folder, "thesis", "thesis.txt"), "years of work");
  const foreign = await holdfast(["--port", "0", "--data", "thesis"], { folder });
  assert.equal(foreign.code, 1);
  assert.match(foreign.stderr, /is not a Holdfast data folder[^\n]*\n$/);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  test(`serve: ${signal} ends a start that waits for something that never comes`, async (t) => {
    const folder = newFolder(t);
    await mkdir(join(folder, "holdfast-data"));
    // Opening it for reading waits until somebody opens it for writing, as a system call to a dead file server waits.
    execFileSync("mkfifo", [join(folder, "holdfast-data", "format")]);
    const starting = new RunningCommand(["serve", "--port", "0"], { folder });
    t.after(() => starting.kill("SIGKILL"));
    await starting.said(/^Starting on /);
    starting.kill(signal);
    await starting.ended;
    assert.equal(starting.signal, signal);
  });

  test(`serve: ${signal} ends it with 0, and what was acknowledged is there at the next start`, async (t) => {
    const folder = newFolder(t);
    const server = await Server.start(t, ["--workers", "2"], { folder });
    const keys = await keysIn(folder);
    await server.client(keys).send(new CreateBucketCommand({ Bucket: "bucket" }));
    await server.client(keys).send(new PutObjectCommand({ Bucket: "bucket", Key: "key", Body: "kept" }));
    const { code, stderr } = await server.end(signal);
    assert.equal(code, 0);
    assert.equal(withoutLog(stderr), "Stopping: requests under way are finished.\n");
    const again = await Server.start(t, [], { folder });
    const { Body } = await again.client(keys).send(new GetObjectCommand({ Bucket: "bucket", Key: "key" }));
    assert.equal(await Body!.transformToString(), "kept");
  });
}

test("serve: SIGHUP ends neither the server nor its workers", async (t) => {
  const folder = newFolder(t);
  const server = await Server.start(t, ["--workers", "2"], { folder });
  const client = server.client(await keysIn(folder));
  const children = await readFile(`/proc/${server.pid}/task/${server.pid}/children`, "utf8");
  const pids = [server.pid, ...children.trim().split(" ").map(Number)];
  assert.equal(pids.length, 4, "the server, two workers, and who ends them if the server is killed");
  for (const pid of pids) process.kill(pid, "SIGHUP");
  for (let time = 0; time < 6; time += 1) await client.send(new ListBucketsCommand({}));
  assert.equal(await readFile(`/proc/${server.pid}/task/${server.pid}/children`, "utf8"), children);
  const { code, stderr } = await server.end("SIGTERM");
  assert.equal(code, 0);
  assert.equal(logLines(stderr).filter(({ msg }) => msg === "files were opened anew").length, 1);
});

test("serve: an access log that cannot be written is said before anything is started", async (t) => {
  const folder = newFolder(t);
  await writeFile(join(folder, "file"), "");
  for (const [path, problem] of [
    ["logs/access.log", `there is no folder ${join(folder, "logs")}`],
    ["file/access.log", `there is no folder ${join(folder, "file")}`],
    [".", "it is a folder"],
  ] as const) {
    const { code, stderr } = await holdfast(["serve", "--port", "0", "--access-log", path], { folder });
    assert.equal(code, 2);
    assert.equal(stderr, `The access log ${path} cannot be written: ${problem}.\n`);
  }
  assert.deepEqual(await readdir(folder), ["file"]);
});

test("serve: the log names a damaged object by bucket, key and method", async (t) => {
  const folder = newFolder(t);
  const server = await Server.start(t, [], { folder });
  const client = server.client(await keysIn(folder));
  await client.send(new CreateBucketCommand({ Bucket: "bucket" }));
  await client.send(new PutObjectCommand({ Bucket: "bucket", Key: "a/large", Body: Buffer.alloc(LARGE_SIZE_BYTES) }));
  const files = await readdir(join(folder, "holdfast-data", "blobs"), { recursive: true });
  const blob = files.find((name) => /^\w+\/\w{3}$/.test(name));
  await truncate(join(folder, "holdfast-data", "blobs", blob!), LARGE_SIZE_BYTES / 2);
  await assert.rejects(client.send(new GetObjectCommand({ Bucket: "bucket", Key: "a/large" })), { name: "MethodNotAllowed" });
  const { stderr } = await server.end("SIGTERM");
  const { err, ...failed } = logLines(stderr).find(({ level }) => level === "error")!;
  assert.deepEqual(
    [failed.method, failed.operation, failed.bucket, failed.key, (err as Error & { type: string }).type],
    ["GET", "GetObject", "bucket", "a/large", "BlobDamagedError"],
  );
});
