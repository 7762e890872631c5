import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketLoggingCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { Holdfast } from "../../src/index.ts";
import { deliveryPolicy } from "../accessLogs/LoggedServer.ts";
import { newFolder } from "../newFolder.ts";
import { CERTIFICATE, CERTIFICATE_PATH, PRIVATE_KEY_PATH } from "../server/http/testCertificate.ts";

/** What stands in the files of a data folder of what clients have sent: nothing that can be read without the key ring. */

/** Often enough that no test waits long. */
const LOG_DELIVERY_MS = 100;

/** Every way in which bytes come into a store; each has a text of its own, by which they are found. */
const WAYS = [
  "small",
  "large",
  "completedPart",
  "partUnderWay",
  "copiedSmall",
  "copiedLarge",
  "copiedPart",
  "accessLog",
] as const;
type Texts = Readonly<Record<(typeof WAYS)[number], string>>;

const SMALL_SIZE_BYTES = 4_096;
/** Several chunks, the last of which is not full. */
const LARGE_SIZE_BYTES = 700_000;

/** So many bytes that say a text again and again. */
function bodyOf(text: string, sizeBytes: number): Buffer {
  return Buffer.alloc(sizeBytes, text);
}

/** A server on a folder, which has taken bytes in every way and has ended. */
async function fill(data: string, defaultEncryption: "AES256" | "off"): Promise<Texts> {
  const texts = Object.fromEntries(WAYS.map((way) => [way, `${way}${randomBytes(16).toString("hex")}`])) as Texts;
  await using server = await Holdfast.start({
    data,
    defaultEncryption,
    // The journal is the server's own log, and says in clear what came.
    journalSizeBytes: 0,
    logDeliveryMs: LOG_DELIVERY_MS,
    tlsCertificatePath: CERTIFICATE_PATH,
    tlsPrivateKeyPath: PRIVATE_KEY_PATH,
  });
  const requestHandler = { httpsAgent: { ca: CERTIFICATE } };
  const client = new S3Client({ ...server.clientConfig(), maxAttempts: 1, requestHandler, customUserAgent: texts.accessLog });
  const Bucket = "bucket";
  await client.send(new CreateBucketCommand({ Bucket: "logs" }));
  await client.send(new PutBucketPolicyCommand({ Bucket: "logs", Policy: deliveryPolicy("logs") }));
  await client.send(new CreateBucketCommand({ Bucket }));
  const LoggingEnabled = { TargetBucket: "logs", TargetPrefix: "" };
  await client.send(new PutBucketLoggingCommand({ Bucket, BucketLoggingStatus: { LoggingEnabled } }));
  await client.send(new PutObjectCommand({ Bucket, Key: "small", Body: bodyOf(texts.small, SMALL_SIZE_BYTES) }));
  await client.send(new PutObjectCommand({ Bucket, Key: "large", Body: bodyOf(texts.large, LARGE_SIZE_BYTES) }));
  await uploadParts(client, texts);
  await copy(client, texts);
  await logDelivered(client, texts.accessLog);
  return texts;
}

/** One upload that is completed, and one that is not. */
async function uploadParts(client: S3Client, { completedPart, partUnderWay }: Texts): Promise<void> {
  for (const [Key, text] of Object.entries({ completed: completedPart, "under way": partUnderWay })) {
    const upload = { Bucket: "bucket", Key };
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(upload));
    const part = { ...upload, UploadId, PartNumber: 1, Body: bodyOf(text, LARGE_SIZE_BYTES) };
    const { ETag } = await client.send(new UploadPartCommand(part));
    const MultipartUpload = { Parts: [{ ETag, PartNumber: 1 }] };
    if (text === completedPart) await client.send(new CompleteMultipartUploadCommand({ ...upload, UploadId, MultipartUpload }));
  }
}

/** Copies of what a customer's key encrypts, and so is in clear nowhere: the copies are as the server's default says. */
async function copy(client: S3Client, { copiedSmall, copiedLarge, copiedPart }: Texts): Promise<void> {
  const key = randomBytes(32);
  const [SSECustomerKey, SSECustomerKeyMD5] = [key.toString("base64"), createHash("md5").update(key).digest("base64")];
  const under = { SSECustomerAlgorithm: "AES256", SSECustomerKey, SSECustomerKeyMD5 };
  const from = {
    CopySourceSSECustomerAlgorithm: "AES256",
    CopySourceSSECustomerKey: SSECustomerKey,
    CopySourceSSECustomerKeyMD5: SSECustomerKeyMD5,
  };
  const sources = { copiedSmall: [copiedSmall, SMALL_SIZE_BYTES], copiedLarge: [copiedLarge, LARGE_SIZE_BYTES] } as const;
  const Bucket = "bucket";
  for (const [name, [text, sizeBytes]] of Object.entries(sources)) {
    const source = { Bucket, Key: `source of ${name}`, Body: bodyOf(text, sizeBytes), ...under };
    await client.send(new PutObjectCommand(source));
    const CopySource = encodeURIComponent(`${Bucket}/source of ${name}`);
    await client.send(new CopyObjectCommand({ Bucket, Key: name, CopySource, ...from }));
  }
  await client.send(
    new PutObjectCommand({ Bucket, Key: "source of part", Body: bodyOf(copiedPart, LARGE_SIZE_BYTES), ...under }),
  );
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: "part" }));
  const part = { Bucket, Key: "part", UploadId, PartNumber: 1, CopySource: encodeURIComponent(`${Bucket}/source of part`) };
  await client.send(new UploadPartCopyCommand({ ...part, ...from }));
}

/** Waits until a log with this text lies in the bucket of logs. */
async function logDelivered(client: S3Client, text: string): Promise<void> {
  for (;;) {
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: "logs" }));
    for (const { Key } of Contents) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: "logs", Key }));
      if ((await Body!.transformToString()).includes(text)) return;
    }
    await new Promise((resolve) => setTimeout(resolve, LOG_DELIVERY_MS));
  }
}

/** Which of the texts some file of a folder has in clear. */
async function foundIn(folder: string, texts: Texts): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found = new Set<string>();
  for (const entry of entries.filter((one) => one.isFile())) {
    const bytes = await readFile(join(entry.parentPath, entry.name));
    for (const way of WAYS) if (bytes.includes(texts[way])) found.add(way);
  }
  return WAYS.filter((way) => found.has(way));
}

async function foundAfter(t: TestContext, defaultEncryption: "AES256" | "off"): Promise<readonly string[]> {
  const data = newFolder(t);
  return foundIn(data, await fill(data, defaultEncryption));
}

test("Data folder: nothing that objects, parts, copies and access logs hold stands in any file in clear", async (t) => {
  assert.deepEqual(await foundAfter(t, "AES256"), []);
});

test("Data folder: without default encryption, all of it stands there in clear", async (t) => {
  assert.deepEqual(await foundAfter(t, "off"), WAYS);
});
