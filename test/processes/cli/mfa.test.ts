import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetBucketVersioningCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { newFolder } from "../../newFolder.ts";
import { codesOf, STEP_MS } from "../../store/accounts/authenticator.ts";
import type { CommandResult } from "./command.ts";
import { holdfast, Server } from "./command.ts";

const KEYS = { accessKeyId: "HFTESTTESTTESTTEST00", secretAccessKey: "t".repeat(40) };
const ENVIRONMENT = { HOLDFAST_ACCESS_KEY_ID: KEYS.accessKeyId, HOLDFAST_SECRET_ACCESS_KEY: KEYS.secretAccessKey };

test("user mfa: a device is made, enabled and removed while the server runs, and lets its user delete versions", async (t) => {
  const folder = newFolder(t);
  const server = await Server.start(t, ["--workers", "2", "--mfa-without-tls"], { folder, environment: ENVIRONMENT });
  const mfa = (...args: string[]): Promise<CommandResult> => holdfast(["user", "mfa", ...args], { folder });
  const listed = async (): Promise<string> => (await holdfast(["user", "list"], { folder })).stdout;

  const added = await mfa("add", "admin");
  assert.equal(added.code, 0, added.stderr);
  const serial = /^serial +(arn:aws:iam::\d{12}:mfa\/root-account-mfa-device)$/m.exec(added.stdout)![1]!;
  const secret = /^secret +([A-Z2-7]{32}) +\(shown this once\)$/m.exec(added.stdout)![1]!;
  assert.match(added.stdout, new RegExp(`^uri +otpauth://totp/Holdfast:admin\\?secret=${secret}&issuer=Holdfast$`, "m"));
  assert.match(await listed(), /Z  mfa not enabled$/m);

  const enable = (first: string, second: string): Promise<CommandResult> =>
    mfa("enable", "admin", "--first-code", first, "--second-code", second);
  const wrong = await enable("000000", "000000");
  assert.equal(wrong.code, 1);
  assert.match(wrong.stderr, /^These are not two codes in a row of the MFA device of "admin"/);
  let enabled = wrong;
  // A machine so busy that codes run out on their way gets new ones, until the test's time is over.
  while (enabled.stderr === wrong.stderr) enabled = await enable(...codesOf(secret, Date.now()));
  assert.deepEqual(enabled, { code: 0, stdout: `enabled ${serial} of admin\n`, stderr: "" });
  assert.match(await listed(), /Z  mfa$/m);
  assert.ok(!(await listed()).includes(secret));

  const client = server.client(KEYS);
  await client.send(new CreateBucketCommand({ Bucket: "bucket" }));
  const VersioningConfiguration = { Status: "Enabled", MFADelete: "Enabled" } as const;
  const put = new PutBucketVersioningCommand({
    Bucket: "bucket",
    VersioningConfiguration,
    // The next code, a step ahead: the present one has enabled the device.
    MFA: `${serial} ${codesOf(secret, Date.now() + STEP_MS)[1]}`,
  });
  await client.send(put);
  const { Status, MFADelete } = await client.send(new GetBucketVersioningCommand({ Bucket: "bucket" }));
  assert.deepEqual({ Status, MFADelete }, VersioningConfiguration);
  const { VersionId } = await client.send(new PutObjectCommand({ Bucket: "bucket", Key: "key", Body: "x" }));
  const version = { Bucket: "bucket", Key: "key", VersionId };
  await assert.rejects(client.send(new DeleteObjectCommand(version)), { name: "AccessDenied" });
  await assert.rejects(client.send(put), { name: "TokenCodeInvalidError" });

  assert.equal((await mfa("add", "admin")).code, 1);
  assert.deepEqual(await mfa("remove", "admin"), { code: 0, stdout: `removed ${serial} of admin\n`, stderr: "" });
  assert.match(await listed(), /Z$/m);
  await assert.rejects(client.send(new DeleteObjectCommand({ ...version, MFA: `${serial} 123456` })), {
    name: "DeviceNotActiveError",
  });
  const { code, stderr } = await mfa("enable", "admin", "--first-code", "123456");
  assert.equal(code, 2);
  assert.match(stderr, /^holdfast user mfa enable needs --second-code CODE\.\nUse: /);
});
