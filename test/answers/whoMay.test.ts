import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { S3Client } from "@aws-sdk/client-s3";
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteBucketPolicyCommand,
  DeleteObjectsCommand,
  DeletePublicAccessBlockCommand,
  GetBucketAbacCommand,
  GetBucketPolicyCommand,
  GetBucketPolicyStatusCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketAbacCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketRequestPaymentCommand,
  PutBucketTaggingCommand,
  PutObjectAclCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from "@aws-sdk/client-s3";
import type { Keys, User } from "../operations/sts/StsServer.ts";
import { allow, policy, refused, StsServer } from "../operations/sts/StsServer.ts";

/** Who may, over the wire: policies of buckets and users, ACLs and blocks together, asked by the SDK. */

let server: StsServer;
let root: S3Client;
/** May read objects, and not list them. */
let reader: User;
/** May everything of S3. */
let master: User;
let other: Keys & { readonly accountId: string };
before(async () => {
  server = await StsServer.start();
  root = server.s3();
  reader = await server.user("reader", allow("s3:GetObject*", "s3:PutObject", "s3:PutObjectTagging"));
  master = await server.user("master", allow("s3:*"));
  other = await server.account("other");
});
after(() => server[Symbol.asyncDispose]());

let buckets = 0;
/** A bucket of the test's own, which is not blocked for the public, with an object "k". */
async function newBucket(options: { readonly blocked?: boolean } = {}): Promise<string> {
  const Bucket = `bucket-${++buckets}`;
  await root.send(new CreateBucketCommand({ Bucket }));
  if (options.blocked !== true) await root.send(new DeletePublicAccessBlockCommand({ Bucket }));
  await root.send(new PutObjectCommand({ Bucket, Key: "k", Body: "content", Tagging: "team=blue" }));
  return Bucket;
}

/** A statement of a bucket's policy: it allows everything to everybody, unless said otherwise. */
function statement(Bucket: string, more: object = {}): object {
  const Resource = [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`];
  return { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: Resource[1], ...more };
}

async function putPolicy(Bucket: string, ...statements: readonly object[]): Promise<void> {
  await root.send(new PutBucketPolicyCommand({ Bucket, Policy: policy(...statements) }));
}

const read = (keys: Keys, Bucket: string, Key = "k") => server.s3(keys).send(new GetObjectCommand({ Bucket, Key }));
const denied = { name: "AccessDenied", status: 403, message: "Access Denied" } as const;

function deniedTo({ arn }: User, action: string, resource: string, ending: string): Parameters<typeof refused>[1] {
  const message = `User: ${arn} is not authorized to perform: ${action} on resource: "arn:aws:s3:::${resource}" ${ending}`;
  return { name: "AccessDenied", status: 403, message };
}

async function anonymousStatus(Bucket: string, key = "k"): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${server.server.port}/${Bucket}/${key}`);
  await answer.arrayBuffer();
  return answer.status;
}

test("PutBucketPolicy: is shown as it was put, acts at once, and is gone when it is deleted", async () => {
  const Bucket = await newBucket();
  assert.equal(await anonymousStatus(Bucket), 403);
  const text = `{"Version":"2012-10-17",\n "Statement":[${JSON.stringify(statement(Bucket))}]}`;
  const { $metadata } = await root.send(new PutBucketPolicyCommand({ Bucket, Policy: text }));
  assert.equal($metadata.httpStatusCode, 204);
  assert.equal((await root.send(new GetBucketPolicyCommand({ Bucket }))).Policy, text);
  assert.deepEqual((await root.send(new GetBucketPolicyStatusCommand({ Bucket }))).PolicyStatus, { IsPublic: true });
  assert.equal(await anonymousStatus(Bucket), 200);
  await root.send(new DeleteBucketPolicyCommand({ Bucket }));
  assert.equal(await anonymousStatus(Bucket), 403);
  await refused(root.send(new GetBucketPolicyCommand({ Bucket })), {
    name: "NoSuchBucketPolicy",
    status: 404,
    message: "The bucket policy does not exist",
  });
});

