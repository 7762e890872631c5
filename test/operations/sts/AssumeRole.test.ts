import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { DeleteRoleCommand, DeleteRolePolicyCommand, PutUserPolicyCommand } from "@aws-sdk/client-iam";
import type { S3Client } from "@aws-sdk/client-s3";
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import type { AssumeRoleCommandInput, AssumeRoleCommandOutput } from "@aws-sdk/client-sts";
import { AssumeRoleCommand, GetFederationTokenCommand, GetSessionTokenCommand } from "@aws-sdk/client-sts";
import type { Keys } from "./StsServer.ts";
import { allow, keysOf, policy, refused, START_MS, StsServer, trust } from "./StsServer.ts";

function assume(server: StsServer, keys: Keys, input: Partial<AssumeRoleCommandInput>): Promise<AssumeRoleCommandOutput> {
  const { RoleArn = "", ...more } = input;
  return server.sts(keys).send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "session", ...more }));
}

function denied(caller: string, resource: string, action: string = "sts:AssumeRole"): Parameters<typeof refused>[1] {
  return {
    name: "AccessDenied",
    status: 403,
    message: `User: ${caller} is not authorized to perform: ${action} on resource: ${resource}`,
  };
}

/** Tags that cannot be packed well: 100 characters of chance each. */
function noisyTags(count: number): { Key: string; Value: string }[] {
  return Array.from({ length: count }, (_, index) => ({ Key: `key-${index}`, Value: randomBytes(75).toString("base64") }));
}

test("AssumeRole: whom the trust policy names gets the role's credentials for an hour, and may what the role may", async () => {
  await using server = await StsServer.start();
  const ann = await server.user("ann");
  const role = await server.role("reader", [trust({ AWS: ann.arn })]);
  const { $metadata: _metadata, Credentials, ...answer } = await assume(server, ann, { RoleArn: role.arn });
  assert.deepEqual(answer, {
    AssumedRoleUser: {
      AssumedRoleId: `${role.roleId}:session`,
      Arn: `arn:aws:sts::${server.accountId}:assumed-role/reader/session`,
    },
  });
  assert.match(Credentials!.AccessKeyId!, /^ASIA[A-Z2-7]{16}$/);
  assert.match(Credentials!.SecretAccessKey!, /^[A-Za-z0-9+/]{40}$/);
  assert.equal(Credentials!.Expiration!.getTime(), START_MS + 3_600_000);
  const s3 = server.s3(keysOf(Credentials));
  await s3.send(new ListObjectsV2Command({ Bucket: "bucket" }));
  await refused(s3.send(new PutObjectCommand({ Bucket: "bucket", Key: "key", Body: "body" })), {
    name: "AccessDenied",
    status: 403,
    message: /^User: arn:aws:sts::\d{12}:assumed-role\/reader\/session is not authorized to perform: s3:PutObject on resource: /,
  });
});

test("AssumeRole: a trust policy that names the account leaves it to policies of the user", async () => {
  await using server = await StsServer.start();
  const without = await server.user("without");
  const role = await server.role("reader", [trust({ AWS: server.accountId })]);
  await refused(assume(server, without, { RoleArn: role.arn }), denied(without.arn, role.arn));
  const ann = await server.user("ann", { Effect: "Allow", Action: "sts:AssumeRole", Resource: role.arn });
  await assume(server, ann, { RoleArn: role.arn });
});

test("AssumeRole: no permission of the user's stands for the role's trust, and a denial counts before both", async () => {
  await using server = await StsServer.start();
  const ann = await server.user("ann", allow("*"));
  const closed = await server.role("closed", [trust({ AWS: `arn:aws:iam::${server.accountId}:user/ann` }, ["sts:TagSession"])]);
  await refused(assume(server, ann, { RoleArn: closed.arn }), denied(ann.arn, closed.arn));
  const bob = await server.user("bob", { Effect: "Deny", Action: "sts:AssumeRole", Resource: "*" });
  const open = await server.role("open", [trust({ AWS: bob.arn })]);
  await refused(assume(server, bob, { RoleArn: open.arn }), denied(bob.arn, open.arn));
});

