import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { Agent } from "node:https";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketEncryptionCommand,
  GetBucketEncryptionCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutBucketEncryptionCommand,
  PutObjectCommand,
  S3Client,
  UpdateObjectEncryptionCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { CERTIFICATE, CERTIFICATE_PATH, PRIVATE_KEY_PATH } from "../server/http/testCertificate.ts";
import { TEST_KEYS } from "../serverProcess.ts";
import { AWS, refusedS3api, s3api } from "./aws.ts";
import { succeed } from "./commands.ts";
import { fixture } from "./fixture.ts";
import { installed } from "./installed.ts";
import { python } from "./python.ts";

const Bucket = "secrets";
const BUCKET = ["--bucket", Bucket];
/** Larger than what clients put in one piece. */
const LARGE: Buffer = randomBytes(9 * 1024 * 1024);

/** A server with TLS, which customers' keys and keys of KMS need. */
async function secureServer(t: TestContext) {
  const args = ["--tls-cert", CERTIFICATE_PATH, "--tls-key", PRIVATE_KEY_PATH];
  const { server, folder } = await fixture(t, { args });
  return { endpoint: `https://127.0.0.1:${server.port}`, folder };
}

/** Of an answer, or of what a client printed, the members about encryption. */
function shown(answer: object): Record<string, unknown> {
  const names = /^(?:ServerSideEncryption|SSEKMSKeyId|BucketKeyEnabled|SSECustomerAlgorithm)$/;
  return Object.fromEntries(Object.entries(answer).filter(([name, value]) => names.test(name) && value !== undefined));
}

test("AWS CLI: objects under the server's keys, KMS's and one's own, in one piece and in parts, and defaults of buckets", async (t) => {
  const { endpoint, folder } = await secureServer(t);
  const url = ["--ca-bundle", CERTIFICATE_PATH];
  const call = s3api(endpoint, folder);
  const api: typeof call = (...words) => call(...words, ...url);
  const refused = (...words: string[]) => refusedS3api(endpoint, folder)(...words, ...url);
  const aws = (...words: string[]) => succeed(AWS, ["--endpoint-url", endpoint, ...url, ...words], { cwd: folder });
  const [large, got, key] = [join(folder, "large"), join(folder, "got"), join(folder, "key")];
  await writeFile(large, LARGE);
  await writeFile(key, randomBytes(32));
  await api("create-bucket", ...BUCKET);
  const target = `s3://${Bucket}/large`;
  const mine = ["--sse-c", "AES256", "--sse-c-key", `fileb://${key}`];
  for (const [words, expected] of [
    [[], { ServerSideEncryption: "AES256" }],
    [["--sse", "AES256"], { ServerSideEncryption: "AES256" }],
    [["--sse", "aws:kms"], { ServerSideEncryption: "aws:kms" }],
  ] as const) {
    await aws("s3", "cp", ...words, large, target);
    const { SSEKMSKeyId: arn, ...others } = shown(await api("head-object", ...BUCKET, "--key", "large"));
    assert.deepEqual(others, expected);
    assert.equal(arn !== undefined, expected.ServerSideEncryption === "aws:kms");
    await aws("s3", "cp", target, got);
    assert.ok((await readFile(got)).equals(LARGE));
  }
  await aws("s3", "cp", ...mine, large, target);
  const read = ["--sse-customer-algorithm", "AES256", "--sse-customer-key", `fileb://${key}`];
  assert.deepEqual(shown(await api("head-object", ...BUCKET, "--key", "large", ...read)), { SSECustomerAlgorithm: "AES256" });
  assert.equal(
    await refused("get-object", ...BUCKET, "--key", "large", got),
    "An error occurred (InvalidRequest) when calling the GetObject operation: The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.",
  );
  await aws("s3", "cp", ...mine, target, got);
  assert.ok((await readFile(got)).equals(LARGE));
  const source = ["--sse-c-copy-source", "AES256", "--sse-c-copy-source-key", `fileb://${key}`];
  await aws("s3", "cp", ...source, "--sse", "aws:kms", target, `s3://${Bucket}/copy`);
  await aws("s3", "cp", `s3://${Bucket}/copy`, got);
  assert.ok((await readFile(got)).equals(LARGE));

  const byDefault = { SSEAlgorithm: "aws:kms", KMSMasterKeyID: "alias/aws/s3" };
  const rule = { ApplyServerSideEncryptionByDefault: byDefault, BucketKeyEnabled: true };
  const configuration = JSON.stringify({ Rules: [rule] });
  await api("put-bucket-encryption", ...BUCKET, "--server-side-encryption-configuration", configuration);
  const { ServerSideEncryptionConfiguration } = await api("get-bucket-encryption", ...BUCKET);
  const { Rules } = ServerSideEncryptionConfiguration as { Rules: Record<string, unknown>[] };
  assert.deepEqual(Rules[0]!["ApplyServerSideEncryptionByDefault"], byDefault);
  const put = shown(await api("put-object", ...BUCKET, "--key", "small", "--body", key));
  assert.deepEqual([put["ServerSideEncryption"], put["BucketKeyEnabled"]], ["aws:kms", true]);
  await api("delete-bucket-encryption", ...BUCKET);
  assert.deepEqual(shown(await api("put-object", ...BUCKET, "--key", "small", "--body", key)), {
    ServerSideEncryption: "AES256",
  });
});