test("PutBucketPolicy: a public policy is refused while BlockPublicPolicy is on, and others are taken", async () => {
  const Bucket = await newBucket({ blocked: true });
  const arn = `arn:aws:iam::${server.accountId}:root`;
  await refused(putPolicy(Bucket, statement(Bucket)), {
    name: "AccessDenied",
    status: 403,
    message: `User: ${arn} is not authorized to perform: s3:PutBucketPolicy on resource: "arn:aws:s3:::${Bucket}" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.`,
  });
  await putPolicy(Bucket, statement(Bucket, { Principal: { AWS: other.accountId } }));
  assert.deepEqual((await root.send(new GetBucketPolicyStatusCommand({ Bucket }))).PolicyStatus, { IsPublic: false });
  assert.equal((await read(other, Bucket)).$metadata.httpStatusCode, 200);
});

test("PutBucketPolicy: names only who is there", async () => {
  const Bucket = await newBucket();
  const malformed = { name: "MalformedPolicy", status: 400, message: "Invalid principal in policy" };
  for (const principal of ["999999999999", `arn:aws:iam::${server.accountId}:user/nobody`]) {
    await refused(putPolicy(Bucket, statement(Bucket, { Principal: { AWS: principal } })), malformed);
  }
  await refused(putPolicy(Bucket, statement(Bucket, { Principal: { CanonicalUser: "f".repeat(64) } })), malformed);
  await putPolicy(Bucket, statement(Bucket, { Principal: { AWS: [reader.arn, `arn:aws:iam::${other.accountId}:root`] } }));
});

test("PutBucketPolicy: a user is not locked out of it without saying so, and the root can mend it", async () => {
  const Bucket = await newBucket();
  const s3 = server.s3(master);
  const deny = statement(Bucket, { Effect: "Deny", Action: "s3:*", Resource: `arn:aws:s3:::${Bucket}` });
  const lockingOut = { Bucket, Policy: policy(deny) };
  const { name } = await s3.send(new PutBucketPolicyCommand(lockingOut)).then(
    () => assert.fail("it was taken"),
    (cause: unknown) => cause as Error,
  );
  assert.equal(name, "InvalidRequest");
  await s3.send(new PutBucketPolicyCommand({ ...lockingOut, ConfirmRemoveSelfBucketAccess: true }));
  const ending = "with an explicit deny in a resource-based policy";
  await refused(s3.send(new DeleteBucketPolicyCommand({ Bucket })), deniedTo(master, "s3:DeleteBucketPolicy", Bucket, ending));
  await root.send(new DeleteBucketPolicyCommand({ Bucket }));
  await s3.send(new ListObjectsV2Command({ Bucket }));
});

test("GetBucketPolicy: callers of other accounts whom the policy allows it are told that it is not for them", async () => {
  const Bucket = await newBucket();
  await refused(server.s3(other).send(new GetBucketPolicyCommand({ Bucket })), denied);
  const everything = { Principal: { AWS: other.accountId }, Action: "s3:*", Resource: `arn:aws:s3:::${Bucket}` };
  await putPolicy(Bucket, statement(Bucket, everything));
  await refused(server.s3(other).send(new GetBucketPolicyCommand({ Bucket })), {
    name: "MethodNotAllowed",
    status: 405,
    message: "The specified method is not allowed against this resource.",
  });
  await server.s3(other).send(new ListObjectsV2Command({ Bucket }));
});

test("GetObject: a user without a policy is told what is missing; one from another account is not", async () => {
  const Bucket = await newBucket();
  const poor = await server.user("poor");
  await refused(
    read(poor, Bucket),
    deniedTo(poor, "s3:GetObject", `${Bucket}/k`, "because no identity-based policy allows the s3:GetObject action"),
  );
  await refused(read(other, Bucket), denied);
});

