import assert from "node:assert/strict";
import { test } from "node:test";
import {
  AssumeRoleCommand,
  GetCallerIdentityCommand,
  GetFederationTokenCommand,
  GetSessionTokenCommand,
} from "@aws-sdk/client-sts";
import type { Keys } from "./StsServer.ts";
import { allow, keysOf, refused, StsServer, trust } from "./StsServer.ts";

async function identityOf(server: StsServer, keys?: Keys): Promise<unknown> {
  const { $metadata, ...identity } = await server.sts(keys).send(new GetCallerIdentityCommand({}));
  assert.equal($metadata.httpStatusCode, 200);
  return identity;
}

test("GetCallerIdentity: a root is its account", async () => {
  await using server = await StsServer.start();
  const { accountId: Account } = server;
  assert.deepEqual(await identityOf(server), { UserId: Account, Account, Arn: `arn:aws:iam::${Account}:root` });
});

test("GetCallerIdentity: a user without any permission learns who they are", async () => {
  await using server = await StsServer.start();
  const ann = await server.user("ann");
  assert.match(ann.userId, /^AIDA/);
  assert.deepEqual(await identityOf(server, ann), { UserId: ann.userId, Account: server.accountId, Arn: ann.arn });
});

test("GetCallerIdentity: sessions are who they are of, and roles' by their names", async () => {
  await using server = await StsServer.start();
  const { accountId: Account } = server;
  const ann = await server.user("ann", allow("sts:*"));
  const role = await server.role("reader", [trust({ AWS: ann.arn })]);
  const sts = server.sts(ann);
  const own = await sts.send(new GetSessionTokenCommand({}));
  assert.deepEqual(await identityOf(server, keysOf(own.Credentials)), { UserId: ann.userId, Account, Arn: ann.arn });
  const assumed = await sts.send(new AssumeRoleCommand({ RoleArn: role.arn, RoleSessionName: "s-1" }));
  assert.deepEqual(await identityOf(server, keysOf(assumed.Credentials)), {
    UserId: `${role.roleId}:s-1`,
    Account,
    Arn: `arn:aws:sts::${Account}:assumed-role/reader/s-1`,
  });
  const federated = await sts.send(new GetFederationTokenCommand({ Name: "bob" }));
  assert.deepEqual(await identityOf(server, keysOf(federated.Credentials)), {
    UserId: `${Account}:bob`,
    Account,
    Arn: `arn:aws:sts::${Account}:federated-user/bob`,
  });
  const root = await server.sts().send(new GetSessionTokenCommand({}));
  assert.deepEqual(await identityOf(server, keysOf(root.Credentials)), {
    UserId: Account,
    Account,
    Arn: `arn:aws:iam::${Account}:root`,
  });
});

test("GetCallerIdentity: who does not sign, and who signs with what is nobody's, is refused", async () => {
  await using server = await StsServer.start();
  const nobody = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "secret" };
  const invalid = {
    name: "InvalidClientTokenId",
    status: 403,
    message: "The security token included in the request is invalid.",
  };
  await refused(identityOf(server, nobody), invalid);
  const ann = await server.user("ann");
  const { Credentials } = await server.sts(ann).send(new GetSessionTokenCommand({}));
  const session = keysOf(Credentials);
  const { accessKeyId, secretAccessKey, sessionToken } = session;
  await refused(identityOf(server, { ...session, sessionToken: `${sessionToken}A` }), invalid);
  await refused(identityOf(server, { accessKeyId, secretAccessKey }), invalid);
  await refused(identityOf(server, { ...ann, sessionToken }), invalid);
  await refused(identityOf(server, { ...session, secretAccessKey: "secret" }), {
    name: "SignatureDoesNotMatch",
    status: 403,
    message: /^The request signature we calculated does not match/,
  });
  server.pass(43_200);
  await refused(identityOf(server, session), {
    name: "ExpiredToken",
    status: 403,
    message: "The security token included in the request is expired",
  });
});
