import assert from "node:assert/strict";
import { test } from "node:test";
import { DeleteAccessKeyCommand, DeleteUserCommand, DeleteUserPolicyCommand } from "@aws-sdk/client-iam";
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import type { GetSessionTokenCommandInput, GetSessionTokenCommandOutput } from "@aws-sdk/client-sts";
import { GetSessionTokenCommand } from "@aws-sdk/client-sts";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import type { Keys } from "./StsServer.ts";
import { allow, keysOf, refused, START_MS, StsServer } from "./StsServer.ts";

function sessionOf(
  server: StsServer,
  keys: Keys,
  input: GetSessionTokenCommandInput = {},
): Promise<GetSessionTokenCommandOutput> {
  return server.sts(keys).send(new GetSessionTokenCommand(input));
}

const LIST = new ListObjectsV2Command({ Bucket: "bucket" });

test("GetSessionToken: a user's session may what the user may, for twelve hours if nothing is said", async () => {
  await using server = await StsServer.start();
  const ann = await server.user("ann", allow("s3:ListBucket"));
  const { Credentials } = await sessionOf(server, ann);
  assert.equal(Credentials!.Expiration!.getTime(), START_MS + 12 * 3_600_000);
  const s3 = server.s3(keysOf(Credentials));
  await s3.send(LIST);
  await refused(s3.send(new PutObjectCommand({ Bucket: "bucket", Key: "key", Body: "body" })), {
    name: "AccessDenied",
    status: 403,
    message: /no identity-based policy allows/,
  });
  await server.iam().send(new DeleteUserPolicyCommand({ UserName: "ann", PolicyName: "own" }));
  await refused(s3.send(LIST), { name: "AccessDenied", status: 403, message: /no identity-based policy allows/ });
});

test("GetSessionToken: it lasts from a quarter of an hour to 36 hours, and a root's an hour", async () => {
  await using server = await StsServer.start();
  const ann = await server.user("ann");
  for (const [DurationSeconds, message] of [
    [899, /greater than or equal to 900$/],
    [129_601, /less than or equal to 129600$/],
  ] as const) {
    await refused(sessionOf(server, ann, { DurationSeconds }), { name: "ValidationError", status: 400, message });
  }
  for (const DurationSeconds of [900, 129_600]) {
    const { Credentials } = await sessionOf(server, ann, { DurationSeconds });
    assert.equal(Credentials!.Expiration!.getTime(), START_MS + DurationSeconds * 1000);
  }
  for (const [wanted, given] of [
    [undefined, 3_600],
    [129_600, 3_600],
    [900, 900],
  ] as const) {
    const { Credentials } = await sessionOf(server, server.root, { DurationSeconds: wanted });
    assert.equal(Credentials!.Expiration!.getTime(), START_MS + given * 1000);
    await server.s3(keysOf(Credentials)).send(LIST);
  }
});

test("GetSessionToken: a session ends at its end, and what is presigned with it as well", async () => {
  await using server = await StsServer.start();
  const keys = keysOf((await sessionOf(server, server.root, { DurationSeconds: 900 })).Credentials);
  const s3 = server.s3(keys);
  await s3.send(new PutObjectCommand({ Bucket: "bucket", Key: "key", Body: "body" }));
  const url = await getSignedUrl(s3, new GetObjectCommand({ Bucket: "bucket", Key: "key" }), {
    expiresIn: 604_800,
    signingDate: new Date(START_MS),
  });
  server.pass(899);
  await s3.send(LIST);
  assert.equal(await (await fetch(url)).text(), "body");
  server.pass(1);
  await refused(s3.send(LIST), { name: "ExpiredToken", status: 400, message: "The provided token has expired." });
  const answer = await fetch(url);
  assert.equal(answer.status, 400);
  const text = await answer.text();
  assert.match(text, /<Code>ExpiredToken<\/Code><Message>The provided token has expired\.<\/Message>/);
  assert.ok(text.includes(`<Token-0>${keys.sessionToken}</Token-0>`));
});

