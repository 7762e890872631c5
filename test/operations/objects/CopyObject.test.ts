import assert from "node:assert/strict";
import { test } from "node:test";
import { CopyObject } from "../../../src/operations/objects/CopyObject.ts";
import { DeleteBucket } from "../../../src/operations/buckets/DeleteBucket.ts";
import { DeleteObject } from "../../../src/operations/objects/DeleteObject.ts";
import { GetObject } from "../../../src/operations/objects/GetObject.ts";
import { HeadObject } from "../../../src/operations/objects/HeadObject.ts";
import { PutObject } from "../../../src/operations/objects/PutObject.ts";
import { findObject } from "../../../src/store/objects/objects.ts";
import { accountIdOf } from "../../../src/store/accounts/accountIds.ts";
import { contentRow } from "../../../src/store/records/ContentRecord.ts";
import { objectRow } from "../../../src/store/records/ObjectRecord.ts";
import { put as putRow } from "../../../src/store/records/Row.ts";
import { readRow } from "../../../src/store/transact.ts";
import type { ObjectRecord } from "../../../src/store/records/ObjectRecord.ts";
import type { ContextOptions } from "../contextFor.ts";
import {
  bucketIn,
  bytesOf,
  contextFor,
  CUSTOMER_KEY,
  digestOf,
  memoryStore,
  NOW_MS,
  OWNER,
  payloadOf,
  refusal,
  STRANGER,
} from "../contextFor.ts";

const LATER_MS = NOW_MS + 60_000;

async function opened(content: string | Buffer = "text", input: object = {}) {
  const store = memoryStore();
  const bucket = await bucketIn(store);
  const put = (Key: string, body: string | Buffer, more: object = {}) =>
    PutObject.handle({ Bucket: "bucket", Key, ...more }, contextFor({ store, bucket, payload: payloadOf(body) }));
  const { output } = await put("from", content, input);
  const copy = async (more: object = {}, options: ContextOptions = {}) => {
    const request = { Bucket: "bucket", Key: "to", CopySource: "bucket/from", ...more };
    return (await CopyObject.handle(request, contextFor({ store, bucket, nowMs: LATER_MS, ...options }))).output;
  };
  const head = async (Key = "to") =>
    (await HeadObject.handle({ Bucket: "bucket", Key, ChecksumMode: "ENABLED" }, contextFor({ store, bucket }))).output;
  const read = async (Key = "to") =>
    bytesOf((await GetObject.handle({ Bucket: "bucket", Key }, contextFor({ store, bucket }))).output.Body);
  /** Makes "from" look as a completed multipart upload would. */
  const asMultipart = async (changes: Partial<ObjectRecord>) => {
    const object = { ...(await findObject(store, bucket, "from"))!, etag: "abc-2", partsCount: 2, ...changes };
    const change = putRow(objectRow(bucket.id, "from"), object);
    await store.metadata.transact({ keys: [] }, () => ({ changes: [change], result: undefined }));
  };
  return { store, bucket, put, copy, head, read, asMultipart, etag: output.ETag! };
}

for (const sizeBytes of [0, 10, 200_000]) {
  test(`CopyObject: the copy has the bytes and outlives its source, ${sizeBytes} bytes`, async () => {
    const bytes = Buffer.alloc(sizeBytes, "abc");
    const { copy, read, etag, store, bucket } = await opened(bytes);
    const { CopyObjectResult } = await copy();
    assert.deepEqual(CopyObjectResult, {
      ETag: etag,
      LastModified: new Date(LATER_MS),
      ChecksumCRC64NVME: digestOf("CRC64NVME", bytes).toString("base64"),
      ChecksumType: "FULL_OBJECT",
    });
    await DeleteObject.handle({ Bucket: "bucket", Key: "from" }, contextFor({ store, bucket }));
    assert.deepEqual(await read(), bytes);
  });
}

test("CopyObject: moves no bytes of a large object, however often it is copied", async () => {
  const { copy, store, bucket } = await opened(Buffer.alloc(200_000));
  for (const Key of ["one", "two", "three"]) await copy({ Key });
  assert.equal((await store.blobs.statistics()).blobs, 1);
  const { content } = (await findObject(store, bucket, "from"))!;
  assert.ok(content.kind === "content");
  assert.equal((await readRow(store, contentRow(content.id)))?.references, 4);
});

