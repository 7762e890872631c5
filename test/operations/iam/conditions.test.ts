import assert from "node:assert/strict";
import { test } from "node:test";
import { STS } from "@aws-sdk/client-sts";
import type { IAM } from "@aws-sdk/client-iam";
import { ACCESS_KEY_ID, SECRET_ACCESS_KEY } from "../../server/TestServer.ts";
import { ALLOW_ALL, IamServer, refusal } from "./IamServer.ts";

/** Lets a user do something on a condition alone. */
async function allow(iam: IAM, UserName: string, Action: string, Condition: object): Promise<void> {
  const Statement = [{ Effect: "Allow", Action, Resource: "*", Condition }];
  await iam.putUserPolicy({ UserName, PolicyName: "own", PolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement }) });
}

test("iamOperation: policies can ask which policy is attached", async () => {
  await using server = await IamServer.start();
  const { iam } = server;
  const bob = await server.userWithKey("bob");
  for (const PolicyName of ["good", "bad"]) await iam.createPolicy({ PolicyName, PolicyDocument: ALLOW_ALL });
  await allow(iam, "bob", "iam:AttachUserPolicy", { ArnEquals: { "iam:PolicyARN": server.arn("policy/good") } });
  await bob.attachUserPolicy({ UserName: "bob", PolicyArn: server.arn("policy/good") });
  await iam.detachUserPolicy({ UserName: "bob", PolicyArn: server.arn("policy/good") });
  assert.equal(
    (await refusal(bob.attachUserPolicy({ UserName: "bob", PolicyArn: server.arn("policy/bad") })))[1],
    "AccessDenied",
  );
});

test("iamOperation: policies can ask which boundary is set", async () => {
  await using server = await IamServer.start();
  const { iam } = server;
  const bob = await server.userWithKey("bob");
  const PermissionsBoundary = (await iam.createPolicy({ PolicyName: "bound", PolicyDocument: ALLOW_ALL })).Policy!.Arn!;
  await allow(iam, "bob", "iam:CreateUser", { ArnEquals: { "iam:PermissionsBoundary": PermissionsBoundary } });
  await bob.createUser({ UserName: "ann", PermissionsBoundary });
  assert.equal((await refusal(bob.createUser({ UserName: "eve" })))[1], "AccessDenied");
});

test("iamOperation: policies can ask which tags are given", async () => {
  await using server = await IamServer.start();
  const { iam } = server;
  const bob = await server.userWithKey("bob");
  await allow(iam, "bob", "iam:CreateUser", { StringEquals: { "aws:RequestTag/team": "x" } });
  await bob.createUser({ UserName: "ann", Tags: [{ Key: "team", Value: "x" }] });
  assert.equal((await refusal(bob.createUser({ UserName: "eve", Tags: [{ Key: "team", Value: "y" }] })))[1], "AccessDenied");
});

test("iamOperation: a session without an MFA device's code cannot ask IAM for anything", async () => {
  await using server = await IamServer.start();
  const endpoint = `http://127.0.0.1:${server.server.port}`;
  const sts = new STS({
    ...{ endpoint, region: "us-east-1", maxAttempts: 1 },
    credentials: { accessKeyId: ACCESS_KEY_ID, secretAccessKey: SECRET_ACCESS_KEY },
  });
  const { Credentials } = await sts.getSessionToken({});
  sts.destroy();
  const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials!;
  const credentials = { accessKeyId: AccessKeyId!, secretAccessKey: SecretAccessKey!, sessionToken: SessionToken! };
  assert.deepEqual((await refusal(server.client({ credentials }).listUsers({}))).slice(0, 2), [403, "InvalidClientTokenId"]);
});
