import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { S3Error } from "../../src/errors/S3Error.ts";
import type { OperationName } from "../../src/protocol/generated/types.ts";
import { decodeBody, decodeHead, headMembers } from "../../src/protocol/rest/decode.ts";
import { HeaderList } from "../../src/protocol/HeaderList.ts";
import { wireRequest } from "./wireRequest.ts";

type Headers = Readonly<Record<string, string>>;

function head(name: OperationName, target: string, headers: Headers = {}): Record<string, unknown> {
  return decodeHead(name, wireRequest("GET", target, headers));
}

function thrownBy(act: () => unknown): S3Error {
  try {
    act();
  } catch (error) {
    return error as S3Error;
  }
  return assert.fail("nothing was refused");
}

describe("Decoding the head of a request", () => {
  test("user metadata is a map without the prefix, whatever its names", () => {
    const { Metadata } = head("PutObject", "/b/k", { "x-amz-meta-colour": "blue", "x-amz-meta-__proto__": "x", "x-amz-me": "y" });
    assert.deepEqual(Object.entries(Metadata as object), [
      ["colour", "blue"],
      ["__proto__", "x"],
    ]);
  });

  test("several lines of one entry of user metadata are decoded each, and joined by commas", () => {
    const lines = ["=?UTF-8?Q?=C3=A9?=", "b", "=?UTF-8?Q?c?="].flatMap((line) => ["x-amz-meta-a", line]);
    const request = { ...wireRequest("PUT", "/b/k"), headers: new HeaderList(lines) };
    assert.deepEqual(decodeHead("PutObject", request)["Metadata"], { a: "é,b,c" });
  });

  test("user metadata that did not come is no member, and each raw byte of one that did is a character of Latin-1", () => {
    assert.equal("Metadata" in head("PutObject", "/b/k"), false);
    const { Metadata } = head("PutObject", "/b/k", { "x-amz-meta-a": "é", "x-amz-meta-b": "plain ~", "x-amz-meta-c": "" });
    assert.deepEqual(Metadata, { a: "Ã©", b: "plain ~", c: "" });
  });

  test("the members of a head are found once for each operation, without those of its body", () => {
    assert.equal(headMembers("PutBucketTagging"), headMembers("PutBucketTagging"));
    assert.deepEqual([...headMembers("PutBucketTagging").keys()].toSorted(), [
      ...["Bucket", "ChecksumAlgorithm", "ContentMD5", "ExpectedBucketOwner"],
    ]);
    assert.equal(headMembers("SelectObjectContent").has("Expression"), false);
  });

  test("Expires is kept as it was sent, a date or not", () => {
    assert.equal(head("PutObject", "/b/k", { expires: "tomorrow" })["Expires"], "tomorrow");
  });

  for (const [form, text] of [
    ["RFC 9110's date", "Sun, 06 Nov 1994 08:49:37 GMT"],
    ["RFC 850's date", "Sunday, 06-Nov-94 08:49:37 GMT"],
    ["asctime's date", "Sun Nov  6 08:49:37 1994"],
    ["ISO 8601", "1994-11-06T08:49:37Z"],
    ["ISO 8601 without a zone", "1994-11-06T08:49:37"],
  ]) {
    test(`${form} is understood in a condition`, () => {
      const { IfModifiedSince } = head("GetObject", "/b/k", { "if-modified-since": text! });
      assert.equal((IfModifiedSince as Date).toISOString(), "1994-11-06T08:49:37.000Z");
    });
  }

  for (const text of ["yesterday", "0", "2026-13-45", "Sun, 06 Nov"]) {
    test(`a condition with the date "${text}" is ignored`, () => {
      assert.equal("IfModifiedSince" in head("GetObject", "/b/k", { "if-modified-since": text }), false);
    });
  }

  for (const [name, header, text, member, value] of [
    ["GetObject", "x-amz-checksum-mode", "enabled", "ChecksumMode", "ENABLED"],
    ["HeadObject", "x-amz-checksum-mode", "Enabled", "ChecksumMode", "ENABLED"],
    ["CopyObject", "x-amz-checksum-algorithm", "sha256", "ChecksumAlgorithm", "SHA256"],
    ["CreateMultipartUpload", "x-amz-checksum-algorithm", "Crc64Nvme", "ChecksumAlgorithm", "CRC64NVME"],
    ["CompleteMultipartUpload", "x-amz-checksum-type", "full_object", "ChecksumType", "FULL_OBJECT"],
    ["PutObject", "x-amz-sdk-checksum-algorithm", "crc32", "ChecksumAlgorithm", "CRC32"],
  ] as const) {
    test(`${name}: ${header}: ${text} is ${value}`, () => {
      const others = name === "CopyObject" ? { "x-amz-copy-source": "/b/other" } : {};
      assert.equal(head(name, "/b/k?uploadId=u", { ...others, [header]: text })[member], value);
    });
  }

  test("a copy source on an operation that copies nothing is refused", () => {
    const error = thrownBy(() => head("GetObject", "/b/k", { "x-amz-copy-source": "/b/other" }));
    assert.equal(error.message, "You can only specify a copy source header for copy requests.");
  });

  test("a missing header that is required is named", () => {
    assert.equal(
      thrownBy(() => head("RenameObject", "/b/k?renameObject")).message,
      "Missing required header for this request: x-amz-rename-source",
    );
    assert.equal(
      thrownBy(() => head("GetObjectAttributes", "/b/k?attributes")).message,
      "The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or empty",
    );
  });

  const refused: readonly (readonly [OperationName, string, Headers, string, string])[] = [
    ["PutObject", "/b/k", { "x-amz-acl": "everyone" }, "InvalidArgument", ""],
    [
      "CopyObject",
      "/b/k",
      { "x-amz-copy-source": "b/k", "x-amz-metadata-directive": "replace" },
      "InvalidArgument",
      "Unknown metadata directive.",
    ],
    [
      "CopyObject",
      "/b/k",
      { "x-amz-copy-source": "b/k", "x-amz-tagging-directive": "KEEP" },
      "InvalidArgument",
      "Unknown tagging directive.",
    ],
    ["GetObject", "/b/k?partNumber=one", {}, "InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive"],
    ["PutObject", "/b/k", { "x-amz-object-lock-mode": "SOFT" }, "InvalidArgument", "Unknown wormMode directive."],
    [
      "PutObject",
      "/b/k",
      { "x-amz-object-lock-legal-hold": "MAYBE" },
      "InvalidArgument",
      "Legal Hold must be either of 'ON' or 'OFF'",
    ],
    [
      "PutObject",
      "/b/k",
      { "x-amz-object-lock-retain-until-date": "soon" },
      "InvalidArgument",
      "The retain until date must be provided in ISO 8601 format",
    ],
    [
      "CreateBucket",
      "/b",
      { "x-amz-object-ownership": "Mine" },
      "InvalidArgument",
      "Invalid x-amz-object-ownership header: Mine",
    ],
    ["ListBuckets", "/?max-buckets=x", {}, "InvalidArgument", "Provided max-buckets not an integer or within integer range"],
    [
      "ListParts",
      "/b/k?uploadId=u&part-number-marker=x",
      {},
      "InvalidArgument",
      "Provided part-number-marker not an integer or within integer range",
    ],
  ];
  for (const [name, target, headers, code, message] of refused) {
    test(`${name}: ${target} ${JSON.stringify(headers)} is ${code}`, () => {
      const error = thrownBy(() => head(name, target, headers));
      assert.equal(error.code, code);
      assert.equal(error.message, message);
    });
  }
});