for (const version of ["Debian's", "the newest"]) {
  test(`boto3, ${version}: every kind of encryption, uploads, copies and defaults of buckets`, async (t) => {
    const interpreter = version === "the newest" ? join(installed("python"), "bin/python3") : undefined;
    const { endpoint } = await secureServer(t);
    const { stdout, stderr } = await python("encryption.py", endpoint, { certificate: CERTIFICATE_PATH }, interpreter);
    assert.equal(stdout.trim(), "OK", stderr);
  });
}

/** A client of the SDK's, with a new bucket. */
async function secureClient(t: TestContext): Promise<S3Client> {
  const { endpoint } = await secureServer(t);
  const client = new S3Client({
    endpoint,
    region: "us-east-1",
    credentials: TEST_KEYS,
    forcePathStyle: true,
    requestHandler: new NodeHttpHandler({ httpsAgent: new Agent({ ca: CERTIFICATE }) }),
  });
  t.after(() => client.destroy());
  await client.send(new CreateBucketCommand({ Bucket }));
  return client;
}

/** The members of a customer's key. */
function keyOf(letter: string) {
  const SSECustomerKey = Buffer.alloc(32, letter).toString("base64");
  return { SSECustomerAlgorithm: "AES256", SSECustomerKey };
}

test("SDK v3: objects, uploads and copies of every kind of encryption", async (t) => {
  const client = await secureClient(t);
  const mine = keyOf("k");
  const ofSource = { CopySourceSSECustomerAlgorithm: "AES256", CopySourceSSECustomerKey: mine.SSECustomerKey };
  const { SSEKMSKeyId: arn } = await client.send(
    new PutObjectCommand({ Bucket, Key: "kms", Body: "content", ServerSideEncryption: "aws:kms" }),
  );
  const kinds = [
    [{}, {}, { ServerSideEncryption: "AES256" }],
    [
      { ServerSideEncryption: "aws:kms", BucketKeyEnabled: true },
      {},
      { ServerSideEncryption: "aws:kms", SSEKMSKeyId: arn, BucketKeyEnabled: true },
    ],
    [{ ServerSideEncryption: "aws:kms:dsse", SSEKMSKeyId: arn }, {}, { ServerSideEncryption: "aws:kms:dsse", SSEKMSKeyId: arn }],
    [mine, mine, { SSECustomerAlgorithm: "AES256" }],
  ] as const;
  for (const [written, read, expected] of kinds) {
    const Key = "object";
    assert.deepEqual(shown(await client.send(new PutObjectCommand({ Bucket, Key, Body: "content", ...written }))), expected);
    const { Body, ...answer } = await client.send(new GetObjectCommand({ Bucket, Key, ...read }));
    assert.deepEqual([await Body!.transformToString(), shown(answer)], ["content", expected]);
    assert.deepEqual(shown(await client.send(new HeadObjectCommand({ Bucket, Key, ...read }))), expected);
    const attributes = { Bucket, Key, ObjectAttributes: ["ObjectSize" as const], ...read };
    assert.equal((await client.send(new GetObjectAttributesCommand(attributes))).ObjectSize, 7);
    const { UploadId } = await client.send(
      new CreateMultipartUploadCommand({ Bucket, Key: "parts", ChecksumAlgorithm: "CRC32", ...written }),
    );
    const part = { Bucket, Key: "parts", UploadId, ...read };
    const first = await client.send(
      new UploadPartCommand({ ...part, PartNumber: 1, Body: LARGE.subarray(0, 5 * 1024 * 1024), ChecksumAlgorithm: "CRC32" }),
    );
    const source = { CopySource: `${Bucket}/${Key}`, ...(read === mine && ofSource) };
    const second = await client.send(new UploadPartCopyCommand({ ...part, ...source, PartNumber: 2 }));
    assert.deepEqual([shown(first), shown(second)], [expected, expected]);
    const Parts = [
      { PartNumber: 1, ETag: first.ETag, ChecksumCRC32: first.ChecksumCRC32 },
      { PartNumber: 2, ETag: second.CopyPartResult!.ETag, ChecksumCRC32: second.CopyPartResult!.ChecksumCRC32 },
    ];
    await client.send(new CompleteMultipartUploadCommand({ ...part, MultipartUpload: { Parts } }));
    const parts = await client.send(new GetObjectCommand({ Bucket, Key: "parts", Range: "bytes=5242870-", ...read }));
    const bytes = Buffer.from(await parts.Body!.transformToByteArray());
    assert.ok(bytes.equals(Buffer.concat([LARGE.subarray(5_242_870, 5_242_880), Buffer.from("content")])));
    assert.deepEqual(shown(await client.send(new CopyObjectCommand({ Bucket, Key: "copy", ...source, ...written }))), expected);
  }
});

