import assert from "node:assert/strict";
import { test } from "node:test";
import { authenticate } from "../../src/auth/authenticate.ts";
import { openPayload } from "../../src/protocol/streaming/openPayload.ts";
import { exampleCredentials as credentials } from "./exampleKey.ts";
import type { RequestParts } from "./wireRequestFor.ts";
import { wireRequestFor } from "./wireRequestFor.ts";

/** The worked examples of AWS's documentation: their keys, requests and signatures. */

const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const V4_TIME = "20130524T000000Z";
const V4_NOW_MS = Date.UTC(2013, 4, 24);

function authorization(signedHeaders: string, signature: string): string {
  return `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=${signedHeaders},Signature=${signature}`;
}

async function accepted(parts: RequestParts, nowMs: number): Promise<void> {
  const { caller } = await authenticate(wireRequestFor(parts), { credentials, region: "us-east-1", nowMs });
  assert.equal(caller.displayName, "example");
}

const bucket = { virtualBucket: "examplebucket" };
const host = "examplebucket.s3.amazonaws.com";
const signed = { host, "x-amz-content-sha256": EMPTY, "x-amz-date": V4_TIME };

test("authenticate: AWS's example of GET with a range, version 4", () =>
  accepted(
    {
      ...bucket,
      target: "/test.txt",
      headers: {
        ...signed,
        range: "bytes=0-9",
        authorization: authorization(
          "host;range;x-amz-content-sha256;x-amz-date",
          "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        ),
      },
    },
    V4_NOW_MS,
  ));

test("authenticate: AWS's example of PUT, version 4", () =>
  accepted(
    {
      ...bucket,
      method: "PUT",
      target: "/test$file.text",
      headers: {
        ...signed,
        date: "Fri, 24 May 2013 00:00:00 GMT",
        "x-amz-content-sha256": "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
        "x-amz-storage-class": "REDUCED_REDUNDANCY",
        authorization: authorization(
          "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
          "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
        ),
      },
    },
    V4_NOW_MS,
  ));

for (const [target, signature] of [
  ["/?lifecycle", "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"],
  ["/?max-keys=2&prefix=J", "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"],
] as const) {
  test(`authenticate: AWS's example of GET ${target}, version 4`, () =>
    accepted(
      {
        ...bucket,
        target,
        headers: { ...signed, authorization: authorization("host;x-amz-content-sha256;x-amz-date", signature) },
      },
      V4_NOW_MS,
    ));
}

test("authenticate: AWS's example of a presigned URL, version 4", () =>
  accepted(
    {
      ...bucket,
      target:
        "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request" +
        "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host" +
        "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
      headers: { host },
    },
    V4_NOW_MS + 86_400_000,
  ));

async function uploaded(parts: RequestParts): Promise<Buffer> {
  const request = wireRequestFor({ method: "PUT", target: "/examplebucket/chunkObject.txt", ...parts });
  const { payload } = await authenticate(request, { credentials, region: "us-east-1", nowMs: V4_NOW_MS });
  return openPayload(request, payload, { operation: "PutObject", maxSizeBytes: 1e6, idleTimeoutMs: 1e4 }).gather(1e6);
}

test("openPayload: AWS's example of signed chunks", async () => {
  const body = [
    `10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n${"a".repeat(65_536)}\r\n`,
    `400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n${"a".repeat(1_024)}\r\n`,
    "0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n",
  ];
  const content = await uploaded({
    headers: {
      host: "s3.amazonaws.com",
      "x-amz-date": V4_TIME,
      "x-amz-storage-class": "REDUCED_REDUNDANCY",
      authorization: authorization(
        "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class",
        "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
      ),
      "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
      "content-encoding": "aws-chunked",
      "x-amz-decoded-content-length": "66560",
      "content-length": "66824",
    },
    body: body.map((text) => Buffer.from(text)),
  });
  assert.equal(content.toString(), "a".repeat(66_560));
});

test("openPayload: AWS's example of signed chunks with a signed trailer", async () => {
  const body = [
    `10000;chunk-signature=b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2\r\n${"a".repeat(65_536)}\r\n`,
    `400;chunk-signature=1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7\r\n${"a".repeat(1_024)}\r\n`,
    "0;chunk-signature=2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992\r\n",
    "x-amz-checksum-crc32c:sOO8/Q==\r\n",
    "x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n",
  ];
  const content = await uploaded({
    headers: {
      host: "s3.amazonaws.com",
      "x-amz-date": V4_TIME,
      "x-amz-storage-class": "REDUCED_REDUNDANCY",
      authorization: authorization(
        "content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class;x-amz-trailer",
        "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e",
      ),
      "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
      "content-encoding": "aws-chunked",
      "x-amz-decoded-content-length": "66560",
      "x-amz-trailer": "x-amz-checksum-crc32c",
      "content-length": "66946",
    },
    body: body.map((text) => Buffer.from(text)),
  });
  assert.equal(content.toString(), "a".repeat(66_560));
});

const johnsmith = { virtualBucket: "johnsmith" };

const versionTwo: readonly [what: string, time: string, signature: string, parts: RequestParts][] = [
  ["GET", "Tue, 27 Mar 2007 19:36:42 +0000", "bWq2s1WEIj+Ydj0vQ697zp+IXMU=", { ...johnsmith, target: "/photos/puppy.jpg" }],
  [
    "PUT",
    "Tue, 27 Mar 2007 21:15:45 +0000",
    "MyyxeRY7whkBe+bq8fHCL/2kKUg=",
    {
      ...johnsmith,
      method: "PUT",
      target: "/photos/puppy.jpg",
      headers: { "content-type": "image/jpeg", "content-length": "94328" },
    },
  ],
  [
    "a list",
    "Tue, 27 Mar 2007 19:42:41 +0000",
    "htDYFYduRNen8P9ZfE/s9SuKy0U=",
    { ...johnsmith, target: "/?prefix=photos&max-keys=50&marker=puppy" },
  ],
  ["a sub-resource", "Tue, 27 Mar 2007 19:44:46 +0000", "c2WLPFtWHVgbEmeEG93a4cG37dM=", { ...johnsmith, target: "/?acl" }],
  [
    "DELETE",
    "Tue, 27 Mar 2007 21:20:26 +0000",
    "lx3byBScXR6KzyMaifNkardMwNk=",
    { method: "DELETE", target: "/johnsmith/photos/puppy.jpg" },
  ],
  [
    "a PUT with metadata",
    "Tue, 27 Mar 2007 21:06:08 +0000",
    "ilyl83RwaSoYIEdixDQcA4OnAnc=",
    {
      virtualBucket: "static.johnsmith.net",
      method: "PUT",
      target: "/db-backup.dat.gz",
      headers: {
        "x-amz-acl": "public-read",
        "content-type": "application/x-download",
        "Content-MD5": "4gJE4saaMU4BqNR0kLY+lw==",
        "X-Amz-Meta-ReviewedBy": ["joe@johnsmith.net", "jane@johnsmith.net"],
        "X-Amz-Meta-FileChecksum": "0x02661779",
        "X-Amz-Meta-ChecksumAlgorithm": "crc32",
      },
    },
  ],
  ["ListBuckets", "Wed, 28 Mar 2007 01:29:59 +0000", "qGdzdERIC03wnaRNKh6OqZehG9s=", { target: "/" }],
  [
    "an escaped key",
    "Wed, 28 Mar 2007 01:49:49 +0000",
    "DNEZGsoieTZ92F3bUfSPQcbGmlM=",
    { target: "/dictionary/fran%C3%A7ais/pr%c3%a9f%c3%a8re" },
  ],
];

for (const [what, date, signature, parts] of versionTwo) {
  test(`authenticate: AWS's example of ${what}, version 2`, () =>
    accepted(
      { ...parts, headers: { ...parts.headers, date, authorization: `AWS AKIAIOSFODNN7EXAMPLE:${signature}` } },
      Date.parse(date),
    ));
}

test("authenticate: AWS's example of a presigned URL, version 2", () =>
  accepted(
    {
      ...johnsmith,
      target:
        "/photos/puppy.jpg?AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=NpgCjnDzrM%2BWFzoENXmpNDUsSn8%3D&Expires=1175139620",
    },
    1_175_139_620_000,
  ));
