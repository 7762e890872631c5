import assert from "node:assert/strict";
import { test } from "node:test";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { Holdfast } from "../../src/index.ts";
import { newFolder } from "../newFolder.ts";

const PART_SIZE_BYTES: number = 5 * 1024 * 1024;

test("requests: those of all workers are there as soon as a client has its answers", async (t) => {
  await using server = await Holdfast.start({ data: newFolder(t), workers: 2 });
  const client = new S3Client({ ...server.clientConfig(), maxAttempts: 1 });
  await client.send(new CreateBucketCommand({ Bucket: "bucket" }));
  const params = { Bucket: "bucket", Key: "large", Body: Buffer.alloc(2 * PART_SIZE_BYTES + 1) };
  await new Upload({ client, params, partSize: PART_SIZE_BYTES }).done();
  client.destroy();
  const completions = await server.requests({ operations: ["CompleteMultipartUpload"] });
  assert.deepEqual(
    completions.map(({ key, status }) => [key, status]),
    [["large", 200]],
  );
  const parts = await server.requests({ operations: ["UploadPart"] });
  assert.deepEqual(parts.map(({ partNumber }) => partNumber).toSorted(), [1, 2, 3]);
});
