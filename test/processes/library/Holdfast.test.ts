import assert from "node:assert/strict";
import { test } from "node:test";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { Holdfast } from "../../../src/index.ts";
import { newFolder } from "../../newFolder.ts";

/** One that is kept beside its record, and one that is not. */
const BODIES = { small: "kept", large: "x".repeat(300_000) };

for (const workers of [1, 2]) {
  test(`data: what was acknowledged is there after a restart (workers: ${workers})`, async (t) => {
    const data = newFolder(t);
    const options = { data, workers, accessKeyId: "HFTEST", secretAccessKey: "a-secret-for-tests" };
    const server = await Holdfast.start(options);
    const client = new S3Client({ ...server.clientConfig(), maxAttempts: 1 });
    await client.send(new CreateBucketCommand({ Bucket: "bucket" }));
    for (const [Key, Body] of Object.entries(BODIES)) await client.send(new PutObjectCommand({ Bucket: "bucket", Key, Body }));
    await assert.rejects(Holdfast.start(options), { name: "DataFolderInUseError" });
    await server.stop();
    await using again = await Holdfast.start(options);
    const reader = new S3Client({ ...again.clientConfig(), maxAttempts: 1 });
    for (const [Key, expected] of Object.entries(BODIES)) {
      const { Body } = await reader.send(new GetObjectCommand({ Bucket: "bucket", Key }));
      assert.equal(await Body!.transformToString(), expected);
    }
  });
}
