import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CreateBucketCommand,
  DeletePublicAccessBlockCommand,
  PutBucketAclCommand,
  PutBucketOwnershipControlsCommand,
} from "@aws-sdk/client-s3";
import type { CommandResult } from "./command.ts";
import { newFolder } from "../../newFolder.ts";
import { holdfast, Server } from "./command.ts";

const KEYS = { accessKeyId: "HFTESTTESTTESTTEST00", secretAccessKey: "t".repeat(40) };
const ENVIRONMENT = { HOLDFAST_ACCESS_KEY_ID: KEYS.accessKeyId, HOLDFAST_SECRET_ACCESS_KEY: KEYS.secretAccessKey };

const ALL = "BlockPublicAcls        on\nIgnorePublicAcls       on\nBlockPublicPolicy      on\nRestrictPublicBuckets  on\n";

test("account public-access-block: is set and shown while the server runs, which heeds it at once in every process", async (t) => {
  const folder = newFolder(t);
  const server = await Server.start(t, ["--workers", "2"], { folder, environment: ENVIRONMENT });
  const block = (...args: string[]): Promise<CommandResult> => holdfast(["account", "public-access-block", ...args], { folder });
  const client = server.client(KEYS);
  const Bucket = "bucket";
  await client.send(new CreateBucketCommand({ Bucket }));
  const Rules = [{ ObjectOwnership: "ObjectWriter" }] as const;
  await client.send(new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls: { Rules: [...Rules] } }));
  await client.send(new DeletePublicAccessBlockCommand({ Bucket }));
  const publish = () => client.send(new PutBucketAclCommand({ Bucket, ACL: "public-read" }));
  await publish();

  const none = { code: 0, stdout: "admin has no public access block; that of each bucket holds\n", stderr: "" };
  assert.deepEqual(await block("admin"), none);
  assert.deepEqual(await block("admin", "--block", "all"), { code: 0, stdout: ALL, stderr: "" });
  for (let times = 0; times < 4; times++) await assert.rejects(publish(), { name: "AccessDenied" });
  assert.deepEqual(await block("admin"), { code: 0, stdout: ALL, stderr: "" });
  const some = await block("admin", "--block", "IgnorePublicAcls, RestrictPublicBuckets");
  assert.equal(
    some.stdout,
    ALL.replace("BlockPublicAcls        on", "BlockPublicAcls        off").replace("Policy      on", "Policy      off"),
  );
  await publish();
  assert.deepEqual(await block("admin", "--block", "none"), none);

  const wrong = await block("admin", "--block", "everything");
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /^"everything" is no switch: say BlockPublicAcls, /);
  const unknown = await block("nobody");
  assert.equal(unknown.code, 1);
  assert.match(unknown.stderr, /^There is no account "nobody"/);
});