describe("Decoding the body of a request", () => {
  test("an empty document is missing, or malformed where S3 says so", () => {
    assert.equal(thrownBy(() => decodeBody("PutBucketTagging", {}, Buffer.alloc(0))).code, "MissingRequestBodyError");
    assert.equal(thrownBy(() => decodeBody("DeleteObjects", {}, Buffer.alloc(0))).code, "MalformedXML");
  });

  test("an optional document may be missing", () => {
    assert.deepEqual(decodeBody("CreateBucket", { Bucket: "b" }, Buffer.alloc(0)), { Bucket: "b" });
  });

  test("the root of a document is called as its member says or, where it says nothing, as its structure", () => {
    const hold = "<LegalHold><Status>ON</Status></LegalHold>";
    assert.deepEqual(decodeBody("PutObjectLegalHold", { Bucket: "b", Key: "k" }, Buffer.from(hold)).LegalHold, { Status: "ON" });
    const tagging = "<Tagging><TagSet/></Tagging>";
    assert.deepEqual(decodeBody("PutBucketTagging", { Bucket: "b" }, Buffer.from(tagging)).Tagging, { TagSet: [] });
    for (const [name, document] of [
      ["PutObjectLegalHold", "<ObjectLockLegalHold><Status>ON</Status></ObjectLockLegalHold>"],
      ["CreateBucket", "<CreateBucketRequest/>"],
    ] as const) {
      assert.equal(thrownBy(() => decodeBody(name, {}, Buffer.from(document))).code, "MalformedXML");
    }
  });

  test("a location is any text: CreateBucket has an error of its own for unknown ones", () => {
    const body = "<CreateBucketConfiguration><LocationConstraint>moon-1</LocationConstraint></CreateBucketConfiguration>";
    const input = decodeBody("CreateBucket", { Bucket: "b" }, Buffer.from(body));
    assert.deepEqual(input.CreateBucketConfiguration, { LocationConstraint: "moon-1" });
  });

  test("a malformed access control policy has its own error", () => {
    for (const name of ["PutBucketAcl", "PutObjectAcl"] as const) {
      assert.equal(thrownBy(() => decodeBody(name, {}, Buffer.from("<Wrong/>"))).code, "MalformedACLError");
    }
  });

  test("what is wrong with another document is MalformedXML", () => {
    assert.equal(thrownBy(() => decodeBody("PutBucketTagging", {}, Buffer.from("<Wrong/>"))).code, "MalformedXML");
  });

  test("an operation without a document has the input that its head says", () => {
    assert.deepEqual(decodeBody("GetObject", { Bucket: "b", Key: "k" }, Buffer.alloc(0)), { Bucket: "b", Key: "k" });
  });

  test("a document whose elements are members of the input lies beside what the head says, which counts", () => {
    const select =
      "<SelectObjectContentRequest><Expression>e</Expression><ExpressionType>SQL</ExpressionType><InputSerialization/>" +
      "<OutputSerialization/></SelectObjectContentRequest>";
    assert.deepEqual(decodeBody("SelectObjectContent", { Bucket: "b", Key: "k" }, Buffer.from(select)), {
      Bucket: "b",
      Key: "k",
      Expression: "e",
      ExpressionType: "SQL",
      InputSerialization: {},
      OutputSerialization: {},
    });
  });

  test("a policy is text", () => {
    assert.equal(decodeBody("PutBucketPolicy", { Bucket: "b" }, Buffer.from("{}")).Policy, "{}");
  });
});
