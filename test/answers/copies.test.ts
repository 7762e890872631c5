import assert from "node:assert/strict";
import { test } from "node:test";
import { findBucket } from "../../src/store/buckets/buckets.ts";
import { findObject } from "../../src/store/objects/objects.ts";
import { contentRow } from "../../src/store/records/ContentRecord.ts";
import { objectRow } from "../../src/store/records/ObjectRecord.ts";
import { put } from "../../src/store/records/Row.ts";
import { AnswerServer, NOW_MS } from "./AnswerServer.ts";
import type { Refusal, Row } from "./refusals.ts";
import { assertRefusal, invalidArgument, invalidRequest, refusals } from "./refusals.ts";
import { commit } from "../store/testStore.ts";

/** What goes wrong with copies, of objects and of parts: their source, its conditions and its range. None of these has an XML declaration. */

const ETAG = '"5eb63bbbe01eeed093cb22bb8f5acdc3"';
const EARLIER = new Date(NOW_MS - 60_000).toUTCString();
const MODIFIED = new Date(NOW_MS).toUTCString();

function copy(source: string, headers: Readonly<Record<string, string>> = {}): Row["asked"] {
  return { method: "PUT", path: "/bucket/copy", headers: { "x-amz-copy-source": source, ...headers } };
}

function copyPart(source: string, headers: Readonly<Record<string, string>> = {}): Row["asked"] {
  const query = { partNumber: "1", uploadId: "{uploadId}" };
  return { method: "PUT", path: "/bucket/upload", query, headers: { "x-amz-copy-source": source, ...headers } };
}

function failed(condition: string, says: string): Refusal {
  const message = "At least one of the pre-conditions you specified did not hold";
  return { status: 412, code: "PreconditionFailed", message, details: { Condition: condition }, says };
}

