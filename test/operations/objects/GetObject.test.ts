import assert from "node:assert/strict";
import { test } from "node:test";
import { GetObject } from "../../../src/operations/objects/GetObject.ts";
import { HeadObject } from "../../../src/operations/objects/HeadObject.ts";
import { PutObject } from "../../../src/operations/objects/PutObject.ts";
import type { ObjectChecksum } from "../../../src/protocol/Payload.ts";
import { namedBlobRow } from "../../../src/store/records/blobRows.ts";
import { contentRow } from "../../../src/store/records/ContentRecord.ts";
import { objectRow } from "../../../src/store/records/ObjectRecord.ts";
import { mark, put } from "../../../src/store/records/Row.ts";
import type { ContextOptions } from "../contextFor.ts";
import {
  ANONYMOUS,
  bucketIn,
  bytesOf,
  contextFor,
  CUSTOMER_KEY,
  digestOf,
  memoryStore,
  NOW_MS,
  payloadOf,
  refusal,
} from "../contextFor.ts";
import { PLAIN_OBJECT, UNVERSIONED } from "../../../src/store/records/ObjectRecord.ts";

const TEXT = "0123456789";
const ETAG = '"781e5e245d69b566979b86e28d23f2c7"';
const SECOND = new Date(Math.floor(NOW_MS / 1000) * 1000);
const later = (seconds: number) => new Date(SECOND.getTime() + seconds * 1000);

async function opened(content: string | Buffer = TEXT, input: object = {}) {
  const store = memoryStore();
  const bucket = await bucketIn(store);
  await PutObject.handle({ Bucket: "bucket", Key: "key", ...input }, contextFor({ store, bucket, payload: payloadOf(content) }));
  const get = (more: object = {}, options: ContextOptions = {}) =>
    GetObject.handle({ Bucket: "bucket", Key: "key", ...more }, contextFor({ store, bucket, ...options }));
  const head = (more: object = {}, options: ContextOptions = {}) =>
    HeadObject.handle({ Bucket: "bucket", Key: "key", ...more }, contextFor({ store, bucket, ...options }));
  return { store, bucket, get, head };
}

test("GetObject: answers with everything S3 says of an object, and nothing more", async () => {
  const { get } = await opened();
  const { output, status } = await get();
  const { Body, ...headers } = output;
  assert.equal((await bytesOf(Body)).toString(), TEXT);
  assert.equal(status, undefined);
  assert.deepEqual(Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined)), {
    AcceptRanges: "bytes",
    LastModified: new Date(NOW_MS),
    ContentLength: 10,
    ETag: ETAG,
    ContentType: "binary/octet-stream",
    Metadata: {},
    ServerSideEncryption: "AES256",
  });
});

test("GetObject: metadata that no header can carry is counted in its place", async () => {
  const { get, head } = await opened(TEXT, { Metadata: { good: "é\n", "no token": "x", control: "a\r\nforged: yes", "": "x" } });
  for (const { output } of [await get(), await head()]) {
    assert.deepEqual(output.Metadata, { good: "=?UTF-8?B?w6kK?=", "": "x" });
    assert.equal(output.MissingMeta, 2);
  }
});

test("GetObject: a missing key is NoSuchKey only for those who may list the bucket", async () => {
  const { get, head } = await opened();
  await refusal(get({ Key: "none" }), {
    code: "NoSuchKey",
    status: 404,
    message: "The specified key does not exist.",
    details: { Key: "none" },
  });
  const may = () => false;
  await refusal(get({ Key: "none" }, { may }), { code: "AccessDenied", status: 403 });
  await refusal(head({ Key: "none" }, { may }), { code: "AccessDenied", status: 403 });
});

test("GetObject: the only version of an unversioned object is null", async () => {
  const { get } = await opened();
  await get({ VersionId: "null" });
  const VersionId = "x".repeat(32);
  await refusal(get({ VersionId }), { code: "NoSuchVersion", status: 404, details: { Key: "key", VersionId } });
  await refusal(get({ VersionId: "!" }), {
    code: "InvalidArgument",
    message: "Invalid version id specified",
    details: { ArgumentName: "versionId", ArgumentValue: "!" },
  });
});