test("AssumeRole: from another account it takes both the trust of the role and the permission of the user", async () => {
  await using server = await StsServer.start();
  const other = await server.account("other");
  const role = await server.role("shared", [
    trust({ AWS: other.accountId }, ["sts:AssumeRole"], { StringEquals: { "sts:ExternalId": "42" } }),
  ]);
  const stranger = { ...other };
  await refused(assume(server, stranger, { RoleArn: role.arn, ExternalId: "42" }), {
    name: "AccessDenied",
    status: 403,
    message: "Roles may not be assumed by root accounts.",
  });
  const theirs = await StsServer.user(server, other, "eve", allow("sts:AssumeRole"));
  await refused(assume(server, theirs, { RoleArn: role.arn }), denied(theirs.arn, role.arn));
  await refused(assume(server, theirs, { RoleArn: role.arn, ExternalId: "43" }), denied(theirs.arn, role.arn));
  const { Credentials } = await assume(server, theirs, { RoleArn: role.arn, ExternalId: "42" });
  await server.s3(keysOf(Credentials)).send(new ListObjectsV2Command({ Bucket: "bucket" }));
  const without = await StsServer.user(server, other, "mal");
  await refused(assume(server, without, { RoleArn: role.arn, ExternalId: "42" }), denied(without.arn, role.arn));
});

test("AssumeRole: a role that is not there, or has another path, is told of as one that may not be assumed", async () => {
  await using server = await StsServer.start();
  const ann = await server.user("ann", allow("sts:AssumeRole"));
  await server.role("pathed", [trust({ AWS: ann.arn })], { Path: "/a/b/" });
  const missing = `arn:aws:iam::${server.accountId}:role/missing`;
  const bare = `arn:aws:iam::${server.accountId}:role/pathed`;
  for (const arn of [missing, bare]) await refused(assume(server, ann, { RoleArn: arn }), denied(ann.arn, arn));
  const { AssumedRoleUser } = await assume(server, ann, { RoleArn: `arn:aws:iam::${server.accountId}:role/a/b/pathed` });
  assert.equal(AssumedRoleUser!.Arn, `arn:aws:sts::${server.accountId}:assumed-role/pathed/session`);
});

test("AssumeRole: what is no role's ARN, and lengths that cannot be, are ValidationError", async () => {
  await using server = await StsServer.start();
  const ann = await server.user("ann");
  const role = await server.role("reader", [trust({ AWS: ann.arn })], { MaxSessionDuration: 7_200 });
  const RoleArn = role.arn;
  const cases: [Partial<AssumeRoleCommandInput>, string | RegExp][] = [
    [{ RoleArn: "arn:aws:iam::12:user/somebody" }, "arn:aws:iam::12:user/somebody is invalid"],
    [
      { RoleArn, RoleSessionName: "a b" },
      /^1 validation error detected: Value 'a b' at 'roleSessionName' failed to satisfy constraint: /,
    ],
    [
      { RoleArn, DurationSeconds: 899 },
      /'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900$/,
    ],
    [{ RoleArn, DurationSeconds: 43_201 }, /Member must have value less than or equal to 43200$/],
    [{ RoleArn, DurationSeconds: 7_201 }, "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."],
    [
      { RoleArn, Policy: `{${" ".repeat(2_048)}` },
      /'policy' failed to satisfy constraint: Member must have length less than or equal to 2048$/,
    ],
  ];
  for (const [input, message] of cases) {
    await refused(assume(server, ann, input), { name: "ValidationError", status: 400, message });
  }
  const { Credentials } = await assume(server, ann, { RoleArn, DurationSeconds: 7_200 });
  assert.equal(Credentials!.Expiration!.getTime(), START_MS + 7_200_000);
});

