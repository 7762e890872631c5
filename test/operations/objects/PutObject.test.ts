import assert from "node:assert/strict";
import { test } from "node:test";
import { S3Error } from "../../../src/errors/S3Error.ts";
import { DeleteBucket } from "../../../src/operations/buckets/DeleteBucket.ts";
import { DeleteObject } from "../../../src/operations/objects/DeleteObject.ts";
import { GetObject } from "../../../src/operations/objects/GetObject.ts";
import { HeadObject } from "../../../src/operations/objects/HeadObject.ts";
import { PutObject } from "../../../src/operations/objects/PutObject.ts";
import { findBucket } from "../../../src/store/buckets/buckets.ts";
import { findObject } from "../../../src/store/objects/objects.ts";
import { bucketIn, bytesOf, contextFor, digestOf, memoryStore, NOW_MS, payloadOf, refusal } from "../contextFor.ts";
import type { ContextOptions } from "../contextFor.ts";

/** A store with a bucket, and what the tests do with it. */
async function opened() {
  const store = memoryStore();
  const bucket = await bucketIn(store);
  const put = (content: string | Buffer, input: object = {}, options: ContextOptions = {}) =>
    PutObject.handle(
      { Bucket: bucket.name, Key: "key", ...input },
      contextFor({ store, bucket, payload: payloadOf(content), ...options }),
    );
  const get = (input: object = {}) =>
    GetObject.handle({ Bucket: bucket.name, Key: "key", ...input }, contextFor({ store, bucket }));
  const head = (input: object = {}) =>
    HeadObject.handle({ Bucket: bucket.name, Key: "key", ...input }, contextFor({ store, bucket }));
  return { store, bucket, put, get, head };
}

for (const sizeBytes of [0, 1, 64 * 1024, 64 * 1024 + 1, 300_000]) {
  test(`PutObject: what is put comes back, ${sizeBytes} bytes`, async () => {
    const { put, get } = await opened();
    const bytes = Buffer.alloc(sizeBytes, "0123456789abcdefghij");
    const { output } = await put(bytes);
    const md5 = digestOf("MD5", bytes).toString("hex");
    assert.deepEqual(output, {
      ETag: `"${md5}"`,
      ChecksumCRC64NVME: digestOf("CRC64NVME", bytes).toString("base64"),
      ChecksumType: "FULL_OBJECT",
      VersionId: undefined,
      ServerSideEncryption: "AES256",
    });
    const read = (await get()).output;
    assert.deepEqual(await bytesOf(read.Body), bytes);
    assert.equal(read.ETag, `"${md5}"`);
    assert.equal(read.ContentLength, sizeBytes);
  });
}

test("PutObject: keeps the checksum the client chose", async () => {
  const { put, head } = await opened();
  const { output } = await put("x", {}, { payload: payloadOf("x", { declared: "SHA256" }) });
  const value = digestOf("SHA256", Buffer.from("x")).toString("base64");
  assert.equal(output.ChecksumSHA256, value);
  assert.equal(output.ChecksumCRC64NVME, undefined);
  assert.equal((await head({ ChecksumMode: "ENABLED" })).output.ChecksumSHA256, value);
});

test("PutObject: a body that is not what it claims to be stores nothing", async () => {
  const { put, get, store } = await opened();
  for (const content of ["small", Buffer.alloc(200_000)]) {
    const payload = payloadOf(content, { failure: new S3Error("BadDigest", { explanation: "made wrong by the test" }) });
    await refusal(put("", {}, { payload }), { code: "BadDigest" });
  }
  await refusal(get(), { code: "NoSuchKey" });
  assert.equal((await store.blobs.statistics()).blobs, 0);
});

test("PutObject: keeps metadata as sent, without aws-chunked, and a type when none came", async () => {
  const { put, head } = await opened();
  const sent = {
    CacheControl: "no-cache",
    ContentDisposition: 'attachment; filename="a"',
    ContentEncoding: "aws-chunked, gzip",
    ContentLanguage: "de",
    ContentType: "text/plain",
    WebsiteRedirectLocation: "/elsewhere",
    Metadata: { colour: "blue", empty: "" },
  };
  await put("x", { ...sent, Expires: "tomorrow, perhaps" }, { payload: payloadOf("x") });
  const { output } = await head();
  assert.deepEqual(
    { ...sent, ContentEncoding: "gzip", ExpiresString: "tomorrow, perhaps" },
    Object.fromEntries([...Object.keys(sent), "ExpiresString"].map((name) => [name, output[name as keyof typeof output]])),
  );
  await put("x", { ContentEncoding: "aws-chunked", ContentType: "" });
  const plain = (await head()).output;
  assert.equal(plain.ContentEncoding, undefined);
  assert.equal(plain.ContentType, "binary/octet-stream");
  assert.deepEqual(plain.Metadata, {});
});

