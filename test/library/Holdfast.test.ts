import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { test } from "node:test";
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { Holdfast } from "../../src/index.ts";
import { newFolder } from "../newFolder.ts";

function clientOf(server: Holdfast): S3Client {
  return new S3Client({ ...server.clientConfig(), maxAttempts: 1 });
}

async function put(client: S3Client, key: string, body: string): Promise<void> {
  await client.send(new PutObjectCommand({ Bucket: "bucket", Key: key, Body: body }));
}

async function get(client: S3Client, key: string): Promise<string> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket: "bucket", Key: key }));
  return await Body!.transformToString();
}

async function keys(client: S3Client): Promise<(string | undefined)[]> {
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: "bucket" }));
  return Contents.map((object) => object.Key);
}

/** A server with a bucket and an object. */
async function filled(): Promise<{ server: Holdfast; client: S3Client } & AsyncDisposable> {
  const server = await Holdfast.start();
  const client = clientOf(server);
  await client.send(new CreateBucketCommand({ Bucket: "bucket" }));
  await put(client, "first", "1");
  return { server, client, [Symbol.asyncDispose]: () => server.stop() };
}

/** Beyond what is kept beside the record. */
const LARGE = "x".repeat(300_000);

test("Holdfast: starts in memory, on a free port of this machine, with keys of its own", async () => {
  const before = await readdir(".");
  await using one = await Holdfast.start();
  await using other = await Holdfast.start({ port: undefined, workers: undefined } as object);
  assert.match(one.endpoint, /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.notEqual(one.endpoint, other.endpoint);
  assert.deepEqual(await readdir("."), before);
  const { endpoint, region, credentials, forcePathStyle } = one.clientConfig();
  assert.equal(endpoint, one.endpoint);
  assert.equal(region, "us-east-1");
  assert.equal(forcePathStyle, true);
  assert.match(credentials.accessKeyId, /^HF[A-Z0-9]{18}$/);
  assert.match(credentials.secretAccessKey, /^[A-Za-z0-9+/]{40}$/);
  assert.notDeepEqual(other.clientConfig().credentials, credentials);
});

test("Holdfast: two servers side by side know nothing of each other", async () => {
  await using one = await filled();
  await using other = await filled();
  await put(one.client, "second", "of one");
  await put(other.client, "second", "of the other");
  assert.equal(await get(one.client, "second"), "of one");
  assert.equal(await get(other.client, "second"), "of the other");
  const stranger = new S3Client({ ...other.server.clientConfig(), endpoint: one.server.endpoint, maxAttempts: 1 });
  await assert.rejects(stranger.send(new ListBucketsCommand({})), { name: "InvalidAccessKeyId" });
});

test("Holdfast: of several regions clients are given the first, and reach buckets of the others", async () => {
  await using server = await Holdfast.start({ region: ["eu-west-1", "us-east-1"] });
  const config = server.clientConfig();
  assert.equal(config.region, "eu-west-1");
  const east = new S3Client({ ...config, region: "us-east-1", maxAttempts: 1 });
  await east.send(new CreateBucketCommand({ Bucket: "east" }));
  const following = new S3Client({ ...config, followRegionRedirects: true, maxAttempts: 1 });
  await following.send(new PutObjectCommand({ Bucket: "east", Key: "key", Body: "text" }));
});

test("Holdfast: takes the command's settings under their names in the option file", async () => {
  const users = [{ name: "ann", accessKeyId: "HFANN", secretAccessKey: "the-secret-of-ann" }];
  const options = {
    region: "eu-west-1",
    accessKeyId: "HFFIRST",
    secretAccessKey: "the-first-secret",
    users,
    domains: ["s3.test"],
  };
  await using server = await Holdfast.start(options);
  const config = server.clientConfig();
  assert.equal(config.region, "eu-west-1");
  assert.deepEqual(config.credentials, { accessKeyId: "HFFIRST", secretAccessKey: "the-first-secret" });
  const ann = new S3Client({ ...config, credentials: users[0]!, maxAttempts: 1 });
  const { Owner } = await ann.send(new ListBucketsCommand({}));
  const { Owner: first } = await new S3Client({ ...config, maxAttempts: 1 }).send(new ListBucketsCommand({}));
  assert.match(Owner?.ID ?? "", /^[0-9a-f]{64}$/);
  assert.notEqual(Owner?.ID, first?.ID);
});

test("Holdfast: an option that is unknown or cannot be is a TypeError that says so", async () => {
  const said = async (options: object): Promise<string> => {
    const error: unknown = await Holdfast.start(options).then(
      (server) => server.stop(),
      (cause: unknown) => cause,
    );
    assert.ok(error instanceof TypeError, `accepted: ${JSON.stringify(options)}`);
    return error.message;
  };
  assert.equal(await said({ prot: 1 }), 'There is no option "prot"; did you mean "port"?');
  assert.equal(await said({ firstUser: {} }), 'There is no option "firstUser".');
  assert.equal(await said({ port: "9000" }), 'port is "9000"; it must be a whole number from 0 to 65535.');
  assert.equal(await said({ port: Number.NaN }), "port is NaN; it must be a whole number from 0 to 65535.");
  assert.equal(await said({ durability: "fsync" }), 'durability is "fsync"; it must be one of synced, written.');
  assert.equal(await said({ region: null }), "region is null; it must be 1 to 64 letters, digits and hyphens.");
  assert.equal(await said({ data: "" }), 'data is ""; it must be a path.');
  assert.match(await said({ domains: "s3.test" }), /^domains is "s3\.test"; it must be host names/);
  assert.match(await said({ users: [{ name: "ann" }] }), /^User 1 of "users" must be an object/);
  const keysOf = "accessKeyId and secretAccessKey";
  assert.match(await said({ accessKeyId: "a/b" }), new RegExp(`^${keysOf}: "a/b" cannot be an access key`));
  assert.equal(
    await said({ secretAccessKey: "short" }),
    `${keysOf}: The secret key must have 8 to 128 visible ASCII characters.`,
  );
  assert.equal(await said({ accessKeyId: 12_345 }), `${keysOf} must be texts.`);
  assert.match(await said({ tlsCertificatePath: "c" }), /^HTTPS needs both/);
  assert.match(
    await said({ tlsCertificatePath: "missing", tlsPrivateKeyPath: "k" }),
    /^The certificate missing cannot be used: ENOENT/,
  );
  assert.match(await said({ workers: 2 }), /^workers share a data folder/);
});

test("Holdfast: what only a server in memory does is refused with a data folder", async (t) => {
  const data = newFolder(t);
  const onFailure = (): void => undefined;
  await assert.rejects(Holdfast.start({ data, onFailure }), {
    name: "TypeError",
    message: /^onFailure is for servers in memory/,
  });
  assert.deepEqual(await readdir(data), []);
  await using durable = await Holdfast.start({ data });
  await using memory = await Holdfast.start();
  const refused = (method: string) => ({
    message: `${method}() is for servers in memory; this one is on the data folder ${data}`,
  });
  await assert.rejects(durable.reset(), refused("reset"));
  assert.throws(() => durable.snapshot(), refused("snapshot"));
  await assert.rejects(durable.restore(memory.snapshot()), refused("restore"));
  await assert.rejects(durable.fork(), refused("fork"));
});

test("reset: everything is forgotten, and the keys stay", async () => {
  await using filledOne = await filled();
  const { server, client } = filledOne;
  await put(client, "large", LARGE);
  await server.reset();
  const { Buckets } = await client.send(new ListBucketsCommand({}));
  assert.deepEqual(Buckets ?? [], []);
  await client.send(new CreateBucketCommand({ Bucket: "bucket" }));
  assert.deepEqual(await keys(client), []);
});

test("snapshot, restore: what a moment held comes back, as often as wanted", async () => {
  await using filledOne = await filled();
  const { server, client } = filledOne;
  await put(client, "large", LARGE);
  const snapshot = server.snapshot();
  for (let round = 0; round < 2; round += 1) {
    await put(client, "first", "changed");
    await put(client, "second", "2");
    await server.restore(snapshot);
    assert.deepEqual(await keys(client), ["first", "large"]);
    assert.equal(await get(client, "first"), "1");
    assert.equal(await get(client, "large"), LARGE);
  }
});

test("restore: a snapshot of one server does for another, which keeps its own keys", async () => {
  await using source = await filled();
  const users = [{ name: "ann", accessKeyId: "HFANN", secretAccessKey: "the-secret-of-ann" }];
  await using target = await Holdfast.start({ users });
  await target.restore(source.server.snapshot());
  const client = clientOf(target);
  assert.equal(await get(client, "first"), "1");
  await put(client, "first", "changed");
  assert.equal(await get(source.client, "first"), "1");
  const ann = new S3Client({ ...target.clientConfig(), credentials: users[0]!, maxAttempts: 1 });
  await ann.send(new ListBucketsCommand({}));
});

test("accountId: it is what an expected owner is compared with, in memory and on a data folder", async (t) => {
  await using memory = await Holdfast.start();
  await using durable = await Holdfast.start({ data: newFolder(t) });
  for (const server of [memory, durable]) {
    const client = clientOf(server);
    await client.send(new CreateBucketCommand({ Bucket: "bucket" }));
    const list = (ExpectedBucketOwner: string) =>
      client.send(new ListObjectsV2Command({ Bucket: "bucket", ExpectedBucketOwner }));
    await list(server.accountId);
    await assert.rejects(list("000000000000"), { name: "AccessDenied" });
  }
  const { accountId } = memory;
  const snapshot = memory.snapshot();
  await using fork = await memory.fork();
  assert.equal(fork.accountId, accountId);
  await memory.reset();
  assert.notEqual(memory.accountId, accountId);
  await memory.restore(snapshot);
  assert.equal(memory.accountId, accountId);
});

test("restore: anything but a snapshot is a TypeError", async () => {
  await using server = await Holdfast.start();
  await assert.rejects(server.restore({ takenAtMs: 0 }), { name: "TypeError", message: "this is no snapshot of Holdfast's" });
});

test("fork: a second server with the same content and keys; from there on they differ", async () => {
  await using original = await filled();
  await put(original.client, "large", LARGE);
  await using fork = await original.server.fork();
  assert.notEqual(fork.endpoint, original.server.endpoint);
  assert.deepEqual(fork.clientConfig().credentials, original.server.clientConfig().credentials);
  const client = clientOf(fork);
  assert.equal(await get(client, "large"), LARGE);
  await put(client, "first", "of the fork");
  await put(original.client, "second", "of the original");
  assert.deepEqual(await keys(client), ["first", "large"]);
  assert.equal(await get(original.client, "first"), "1");
  await original.server.reset();
  assert.equal(await get(client, "first"), "of the fork");
  await using grandchild = await fork.fork();
  await fork.stop();
  assert.equal(await get(clientOf(grandchild), "first"), "of the fork");
});

test("stop: may be called again, ends connections, and frees the port", async () => {
  const server = await Holdfast.start();
  const client = clientOf(server);
  await client.send(new ListBucketsCommand({}));
  await Promise.all([server.stop(), server.stop()]);
  await server.stop();
  await assert.rejects(fetch(server.endpoint));
  await using again = await Holdfast.start({ port: Number(new URL(server.endpoint).port) });
  assert.equal(again.endpoint, server.endpoint);
});

test("await using: the server has stopped behind the block", async () => {
  let endpoint: string;
  {
    await using server = await Holdfast.start();
    ({ endpoint } = server);
    assert.equal((await fetch(`${endpoint}/-/health`)).status, 200);
  }
  await assert.rejects(fetch(endpoint));
});

test("start: a port that is taken is said as Node says it", async () => {
  await using server = await Holdfast.start();
  await assert.rejects(Holdfast.start({ port: Number(new URL(server.endpoint).port) }), { code: "EADDRINUSE" });
});

test("Holdfast: buckets of the options are there from the start, also after a reset, and a snapshot has what it had", async () => {
  await using server = await Holdfast.start({ buckets: ["photos", "logs"] });
  const client = clientOf(server);
  const names = async (): Promise<string[]> => {
    const { Buckets = [] } = await client.send(new ListBucketsCommand({}));
    return Buckets.map(({ Name }) => Name!);
  };
  assert.deepEqual(await names(), ["logs", "photos"]);
  await client.send(new DeleteBucketCommand({ Bucket: "logs" }));
  const snapshot = server.snapshot();
  await server.reset();
  assert.deepEqual(await names(), ["logs", "photos"]);
  await server.restore(snapshot);
  assert.deepEqual(await names(), ["photos"]);
});

test("Holdfast: what only the command can do is no option here", async () => {
  for (const name of ["memory", "readyFilePath", "untilStdinEnds"]) {
    await assert.rejects(
      Holdfast.start({ [name]: true }),
      new TypeError(`${name} is for the command: the library has no such option`),
    );
  }
  await assert.rejects(Holdfast.start({ buckets: ["Photos"] }), TypeError);
});