const METADATA = { ContentType: "text/plain", CacheControl: "private", Metadata: { a: "1" }, WebsiteRedirectLocation: "/old" };

test("CopyObject: keeps metadata unless told to replace it; a redirect is never kept", async () => {
  const { copy, head } = await opened("text", METADATA);
  await copy({ ContentType: "ignored", Metadata: { ignored: "x" } });
  const kept = await head();
  assert.equal(kept.ContentType, "text/plain");
  assert.equal(kept.CacheControl, "private");
  assert.deepEqual(kept.Metadata, { a: "1" });
  assert.equal(kept.WebsiteRedirectLocation, undefined);
  await copy({ MetadataDirective: "REPLACE", Metadata: { b: "2" }, WebsiteRedirectLocation: "/new" });
  const replaced = await head();
  assert.equal(replaced.ContentType, "binary/octet-stream");
  assert.equal(replaced.CacheControl, undefined);
  assert.deepEqual(replaced.Metadata, { b: "2" });
  assert.equal(replaced.WebsiteRedirectLocation, "/new");
});

test("CopyObject: the storage class is the one asked for, not the source's", async () => {
  const { copy, head } = await opened("text", { StorageClass: "STANDARD_IA" });
  await copy();
  assert.equal((await head()).StorageClass, undefined);
  await copy({ StorageClass: "ONEZONE_IA" });
  assert.equal((await head()).StorageClass, "ONEZONE_IA");
});

test("CopyObject: onto itself only with a change", async () => {
  for (const content of ["text", Buffer.alloc(100_000, "x")]) {
    const { copy, head, read, etag } = await opened(content, METADATA);
    await refusal(copy({ Key: "from" }), {
      code: "InvalidRequest",
      status: 400,
      message:
        "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, " +
        "storage class, website redirect location or encryption attributes.",
    });
    await copy({ Key: "from", MetadataDirective: "REPLACE", ContentType: "text/new" });
    assert.equal((await head("from")).ContentType, "text/new");
    await copy({ Key: "from", StorageClass: "STANDARD" });
    assert.equal((await head("from")).ETag, etag);
    assert.deepEqual(await read("from"), Buffer.from(content));
  }
});

const AWKWARD = "a b/+ü%?\u{1f600}//é";

test("CopyObject: reads every spelling of a source", async () => {
  const { put, copy, read } = await opened();
  await put(AWKWARD, "awkward");
  const encoded = encodeURIComponent(AWKWARD);
  for (const CopySource of [
    `bucket/${encoded}`,
    `/bucket/${encoded}`,
    `/bucket/${encodeURI(AWKWARD).replace("+", "%2B").replace("?", "%3F")}`,
    encodeURIComponent(`bucket/${AWKWARD}`),
    `bucket/${encoded.replaceAll("%20", "+")}`,
    `bucket/${encoded}?versionId=null`,
  ]) {
    await copy({ CopySource });
    assert.equal((await read()).toString(), "awkward", CopySource);
  }
});

test("CopyObject: refuses sources that are none", async () => {
  const { copy } = await opened();
  const invalid = (CopySource: string, message: string) =>
    refusal(copy({ CopySource }), {
      code: "InvalidArgument",
      message,
      details: { ArgumentName: "x-amz-copy-source", ArgumentValue: CopySource },
    });
  await invalid("bucket", "Invalid copy source object key");
  await invalid("/bucket/", "Invalid copy source object key");
  await invalid("//key", "Invalid copy source bucket name");
  await invalid("b/key", "Invalid copy source bucket name");
  await invalid("http:///key", "Invalid copy source object key");
  await invalid("bucket/%zz", "Invalid copy source encoding");
  await invalid("bucket/%ff", "Invalid copy source encoding");
  await refusal(copy({ CopySource: "bucket/from?versionId=" }), {
    code: "InvalidArgument",
    message: "Version id cannot be the empty string",
  });
  await refusal(copy({ CopySource: "arn:aws:s3:us-east-1:1:accesspoint/a/object/k" }), { code: "NotImplemented" });
  await refusal(copy({ CopySource: "nowhere/key" }), { code: "NoSuchBucket", details: { BucketName: "nowhere" } });
  await refusal(copy({ CopySource: "bucket/none" }), { code: "NoSuchKey", details: { Key: "none" } });
  await refusal(copy({ CopySource: `bucket/from?versionId=${"v".repeat(32)}` }), { code: "NoSuchVersion" });
  await refusal(copy({ CopySource: "bucket/from?versionId=v1" }), {
    code: "InvalidArgument",
    message: "Invalid version id specified",
    details: { ArgumentName: "versionId", ArgumentValue: "v1" },
  });
  for (const versionId of ["v".repeat(32), "v1"]) {
    await refusal(copy({ CopySource: `nowhere/from?versionId=${versionId}` }), { code: "NoSuchBucket" });
  }
});

