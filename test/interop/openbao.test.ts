import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { Holdfast } from "../../src/index.ts";
import { testVault } from "../keys/vault/vault.suite.ts";
import type { OpenBao } from "./openbao.ts";
import { startOpenBao } from "./openbao.ts";

let folder: string;
let openBao: OpenBao;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "holdfast-openbao-"));
  openBao = await startOpenBao(folder);
});

after(async () => {
  await openBao.stop();
  await rm(folder, { recursive: true });
});

testVault("OpenBao", () => openBao);

test("OpenBao: objects are encrypted with its keys, and a server in memory names them", async () => {
  await openBao.operate("keys/team", {});
  const { address, tokenPath } = openBao;
  await using server = await Holdfast.start({ vaultAddress: address, vaultTokenPath: tokenPath });
  const client = new S3Client(server.clientConfig());
  await client.send(new CreateBucketCommand({ Bucket: "bucket" }));
  const place = { Bucket: "bucket", Key: "key" };
  const put = (SSEKMSKeyId: string | undefined) =>
    client.send(new PutObjectCommand({ ...place, Body: "content", ServerSideEncryption: "aws:kms", SSEKMSKeyId }));
  for (const [keyId, name] of [["team", "team"] as const, [undefined, "aws-s3"] as const]) {
    assert.match((await put(keyId)).SSEKMSKeyId!, new RegExp(`^arn:aws:kms:us-east-1:\\d{12}:key/${name}$`));
    const { Body } = await client.send(new GetObjectCommand(place));
    assert.equal(await Body!.transformToString(), "content");
  }
  await assert.rejects(put("nobody"), { name: "KMS.NotFoundException" });
  client.destroy();
});