test("GetObject: a key that is not there is 404 to who may list the bucket, and 403 to others; so for HEAD, attributes and copies", async () => {
  const Bucket = await newBucket();
  const ending = "because no identity-based policy allows the s3:ListBucket action";
  const hidden = deniedTo(reader, "s3:ListBucket", Bucket, ending);
  const [may, mayNot] = [server.s3(master), server.s3(reader)];
  const missing = { Bucket, Key: "missing" };
  await refused(mayNot.send(new GetObjectCommand(missing)), hidden);
  await refused(may.send(new GetObjectCommand(missing)), {
    name: "NoSuchKey",
    status: 404,
    message: "The specified key does not exist.",
  });
  const attributes = { ...missing, ObjectAttributes: ["ETag" as const] };
  await refused(mayNot.send(new GetObjectAttributesCommand(attributes)), hidden);
  const copy = { Bucket, Key: "copy", CopySource: `${Bucket}/missing` };
  await refused(mayNot.send(new CopyObjectCommand(copy)), hidden);
  for (const [client, status] of [
    [mayNot, 403],
    [may, 404],
  ] as const) {
    const error = await client.send(new HeadObjectCommand(missing)).catch((cause: unknown) => cause);
    assert.equal((error as { $metadata: { httpStatusCode: number } }).$metadata.httpStatusCode, status);
  }
  assert.equal((await mayNot.send(new CopyObjectCommand({ ...copy, CopySource: `${Bucket}/k` }))).$metadata.httpStatusCode, 200);
});

test("GetObject: s3:ExistingObjectTag asks for the tags of the object that is read", async () => {
  const Bucket = await newBucket();
  await root.send(new PutObjectCommand({ Bucket, Key: "red", Body: "", Tagging: "team=red" }));
  const Condition = { StringEquals: { "s3:ExistingObjectTag/team": "blue" } };
  await putPolicy(Bucket, statement(Bucket, { Principal: { AWS: other.accountId }, Condition }));
  assert.equal((await read(other, Bucket)).$metadata.httpStatusCode, 200);
  await refused(read(other, Bucket, "red"), denied);
});

test("PutObjectTagging: s3:RequestObjectTag asks for what the document says, before anything is done", async () => {
  const Bucket = await newBucket();
  const Condition = { StringEquals: { "s3:RequestObjectTag/team": ["blue", "green"] } };
  const granted = { Principal: { AWS: other.accountId }, Action: "s3:PutObjectTagging", Condition };
  await putPolicy(Bucket, statement(Bucket, granted));
  const tagged = (Value: string) => ({ Bucket, Key: "k", Tagging: { TagSet: [{ Key: "team", Value }] } });
  await refused(server.s3(other).send(new PutObjectTaggingCommand(tagged("red"))), denied);
  assert.equal((await server.s3(other).send(new PutObjectTaggingCommand(tagged("green")))).$metadata.httpStatusCode, 200);
});

test("DeleteObjects: each key is decided for itself, also by other accounts", async () => {
  const Bucket = await newBucket();
  const granted = { Principal: { AWS: other.accountId }, Action: "s3:DeleteObject", Resource: `arn:aws:s3:::${Bucket}/mine/*` };
  await putPolicy(Bucket, statement(Bucket, granted));
  const Objects = [{ Key: "k" }, { Key: "mine/k" }];
  const { Deleted, Errors } = await server.s3(other).send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  assert.deepEqual(
    Deleted?.map(({ Key }) => Key),
    ["mine/k"],
  );
  assert.deepEqual(
    Errors?.map(({ Key, Code }) => [Key, Code]),
    [["k", "AccessDenied"]],
  );
});