test("CopyObject: reads only what the caller may read", async () => {
  const { copy, store } = await opened();
  const strangers = { ...(await bucketIn(store, "strangers")), ownerId: STRANGER.canonicalId };
  await refusal(copy({ Bucket: "strangers" }, { bucket: strangers, caller: STRANGER }), { code: "AccessDenied", status: 403 });
  await refusal(copy({ CopySource: "bucket/none" }, { may: ({ action }) => action === "s3:GetObject" }), {
    code: "AccessDenied",
  });
});

test("CopyObject: source conditions fail in S3's spelling", async () => {
  const { copy, etag } = await opened();
  const second = Math.floor(NOW_MS / 1000) * 1000;
  const failed = (Condition: string) => ({ code: "PreconditionFailed", status: 412, details: { Condition } }) as const;
  await refusal(copy({ CopySourceIfMatch: '"other"' }), failed("x-amz-copy-source-If-Match"));
  await refusal(copy({ CopySourceIfNoneMatch: etag }), failed("x-amz-copy-source-If-None-Match"));
  await refusal(copy({ CopySourceIfModifiedSince: new Date(second) }), failed("x-amz-copy-source-If-Modified-Since"));
  await refusal(copy({ CopySourceIfUnmodifiedSince: new Date(second - 1000) }), failed("x-amz-copy-source-If-Unmodified-Since"));
  await copy({ CopySourceIfMatch: etag, CopySourceIfUnmodifiedSince: new Date(second - 1000) });
});

test("CopyObject: a source modified since a time to come is not asked for", async () => {
  const { copy } = await opened();
  await refusal(copy({ CopySourceIfModifiedSince: new Date(LATER_MS) }), { code: "PreconditionFailed" });
  await copy({ CopySourceIfModifiedSince: new Date(LATER_MS + 1000) });
});

test("CopyObject: the source may be a whole address", async () => {
  const { copy, etag } = await opened();
  for (const CopySource of ["http://127.0.0.1:9000/bucket/from", "https://s3.amazonaws.com/bucket/from?versionId=null"]) {
    assert.equal((await copy({ CopySource })).CopyObjectResult?.ETag, etag);
  }
  assert.equal((await copy({ CopySource: "http%3A//127.0.0.1%3A9000/bucket/from" })).CopyObjectResult?.ETag, etag);
});

test("CopyObject: conditions on the destination", async () => {
  const { copy, etag } = await opened();
  await copy({ IfNoneMatch: "*" });
  await refusal(copy({ IfNoneMatch: "*" }), { code: "PreconditionFailed", details: { Condition: "If-None-Match" } });
  await copy({ IfMatch: etag });
  await refusal(copy({ Key: "none", IfMatch: etag }), { code: "NoSuchKey", details: { Key: "none" } });
  await refusal(copy({ IfMatch: "*" }), {
    code: "NotImplemented",
    details: {
      Header: "If-Match",
      additionalMessage: "We don't accept the provided value of If-Match header for this API",
    },
  });
});

test("CopyObject: of 20 racing copies with If-None-Match: * exactly one wins", async () => {
  const { copy } = await opened(Buffer.alloc(100_000));
  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => copy({ IfNoneMatch: "*" })));
  assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 1);
});

