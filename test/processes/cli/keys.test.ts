import assert from "node:assert/strict";
import { chmodSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { readRingText } from "../../../src/keys/ringText.ts";
import type { RingContent } from "../../../src/keys/RingContent.ts";
import { newFolder } from "../../newFolder.ts";
import type { CommandResult } from "./command.ts";
import { holdfast, RunningCommand, Server } from "./command.ts";

const KEYS = { accessKeyId: "HFTESTTESTTESTTEST00", secretAccessKey: "t".repeat(40) };
const ENVIRONMENT = { HOLDFAST_ACCESS_KEY_ID: KEYS.accessKeyId, HOLDFAST_SECRET_ACCESS_KEY: KEYS.secretAccessKey };

function start(t: TestContext, folder: string, ...args: string[]): Promise<Server> {
  return Server.start(t, ["--workers", "2", ...args], { folder, environment: ENVIRONMENT });
}

/** The output of a `holdfast keys` that went well. */
async function keys(folder: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await tryKeys(folder, ...args);
  assert.equal(code, 0, stderr);
  assert.equal(stderr, "");
  return stdout;
}

function tryKeys(folder: string, ...args: string[]): Promise<CommandResult> {
  return holdfast(["keys", ...args], { folder });
}

function ringPath(folder: string): string {
  return join(folder, "holdfast-data", "keys", "ring.json");
}

function ringIn(path: string): RingContent {
  const ring = readRingText(readFileSync(path, "utf8"));
  assert.ok(typeof ring !== "string", String(ring));
  return ring;
}

/** What starting a server says that does not start. */
async function refusal(folder: string, ...args: string[]): Promise<string> {
  const { code, stderr, stdout } = await holdfast(["serve", "--port", "0", "--workers", "1", ...args], { folder });
  assert.equal(code, 1, stdout);
  return stderr;
}

test("keys: made at the first start for the owner alone, and listed, rotated and changed while the server runs", async (t) => {
  const folder = newFolder(t);
  await start(t, folder);
  const path = ringPath(folder);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  const [first] = ringIn(path).masters;
  assert.match(await keys(folder), new RegExp(`^ring +[0-9a-f]{32} +${path}\nmaster +${first!.name} +\\S+Z +current\n$`));

  const rotated = /^(\S+) is the master key now; /.exec(await keys(folder, "rotate"))![1]!;
  const made = await keys(folder, "create", "--alias", "alias/mine", "--description", "of the team");
  const arn = /^arn +(\S+)$/m.exec(made)![1]!;
  assert.match(arn, /^arn:aws:kms:us-east-1:\d{12}:key\/[0-9a-f-]{36}$/);
  const abroad = /^arn +(\S+)$/m.exec(await keys(folder, "create", "--region", "eu-west-1"))![1]!;
  assert.match(abroad, /^arn:aws:kms:eu-west-1:/);
  assert.match(await keys(folder, "rotate", "--kms", "alias/mine"), /has a new backing key/);
  assert.equal(await keys(folder, "disable", arn), `disabled ${arn}\n`);
  assert.equal(await keys(folder, "enable", "alias/mine"), `enabled ${arn}\n`);
  assert.equal(await keys(folder, "alias", "set", "alias/two", "--kms", arn), `alias/two is ${arn} now\n`);
  assert.equal(await keys(folder, "alias", "remove", "alias/mine"), `alias/mine is ${arn} no longer\n`);
  assert.match(
    await keys(folder, "delete", abroad, "--days", "7"),
    new RegExp(`^${abroad} is pending deletion, and gone after \\S+Z\n`),
  );

  const lines = (await keys(folder, "list")).trimEnd().split("\n");
  const shown = [
    new RegExp(`^master +${first!.name} +\\S+Z +opens$`),
    new RegExp(`^master +${rotated} +\\S+Z +current$`),
    new RegExp(`^kms +${arn} +\\S+Z +Enabled +alias/two, rotated once, of the team$`),
    new RegExp(`^kms +${abroad} +\\S+Z +PendingDeletion \\S+Z$`),
  ];
  assert.equal(lines.length, 1 + shown.length);
  for (const [index, pattern] of shown.entries()) assert.match(lines[1 + index]!, pattern);
  assert.equal(await keys(folder, "cancel-deletion", abroad), `${abroad} stays, and is disabled\n`);
  for (const { secret } of ringIn(path).masters) assert.ok(!lines.join().includes(secret));
});

test("keys: what cannot be done is said in a sentence, and changes nothing", async (t) => {
  const folder = newFolder(t);
  await start(t, folder);
  const before = readFileSync(ringPath(folder));
  const cases: [number, RegExp, string[]][] = [
    [1, /^There is no KMS key "nobody"; holdfast keys lists them\.\n$/, ["disable", "nobody"]],
    [1, /^"mine" is no alias: it is alias\/ and/, ["create", "--alias", "mine"]],
    [1, /^Aliases that begin with alias\/aws\/ are the service's own\.\n$/, ["create", "--alias", "alias/aws/s3"]],
    [2, /^--days is "6"; it must be a whole number from 7 to 30\.\n$/, ["delete", "nobody", "--days", "6"]],
    [2, /^holdfast keys enable needs a KEY\.\nUse: holdfast keys enable KEY\n/, ["enable"]],
    [2, /^holdfast keys rotate does not take --days\.\nUse: holdfast keys rotate /, ["rotate", "--days", "7"]],
    [2, /^holdfast keys has no "nonsense"\.\nUse: holdfast keys list\n/, ["nonsense"]],
    [1, /^The key ring .*elsewhere\.json is missing, and what is stored here/, ["rotate", "--key-ring", "elsewhere.json"]],
  ];
  for (const [code, said, args] of cases) {
    const result = await tryKeys(folder, ...args);
    assert.equal(result.code, code, args.join(" "));
    assert.match(result.stderr, said);
    assert.equal(result.stdout, "");
  }
  assert.deepEqual(readFileSync(ringPath(folder)), before);
});

test("keys: with Vault, the KMS keys are its own to change, and the master keys still rotate", async (t) => {
  const folder = newFolder(t);
  const token = join(folder, "token");
  writeFileSync(token, "s.token", { mode: 0o600 });
  const server = await start(t, folder, "--vault-address", "https://127.0.0.1:1", "--vault-token-file", token);
  assert.ok(!server.announcement.includes("s.token"));
  const environment = { HOLDFAST_VAULT_ADDRESS: "https://127.0.0.1:1", HOLDFAST_VAULT_TOKEN_FILE: token };
  const refused = await holdfast(["keys", "create"], { folder, environment });
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /^The KMS keys are those of Vault at https:\/\/127\.0\.0\.1:1; /);
  assert.equal((await holdfast(["keys", "rotate"], { folder, environment })).code, 0);
  assert.match(
    (await holdfast(["keys"], { folder, environment })).stdout,
    /\nKMS keys are those of Vault at https:\/\/127\.0\.0\.1:1\n$/,
  );
});

test("keys: a ring that is lost, wrong, older, damaged or open to others keeps a server from starting, and stays as it is", async (t) => {
  const folder = newFolder(t);
  const server = await start(t, folder);
  const path = ringPath(folder);
  const first = readFileSync(path);
  await keys(folder, "rotate");
  const whole = readFileSync(path);
  await server.end("SIGTERM");
  const other = newFolder(t);
  await (await start(t, other)).end("SIGTERM");

  renameSync(path, `${path}.away`);
  assert.match(
    await refusal(folder),
    /^The key ring .*ring\.json is missing, and what is stored here is encrypted .*Nothing was changed\.\n$/,
  );
  const wrongs: [Buffer, RegExp][] = [
    [readFileSync(ringPath(other)), /is not the one that this data is encrypted with/],
    [first, /is older than the data: it lacks the master key/],
    [whole.subarray(0, whole.length / 2), /is damaged: it is no whole JSON/],
  ];
  for (const [bytes, said] of wrongs) {
    writeFileSync(path, bytes, { mode: 0o600 });
    assert.match(await refusal(folder), said);
    assert.deepEqual(readFileSync(path), bytes);
  }
  writeFileSync(path, whole);
  chmodSync(path, 0o644);
  assert.match(await refusal(folder), /is open to others than its owner: its mode is 644\. Say chmod 600 /);
  chmodSync(path, 0o600);
  await (await start(t, folder)).end("SIGTERM");

  rmSync(path);
  await (await start(t, folder, "--key-ring", `${path}.away`)).end("SIGTERM");
});

test("keys: objects of before a rotation are read after it, by every worker and after a restart", async (t) => {
  const folder = newFolder(t);
  const server = await start(t, folder);
  const client = server.client(KEYS);
  await client.send(new CreateBucketCommand({ Bucket: "bucket" }));
  const put = (key: string) => client.send(new PutObjectCommand({ Bucket: "bucket", Key: key, Body: key }));
  const read = async (from: Server, key: string) => {
    const { Body } = await from.client(KEYS).send(new GetObjectCommand({ Bucket: "bucket", Key: key }));
    assert.equal(await Body!.transformToString(), key);
  };
  await put("before");
  await keys(folder, "rotate");
  await put("after");
  for (let attempt = 0; attempt < 6; attempt += 1) await Promise.all([read(server, "before"), read(server, "after")]);
  await server.end("SIGTERM");
  const again = await start(t, folder);
  await read(again, "before");
  await read(again, "after");
});

test("keys: a KMS key that is disabled or to be deleted refuses what a running server should write with it, a second later at most", async (t) => {
  const folder = newFolder(t);
  const client = (await start(t, folder, "--sse-c-over-http")).client(KEYS);
  await client.send(new CreateBucketCommand({ Bucket: "bucket" }));
  await keys(folder, "create", "--alias", "alias/mine");
  const sse = { ServerSideEncryption: "aws:kms", SSEKMSKeyId: "alias/mine" } as const;
  const put = () => client.send(new PutObjectCommand({ Bucket: "bucket", Key: "key", Body: "x", ...sse }));
  const { SSEKMSKeyId: arn } = await put();
  assert.match(arn!, /^arn:aws:kms:us-east-1:\d{12}:key\//);
  const steps: [string[], { name: string; message: string }][] = [
    [["disable", arn!], { name: "KMS.DisabledException", message: `${arn} is disabled.` }],
    [["delete", arn!], { name: "KMS.KMSInvalidStateException", message: `${arn} is pending deletion.` }],
  ];
  for (const [args, refused] of steps) {
    await keys(folder, ...args);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await assert.rejects(put(), refused);
  }
});

/** Ends of a rotation that are spread over the time that one takes. */
const KILLS = 8;

test("keys: a rotation that is killed at any moment leaves the ring whole, old or new, and the next one goes", async (t) => {
  const folder = newFolder(t);
  const server = await start(t, folder);
  const path = ringPath(folder);
  const began = performance.now();
  await keys(folder, "rotate");
  const usualMs = performance.now() - began;
  let rotations = 0;
  for (let kill = 0; kill < KILLS; kill += 1) {
    const before = ringIn(path).masters.map(({ name }) => name);
    const running = new RunningCommand(["keys", "rotate"], { folder });
    // The last third of its time is where it works.
    await new Promise((resolve) => setTimeout(resolve, usualMs * (0.6 + (0.5 * kill) / KILLS)));
    running.kill("SIGKILL");
    await running.ended;
    const after = ringIn(path).masters.map(({ name }) => name);
    assert.deepEqual(after.slice(0, before.length), before);
    assert.ok(after.length - before.length <= 1);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    rotations += after.length - before.length;
  }
  t.diagnostic(`${rotations} of ${KILLS} rotations were through before their end`);
  const last = /^(\S+) is the master key now/.exec(await keys(folder, "rotate"))![1]!;
  assert.equal(ringIn(path).masters.at(-1)!.name, last);
  await server.end("SIGKILL");
  await start(t, folder);
});

test("keys: of rotations at the same time none is lost", async (t) => {
  const folder = newFolder(t);
  await start(t, folder);
  const said = await Promise.all(Array.from({ length: 3 }, () => keys(folder, "rotate")));
  const names = said.map((text) => /^(\S+) is the master key now/.exec(text)![1]!);
  const kept = ringIn(ringPath(folder)).masters.map(({ name }) => name);
  assert.equal(kept.length, 1 + names.length);
  assert.deepEqual(new Set(kept.slice(1)), new Set(names));
});