const RANGES = [
  ["bytes=0-0", "0", "bytes 0-0/10"],
  ["bytes=2-4", "234", "bytes 2-4/10"],
  ["bytes=7-", "789", "bytes 7-9/10"],
  ["bytes=7-99999999999999999999", "789", "bytes 7-9/10"],
  ["bytes=-3", "789", "bytes 7-9/10"],
  ["bytes=-100", TEXT, "bytes 0-9/10"],
  ["bytes=0-9", TEXT, "bytes 0-9/10"],
] as const;

for (const [Range, text, contentRange] of RANGES) {
  test(`GetObject: ${Range} is ${contentRange}`, async () => {
    const { get, head } = await opened();
    const { output, status } = await get({ Range, ChecksumMode: "ENABLED" });
    assert.equal(status, 206);
    assert.equal((await bytesOf(output.Body)).toString(), text);
    assert.equal(output.ContentRange, contentRange);
    assert.equal(output.ContentLength, text.length);
    // The checksum is of the whole object, and so shown where the range is all of it.
    const whole = digestOf("CRC64NVME", Buffer.from(TEXT)).toString("base64");
    const shown = text === TEXT ? [whole, "FULL_OBJECT"] : [undefined, undefined];
    assert.deepEqual([output.ChecksumCRC64NVME, output.ChecksumType], shown);
    const { output: headers, status: headStatus } = await head({ Range });
    assert.equal(headStatus, 206);
    assert.equal(headers.ContentRange, contentRange);
  });
}

for (const Range of ["bytes=0-1,3-4", "bytes=5-2", "bytes=", "bytes=-", "bytes=a-b", "items=0-1", "0-1", ""]) {
  test(`GetObject: Range "${Range}" is ignored`, async () => {
    const { get } = await opened();
    const { output, status } = await get({ Range });
    assert.equal(status, undefined);
    assert.equal(output.ContentRange, undefined);
    assert.equal((await bytesOf(output.Body)).toString(), TEXT);
  });
}

for (const [content, Range] of [
  [TEXT, "bytes=10-"],
  [TEXT, "bytes=10-20"],
  [TEXT, "bytes=-0"],
  ["", "bytes=0-"],
  ["", "bytes=0-0"],
  ["", "bytes=-0"],
] as const) {
  test(`GetObject: ${Range} of ${content.length} bytes cannot be satisfied`, async () => {
    const { get, head } = await opened(content);
    for (const work of [get({ Range }), head({ Range })]) {
      await refusal(work, {
        code: "InvalidRange",
        status: 416,
        details: { RangeRequested: Range, ActualObjectSize: String(content.length) },
      });
    }
  });
}

test("GetObject: the last bytes of an empty object are all of it, and no range", async () => {
  const { get, head } = await opened("");
  for (const { output, status } of [await get({ Range: "bytes=-5" }), await head({ Range: "bytes=-5" })]) {
    assert.equal(status, undefined);
    assert.deepEqual([output.ContentLength, output.ContentRange], [0, undefined]);
  }
});

test("GetObject: a range of a large object crosses its chunks", async () => {
  const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));
  const { get } = await opened(bytes);
  const { output } = await get({ Range: "bytes=65000-200000" });
  assert.deepEqual(await bytesOf(output.Body), bytes.subarray(65_000, 200_001));
});

test("GetObject: If-Range serves the range only of the object it names", async () => {
  const { get } = await opened();
  const status = async (ifRange: string) => (await get({ Range: "bytes=0-1", IfRange: ifRange })).status;
  assert.equal(await status(ETAG), 206);
  assert.equal(await status(SECOND.toUTCString()), 206);
  assert.equal(await status('"other"'), undefined);
  assert.equal(await status(later(-1).toUTCString()), undefined);
});