test("SDK v3: an object is put under another key, and buckets have defaults and block customers' keys", async (t) => {
  const client = await secureClient(t);
  const mine = keyOf("k");
  const { SSEKMSKeyId: arn } = await client.send(
    new PutObjectCommand({ Bucket, Key: "kms", Body: "content", ServerSideEncryption: "aws:kms" }),
  );
  await client.send(new PutObjectCommand({ Bucket, Key: "update", Body: "content" }));
  await client.send(
    new UpdateObjectEncryptionCommand({ Bucket, Key: "update", ObjectEncryption: { SSEKMS: { KMSKeyArn: arn } } }),
  );
  const updated = await client.send(new GetObjectCommand({ Bucket, Key: "update" }));
  assert.deepEqual([await updated.Body!.transformToString(), updated.SSEKMSKeyId], ["content", arn]);

  const Rules = [
    {
      ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms:dsse" as const },
      BlockedEncryptionTypes: { EncryptionType: ["SSE-C" as const] },
      BucketKeyEnabled: false,
    },
  ];
  await client.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }));
  const { ServerSideEncryptionConfiguration } = await client.send(new GetBucketEncryptionCommand({ Bucket }));
  assert.deepEqual(ServerSideEncryptionConfiguration, { Rules });
  const put = await client.send(new PutObjectCommand({ Bucket, Key: "default", Body: "content" }));
  assert.equal(put.ServerSideEncryption, "aws:kms:dsse");
  await assert.rejects(client.send(new PutObjectCommand({ Bucket, Key: "blocked", Body: "", ...mine })), {
    name: "AccessDenied",
  });
  await client.send(new DeleteBucketEncryptionCommand({ Bucket }));
  await client.send(new PutObjectCommand({ Bucket, Key: "blocked", Body: "", ...mine }));
});
