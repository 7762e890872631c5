import assert from "node:assert/strict";
import { test } from "node:test";
import { ListObjectsV2Command, PutBucketPolicyCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import type { GetFederationTokenCommandInput, GetFederationTokenCommandOutput } from "@aws-sdk/client-sts";
import { GetFederationTokenCommand, GetSessionTokenCommand } from "@aws-sdk/client-sts";
import type { Keys } from "./StsServer.ts";
import { allow, keysOf, policy, refused, START_MS, StsServer } from "./StsServer.ts";

function vouch(
  server: StsServer,
  keys: Keys,
  input: Partial<GetFederationTokenCommandInput> = {},
): Promise<GetFederationTokenCommandOutput> {
  return server.sts(keys).send(new GetFederationTokenCommand({ Name: "bob", ...input }));
}

const LIST = new ListObjectsV2Command({ Bucket: "bucket" });
const PUT = new PutObjectCommand({ Bucket: "bucket", Key: "key", Body: "body" });

test("GetFederationToken: who is vouched for may what both the user and the passed policy may", async () => {
  await using server = await StsServer.start();
  const ann = await server.user("ann", allow("sts:GetFederationToken", "s3:ListBucket"));
  const {
    $metadata: _metadata,
    Credentials,
    PackedPolicySize,
    ...answer
  } = await vouch(server, ann, { Policy: policy(allow("s3:*")) });
  assert.deepEqual(answer, {
    FederatedUser: {
      FederatedUserId: `${server.accountId}:bob`,
      Arn: `arn:aws:sts::${server.accountId}:federated-user/bob`,
    },
  });
  assert.ok(PackedPolicySize! > 0);
  assert.equal(Credentials!.Expiration!.getTime(), START_MS + 12 * 3_600_000);
  const s3 = server.s3(keysOf(Credentials));
  await s3.send(LIST);
  await refused(s3.send(PUT), {
    name: "AccessDenied",
    status: 403,
    message: /federated-user\/bob is not authorized to perform: s3:PutObject/,
  });
  const narrow = await vouch(server, ann, { Policy: policy(allow("s3:PutObject")) });
  await refused(server.s3(keysOf(narrow.Credentials)).send(LIST), {
    name: "AccessDenied",
    status: 403,
    message: /no session policy allows/,
  });
});

test("GetFederationToken: without a policy nothing is allowed but what a bucket's policy allows by name", async () => {
  await using server = await StsServer.start();
  const ann = await server.user("ann", allow("*"));
  const s3 = server.s3(keysOf((await vouch(server, ann)).Credentials));
  await refused(s3.send(LIST), { name: "AccessDenied", status: 403, message: /./ });
  const Principal = { AWS: `arn:aws:sts::${server.accountId}:federated-user/bob` };
  const Policy = policy({ Effect: "Allow", Principal, Action: "s3:ListBucket", Resource: "arn:aws:s3:::bucket" });
  await server.s3().send(new PutBucketPolicyCommand({ Bucket: "bucket", Policy }));
  await s3.send(LIST);
});

test("GetFederationToken: a root vouches as well, for an hour", async () => {
  await using server = await StsServer.start();
  const { Credentials } = await vouch(server, server.root, { Policy: policy(allow("s3:*")) });
  assert.equal(Credentials!.Expiration!.getTime(), START_MS + 3_600_000);
  const s3 = server.s3(keysOf(Credentials));
  await s3.send(LIST);
  await s3.send(PUT);
});

test("GetFederationToken: it takes permission, and for tags another one", async () => {
  await using server = await StsServer.start();
  const bob = `arn:aws:sts::${server.accountId}:federated-user/bob`;
  const without = await server.user("without");
  const denied = (arn: string, action: string): Parameters<typeof refused>[1] => ({
    name: "AccessDenied",
    status: 403,
    message: `User: ${arn} is not authorized to perform: ${action} on resource: ${bob}`,
  });
  await refused(vouch(server, without), denied(without.arn, "sts:GetFederationToken"));
  const ann = await server.user("ann", { Effect: "Allow", Action: "sts:GetFederationToken", Resource: bob });
  await vouch(server, ann);
  await refused(vouch(server, ann, { Tags: [{ Key: "team", Value: "blue" }] }), denied(ann.arn, "sts:TagSession"));
});

test("GetFederationToken: the session's tags are the principal's", async () => {
  await using server = await StsServer.start();
  const team = {
    Effect: "Allow",
    Action: "s3:ListBucket",
    Resource: "*",
    Condition: { StringEquals: { "aws:PrincipalTag/team": "blue" } },
  };
  const ann = await server.user("ann", allow("sts:*"), team);
  const input = { Policy: policy(allow("s3:*")) };
  const blue = await vouch(server, ann, { ...input, Tags: [{ Key: "team", Value: "blue" }] });
  await server.s3(keysOf(blue.Credentials)).send(LIST);
  const red = await vouch(server, ann, { ...input, Tags: [{ Key: "team", Value: "red" }] });
  await refused(server.s3(keysOf(red.Credentials)).send(LIST), { name: "AccessDenied", status: 403, message: /./ });
});

test("GetFederationToken: names that cannot be, policies that are none, and sessions are refused", async () => {
  await using server = await StsServer.start();
  const ann = await server.user("ann", allow("*"));
  await refused(vouch(server, ann, { Name: "a" }), {
    name: "ValidationError",
    status: 400,
    message: /'name' failed to satisfy constraint/,
  });
  await refused(vouch(server, ann, { Policy: "[]" }), { name: "MalformedPolicyDocumentException", status: 400, message: /./ });
  const { Credentials } = await server.sts(ann).send(new GetSessionTokenCommand({}));
  await refused(vouch(server, keysOf(Credentials)), {
    name: "AccessDenied",
    status: 403,
    message: "Cannot call GetFederationToken with session credentials",
  });
});