test("GetObject: Range and partNumber exclude each other, and part numbers have bounds", async () => {
  const { get } = await opened();
  await refusal(get({ Range: "bytes=0-1", PartNumber: 1 }), {
    code: "InvalidRequest",
    message: "Cannot specify both Range header and partNumber query parameter",
  });
  for (const PartNumber of [0, -1, 10_001]) {
    await refusal(get({ PartNumber }), {
      code: "InvalidArgument",
      message: "Part number must be an integer between 1 and 10000, inclusive",
      details: { ArgumentName: "partNumber", ArgumentValue: String(PartNumber) },
    });
  }
});

test("GetObject: an object put as one is its own part 1", async () => {
  const { get } = await opened();
  const { output, status } = await get({ PartNumber: 1 });
  assert.equal(status, 206);
  assert.equal(output.ContentRange, "bytes 0-9/10");
  assert.equal(output.PartsCount, undefined);
  await refusal(get({ PartNumber: 2 }), {
    code: "InvalidPartNumber",
    status: 416,
    details: { PartNumberRequested: "2", ActualPartCount: "1" },
  });
  const empty = await opened("");
  assert.equal((await empty.get({ PartNumber: 1 })).status, undefined);
});

test("GetObject: parts of a multipart object, with their own checksums", async () => {
  const { store, bucket, get } = await opened();
  const blobs = [];
  for (const text of ["first,", "second,", "third"]) {
    const writer = await store.blobs.create(text.length);
    await writer.write(Buffer.from(text));
    const { id, sizeBytes } = await writer.finish();
    blobs.push({ blob: id, sizeBytes, salt: undefined });
  }
  const checksum: ObjectChecksum = { algorithm: "SHA256", type: "COMPOSITE", value: "whole-3" };
  const parts = blobs.map(({ sizeBytes }, index) => ({ partNumber: 2 * index + 1, sizeBytes, checksum: `part${index + 1}` }));
  const object = {
    lastModifiedMs: NOW_MS,
    sizeBytes: 18,
    etag: "abc-3",
    storageClass: "STANDARD",
    ownerId: "",
    ownerName: "",
    ...UNVERSIONED,
    ...PLAIN_OBJECT,
    content: { kind: "content", id: "0102" } as const,
    checksum,
    system: {},
    user: [],
    partsCount: 3,
  };
  const changes = [
    ...blobs.map(({ blob }) => mark(namedBlobRow(blob))),
    put(contentRow("0102"), { references: 1, segments: blobs, parts, cipher: undefined }),
    put(objectRow(bucket.id, "parts"), object),
  ];
  await store.metadata.transact({ keys: [] }, () => ({ changes, result: undefined }));
  const { output, status } = await get({ Key: "parts", PartNumber: 2, ChecksumMode: "ENABLED" });
  assert.equal(status, 206);
  assert.equal((await bytesOf(output.Body)).toString(), "second,");
  assert.equal(output.ContentRange, "bytes 6-12/18");
  assert.equal(output.PartsCount, 3);
  assert.equal(output.ChecksumSHA256, "part2");
  const whole = (await get({ Key: "parts", ChecksumMode: "ENABLED" })).output;
  assert.equal((await bytesOf(whole.Body)).toString(), "first,second,third");
  assert.equal(whole.ChecksumSHA256, "whole-3");
  assert.equal(whole.PartsCount, undefined);
  await refusal(get({ Key: "parts", PartNumber: 4 }), {
    code: "InvalidPartNumber",
    details: { PartNumberRequested: "4", ActualPartCount: "3" },
  });
});

test("GetObject: shows checksums only when asked", async () => {
  const { head } = await opened();
  assert.equal((await head()).output.ChecksumCRC64NVME, undefined);
  const { output } = await head({ ChecksumMode: "ENABLED" });
  assert.ok(output.ChecksumCRC64NVME);
  assert.equal(output.ChecksumType, "FULL_OBJECT");
});

