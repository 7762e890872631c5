import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { AWS } from "./aws.ts";
import { run, succeed } from "./commands.ts";
import { fixture } from "./fixture.ts";

type Printed = Record<string, Record<string, string>>;

const READ_ONLY = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "s3:ListAllMyBuckets", Resource: "*" }] };

test("AWS CLI: iam makes a user, a group and a policy, and the user's key opens what they allow", async (t) => {
  const { endpoint, folder } = await fixture(t);
  const aws = async (...args: string[]): Promise<Printed> => {
    const text = await succeed(AWS, ["--endpoint-url", endpoint, "--output", "json", ...args], { cwd: folder });
    return text.trim() === "" ? {} : (JSON.parse(text) as Printed);
  };
  const document = join(folder, "policy.json");
  await writeFile(document, JSON.stringify(READ_ONLY));
  const file = `file://${document}`;
  await aws("iam", "create-user", "--user-name", "bob", "--tags", "Key=team,Value=x");
  await aws("iam", "create-group", "--group-name", "readers");
  await aws("iam", "add-user-to-group", "--group-name", "readers", "--user-name", "bob");
  const { Policy } = await aws("iam", "create-policy", "--policy-name", "list", "--policy-document", file);
  await aws("iam", "attach-group-policy", "--group-name", "readers", "--policy-arn", Policy!["Arn"]!);
  const shown = await aws("iam", "get-policy-version", "--policy-arn", Policy!["Arn"]!, "--version-id", "v1");
  assert.deepEqual(shown["PolicyVersion"]!["Document"], READ_ONLY);
  const { AccessKey } = await aws("iam", "create-access-key", "--user-name", "bob");
  const env = { AWS_ACCESS_KEY_ID: AccessKey!["AccessKeyId"]!, AWS_SECRET_ACCESS_KEY: AccessKey!["SecretAccessKey"]! };
  const asBob = (...args: string[]): ReturnType<typeof run> =>
    run(AWS, ["--endpoint-url", endpoint, ...args], { cwd: folder, env });
  assert.equal((await asBob("s3api", "list-buckets")).code, 0);
  const refused = await asBob("iam", "list-users");
  assert.match(
    refused.stderr,
    /\(AccessDenied\) when calling the ListUsers operation: User: arn:aws:iam::\d{12}:user\/bob is not authorized/,
  );
  const trust = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { AWS: "*" }, Action: "sts:AssumeRole" }] };
  await aws("iam", "create-role", "--role-name", "r", "--assume-role-policy-document", JSON.stringify(trust));
  const { Role } = await aws("iam", "get-role", "--role-name", "r");
  assert.deepEqual(Role!["AssumeRolePolicyDocument"], trust);
  const missing = await run(AWS, ["--endpoint-url", endpoint, "iam", "get-user", "--user-name", "ann"], { cwd: folder });
  assert.match(missing.stderr, /\(NoSuchEntity\) when calling the GetUser operation: The user with name ann cannot be found\./);
  for (let made = 0; made < 3; made += 1) await aws("iam", "create-user", "--user-name", `user${made}`);
  const paged = await aws("iam", "list-users", "--page-size", "2", "--query", "{names: Users[].UserName}");
  assert.deepEqual(paged["names"], ["bob", "user0", "user1", "user2"]);
});