test("PutObject: returns non-ASCII metadata as RFC 2047 words", async () => {
  const { put, head } = await opened();
  await put("x", { Metadata: { nonascii: "ÄÖÜ", mostly: "caf\u00e9 au lait", ascii: "=?UTF-8?Q?a?=" } });
  const { Metadata } = (await head()).output;
  assert.equal(Metadata?.["nonascii"], "=?UTF-8?B?w4TDlsOc?=");
  assert.equal(Metadata?.["mostly"], "=?UTF-8?Q?caf=C3=A9_au_lait?=");
  assert.equal(Metadata?.["ascii"], "=?UTF-8?Q?a?=");
});

test("PutObject: long non-ASCII metadata becomes several words of at most 75 characters", async () => {
  const { put, head } = await opened();
  await put("x", { Metadata: { long: "é".repeat(200) } });
  const words = (await head()).output.Metadata!["long"]!.split(" ");
  assert.ok(words.length > 1 && words.every((word) => word.length <= 75));
  const decoded = words.map((word) => Buffer.from(word.slice("=?UTF-8?B?".length, -2), "base64").toString());
  assert.equal(decoded.join(""), "é".repeat(200));
});

test("PutObject: takes 2,048 bytes of user metadata and not one more", async () => {
  const { put } = await opened();
  await put("x", { Metadata: { name: "v".repeat(2044) } });
  await refusal(put("x", { Metadata: { name: "v".repeat(2045) } }), {
    code: "MetadataTooLarge",
    status: 400,
    details: { Size: "2049", MaxSizeAllowed: "2048" },
  });
});

test("PutObject: refuses keys over 1,024 bytes, and redirects to nowhere", async () => {
  const { put } = await opened();
  await put("x", { Key: "k".repeat(1024) });
  await refusal(put("x", { Key: "ü".repeat(513) }), {
    code: "KeyTooLongError",
    details: { Size: "1026", MaxSizeAllowed: "1024" },
  });
  for (const WebsiteRedirectLocation of ["example.com", "/a\r\nforged: yes"])
    await refusal(put("x", { WebsiteRedirectLocation }), { code: "InvalidRedirectLocation", status: 400 });
  for (const WebsiteRedirectLocation of ["/a", "http://a/", "https://a/"]) await put("x", { WebsiteRedirectLocation });
});

test("PutObject: keeps the storage class and refuses those that are not for it", async () => {
  const { put, head, get } = await opened();
  await put("x", { StorageClass: "STANDARD_IA" });
  assert.equal((await head()).output.StorageClass, "STANDARD_IA");
  await put("x", { StorageClass: "STANDARD" });
  assert.equal((await head()).output.StorageClass, undefined);
  await refusal(put("x", { StorageClass: "OUTPOSTS" }), {
    code: "InvalidStorageClass",
    status: 400,
    details: { StorageClassRequested: "OUTPOSTS" },
  });
  await put("x", { StorageClass: "DEEP_ARCHIVE" });
  assert.equal((await head()).output.StorageClass, "DEEP_ARCHIVE");
  await refusal(get(), { code: "InvalidObjectState", status: 403, details: { StorageClass: "DEEP_ARCHIVE" } });
});

const REFUSED_MEMBERS = [
  [{ SSEKMSKeyId: "k" }, "InvalidArgument", undefined],
  [{ ServerSideEncryption: "AES256", BucketKeyEnabled: true }, "InvalidArgument", undefined],
  [{ WriteOffsetBytes: 0 }, "NotImplemented", "x-amz-write-offset-bytes"],
  [{ ObjectLockMode: "GOVERNANCE", ObjectLockRetainUntilDate: new Date(NOW_MS + 1000) }, "InvalidRequest", undefined],
  [{ ObjectLockLegalHoldStatus: "ON" }, "InvalidRequest", undefined],
  [{ ACL: "public-read" }, "AccessControlListNotSupported", undefined],
  [{ GrantRead: "id=x" }, "AccessControlListNotSupported", undefined],
  [{ IfNoneMatch: '"etag"' }, "NotImplemented", "If-None-Match"],
] as const;

for (const [input, code, header] of REFUSED_MEMBERS) {
  test(`PutObject: refuses ${Object.keys(input)[0]} instead of ignoring it`, async () => {
    const { put, get } = await opened();
    const error = await refusal(put("x", input, { secure: true }), { code });
    if (header !== undefined) assert.deepEqual(error.details[0], ["Header", header]);
    await refusal(get(), { code: "NoSuchKey" });
  });
}