test("PutBucketAbac: policies may ask for a bucket's tags while ABAC is enabled", async () => {
  const Bucket = await newBucket();
  const byTag = { StringEquals: { "aws:ResourceTag/team": "blue" } };
  const member = await server.user("member", { Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: byTag });
  const put = (Status: "Enabled" | "Disabled") => root.send(new PutBucketAbacCommand({ Bucket, AbacStatus: { Status } }));
  await root.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [{ Key: "team", Value: "blue" }] } }));
  const missing = deniedTo(
    member,
    "s3:GetObject",
    `${Bucket}/k`,
    "because no identity-based policy allows the s3:GetObject action",
  );
  await refused(read(member, Bucket), missing);
  await put("Enabled");
  assert.equal((await read(member, Bucket)).$metadata.httpStatusCode, 200);
  await root.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [{ Key: "team", Value: "red" }] } }));
  await refused(read(member, Bucket), missing);
  await put("Disabled");
});

test("GetBucketAbac: says Disabled until it is enabled", async () => {
  const Bucket = await newBucket();
  assert.deepEqual((await root.send(new GetBucketAbacCommand({ Bucket }))).AbacStatus, { Status: "Disabled" });
  await root.send(new PutBucketAbacCommand({ Bucket, AbacStatus: { Status: "Enabled" } }));
  assert.deepEqual((await root.send(new GetBucketAbacCommand({ Bucket }))).AbacStatus, { Status: "Enabled" });
});

test("PutBucketRequestPayment: callers of other accounts pay for objects and lists, and say that they know it", async () => {
  const Bucket = await newBucket();
  await putPolicy(Bucket, statement(Bucket), statement(Bucket, { Action: "s3:ListBucket", Resource: `arn:aws:s3:::${Bucket}` }));
  await root.send(new PutBucketRequestPaymentCommand({ Bucket, RequestPaymentConfiguration: { Payer: "Requester" } }));
  const s3 = server.s3(other);
  await refused(s3.send(new GetObjectCommand({ Bucket, Key: "k" })), denied);
  await refused(s3.send(new ListObjectsV2Command({ Bucket })), denied);
  assert.equal(await anonymousStatus(Bucket), 403);
  const paid = await s3.send(new GetObjectCommand({ Bucket, Key: "k", RequestPayer: "requester" }));
  assert.equal(paid.RequestCharged, "requester");
  assert.equal((await s3.send(new ListObjectsV2Command({ Bucket, RequestPayer: "requester" }))).RequestCharged, "requester");
  assert.equal((await read(server.root, Bucket)).RequestCharged, undefined);
  assert.equal((await read(master, Bucket)).RequestCharged, undefined);
});

test("PutObject: an object of another account is that account's under ObjectWriter, until ACLs are disabled", async () => {
  const Bucket = await newBucket();
  const owned = (ObjectOwnership: "ObjectWriter" | "BucketOwnerEnforced") =>
    root.send(new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls: { Rules: [{ ObjectOwnership }] } }));
  await owned("ObjectWriter");
  await putPolicy(
    Bucket,
    statement(Bucket, { Principal: { AWS: other.accountId }, Action: ["s3:PutObject", "s3:PutObjectAcl"] }),
  );
  const theirs = server.s3(other);
  await theirs.send(new PutObjectCommand({ Bucket, Key: "theirs", Body: "content" }));
  assert.equal((await read(other, Bucket, "theirs")).$metadata.httpStatusCode, 200);
  await refused(read(server.root, Bucket, "theirs"), denied);
  assert.equal(await anonymousStatus(Bucket, "theirs"), 403);
  await theirs.send(new PutObjectAclCommand({ Bucket, Key: "theirs", ACL: "public-read" }));
  assert.equal(await anonymousStatus(Bucket, "theirs"), 200);
  assert.equal((await read(server.root, Bucket, "theirs")).$metadata.httpStatusCode, 200);
  await owned("BucketOwnerEnforced");
  assert.equal(await anonymousStatus(Bucket, "theirs"), 403);
  await refused(read(other, Bucket, "theirs"), denied);
  assert.equal((await read(server.root, Bucket, "theirs")).$metadata.httpStatusCode, 200);
});