for (const content of [Buffer.from("small"), Buffer.alloc(150_000, "large")]) {
  test(`CopyObject: a multipart source of ${content.length} bytes becomes one piece with the MD5 of the whole`, async () => {
    const { copy, head, asMultipart } = await opened(content);
    await asMultipart({ checksum: { algorithm: "SHA256", type: "COMPOSITE", value: "x-2" } });
    await copy();
    const { ETag, ChecksumSHA256, ChecksumType } = await head();
    assert.equal(ETag, `"${digestOf("MD5", content).toString("hex")}"`);
    assert.equal(ChecksumSHA256, digestOf("SHA256", content).toString("base64"));
    assert.equal(ChecksumType, "FULL_OBJECT");
  });
}

test("CopyObject: computes another checksum when asked, and the default where there was none", async () => {
  const { copy, head, asMultipart, etag } = await opened("text");
  await copy({ ChecksumAlgorithm: "SHA1" });
  const asked = await head();
  assert.equal(asked.ChecksumSHA1, digestOf("SHA1", Buffer.from("text")).toString("base64"));
  assert.equal(asked.ChecksumCRC64NVME, undefined);
  assert.equal(asked.ETag, etag);
  await asMultipart({ checksum: undefined, partsCount: 0, etag: etag.slice(1, -1) });
  await copy();
  assert.equal((await head()).ChecksumCRC64NVME, digestOf("CRC64NVME", Buffer.from("text")).toString("base64"));
});

test("CopyObject: refuses sources over 5 GiB and archived ones", async () => {
  const { copy, asMultipart, put } = await opened();
  await asMultipart({ sizeBytes: 5 * 1024 ** 3 + 1 });
  await refusal(copy(), {
    code: "InvalidRequest",
    message: "The specified copy source is larger than the maximum allowable size for a copy source: 5368709120",
  });
  await put("from", "cold", { StorageClass: "GLACIER" });
  await refusal(copy(), {
    code: "InvalidObjectState",
    status: 403,
    message: "Operation is not valid for the source object's storage class",
  });
});

test("CopyObject: refuses a Range header, customer keys and what is not built", async () => {
  const { copy } = await opened();
  await refusal(copy({ Range: "bytes=0-1" }), {
    code: "InvalidArgument",
    message: "RANGE is not supported in Copy!",
    details: { ArgumentName: "Range", ArgumentValue: "bytes=0-1" },
  });
  const ofSource = Object.fromEntries(Object.entries(CUSTOMER_KEY).map(([name, value]) => [`CopySource${name}`, value]));
  await refusal(copy(ofSource, { secure: true }), { code: "InvalidRequest" });
  await refusal(copy({ ExpectedSourceBucketOwner: "000000000000" }), { code: "AccessDenied", status: 403 });
  await copy({ ExpectedSourceBucketOwner: accountIdOf(OWNER.canonicalId) });
  await refusal(copy({ ExpectedSourceBucketOwner: "me" }), {
    code: "InvalidBucketOwnerAWSAccountID",
    message: "The value of the expected bucket owner parameter must be an AWS Account ID... [me]",
  });
  await copy({ TaggingDirective: "COPY", AnnotationDirective: "COPY" });
});

test("CopyObject: fails with NoSuchBucket when the destination's bucket went", async () => {
  const { copy, store } = await opened();
  const other = await bucketIn(store, "other");
  await DeleteBucket.handle({ Bucket: "other" }, contextFor({ store, bucket: other }));
  await refusal(copy({ Bucket: "other" }, { bucket: other }), { code: "NoSuchBucket", details: { BucketName: "other" } });
});

test("CopyObject: a source overwritten all the while is copied whole, old or new", async () => {
  const { put, copy, read } = await opened(Buffer.alloc(1000, "0"));
  const writes = Array.from({ length: 30 }, (_, n) => put("from", Buffer.alloc(1000, String.fromCharCode(65 + n))));
  await Promise.all([copy(), ...writes, copy({ Key: "second" })]);
  for (const key of ["to", "second"]) {
    const bytes = await read(key);
    assert.ok(bytes.length === 1000 && bytes.every((byte) => byte === bytes[0]));
  }
});