test("PutObject: accepts headers that say what holds anyway", async () => {
  const { put } = await opened();
  await put("x", { ACL: "private", Tagging: "", BucketKeyEnabled: false, RequestPayer: "requester" });
  await put("x", { ACL: "bucket-owner-full-control" });
});

test("PutObject: If-None-Match: * refuses to overwrite, before the body is read", async () => {
  const { put, get } = await opened();
  await put("first", { IfNoneMatch: "*" });
  let read = false;
  const payload = payloadOf("second", { before: async () => void (read = true) });
  await refusal(put("", { IfNoneMatch: "*" }, { payload }), {
    code: "PreconditionFailed",
    status: 412,
    message: "At least one of the pre-conditions you specified did not hold",
    details: { Condition: "If-None-Match" },
  });
  assert.equal(read, false);
  assert.equal((await bytesOf((await get()).output.Body)).toString(), "first");
});

test("PutObject: If-Match replaces exactly the object it names", async () => {
  const { put } = await opened();
  await refusal(put("x", { IfMatch: '"abc"' }), { code: "NoSuchKey", status: 404, details: { Key: "key" } });
  const { output } = await put("first");
  await refusal(put("x", { IfMatch: '"abc"' }), { code: "PreconditionFailed", details: { Condition: "If-Match" } });
  await put("second", { IfMatch: output.ETag });
  await refusal(put("third", { IfMatch: output.ETag }), { code: "PreconditionFailed" });
});

test("PutObject: an object deleted while its replacement arrives is a conflict", async () => {
  const { put, store, bucket } = await opened();
  const { output } = await put("first");
  const before = async () => {
    await DeleteObject.handle({ Bucket: "bucket", Key: "key" }, contextFor({ store, bucket }));
  };
  await refusal(put("", { IfMatch: output.ETag }, { payload: payloadOf("second", { before }) }), {
    code: "ConditionalRequestConflict",
    status: 409,
    details: { Condition: "If-Match", Key: "key" },
  });
});

test("PutObject: of 50 racing If-None-Match: * exactly one wins, and its bytes stay", async () => {
  const { put, get, store } = await opened();
  const bodies = Array.from({ length: 50 }, (_, index) => Buffer.alloc(index % 2 === 0 ? 100 : 70_000, `${index};`));
  const outcomes = await Promise.allSettled(bodies.map((body) => put(body, { IfNoneMatch: "*" })));
  const winners = [...outcomes.keys()].filter((index) => outcomes[index]!.status === "fulfilled");
  assert.equal(winners.length, 1);
  for (const outcome of outcomes) {
    if (outcome.status === "rejected") assert.equal((outcome.reason as S3Error).code, "PreconditionFailed");
  }
  const winner = bodies[winners[0]!]!;
  assert.deepEqual(await bytesOf((await get()).output.Body), winner);
  assert.equal((await store.blobs.statistics()).blobs, winner.length > 64 * 1024 ? 1 : 0, "losers leave nothing behind");
});

test("PutObject: of racing If-Match on one ETag exactly one wins", async () => {
  const { put } = await opened();
  const { output } = await put("first");
  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, (_, n) => put(`next ${n}`, { IfMatch: output.ETag })));
  assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 1);
});

test("PutObject: a write and a DeleteBucket cannot both succeed", async () => {
  for (let round = 0; round < 20; round++) {
    const { put, store, bucket } = await opened();
    const work = [() => put("x"), () => DeleteBucket.handle({ Bucket: "bucket" }, contextFor({ store, bucket }))];
    if (round % 2 === 1) work.reverse();
    const outcomes = await Promise.allSettled(work.map((start) => start()));
    assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 1);
    const kept = (await findBucket(store, "bucket")) !== undefined;
    assert.equal((await findObject(store, bucket, "key")) !== undefined, kept);
  }
});

test("PutObject: fails with NoSuchBucket when the bucket went while the body came, even if another took its name", async () => {
  const { put, store, bucket } = await opened();
  const before = async () => {
    await DeleteBucket.handle({ Bucket: "bucket" }, contextFor({ store, bucket }));
    await bucketIn(store);
  };
  const payload = payloadOf(Buffer.alloc(100_000), { before });
  await refusal(put("", {}, { payload }), { code: "NoSuchBucket", status: 404, details: { BucketName: "bucket" } });
  assert.equal((await store.blobs.statistics()).blobs, 0);
});
