import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { crc32 } from "node:zlib";
import type { ChecksumAlgorithm, CompletedPart, GetObjectCommandInput, S3Client } from "@aws-sdk/client-s3";
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  S3ServiceException,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { fixture } from "./fixture.ts";

const MIB = 1024 * 1024;
/** Three parts, the last of them short. Every byte tells its place, so that parts in the wrong order show. */
const CONTENT = Buffer.from(Uint8Array.from({ length: 11 * MIB }, (_, at) => at % 251));
const PARTS = [CONTENT.subarray(0, 5 * MIB), CONTENT.subarray(5 * MIB, 10 * MIB), CONTENT.subarray(10 * MIB)];
/** The CRC64NVME of the content, as awscrt computes it. */
const CRC64NVME = "cylAzBaemac=";
const Bucket = "low-level";

const md5 = (content: Uint8Array): Buffer => createHash("md5").update(content).digest();
const sha256 = (content: Uint8Array): Buffer => createHash("sha256").update(content).digest();
const etagOf = (content: Uint8Array): string => `"${md5(content).toString("hex")}"`;
const MULTIPART_ETAG = `"${md5(Buffer.concat(PARTS.map(md5))).toString("hex")}-3"`;

function crc32Of(content: Uint8Array): string {
  const value = Buffer.alloc(4);
  value.writeUInt32BE(crc32(content));
  return value.toString("base64");
}

/** The answer to a GET, and what came. */
async function got(client: S3Client, input: Omit<GetObjectCommandInput, "Bucket">) {
  const answer = await client.send(new GetObjectCommand({ Bucket, ...input }));
  return { answer, bytes: Buffer.from(await answer.Body!.transformToByteArray()) };
}

/** Uploads the parts with an algorithm, or with none named, and returns what a completion says of each. */
async function uploadParts(
  client: S3Client,
  Key: string,
  UploadId: string,
  algorithm?: ChecksumAlgorithm,
): Promise<CompletedPart[]> {
  const sent: CompletedPart[] = [];
  for (const [index, Body] of PARTS.entries()) {
    const part = { Bucket, Key, UploadId, PartNumber: index + 1, Body };
    const answer = await client.send(
      new UploadPartCommand(algorithm === undefined ? part : { ...part, ChecksumAlgorithm: algorithm }),
    );
    assert.equal(answer.ETag, etagOf(Body));
    if (algorithm === undefined) assert.equal(answer.ChecksumCRC32, crc32Of(Body), "what the SDK sent by itself is given back");
    if (algorithm === "SHA256") assert.equal(answer.ChecksumSHA256, sha256(Body).toString("base64"));
    sent.push({ PartNumber: index + 1, ETag: answer.ETag });
  }
  return sent;
}

/** The object has the content and S3's own checksum, whole and by part. */
async function assertWhole(client: S3Client, Key: string): Promise<void> {
  const { answer, bytes } = await got(client, { Key, ChecksumMode: "ENABLED" });
  assert.ok(bytes.equals(CONTENT));
  assert.equal(answer.ETag, MULTIPART_ETAG);
  assert.equal(answer.ChecksumCRC64NVME, CRC64NVME);
  const second = await got(client, { Key, PartNumber: 2 });
  assert.ok(second.bytes.equals(PARTS[1]!));
  assert.equal(second.answer.PartsCount, 3);
  const attributes = { Bucket, Key, ObjectAttributes: ["Checksum", "ObjectParts", "ObjectSize"] as const };
  const known = await client.send(
    new GetObjectAttributesCommand({ ...attributes, ObjectAttributes: [...attributes.ObjectAttributes] }),
  );
  assert.deepEqual(known.Checksum, { ChecksumCRC64NVME: CRC64NVME, ChecksumType: "FULL_OBJECT" });
  assert.deepEqual([known.ObjectSize, known.ObjectParts?.TotalPartsCount], [CONTENT.length, 3]);
}

for (const algorithm of [undefined, "SHA256"] as const) {
  test(`AWS SDK v3: parts with ${algorithm ?? "nothing"} named, of an upload begun with nothing set, become an object`, async (t) => {
    const { server } = await fixture(t);
    const client = server.client();
    const Key = "k";
    await client.send(new CreateBucketCommand({ Bucket }));
    const upload = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    assert.equal(upload.ChecksumAlgorithm, undefined);
    const UploadId = upload.UploadId!;
    const Parts = await uploadParts(client, Key, UploadId, algorithm);
    const listed = await client.send(new ListPartsCommand({ Bucket, Key, UploadId }));
    assert.deepEqual(
      listed.Parts!.map(({ LastModified: _, ...part }) => part),
      Parts.map((part, index) => ({ ...part, Size: PARTS[index]!.length })),
    );
    const done = await client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }));
    assert.deepEqual(
      [done.ETag, done.ChecksumCRC64NVME, done.ChecksumType, done.ChecksumSHA256],
      [MULTIPART_ETAG, CRC64NVME, "FULL_OBJECT", undefined],
    );
    await assertWhole(client, Key);
  });
}