test("AssumeRole: in a session it lasts an hour at most, be it a role's or a user's", async () => {
  await using server = await StsServer.start();
  const ann = await server.user("ann");
  const second = `arn:aws:iam::${server.accountId}:role/second`;
  const first = await server.role("first", [trust({ AWS: ann.arn })], { allow: ["sts:AssumeRole"] });
  await server.role("second", [trust({ AWS: [first.arn, ann.arn] })], { MaxSessionDuration: 43_200 });
  const tooLong = {
    name: "ValidationError",
    status: 400,
    message: "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
  };
  const chained = keysOf((await assume(server, ann, { RoleArn: first.arn })).Credentials);
  const own = keysOf((await server.sts(ann).send(new GetSessionTokenCommand({}))).Credentials);
  for (const session of [chained, own]) {
    await refused(assume(server, session, { RoleArn: second, DurationSeconds: 3_601 }), tooLong);
    await assume(server, session, { RoleArn: second, DurationSeconds: 3_600 });
  }
  await assume(server, ann, { RoleArn: second, DurationSeconds: 43_200 });
});

test("AssumeRole: who is vouched for may assume no role, and who does not sign has to", async () => {
  await using server = await StsServer.start();
  const ann = await server.user("ann", allow("sts:*"));
  const role = await server.role("reader", [trust({ AWS: "*" })]);
  const command = new GetFederationTokenCommand({ Name: "bob", Policy: policy(allow("*")) });
  const { Credentials } = await server.sts(ann).send(command);
  const bob = `arn:aws:sts::${server.accountId}:federated-user/bob`;
  await refused(assume(server, keysOf(Credentials), { RoleArn: role.arn }), denied(bob, role.arn));
});

test("AssumeRole: session policies take away from what the role may, and give nothing", async () => {
  await using server = await StsServer.start();
  const ann = await server.user("ann");
  const { arn: RoleArn } = await server.role("writer", [trust({ AWS: ann.arn })], { allow: ["s3:*"] });
  const Policy = policy(allow("s3:ListBucket", "sts:*"));
  const limited = await assume(server, ann, { RoleArn, Policy });
  assert.ok(limited.PackedPolicySize! > 0 && limited.PackedPolicySize! < 10);
  const s3 = server.s3(keysOf(limited.Credentials));
  await s3.send(new ListObjectsV2Command({ Bucket: "bucket" }));
  await refused(s3.send(new PutObjectCommand({ Bucket: "bucket", Key: "k", Body: "body" })), {
    name: "AccessDenied",
    status: 403,
    message: /no session policy allows/,
  });
  const arn = await server.managedPolicy("puts", allow("s3:PutObject"));
  const managed = await assume(server, ann, { RoleArn, PolicyArns: [{ arn }] });
  const other = server.s3(keysOf(managed.Credentials));
  await other.send(new PutObjectCommand({ Bucket: "bucket", Key: "k", Body: "body" }));
  await refused(other.send(new ListObjectsV2Command({ Bucket: "bucket" })), {
    name: "AccessDenied",
    status: 403,
    message: /no session policy allows/,
  });
});

test("AssumeRole: session policies that are none, or too much, are refused", async () => {
  await using server = await StsServer.start();
  const ann = await server.user("ann");
  const { arn: RoleArn } = await server.role("reader", [trust({ AWS: ann.arn }, ["sts:AssumeRole", "sts:TagSession"])]);
  await refused(assume(server, ann, { RoleArn, Policy: "{}" }), {
    name: "MalformedPolicyDocumentException",
    status: 400,
    message: /./,
  });
  const missing = `arn:aws:iam::${server.accountId}:policy/missing`;
  await refused(assume(server, ann, { RoleArn, PolicyArns: [{ arn: missing }] }), {
    name: "ValidationError",
    status: 400,
    message: /policy\/missing/,
  });
  const Tags = noisyTags(50);
  await refused(assume(server, ann, { RoleArn, Tags }), {
    name: "PackedPolicyTooLargeException",
    status: 400,
    message: /^Packed size of session tags consumes \d{3}% of allotted space\.$/,
  });
});