/** What a copy names as its source, and with what headers. */
interface CopiedFrom {
  readonly source: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What is wrong with a source, whatever is made of it. */
const SOURCES: readonly (Omit<Row, "asked"> & CopiedFrom)[] = [
  {
    cause: "a source without a key",
    source: "/bucket",
    answer: invalidArgument(
      "Invalid copy source object key",
      "x-amz-copy-source",
      "/bucket",
      'x-amz-copy-source is "/bucket", which names no key; it has the form bucket/key, percent-encoded, with ?versionId=… behind it if needed.',
    ),
  },
  {
    cause: "a source without a bucket",
    source: "//key",
    answer: invalidArgument(
      "Invalid copy source bucket name",
      "x-amz-copy-source",
      "//key",
      'x-amz-copy-source is "//key", which names no bucket; it has the form bucket/key, percent-encoded, with ?versionId=… behind it if needed.',
    ),
  },
  {
    cause: "a source that does not decode",
    source: "/bucket/%zz",
    answer: invalidArgument(
      "Invalid copy source encoding",
      "x-amz-copy-source",
      "/bucket/%zz",
      'x-amz-copy-source is "/bucket/%zz", which is not percent-encoded UTF-8; it has the form bucket/key, percent-encoded, with ?versionId=… behind it if needed.',
    ),
  },
  {
    cause: "a source's version that cannot be",
    source: "/bucket/key?versionId=v1",
    answer: invalidArgument(
      "Invalid version id specified",
      "versionId",
      "v1",
      'A version id has 32 letters, digits, dots, dashes and underscores, or is "null"; "v1" came.',
    ),
  },
  {
    cause: "a source in no bucket",
    source: "/nobucket/key",
    answer: {
      status: 404,
      code: "NoSuchBucket",
      message: "The specified bucket does not exist",
      details: { BucketName: "nobucket" },
      says: 'There is no bucket called "nobucket" here; create it, or check the name and the endpoint.',
    },
  },
  {
    cause: "a source that is not there",
    source: "/bucket/none",
    answer: {
      status: 404,
      code: "NoSuchKey",
      message: "The specified key does not exist.",
      details: { Key: "none" },
      says: 'The bucket "bucket" has no object under exactly this key; keys are case-sensitive.',
    },
  },
  {
    cause: "a source of somebody else",
    source: "/strangers/key",
    answer: {
      status: 403,
      code: "AccessDenied",
      message: "Access Denied",
      says: "A copy reads its source, and you may not read this one (s3:GetObject).",
    },
  },
  {
    cause: "a source behind an access point",
    source: "arn:aws:s3:us-east-1:111122223333:accesspoint/a/object/key",
    answer: {
      status: 501,
      code: "NotImplemented",
      message: "A header you provided implies functionality that is not implemented",
      details: { Header: "x-amz-copy-source" },
      says: "Copying through access points is not available in this store, and x-amz-copy-source asks for it. Nothing was done; leave it out.",
    },
  },
  {
    cause: "an archived source",
    source: "/bucket/archived",
    answer: {
      status: 403,
      code: "InvalidObjectState",
      message: "Operation is not valid for the source object's storage class",
      details: { StorageClass: "GLACIER" },
      says: "The object was stored as GLACIER, an archive: S3 reads such objects only after a restore.",
    },
  },
  {
    cause: "another source than If-Match names",
    source: "/bucket/key",
    headers: { "x-amz-copy-source-if-match": '"other"' },
    answer: failed(
      "x-amz-copy-source-If-Match",
      `x-amz-copy-source-If-Match is "other", and the object's ETag is "5eb63bbbe01eeed093cb22bb8f5acdc3": it is another object, or was replaced.`,
    ),
  },
  {
    cause: "the source that If-None-Match names",
    source: "/bucket/key",
    headers: { "x-amz-copy-source-if-none-match": ETAG },
    answer: failed(
      "x-amz-copy-source-If-None-Match",
      `x-amz-copy-source-If-None-Match is "5eb63bbbe01eeed093cb22bb8f5acdc3", which is the object's ETag: it is unchanged.`,
    ),
  },
  {
    cause: "a source unchanged since If-Modified-Since",
    source: "/bucket/key",
    headers: { "x-amz-copy-source-if-modified-since": MODIFIED },
    answer: failed(
      "x-amz-copy-source-If-Modified-Since",
      "x-amz-copy-source-If-Modified-Since is Sun, 01 Mar 2026 12:00:00 GMT, and the object was last modified at Sun, 01 Mar 2026 12:00:00 GMT, not after it.",
    ),
  },
  {
    cause: "a source changed after If-Unmodified-Since",
    source: "/bucket/key",
    headers: { "x-amz-copy-source-if-unmodified-since": EARLIER },
    answer: failed(
      "x-amz-copy-source-If-Unmodified-Since",
      "x-amz-copy-source-If-Unmodified-Since is Sun, 01 Mar 2026 11:59:00 GMT, and the object was last modified at Sun, 01 Mar 2026 12:00:00 GMT, after it.",
    ),
  },
  {
    cause: "a source whose bucket no bucket can be",
    source: "/Bu/key",
    answer: invalidArgument(
      "Invalid copy source bucket name",
      "x-amz-copy-source",
      "/Bu/key",
      'x-amz-copy-source is "/Bu/key", which names no bucket; it has the form bucket/key, percent-encoded, with ?versionId=… behind it if needed.',
    ),
  },
  {
    cause: "a source in another account's bucket than expected",
    source: "/bucket/key",
    headers: { "x-amz-source-expected-bucket-owner": "000000000000" },
    answer: {
      status: 403,
      code: "AccessDenied",
      message: "Access Denied",
      says: 'x-amz-source-expected-bucket-owner is 000000000000, and the bucket "bucket" belongs to another account.',
    },
  },
  {
    cause: "a source's owner that is no account",
    source: "/bucket/key",
    headers: { "x-amz-source-expected-bucket-owner": "me" },
    answer: {
      status: 400,
      code: "InvalidBucketOwnerAWSAccountID",
      message: "The value of the expected bucket owner parameter must be an AWS Account ID... [me]",
      says: 'x-amz-source-expected-bucket-owner takes the twelve digits of an AWS account; "me" came.',
    },
  },
  {
    cause: "a source's customer key over plain HTTP",
    source: "/bucket/key",
    headers: { "x-amz-copy-source-server-side-encryption-customer-algorithm": "AES256" },
    answer: invalidArgument(
      "Requests specifying Server Side Encryption with Customer provided keys must be made over a secure connection.",
      "x-amz-server-side-encryption",
      undefined,
      "The request came over plain HTTP, which shows the key to everybody on the way; use https, or have the operator allow it with --sse-c-over-http.",
    ),
  },
];

function sources(make: typeof copy): Row[] {
  return SOURCES.map(({ source, headers, ...row }) => ({ ...row, asked: make(source, headers) }));
}

refusals(
  "CopyObject",
  [
    ...sources(copy),
    {
      cause: "a range",
      asked: copy("/bucket/key", { Range: "bytes=0-1" }),
      answer: invalidArgument(
        "RANGE is not supported in Copy!",
        "Range",
        "bytes=0-1",
        'Range is "bytes=0-1"; CopyObject copies whole objects, and UploadPartCopy a range by x-amz-copy-source-range.',
      ),
    },
    {
      cause: "an unknown metadata directive",
      asked: copy("/bucket/key", { "x-amz-metadata-directive": "MERGE" }),
      answer: invalidArgument(
        "Unknown metadata directive.",
        "x-amz-metadata-directive",
        "MERGE",
        'x-amz-metadata-directive is "MERGE"; it can be COPY, REPLACE.',
      ),
    },
    {
      cause: "an unknown tagging directive",
      asked: copy("/bucket/key", { "x-amz-tagging-directive": "MERGE" }),
      answer: invalidArgument(
        "Unknown tagging directive.",
        "x-amz-tagging-directive",
        "MERGE",
        'x-amz-tagging-directive is "MERGE"; it can be COPY, REPLACE.',
      ),
    },
    {
      cause: "itself as a source, unchanged",
      asked: { method: "PUT", path: "/bucket/key", headers: { "x-amz-copy-source": "/bucket/key" } },
      answer: invalidRequest(
        "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, " +
          "storage class, website redirect location or encryption attributes.",
        "Source and destination are the same object: send x-amz-metadata-directive: REPLACE with new metadata.",
      ),
    },
    {
      cause: "an unknown storage class",
      asked: copy("/bucket/key", { "x-amz-storage-class": "LUKEWARM" }),
      answer: {
        status: 400,
        code: "InvalidStorageClass",
        message: "The storage class you specified is not valid",
        details: { StorageClassRequested: "LUKEWARM" },
        says: 'x-amz-storage-class is "LUKEWARM"; it can be STANDARD, REDUCED_REDUNDANCY, STANDARD_IA, INTELLIGENT_TIERING, ONEZONE_IA, GLACIER_IR, GLACIER, DEEP_ARCHIVE.',
      },
    },
    {
      cause: "an object that is there against If-None-Match",
      asked: { method: "PUT", path: "/bucket/archived", headers: { "x-amz-copy-source": "/bucket/key", "If-None-Match": "*" } },
      answer: failed("If-None-Match", "If-None-Match: * asks that no object exists under this key, but one does."),
    },
    {
      cause: "an unknown checksum algorithm",
      asked: copy("/bucket/key", { "x-amz-checksum-algorithm": "ADLER32" }),
      answer: invalidRequest(
        "Checksum algorithm provided is unsupported. Please try again with any of the valid types: " +
          "[CRC32, CRC32C, CRC64NVME, MD5, SHA1, SHA256, SHA512, XXHASH128, XXHASH3, XXHASH64]",
        'x-amz-checksum-algorithm is "ADLER32"; it can be CRC32, CRC32C, CRC64NVME, MD5, SHA1, SHA256, SHA512, XXHASH128, XXHASH3, XXHASH64.',
      ),
    },
  ].map((row) => ({
    ...row,
    declaration: false,
    anonymous: "Anonymous users cannot copy objects. Please authenticate.",
  })),
);

refusals(
  "UploadPartCopy",
  [
    ...sources(copyPart),
    {
      cause: "a range that cannot be read",
      asked: copyPart("/bucket/key", { "x-amz-copy-source-range": "bytes=1-" }),
      answer: invalidArgument(
        "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of " +
          "the first and last bytes to copy",
        "x-amz-copy-source-range",
        "bytes=1-",
        'x-amz-copy-source-range is "bytes=1-"; bytes=0-9 would copy the first ten bytes of a source that has as many.',
      ),
    },
    {
      cause: "a range that ends behind the source",
      asked: copyPart("/bucket/key", { "x-amz-copy-source-range": "bytes=0-11" }),
      answer: invalidArgument(
        "Range specified is not valid for source object of size: 11",
        "x-amz-copy-source-range",
        "bytes=0-11",
        'x-amz-copy-source-range is "bytes=0-11"; bytes=0-9 would copy the first ten bytes of a source that has as many.',
      ),
    },
    {
      cause: "a range behind the source",
      asked: copyPart("/bucket/key", { "x-amz-copy-source-range": "bytes=11-12" }),
      answer: invalidRequest(
        "The specified copy range is invalid for the source object size",
        "The range begins at byte 11; the source has 11 bytes.",
      ),
    },
    {
      cause: "an upload that is not there",
      asked: { ...copyPart("/bucket/key"), query: { partNumber: "1", uploadId: "x" } },
      answer: {
        status: 404,
        code: "NoSuchUpload",
        message:
          "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
        details: { UploadId: "x" },
        says: 'No upload "x" is under way for this key; it may have been completed or aborted, or belong to another key.',
      },
    },
    {
      cause: "part 10,001",
      asked: { ...copyPart("/bucket/key"), query: { partNumber: "10001", uploadId: "{uploadId}" } },
      answer: invalidArgument(
        "Part number must be an integer between 1 and 10000, inclusive",
        "partNumber",
        "10001",
        "partNumber is 10001; an upload has parts 1 to 10000.",
      ),
    },
  ].map((row) => ({ ...row, declaration: false })),
);

const LARGEST_COPY_BYTES = 5 * 1024 ** 3;

/** Makes "key" larger than what is stored of it: sizes are judged by the records, and nobody waits for five gigabytes. */
async function enlarge({ server: { store } }: AnswerServer, sizeBytes: number): Promise<void> {
  const bucket = (await findBucket(store, "bucket"))!;
  const object = (await findObject(store, bucket, "key"))!;
  const content = {
    references: 1,
    segments: [{ blob: "none", sizeBytes, salt: undefined }],
    parts: [],
    cipher: { chunkSizeBytes: 262_128, layers: 1 as const },
  };
  await commit(store, [
    put(contentRow("large"), content),
    put(objectRow(bucket.id, "key"), { ...object, sizeBytes, content: { kind: "content", id: "large" } }),
  ]);
}

for (const [operation, cause, asked, says] of [
  [
    "CopyObject",
    "a source of more than 5 GiB",
    copy("/bucket/key"),
    "The source has 5368709121 bytes; copy it with a multipart upload and UploadPartCopy.",
  ],
  [
    "UploadPartCopy",
    "a source of more than 5 GiB",
    copyPart("/bucket/key"),
    "5368709121 bytes were to be copied as one part; name a smaller x-amz-copy-source-range.",
  ],
  [
    "UploadPartCopy",
    "a range of more than 5 GiB",
    copyPart("/bucket/key", { "x-amz-copy-source-range": "bytes=0-5368709120" }),
    "5368709121 bytes were to be copied as one part; name a smaller x-amz-copy-source-range.",
  ],
] as const) {
  test(`${operation}: ${cause} answers 400 InvalidRequest`, async () => {
    await using answers = await AnswerServer.start();
    await enlarge(answers, LARGEST_COPY_BYTES + 1);
    const fingerprint = await answers.fingerprint();
    const answer = invalidRequest(
      "The specified copy source is larger than the maximum allowable size for a copy source: 5368709120",
      says,
    );
    for (const sender of ["header", "presigned"] as const) {
      assertRefusal(answers, { cause, asked, answer, declaration: false }, await answers.send(asked, sender), sender);
    }
    assert.equal(await answers.fingerprint(), fingerprint);
  });
}

test("CopyObject: a source of 5 GiB is copied, without a byte of it being read", async () => {
  await using answers = await AnswerServer.start();
  await enlarge(answers, LARGEST_COPY_BYTES);
  assert.equal((await answers.send(copy("/bucket/key"), "header")).status, 200);
  const head = await answers.send({ method: "HEAD", path: "/bucket/copy" }, "header");
  assert.equal(head.headers.get("content-length"), String(LARGEST_COPY_BYTES));
});
