import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { S3Client } from "@aws-sdk/client-s3";
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeletePublicAccessBlockCommand,
  GetObjectCommand,
  PutBucketAclCommand,
  PutBucketLoggingCommand,
  PutBucketPolicyCommand,
  PutObjectAclCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { AssumeRoleCommand, GetFederationTokenCommand, GetSessionTokenCommand } from "@aws-sdk/client-sts";
import type { Keys } from "../operations/sts/StsServer.ts";
import { allow, keysOf, policy, StsServer, trust } from "../operations/sts/StsServer.ts";
import type { Line } from "./LoggedServer.ts";
import { deliveryPolicy, KeptLogs, linesOf, storedLogs } from "./LoggedServer.ts";

/** Whom the access log of a bucket names, and when it says that an ACL was needed. */

const kept = new KeptLogs();
const Key = "k";
let server: StsServer;
let root: S3Client;
let other: Keys;
before(async () => {
  server = await StsServer.start({ adapt: kept.adapt });
  root = server.s3();
  other = await server.account("other");
  await root.send(new CreateBucketCommand({ Bucket: "logs" }));
  await root.send(new PutBucketPolicyCommand({ Bucket: "logs", Policy: deliveryPolicy("logs") }));
  for (const [Bucket, ObjectOwnership] of [
    ["enforced", "BucketOwnerEnforced"],
    ["listed", "ObjectWriter"],
  ] as const) {
    await root.send(new CreateBucketCommand({ Bucket, ObjectOwnership }));
    await root.send(new DeletePublicAccessBlockCommand({ Bucket }));
    await root.send(new PutObjectCommand({ Bucket, Key, Body: "content" }));
    const LoggingEnabled = { TargetBucket: "logs", TargetPrefix: `${Bucket}/` };
    await root.send(new PutBucketLoggingCommand({ Bucket, BucketLoggingStatus: { LoggingEnabled } }));
  }
});
after(() => server[Symbol.asyncDispose]());

const read = new Set<string>();
/** The lines of what is done meanwhile. */
async function linesFrom(work: () => Promise<unknown>): Promise<Line[]> {
  const newLines = async (): Promise<Line[]> => {
    await kept.logs.deliver();
    const fresh = (await storedLogs(server.server.store, "logs")).filter(({ key }) => !read.has(key));
    for (const { key } of fresh) read.add(key);
    return fresh.flatMap(({ text }) => linesOf(text));
  };
  await newLines();
  await work();
  return newLines();
}

/** Whom the log names who reads an object with these keys. */
async function requester(keys: Keys): Promise<string> {
  const [line] = await linesFrom(() => server.s3(keys).send(new GetObjectCommand({ Bucket: "enforced", Key })));
  assert.equal(line!.status, "200");
  return line!.requester;
}

test("Access log: roots are named by their canonical ids, in sessions too, and all others by their ARNs", async () => {
  const { canonicalId } = (await server.server.service.credentials.find(server.root.accessKeyId))!.caller;
  assert.equal(await requester(server.root), canonicalId);
  const session = await server.sts().send(new GetSessionTokenCommand({}));
  assert.equal(await requester(keysOf(session.Credentials)), canonicalId);
  const user = await server.user("reader", allow("s3:GetObject", "sts:*"));
  assert.equal(await requester(user), user.arn);
  const role = await server.role("role", [trust({ AWS: server.accountId })]);
  const assumed = await server.sts(user).send(new AssumeRoleCommand({ RoleArn: role.arn, RoleSessionName: "session" }));
  assert.equal(await requester(keysOf(assumed.Credentials)), `arn:aws:sts::${server.accountId}:assumed-role/role/session`);
  const Policy = policy(allow("s3:GetObject"));
  const federated = await server.sts(user).send(new GetFederationTokenCommand({ Name: "guest", Policy }));
  assert.equal(await requester(keysOf(federated.Credentials)), `arn:aws:sts::${server.accountId}:federated-user/guest`);
});

/** What the log says of ACLs, by operation. */
async function aclRequired(work: () => Promise<unknown>): Promise<string[]> {
  return (await linesFrom(work)).map(({ bucket, operation, aclRequired: needed }) => `${bucket} ${operation} ${needed}`);
}

test("Access log: an ACL was required where no policy gives what it gives", async () => {
  const get = (keys: Keys) => () => server.s3(keys).send(new GetObjectCommand({ Bucket: "listed", Key }));
  await root.send(new PutObjectAclCommand({ Bucket: "listed", Key, ACL: "authenticated-read" }));
  assert.deepEqual(await aclRequired(get(server.root)), ["listed REST.GET.OBJECT -"]);
  assert.deepEqual(await aclRequired(get(other)), ["listed REST.GET.OBJECT Yes"]);
  const statement = { ...allow("s3:GetObject"), Principal: "*", Resource: "arn:aws:s3:::listed/*" };
  await root.send(new PutBucketPolicyCommand({ Bucket: "listed", Policy: policy(statement) }));
  assert.deepEqual(await aclRequired(get(other)), ["listed REST.GET.OBJECT -"]);
});

test("Access log: an ACL that is set is required, but one that gives all to the bucket's owner", async () => {
  const put = (ACL?: "private" | "bucket-owner-full-control") => () =>
    root.send(new PutObjectCommand({ Bucket: "listed", Key: "new", Body: "", ...(ACL && { ACL }) }));
  assert.deepEqual(await aclRequired(put()), ["listed REST.PUT.OBJECT -"]);
  assert.deepEqual(await aclRequired(put("private")), ["listed REST.PUT.OBJECT Yes"]);
  assert.deepEqual(await aclRequired(put("bucket-owner-full-control")), ["listed REST.PUT.OBJECT -"]);
  assert.deepEqual(await aclRequired(() => root.send(new PutObjectAclCommand({ Bucket: "listed", Key, ACL: "private" }))), [
    "listed REST.PUT.ACL Yes",
  ]);
  assert.deepEqual(await aclRequired(() => root.send(new PutBucketAclCommand({ Bucket: "listed", ACL: "private" }))), [
    "listed REST.PUT.ACL Yes",
  ]);
});

test("Access log: of a copy, each of the two lines says it of its own bucket", async () => {
  await root.send(new PutObjectAclCommand({ Bucket: "listed", Key: "new", ACL: "authenticated-read" }));
  await root.send(
    new PutBucketPolicyCommand({
      Bucket: "listed",
      Policy: policy({ ...allow("s3:PutObject"), Principal: "*", Resource: "arn:aws:s3:::listed/*" }),
    }),
  );
  const statement = { ...allow("s3:PutObject"), Principal: "*", Resource: "arn:aws:s3:::enforced/*" };
  await root.send(new PutBucketPolicyCommand({ Bucket: "enforced", Policy: policy(statement) }));
  const copy = new CopyObjectCommand({ Bucket: "enforced", Key: "copy", CopySource: "listed/new" });
  assert.deepEqual((await aclRequired(() => server.s3(other).send(copy))).toSorted(), [
    "enforced REST.COPY.OBJECT -",
    "listed REST.COPY.OBJECT_GET Yes",
  ]);
});
