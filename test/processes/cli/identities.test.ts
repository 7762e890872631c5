import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { CommandResult } from "./command.ts";
import { newFolder } from "../../newFolder.ts";
import { holdfast, Server } from "./command.ts";

const READING = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }] };
const TRUST = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: "*" } }] };

test("account, user --account, group, role, policy: made, listed, used and removed beside a server", async (t) => {
  const folder = newFolder(t);
  await Server.start(t, [], { folder });
  await writeFile(join(folder, "reading.json"), JSON.stringify(READING));
  await writeFile(join(folder, "trust.json"), JSON.stringify(TRUST));
  const run = (text: string): Promise<CommandResult> => holdfast(text.split(" "), { folder });
  const said = async (text: string): Promise<string> => {
    const { code, stdout, stderr } = await run(text);
    assert.deepEqual([code, stderr], [0, ""], text);
    return stdout;
  };
  const account = /^account id +(\d{12})$/m.exec(await said("account add acme --email root@acme.example"))![1]!;
  const added = await said("user add ann --account acme --path /staff/");
  const key = /^access key +(HF\w+)$/m.exec(added)![1]!;
  assert.match(added, new RegExp(`^arn +arn:aws:iam::${account}:user/staff/ann$`, "m"));
  assert.match(
    await said(`user list --account ${account}`),
    new RegExp(`^${key}  ann  AIDA\\w{17}  arn:aws:iam::${account}:user/staff/ann  `),
  );
  assert.ok(!(await said("user list")).includes(key));
  assert.equal(await said(`user key disable ${key}`), `disabled ${key} of ann\n`);
  await said("group add staff --account acme");
  assert.equal(await said("group join staff --user ann --account acme"), "ann is in staff now\n");
  assert.equal(await said("group list --account acme"), `staff  arn:aws:iam::${account}:group/staff  ann\n`);
  await said("policy add reading --document reading.json --account acme");
  assert.equal(await said("policy attach reading --group staff --account acme"), "reading is attached to the group staff now\n");
  await said("policy bound AmazonS3FullAccess --user ann --account acme");
  for (const version of [2, 3, 4, 5, 6]) {
    assert.equal(
      await said("policy set reading --document reading.json --account acme"),
      `reading is what its version v${version} says now\n`,
    );
  }
  assert.match(
    await said("policy list --account acme"),
    new RegExp(`^reading +arn:aws:iam::${account}:policy/reading +v6  attached 1 times, bounds 0$`, "m"),
  );
  assert.equal(await said("policy show reading --account acme"), `${JSON.stringify(READING)}\n`);
  await said("role add app --trust-policy trust.json --account acme --max-session 7200");
  assert.match(await said("role list --account acme"), new RegExp(`^app  arn:aws:iam::${account}:role/app  7200 s$`, "m"));
  assert.match(await said("account list"), /acme +1 root keys, 1 users, 1 groups, 1 roles, 1 policies .* root@acme\.example$/m);
  for (const [text, told] of [
    ["policy add bad --document trust.json", "Policy document should not specify a principal."],
    ["role trust app --trust-policy reading.json --account acme", /./],
    ["account remove acme", /^"acme" holds 1 users, 1 groups, 1 roles, 1 policies; remove them first/],
    ["user remove ben --account acme", "The user with name ben cannot be found."],
    ["group list --account none", 'There is no account "none"; holdfast account list shows them.'],
    ["policy remove reading --account acme", "Cannot delete a policy attached to entities."],
  ] as const) {
    const { code, stdout, stderr } = await run(text);
    assert.deepEqual([code, stdout], [1, ""], text);
    assert.equal(stderr.split("\n").length, 2, stderr);
    assert.match(stderr, told instanceof RegExp ? told : new RegExp(`^${told.replaceAll(".", "\\.")}\n$`));
  }
  assert.equal(await said("user remove ann --account acme"), `removed ${key} of ann\nremoved the user ann\n`);
  await said("policy detach reading --group staff --account acme");
  for (const text of ["policy remove reading", "role remove app", "group remove staff"]) await said(`${text} --account acme`);
  assert.match(await said("account remove acme"), /removed the account acme\n$/);
});
