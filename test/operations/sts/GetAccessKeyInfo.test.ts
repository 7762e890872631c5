import assert from "node:assert/strict";
import { test } from "node:test";
import { GetAccessKeyInfoCommand, GetSessionTokenCommand } from "@aws-sdk/client-sts";
import type { Keys } from "./StsServer.ts";
import { allow, refused, StsServer } from "./StsServer.ts";

async function accountOf(server: StsServer, AccessKeyId: string, keys?: Keys): Promise<string | undefined> {
  return (await server.sts(keys).send(new GetAccessKeyInfoCommand({ AccessKeyId }))).Account;
}

test("GetAccessKeyInfo: tells the account of a root's key, a user's, another account's and of temporary credentials", async () => {
  await using server = await StsServer.start();
  const ann = await server.user("ann", allow("sts:GetAccessKeyInfo"));
  const other = await server.account("other");
  const { Credentials } = await server.sts(ann).send(new GetSessionTokenCommand({}));
  for (const accessKeyId of [server.root.accessKeyId, ann.accessKeyId, Credentials!.AccessKeyId!]) {
    assert.equal(await accountOf(server, accessKeyId, ann), server.accountId);
  }
  assert.equal(await accountOf(server, other.accessKeyId, ann), other.accountId);
});

test("GetAccessKeyInfo: a key that nobody has is not known, and a user needs permission", async () => {
  await using server = await StsServer.start();
  await refused(accountOf(server, "AKIAIOSFODNN7EXAMPLE"), {
    name: "ValidationError",
    status: 400,
    message: /AKIAIOSFODNN7EXAMPLE/,
  });
  const ann = await server.user("ann");
  await refused(accountOf(server, ann.accessKeyId, ann), {
    name: "AccessDenied",
    status: 403,
    message: /^User: .+ is not authorized to perform: sts:GetAccessKeyInfo/,
  });
});