test("AssumeRole: the largest session that is taken has a token that requests can bring", async () => {
  await using server = await StsServer.start();
  const ann = await server.user("ann");
  const name = "r".repeat(64);
  const { arn: RoleArn } = await server.role(
    name,
    [trust({ AWS: ann.arn }, ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"])],
    {
      allow: ["s3:*"],
    },
  );
  const Tags = noisyTags(19);
  const longest = { RoleSessionName: "s".repeat(64), SourceIdentity: "i".repeat(64) };
  const { Credentials, PackedPolicySize } = await assume(server, ann, {
    RoleArn,
    Policy: policy(allow("s3:*")),
    Tags,
    ...longest,
  });
  assert.ok(PackedPolicySize! > 80, String(PackedPolicySize));
  await server.s3(keysOf(Credentials)).send(new ListObjectsV2Command({ Bucket: "bucket" }));
});

test("AssumeRole: tags need sts:TagSession, and policies can ask for them in the session", async () => {
  await using server = await StsServer.start();
  const ann = await server.user("ann");
  const Tags = [{ Key: "team", Value: "blue" }];
  const plain = await server.role("plain", [trust({ AWS: ann.arn })]);
  await refused(assume(server, ann, { RoleArn: plain.arn, Tags }), denied(ann.arn, plain.arn, "sts:TagSession"));
  const asked = { StringEquals: { "aws:RequestTag/Team": "blue" }, "ForAllValues:StringEquals": { "aws:TagKeys": ["team"] } };
  const tagged = await server.role("tagged", [trust({ AWS: ann.arn }, ["sts:AssumeRole", "sts:TagSession"], asked)], {
    allow: [],
  });
  const { arn: RoleArn } = tagged;
  await refused(assume(server, ann, { RoleArn, Tags: [{ Key: "team", Value: "red" }] }), denied(ann.arn, RoleArn));
  const team = { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::bucket/${aws:PrincipalTag/team}/*" };
  await server.rolePolicy("tagged", team);
  await server.s3().send(new PutObjectCommand({ Bucket: "bucket", Key: "blue/key", Body: "body" }));
  const { Credentials } = await assume(server, ann, { RoleArn, Tags });
  const s3 = server.s3(keysOf(Credentials));
  await s3.send(new GetObjectCommand({ Bucket: "bucket", Key: "blue/key" }));
  await refused(s3.send(new GetObjectCommand({ Bucket: "bucket", Key: "red/key" })), {
    name: "AccessDenied",
    status: 403,
    message: /./,
  });
});

test("AssumeRole: transitive tags go along a chain and cannot be changed there; others end with their session", async () => {
  await using server = await StsServer.start();
  const ann = await server.user("ann");
  const actions = ["sts:AssumeRole", "sts:TagSession"];
  const first = await server.role("first", [trust({ AWS: ann.arn }, actions)], { allow: actions });
  const second = await server.role("second", [
    trust({ AWS: server.accountId }, actions, {
      StringEquals: { "aws:RequestTag/team": "blue" },
      Null: { "aws:RequestTag/floor": "true" },
    }),
  ]);
  const Tags = [
    { Key: "team", Value: "blue" },
    { Key: "floor", Value: "1" },
  ];
  const session = keysOf((await assume(server, ann, { RoleArn: first.arn, Tags, TransitiveTagKeys: ["team"] })).Credentials);
  await assume(server, session, { RoleArn: second.arn });
  const invalid = { name: "InvalidParameterValue", status: 400 };
  await refused(assume(server, session, { RoleArn: second.arn, Tags: [{ Key: "Team", Value: "red" }] }), {
    ...invalid,
    message:
      "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
  });
  await refused(assume(server, ann, { RoleArn: first.arn, Tags, TransitiveTagKeys: ["other"] }), {
    ...invalid,
    message: "The specified transitive tag key must be included in the requested tags.",
  });
  await refused(assume(server, ann, { RoleArn: first.arn, Tags: [...Tags, { Key: "TEAM", Value: "red" }] }), {
    ...invalid,
    message: "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
  });
});

test("AssumeRole: a source identity is set once for a chain, by whom a role lets set it", async () => {
  await using server = await StsServer.start();
  const ann = await server.user("ann");
  const actions = ["sts:AssumeRole", "sts:SetSourceIdentity"];
  const plain = await server.role("plain", [trust({ AWS: ann.arn })]);
  await refused(
    assume(server, ann, { RoleArn: plain.arn, SourceIdentity: "Ann" }),
    denied(ann.arn, plain.arn, "sts:SetSourceIdentity"),
  );
  const first = await server.role(
    "first",
    [trust({ AWS: ann.arn }, actions, { StringEquals: { "sts:SourceIdentity": "Ann" } })],
    { allow: actions },
  );
  const second = await server.role("second", [
    trust({ AWS: server.accountId }, actions, { StringEquals: { "aws:SourceIdentity": "Ann" } }),
  ]);
  await refused(assume(server, ann, { RoleArn: first.arn, SourceIdentity: "Bob" }), denied(ann.arn, first.arn));
  const begun = await assume(server, ann, { RoleArn: first.arn, SourceIdentity: "Ann" });
  assert.equal(begun.SourceIdentity, "Ann");
  const session = keysOf(begun.Credentials);
  assert.equal((await assume(server, session, { RoleArn: second.arn })).SourceIdentity, "Ann");
  await refused(assume(server, session, { RoleArn: second.arn, SourceIdentity: "Bob" }), {
    name: "ValidationError",
    status: 400,
    message: "The source identity is already set for this assume role session",
  });
});

test("AssumeRole: a role that is deleted ends its sessions, and one made anew under the name does not wake them", async () => {
  await using server = await StsServer.start();
  const ann = await server.user("ann");
  const role = await server.role("reader", [trust({ AWS: ann.arn })]);
  const s3 = server.s3(keysOf((await assume(server, ann, { RoleArn: role.arn })).Credentials));
  const list = new ListObjectsV2Command({ Bucket: "bucket" });
  await s3.send(list);
  const iam = server.iam();
  await iam.send(new DeleteRolePolicyCommand({ RoleName: "reader", PolicyName: "own" }));
  await refused(s3.send(list), { name: "AccessDenied", status: 403, message: /no identity-based policy allows/ });
  await iam.send(new DeleteRoleCommand({ RoleName: "reader" }));
  const gone = {
    name: "InvalidAccessKeyId",
    status: 403,
    message: "The AWS Access Key Id you provided does not exist in our records.",
  };
  await refused(s3.send(list), gone);
  await server.role("reader", [trust({ AWS: ann.arn })]);
  await refused(s3.send(list), gone);
});

test("AssumeRole: the sessions of a role can be revoked by when they were issued", async () => {
  await using server = await StsServer.start();
  const ann = await server.user("ann");
  const role = await server.role("reader", [trust({ AWS: ann.arn })]);
  const list = new ListObjectsV2Command({ Bucket: "bucket" });
  const old = server.s3(keysOf((await assume(server, ann, { RoleArn: role.arn })).Credentials));
  server.pass(60);
  const before = new Date(server.nowMs).toISOString();
  await server.rolePolicy(
    "reader",
    { Effect: "Allow", Action: "s3:ListBucket", Resource: "*" },
    {
      Effect: "Deny",
      Action: "*",
      Resource: "*",
      Condition: { DateLessThan: { "aws:TokenIssueTime": before } },
    },
  );
  await refused(old.send(list), { name: "AccessDenied", status: 403, message: /explicit deny/ });
  const young = server.s3(keysOf((await assume(server, ann, { RoleArn: role.arn })).Credentials));
  await young.send(list);
});

test("AssumeRole: what this store does not have is said, and nothing is issued", async () => {
  await using server = await StsServer.start();
  const ann = await server.user("ann");
  const role = await server.role("reader", [trust({ AWS: ann.arn })]);
  await refused(
    assume(server, ann, { RoleArn: role.arn, ProvidedContexts: [{ ProviderArn: role.arn, ContextAssertion: "assertion" }] }),
    {
      name: "NotImplemented",
      status: 501,
      message: /ProvidedContexts/,
    },
  );
});

test("AssumeRole: a boundary of the user's bounds what roles they can assume", async () => {
  await using server = await StsServer.start();
  const boundary = await server.managedPolicy("bounds", allow("s3:*"));
  const ann = await server.user("ann", allow("sts:AssumeRole"));
  await server.bound("ann", boundary);
  const role = await server.role("reader", [trust({ AWS: server.accountId })]);
  await refused(assume(server, ann, { RoleArn: role.arn }), denied(ann.arn, role.arn));
  await server.iam().send(new PutUserPolicyCommand({ UserName: "ann", PolicyName: "own", PolicyDocument: policy(allow("*")) }));
  await refused(assume(server, ann, { RoleArn: role.arn }), denied(ann.arn, role.arn));
});

test("AssumeRole: a role can ask for the code of an MFA device, which is not part of its session", async () => {
  await using server = await StsServer.start();
  const ann = await server.user("ann");
  const needsCode = { Bool: { "aws:MultiFactorAuthPresent": "true" } };
  const role = await server.role("careful", [trust({ AWS: ann.arn }, ["sts:AssumeRole"], needsCode)], { allow: [] });
  await server.rolePolicy("careful", { ...allow("s3:ListBucket"), Condition: needsCode });
  const { serial: SerialNumber, code } = await server.mfaDevice("ann");
  await refused(assume(server, ann, { RoleArn: role.arn }), denied(ann.arn, role.arn));
  const { Credentials } = await assume(server, ann, { RoleArn: role.arn, SerialNumber, TokenCode: code() });
  const list = server.s3(keysOf(Credentials)).send(new ListObjectsV2Command({ Bucket: "bucket" }));
  await refused(list, { name: "AccessDenied", status: 403, message: /no identity-based policy allows/ });
});

test("AssumeRole: an upload goes on with new credentials when those it began with have run out", async () => {
  await using server = await StsServer.start();
  const ann = await server.user("ann");
  const role = await server.role("writer", [trust({ AWS: ann.arn })], { allow: ["s3:*"] });
  const session = async (): Promise<S3Client> => {
    const { Credentials } = await assume(server, ann, { RoleArn: role.arn, DurationSeconds: 900 });
    return server.s3(keysOf(Credentials));
  };
  const where = { Bucket: "bucket", Key: "large" };
  const first = await session();
  const { UploadId } = await first.send(new CreateMultipartUploadCommand(where));
  const part = (PartNumber: number): UploadPartCommand =>
    new UploadPartCommand({
      ...where,
      UploadId,
      PartNumber,
      Body: Buffer.alloc(PartNumber === 1 ? 5 * 1024 * 1024 : 1, PartNumber),
    });
  const one = await first.send(part(1));
  server.pass(900);
  await refused(first.send(part(2)), { name: "ExpiredToken", status: 400, message: "The provided token has expired." });
  const second = await session();
  const two = await second.send(part(2));
  const Parts = [one, two].map(({ ETag }, index) => ({ ETag, PartNumber: index + 1 }));
  await second.send(new CompleteMultipartUploadCommand({ ...where, UploadId, MultipartUpload: { Parts } }));
  const { ContentLength } = await second.send(new HeadObjectCommand(where));
  assert.equal(ContentLength, 5 * 1024 * 1024 + 1);
});
