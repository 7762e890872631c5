import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { AUDIENCE, IdentityProviderFixture } from "../auth/IdentityProviderFixture.ts";
import { newFolder } from "../newFolder.ts";
import { AWS, refusedS3api, s3api } from "./aws.ts";
import { run, succeed } from "./commands.ts";
import { fixture } from "./fixture.ts";
import { installed } from "./installed.ts";
import { python } from "./python.ts";

const ISSUER = "https://idp.example";

for (const version of ["Debian's", "the newest"]) {
  test(`boto3, ${version}: roles by hand, by profile and for a web identity`, async (t) => {
    const keysFolder = newFolder(t);
    const idp = await IdentityProviderFixture.create(ISSUER);
    const jwks = join(keysFolder, "jwks.json");
    await writeFile(jwks, JSON.stringify(idp.keys));
    const { endpoint } = await fixture(t, { args: ["--oidc-issuer", `${ISSUER} ${jwks} ${AUDIENCE}`] });
    const interpreter = version === "the newest" ? join(installed("python"), "bin/python3") : undefined;
    // Older ones find an STS of their own choosing for profiles.
    const input = {
      issuer: ISSUER,
      token: await idp.token(Date.now()),
      subject: "repo:ann/photos",
      profiles: version === "the newest",
    };
    const { stdout, stderr } = await python("who.py", endpoint, input, interpreter);
    assert.equal(stdout.trim(), "OK", stderr);
  });
}

/** A server with a bucket and an object in it, the CLI's root, and what it takes to be somebody else. */
async function photos(t: TestContext) {
  const { endpoint, folder } = await fixture(t);
  const api = s3api(endpoint, folder);
  const cli = (args: readonly string[], env?: Record<string, string>) =>
    run(AWS, ["--endpoint-url", endpoint, "--output", "json", ...args], { cwd: folder, ...(env !== undefined && { env }) });
  const aws = async (...args: string[]): Promise<Record<string, Record<string, string>>> => {
    const text = await succeed(AWS, ["--endpoint-url", endpoint, "--output", "json", ...args], { cwd: folder });
    return (text.trim() === "" ? {} : JSON.parse(text)) as Record<string, Record<string, string>>;
  };
  await api("create-bucket", "--bucket", "photos");
  await writeFile(join(folder, "cat"), "meow");
  await api("put-object", "--bucket", "photos", "--key", "cat", "--body", "cat");
  const { Account } = (await aws("sts", "get-caller-identity")) as unknown as { readonly Account: string };
  return { api, refused: refusedS3api(endpoint, folder), aws, cli, Account };
}

function document(...statements: readonly object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

test("AWS CLI: bucket policies, whether they are public, and what keeps public ones out", async (t) => {
  const { api, refused, cli, Account } = await photos(t);
  const put = (Principal: unknown) => {
    const statement = { Effect: "Allow", Principal, Action: "s3:GetObject", Resource: "arn:aws:s3:::photos/*" };
    return ["put-bucket-policy", "--bucket", "photos", "--policy", document(statement)] as const;
  };
  assert.match(
    await refused(...put("*")),
    /because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access\.$/,
  );
  await api(...put({ AWS: Account }));
  assert.deepEqual(await api("get-bucket-policy-status", "--bucket", "photos"), { PolicyStatus: { IsPublic: false } });
  await api("delete-public-access-block", "--bucket", "photos");
  await api(...put("*"));
  assert.deepEqual(await api("get-bucket-policy-status", "--bucket", "photos"), { PolicyStatus: { IsPublic: true } });
  assert.equal((await cli(["--no-sign-request", "s3", "cp", "s3://photos/cat", "-"])).stdout, "meow");
  await api("delete-bucket-policy", "--bucket", "photos");
  assert.match(await refused("get-bucket-policy", "--bucket", "photos"), /NoSuchBucketPolicy/);
});

test("AWS CLI: a role may what its policies allow, within those of the session", async (t) => {
  const { aws, cli, Account } = await photos(t);
  await aws("iam", "create-user", "--user-name", "ann");
  const { AccessKey } = await aws("iam", "create-access-key", "--user-name", "ann");
  const ann = { AWS_ACCESS_KEY_ID: AccessKey!["AccessKeyId"]!, AWS_SECRET_ACCESS_KEY: AccessKey!["SecretAccessKey"]! };
  const trust = document({
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${Account}:user/ann` },
    Action: "sts:AssumeRole",
  });
  const { Role } = await aws("iam", "create-role", "--role-name", "keeper", "--assume-role-policy-document", trust);
  const everything = document({ Effect: "Allow", Action: "s3:*", Resource: "*" });
  await aws("iam", "put-role-policy", "--role-name", "keeper", "--policy-name", "all", "--policy-document", everything);
  const reads = document({ Effect: "Allow", Action: "s3:Get*", Resource: "*" });
  const assume = ["sts", "assume-role", "--role-arn", Role!["Arn"]!, "--role-session-name", "session", "--policy", reads];
  const assumed = await cli(assume, ann);
  assert.equal(assumed.code, 0, assumed.stderr);
  const { Credentials } = JSON.parse(assumed.stdout) as Record<string, Record<string, string>>;
  const session = {
    AWS_ACCESS_KEY_ID: Credentials!["AccessKeyId"]!,
    AWS_SECRET_ACCESS_KEY: Credentials!["SecretAccessKey"]!,
    AWS_SESSION_TOKEN: Credentials!["SessionToken"]!,
  };
  assert.equal((await cli(["s3", "cp", "s3://photos/cat", "-"], session)).stdout, "meow");
  assert.match(
    (await cli(["s3", "rm", "s3://photos/cat"], session)).stderr,
    /assumed-role\/keeper\/session is not authorized to perform: s3:DeleteObject on resource: "arn:aws:s3:::photos\/cat" because no session policy allows the s3:DeleteObject action/,
  );
});