test("GetObject: conditions, each alone", async () => {
  const { get } = await opened();
  const condition = (Condition: string) => ({ code: "PreconditionFailed", status: 412, details: { Condition } }) as const;
  for (const IfMatch of [ETAG, ETAG.slice(1, -1), "*", `"other", ${ETAG}`]) await get({ IfMatch });
  await refusal(get({ IfMatch: '"other"' }), condition("If-Match"));
  await refusal(get({ IfMatch: `W/${ETAG}` }), condition("If-Match"));
  await get({ IfUnmodifiedSince: SECOND });
  await refusal(get({ IfUnmodifiedSince: later(-1) }), condition("If-Unmodified-Since"));
  await get({ IfNoneMatch: '"other"' });
  for (const IfNoneMatch of [ETAG, ETAG.slice(1, -1), "*", `"other",${ETAG}`, `W/${ETAG}`]) {
    await refusal(get({ IfNoneMatch }), { code: "NotModified", status: 304 });
  }
  await get({ IfModifiedSince: later(-1) });
  await refusal(get({ IfModifiedSince: SECOND }), { code: "NotModified" });
  await get({ IfModifiedSince: new Date(Number.NaN), IfUnmodifiedSince: new Date(Number.NaN) });
});

test("GetObject: an ETag outweighs a date", async () => {
  const { get } = await opened();
  await get({ IfMatch: ETAG, IfUnmodifiedSince: later(-1) });
  await get({ IfNoneMatch: '"other"', IfModifiedSince: later(1) });
  await refusal(get({ IfNoneMatch: ETAG, IfModifiedSince: later(-1) }), { code: "NotModified" });
  await refusal(get({ IfMatch: '"other"', IfNoneMatch: ETAG }), { code: "PreconditionFailed" });
});

test("GetObject: a 304 keeps the headers that caches refresh", async () => {
  const { get } = await opened(TEXT, { CacheControl: "max-age=60" });
  const error = await refusal(get({ IfNoneMatch: ETAG }), { code: "NotModified" });
  assert.deepEqual(error.headers, { ETag: ETAG, "Last-Modified": SECOND.toUTCString(), "Cache-Control": "max-age=60" });
});

const OVERRIDES = {
  ResponseContentType: "text/x-test",
  ResponseCacheControl: "no-store",
  ResponseContentDisposition: "attachment",
  ResponseContentEncoding: "br",
  ResponseContentLanguage: "fi",
  ResponseExpires: "never",
};

test("GetObject: response-* replaces what the object says", async () => {
  const { get, head } = await opened(TEXT, { ContentType: "text/plain", CacheControl: "private" });
  for (const { output } of [await get(OVERRIDES), await head(OVERRIDES)]) {
    assert.equal(output.ContentType, "text/x-test");
    assert.equal(output.CacheControl, "no-store");
    assert.equal(output.ContentDisposition, "attachment");
    assert.equal(output.ContentEncoding, "br");
    assert.equal(output.ContentLanguage, "fi");
    assert.equal(output.ExpiresString, "never");
  }
});

test("GetObject: response-* needs a signature, and values a header can hold", async () => {
  const { get } = await opened();
  await refusal(get(OVERRIDES, { caller: ANONYMOUS }), {
    code: "InvalidRequest",
    message: "Request specific response headers cannot be used for anonymous GET requests.",
  });
  for (const value of ["\u4f60", "a\r\nSet-Cookie: b", "\u007f"]) {
    await refusal(get({ ResponseContentType: value }), {
      code: "InvalidArgument",
      message: "Header value cannot be represented using ISO-8859-1.",
      details: { ArgumentName: "response-content-type", ArgumentValue: value },
    });
  }
  assert.equal((await get({ ResponseContentType: "caf\u00e9" })).output.ContentType, "caf\u00e9");
});

test("GetObject: a customer's key is of no use for an object that is not encrypted with one", async () => {
  const { get, head } = await opened();
  for (const work of [get(CUSTOMER_KEY, { secure: true }), head(CUSTOMER_KEY, { secure: true })]) {
    await refusal(work, { code: "InvalidRequest", message: "The encryption parameters are not applicable to this object." });
  }
});

test("GetObject: a reader of an object that is overwritten gets all of it", async () => {
  const first = Buffer.alloc(500_000, "first");
  const { store, bucket, get } = await opened(first);
  const { output } = await get();
  await PutObject.handle({ Bucket: "bucket", Key: "key" }, contextFor({ store, bucket, payload: payloadOf("second") }));
  assert.deepEqual(await bytesOf(output.Body), first);
});