test("GetSessionToken: no session begins in another one", async () => {
  await using server = await StsServer.start();
  const { Credentials } = await sessionOf(server, server.root);
  await refused(sessionOf(server, keysOf(Credentials)), {
    name: "AccessDenied",
    status: 403,
    message: "Cannot call GetSessionToken with session credentials",
  });
});

test("GetSessionToken: a user who is deleted has no session any more, and one of the same name does not get it", async () => {
  await using server = await StsServer.start();
  const ann = await server.user("ann", allow("s3:*"));
  const s3 = server.s3(keysOf((await sessionOf(server, ann)).Credentials));
  const iam = server.iam();
  await iam.send(new DeleteAccessKeyCommand({ UserName: "ann", AccessKeyId: ann.accessKeyId }));
  // As on AWS, a session outlives the key that it was asked for with.
  await s3.send(LIST);
  await iam.send(new DeleteUserPolicyCommand({ UserName: "ann", PolicyName: "own" }));
  await iam.send(new DeleteUserCommand({ UserName: "ann" }));
  const gone = {
    name: "InvalidAccessKeyId",
    status: 403,
    message: "The AWS Access Key Id you provided does not exist in our records.",
  };
  await refused(s3.send(LIST), gone);
  await server.user("ann", allow("s3:*"));
  await refused(s3.send(LIST), gone);
});

const NO_DEVICE =
  "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.";

test("GetSessionToken: the code of an MFA device is used once, and only that of the caller's own device", async () => {
  await using server = await StsServer.start();
  const { serial: SerialNumber, code } = await server.mfaDevice();
  const denied = (message: string): Parameters<typeof refused>[1] => ({ name: "AccessDenied", status: 403, message });
  const both = "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.";
  await refused(sessionOf(server, server.root, { SerialNumber }), denied(both));
  await refused(sessionOf(server, server.root, { TokenCode: "123456" }), denied(both));
  const ann = await server.user("ann");
  await refused(sessionOf(server, ann, { SerialNumber, TokenCode: code() }), denied(NO_DEVICE));
  await refused(
    sessionOf(server, ann, { SerialNumber: `arn:aws:iam::${server.accountId}:mfa/ann`, TokenCode: code() }),
    denied(NO_DEVICE),
  );
  const TokenCode = code();
  const { Credentials } = await sessionOf(server, server.root, { SerialNumber, TokenCode });
  const { caller } = (await server.server.service.credentials.open!(Credentials!.SessionToken!, Credentials!.AccessKeyId!))!;
  assert.equal(caller.session?.mfaAtMs, START_MS);
  const wrong = denied("MultiFactorAuthentication failed with invalid MFA one time pass code. ");
  await refused(sessionOf(server, server.root, { SerialNumber, TokenCode }), wrong);
});

test("GetSessionToken: policies can ask for a session with a code, and how long ago it was shown", async () => {
  await using server = await StsServer.start();
  const Condition = { Bool: { "aws:MultiFactorAuthPresent": "true" }, NumericLessThan: { "aws:MultiFactorAuthAge": "600" } };
  const ann = await server.user("ann", { ...allow("s3:ListBucket"), Condition });
  const { serial: SerialNumber, code } = await server.mfaDevice("ann");
  const without = { name: "AccessDenied", status: 403, message: /no identity-based policy allows/ };
  await refused(server.s3(ann).send(LIST), without);
  await refused(server.s3(keysOf((await sessionOf(server, ann)).Credentials)).send(LIST), without);
  const { Credentials } = await sessionOf(server, ann, { SerialNumber, TokenCode: code() });
  const s3 = server.s3(keysOf(Credentials));
  await s3.send(LIST);
  server.pass(600);
  await refused(s3.send(LIST), without);
});

test("GetSessionToken: no code is taken where it could be read on the way", async () => {
  await using server = await StsServer.start({ mfaWithoutTls: false });
  const SerialNumber = `arn:aws:iam::${server.accountId}:mfa/root-account-mfa-device`;
  await refused(sessionOf(server, server.root, { SerialNumber, TokenCode: "123456" }), {
    name: "AccessDenied",
    status: 403,
    message: "MultiFactorAuthentication failed, unable to validate MFA code.",
  });
});
