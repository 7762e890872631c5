import assert from "node:assert/strict";
import { Agent } from "node:https";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { CERTIFICATE } from "./testCertificate.ts";

/** More than one TLS record, and than one chunk of a stream. */
const BODY = Buffer.alloc(300_000, "0123456789");

/** Makes a bucket over https, puts an object into it and compares what comes back. */
export async function putAndGet(config: ConstructorParameters<typeof S3Client>[0]): Promise<void> {
  const httpsAgent = new Agent({ ca: CERTIFICATE, keepAlive: true });
  const client = new S3Client({ ...config, maxAttempts: 1, requestHandler: { httpsAgent } });
  await client.send(new CreateBucketCommand({ Bucket: "bucket" }));
  await client.send(new PutObjectCommand({ Bucket: "bucket", Key: "key", Body: BODY }));
  const { Body } = await client.send(new GetObjectCommand({ Bucket: "bucket", Key: "key" }));
  assert.ok(BODY.equals(await Body!.transformToByteArray()));
  client.destroy();
}