test("AWS SDK v3: parts of an upload begun with SHA256 become an object with the checksum of their checksums", async (t) => {
  const { server } = await fixture(t);
  const client = server.client();
  const Key = "k";
  await client.send(new CreateBucketCommand({ Bucket }));
  const upload = await client.send(new CreateMultipartUploadCommand({ Bucket, Key, ChecksumAlgorithm: "SHA256" }));
  assert.deepEqual([upload.ChecksumAlgorithm, upload.ChecksumType], ["SHA256", "COMPOSITE"]);
  const UploadId = upload.UploadId!;
  const sent = await uploadParts(client, Key, UploadId, "SHA256");
  const Parts = sent.map((part, index) => ({ ...part, ChecksumSHA256: sha256(PARTS[index]!).toString("base64") }));
  const done = await client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }));
  const whole = sha256(Buffer.concat(PARTS.map(sha256))).toString("base64");
  assert.deepEqual([done.ChecksumSHA256, done.ChecksumType, done.ETag], [`${whole}-3`, "COMPOSITE", MULTIPART_ETAG]);
  const head = await client.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: "ENABLED" }));
  assert.equal(head.ChecksumSHA256, `${whole}-3`);
  assert.ok((await got(client, { Key })).bytes.equals(CONTENT));
  const known = await client.send(new GetObjectAttributesCommand({ Bucket, Key, ObjectAttributes: ["Checksum", "ObjectParts"] }));
  assert.deepEqual(known.Checksum, { ChecksumSHA256: whole, ChecksumType: "COMPOSITE" });
  assert.deepEqual(
    known.ObjectParts?.Parts?.map(({ ChecksumSHA256 }) => ChecksumSHA256),
    Parts.map(({ ChecksumSHA256 }) => ChecksumSHA256),
  );
});

test("AWS SDK v3: copied parts and copies, with nothing set", async (t) => {
  const { server } = await fixture(t);
  const client = server.client();
  await client.send(new CreateBucketCommand({ Bucket }));
  const put = await client.send(new PutObjectCommand({ Bucket, Key: "source", Body: CONTENT }));
  assert.equal(put.ChecksumCRC32, crc32Of(CONTENT));
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: "k" }));
  const Parts: CompletedPart[] = [];
  for (const [index, part] of PARTS.entries()) {
    const CopySourceRange = `bytes=${part.byteOffset - CONTENT.byteOffset}-${part.byteOffset - CONTENT.byteOffset + part.length - 1}`;
    const input = { Bucket, Key: "k", UploadId, PartNumber: index + 1, CopySource: `${Bucket}/source`, CopySourceRange };
    const copied = await client.send(new UploadPartCopyCommand(input));
    assert.equal(copied.CopyPartResult?.ETag, etagOf(part));
    Parts.push({ PartNumber: index + 1, ETag: copied.CopyPartResult?.ETag });
  }
  await client.send(new CompleteMultipartUploadCommand({ Bucket, Key: "k", UploadId, MultipartUpload: { Parts } }));
  await assertWhole(client, "k");
  const copied = await client.send(new CopyObjectCommand({ Bucket, Key: "copy", CopySource: `${Bucket}/source` }));
  assert.equal(copied.CopyObjectResult?.ChecksumCRC32, crc32Of(CONTENT));
  assert.ok((await got(client, { Key: "copy" })).bytes.equals(CONTENT));
  const list = await client.send(new ListObjectsV2Command({ Bucket }));
  assert.deepEqual(
    list.Contents!.map(({ Key, ChecksumAlgorithm }) => [Key, ChecksumAlgorithm]),
    [
      ["copy", ["CRC32"]],
      ["k", ["CRC64NVME"]],
      ["source", ["CRC32"]],
    ],
  );
  const Objects = list.Contents!.map(({ Key }) => ({ Key }));
  const gone = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  assert.deepEqual([gone.Deleted?.length, gone.Errors], [3, undefined]);
});

test("AWS SDK v3: a URL signed with If-None-Match writes once, and so does a PutObject", async (t) => {
  const { server } = await fixture(t);
  const client = server.client();
  await client.send(new CreateBucketCommand({ Bucket }));
  const url = await getSignedUrl(client, new PutObjectCommand({ Bucket, Key: "by url", IfNoneMatch: "*" }));
  const put = (body: string): Promise<Response> => fetch(url, { method: "PUT", body, headers: { "if-none-match": "*" } });
  assert.equal((await put("first")).status, 200);
  assert.equal((await put("second")).status, 412);
  assert.equal((await got(client, { Key: "by url" })).bytes.toString(), "first");
  await assert.rejects(
    client.send(new PutObjectCommand({ Bucket, Key: "by url", IfNoneMatch: "*", Body: "third" })),
    (error: S3ServiceException) => error.name === "PreconditionFailed" && error.$metadata.httpStatusCode === 412,
  );
});
