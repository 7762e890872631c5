import assert from "node:assert/strict";
import { test } from "node:test";
import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import type { AssumeRoleWithWebIdentityCommandInput, AssumeRoleWithWebIdentityCommandOutput } from "@aws-sdk/client-sts";
import { AssumeRoleWithWebIdentityCommand } from "@aws-sdk/client-sts";
import { AUDIENCE, IdentityProviderFixture } from "../../auth/IdentityProviderFixture.ts";
import { keysOf, refused, START_MS, StsServer, trust } from "./StsServer.ts";

const ACTION = "sts:AssumeRoleWithWebIdentity";
const idp = await IdentityProviderFixture.create();

function start(): Promise<StsServer> {
  return StsServer.start({ identityProviders: [idp.provider] });
}

/** The ARN by which an account's trust policies know the test's provider. */
function providerOf({ accountId }: StsServer): string {
  return `arn:aws:iam::${accountId}:oidc-provider/idp.example/realm`;
}

function assume(
  server: StsServer,
  RoleArn: string,
  WebIdentityToken: string,
  more: Partial<AssumeRoleWithWebIdentityCommandInput> = {},
): Promise<AssumeRoleWithWebIdentityCommandOutput> {
  const command = new AssumeRoleWithWebIdentityCommand({ RoleArn, RoleSessionName: "build-1", WebIdentityToken, ...more });
  return server.sts({ accessKeyId: "nobody", secretAccessKey: "nobody" }).send(command);
}

const NOT_TRUSTED = { name: "AccessDenied", status: 403, message: "Not authorized to perform sts:AssumeRoleWithWebIdentity" };

test("AssumeRoleWithWebIdentity: whom a trusted provider names gets the role's credentials, without signing", async () => {
  await using server = await start();
  const conditions = {
    StringEquals: { "idp.example/realm:aud": AUDIENCE },
    StringLike: { "idp.example/realm:sub": "repo:ann/*" },
  };
  const role = await server.role("deploy", [trust({ Federated: providerOf(server) }, [ACTION], conditions)]);
  const { $metadata: _metadata, Credentials, ...answer } = await assume(server, role.arn, await idp.token(START_MS));
  assert.deepEqual(answer, {
    AssumedRoleUser: {
      AssumedRoleId: `${role.roleId}:build-1`,
      Arn: `arn:aws:sts::${server.accountId}:assumed-role/deploy/build-1`,
    },
    SubjectFromWebIdentityToken: "repo:ann/photos",
    Audience: AUDIENCE,
    Provider: idp.issuer,
  });
  assert.equal(Credentials!.Expiration!.getTime(), START_MS + 3_600_000);
  await server.s3(keysOf(Credentials)).send(new ListObjectsV2Command({ Bucket: "bucket" }));
  await refused(assume(server, role.arn, await idp.token(START_MS, { sub: "repo:eve/photos" })), NOT_TRUSTED);
});

test("AssumeRoleWithWebIdentity: a provider that the role does not trust, and a role that is not there, are told the same", async () => {
  await using server = await start();
  const token = await idp.token(START_MS);
  const others = { Federated: `arn:aws:iam::${server.accountId}:oidc-provider/other.example` };
  const elsewhere = { Federated: "arn:aws:iam::111122223333:oidc-provider/idp.example/realm" };
  const ann = await server.user("ann");
  for (const [index, principal] of [others, elsewhere, { AWS: ann.arn }].entries()) {
    const { arn } = await server.role(`role-${index}`, [trust(principal, [ACTION])]);
    await refused(assume(server, arn, token), NOT_TRUSTED);
  }
  const { arn } = await server.role("plain", [trust({ Federated: providerOf(server) }, ["sts:AssumeRole"])]);
  await refused(assume(server, arn, token), NOT_TRUSTED);
  await refused(assume(server, `arn:aws:iam::${server.accountId}:role/missing`, token), NOT_TRUSTED);
});

test("AssumeRoleWithWebIdentity: tokens that prove nothing are refused, each for its reason", async () => {
  await using server = await start();
  const { arn } = await server.role("deploy", [trust({ Federated: providerOf(server) }, [ACTION])]);
  await refused(assume(server, arn, "token"), {
    name: "InvalidIdentityTokenException",
    status: 400,
    message: "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)",
  });
  await refused(assume(server, arn, await idp.token(START_MS, { aud: "others" })), {
    name: "InvalidIdentityTokenException",
    status: 400,
    message: "Incorrect token audience",
  });
  await refused(assume(server, arn, await idp.token(START_MS - 3_600_000)), {
    name: "ExpiredTokenException",
    status: 400,
    message: /^Token expired: current date\/time \d+ must be before the expiration date\/time \d+$/,
  });
  const impostor = await IdentityProviderFixture.create(idp.issuer);
  await refused(assume(server, arn, await impostor.token(START_MS)), {
    name: "InvalidIdentityTokenException",
    status: 400,
    message: "The web identity token that was passed could not be validated",
  });
});

test("AssumeRoleWithWebIdentity: session tags and a source identity come in the token, by leave of the trust policy", async () => {
  await using server = await start();
  const claims = {
    "https://aws.amazon.com/tags": { principal_tags: { team: ["blue"] }, transitive_tag_keys: ["team"] },
    "https://aws.amazon.com/source_identity": "ann",
  };
  const token = await idp.token(START_MS, claims);
  const principal = { Federated: providerOf(server) };
  const plain = await server.role("plain", [trust(principal, [ACTION])]);
  await refused(assume(server, plain.arn, token), NOT_TRUSTED);
  const role = await server.role("deploy", [trust(principal, [ACTION, "sts:TagSession", "sts:SetSourceIdentity"])]);
  const { Credentials, SourceIdentity, PackedPolicySize } = await assume(server, role.arn, token);
  assert.equal(SourceIdentity, "ann");
  assert.ok(PackedPolicySize! > 0);
  const { caller } = (await server.server.service.credentials.open!(Credentials!.SessionToken!, Credentials!.AccessKeyId!))!;
  assert.deepEqual(caller.tags, { team: "blue" });
  assert.deepEqual(caller.session?.transitiveTagKeys, ["team"]);
  assert.equal(caller.session.federatedProvider, providerOf(server));
  for (const malformed of [
    [],
    { principal_tags: { team: ["a", "b"] } },
    { principal_tags: { "": "a" } },
    { transitive_tag_keys: 1 },
  ]) {
    const bad = await idp.token(START_MS, { "https://aws.amazon.com/tags": malformed });
    await refused(assume(server, role.arn, bad), {
      name: "InvalidIdentityTokenException",
      status: 400,
      message: /aws\.amazon\.com\/tags/,
    });
  }
});

test("AssumeRoleWithWebIdentity: a session lasts as long as the role allows, whatever is left of the token", async () => {
  await using server = await start();
  const options = { MaxSessionDuration: 7_200 };
  const { arn } = await server.role("deploy", [trust({ Federated: providerOf(server) }, [ACTION])], options);
  const token = await idp.token(START_MS);
  const { Credentials } = await assume(server, arn, token, { DurationSeconds: 7_200 });
  assert.equal(Credentials!.Expiration!.getTime(), START_MS + 7_200_000);
  await refused(assume(server, arn, token, { DurationSeconds: 7_201 }), {
    name: "ValidationError",
    status: 400,
    message: "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
  });
});
