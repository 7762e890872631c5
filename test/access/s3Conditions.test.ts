import assert from "node:assert/strict";
import { test } from "node:test";
import { CONDITION_KEYS } from "../../src/access/conditions.ts";
import { NO_DOCUMENT, RequestDocument } from "../../src/access/conditionKeys/RequestDocument.ts";
import type { DocumentReaders } from "../../src/access/conditionKeys/RequestDocument.ts";
import type { Encryption } from "../../src/store/records/Encryption.ts";
import type { SignatureFacts } from "../../src/auth/Authentication.ts";
import { operations } from "../../src/operations/registry.ts";
import { factsOf, NOW_MS, valuesOf } from "./conditionFacts.ts";

const BY_QUERY: SignatureFacts = { version: "AWS4-HMAC-SHA256", authType: "REST-QUERY-STRING", signedAtMs: NOW_MS - 1500 };

test("s3 conditions: how a request is signed", () => {
  const signature = { version: "AWS", authType: "REST-HEADER", signedAtMs: NOW_MS - 1500 } as const;
  const facts = factsOf("GetObject", "/bucket/key", {}, { signature });
  assert.deepEqual(valuesOf("s3:signatureversion", facts, "s3:GetObject"), ["AWS"]);
  assert.deepEqual(valuesOf("s3:authType", facts, "s3:GetObject"), ["REST-HEADER"]);
  assert.deepEqual(valuesOf("s3:signatureAge", facts, "s3:GetObject"), ["1500"]);
  const age = (signedAtMs: number | undefined): unknown =>
    valuesOf("s3:signatureAge", { ...facts, signature: { ...signature, signedAtMs } }, "s3:GetObject");
  assert.deepEqual(age(NOW_MS + 1), ["0"]);
  assert.equal(age(undefined), undefined);
  const unsigned = factsOf("GetObject", "/bucket/key");
  for (const key of ["s3:signatureversion", "s3:authType", "s3:signatureAge"])
    assert.equal(valuesOf(key, unsigned, "s3:GetObject"), undefined, key);
});

test("s3 conditions: the hash of a body is what was sent, and none for presigned URLs that bring none", () => {
  const value = (target: string, headers: Record<string, string>, signature: SignatureFacts | undefined): unknown =>
    valuesOf("s3:x-amz-content-sha256", factsOf("PutObject", target, headers, { signature }), "s3:PutObject");
  const header = { "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER" };
  assert.deepEqual(value("/bucket/key", header, undefined), ["STREAMING-UNSIGNED-PAYLOAD-TRAILER"]);
  assert.deepEqual(value("/bucket/key", {}, BY_QUERY), ["UNSIGNED-PAYLOAD"]);
  assert.deepEqual(value("/bucket/key?X-Amz-Content-Sha256=abc", {}, BY_QUERY), ["abc"]);
  assert.deepEqual(value("/bucket/key", header, BY_QUERY), ["STREAMING-UNSIGNED-PAYLOAD-TRAILER"]);
  assert.equal(value("/bucket/key", {}, { ...BY_QUERY, version: "AWS" }), undefined);
  assert.equal(value("/bucket/key", {}, { ...BY_QUERY, authType: "REST-HEADER" }), undefined);
});

test("s3 conditions: the version of TLS is asked of the socket", () => {
  const facts = factsOf("GetObject", "/bucket/key");
  assert.equal(valuesOf("s3:TlsVersion", facts, "s3:GetObject"), undefined);
  const overTls = { ...facts, request: { ...facts.request, tlsVersion: () => "1.3" } };
  assert.deepEqual(valuesOf("s3:TlsVersion", overTls, "s3:GetObject"), ["1.3"]);
});

test("s3 conditions: what a list is asked for, as it was sent", () => {
  const facts = factsOf("ListObjectsV2", "/bucket?list-type=2&prefix=a%2F&delimiter=%2F&max-keys=many");
  const found = ["s3:prefix", "s3:delimiter", "s3:max-keys"].map((key) => valuesOf(key, facts, "s3:ListBucket"));
  assert.deepEqual(found, [["a/"], ["/"], ["many"]]);
});

test("s3 conditions: an empty prefix is one, and a prefix that was not sent is none", () => {
  const value = (query: string): unknown => valuesOf("s3:prefix", factsOf("ListObjects", `/bucket${query}`), "s3:ListBucket");
  assert.deepEqual(value("?prefix="), [""]);
  assert.equal(value(""), undefined);
  const versions = factsOf("ListObjectVersions", "/bucket?versions&prefix=a");
  assert.deepEqual(valuesOf("s3:prefix", versions, "s3:ListBucketVersions"), ["a"]);
  const uploads = factsOf("ListMultipartUploads", "/bucket?uploads&prefix=a");
  assert.equal(valuesOf("s3:prefix", uploads, "s3:ListBucketMultipartUploads"), undefined);
});

test("s3 conditions: the version that is named, also where the request's address does not name it", () => {
  const facts = factsOf("GetObject", "/bucket/key?versionId=null");
  assert.deepEqual(valuesOf("s3:VersionId", facts, "s3:GetObjectVersion"), ["null"]);
  assert.equal(valuesOf("s3:VersionId", facts, "s3:GetObject"), undefined);
  const copy = factsOf("CopyObject", "/bucket/key");
  assert.deepEqual(valuesOf("s3:VersionId", copy, "s3:GetObjectVersion", { versionId: "v1" }), ["v1"]);
  assert.equal(valuesOf("s3:VersionId", copy, "s3:GetObjectVersion"), undefined);
});

/** The keys that are named as the headers they are about, by an operation that has such a header and the action that it takes. */
const NAMED_AS_HEADERS = [
  ["CopyObject", "s3:PutObject", ["x-amz-metadata-directive", "x-amz-object-annotation-directive", "if-match", "if-none-match"]],
  ["PutObject", "s3:PutObject", ["if-match", "if-none-match", "x-amz-website-redirect-location", "x-amz-storage-class"]],
  ["PutObject", "s3:PutObject", ["x-amz-server-side-encryption", "x-amz-server-side-encryption-aws-kms-key-id", "x-amz-acl"]],
  ["PutObject", "s3:PutObjectAcl", ["x-amz-grant-full-control", "x-amz-grant-read", "x-amz-grant-read-acp", "x-amz-acl"]],
  ["PutObject", "s3:PutObject", ["x-amz-server-side-encryption-customer-algorithm", "x-amz-grant-write-acp"]],
  ["PutObjectAcl", "s3:PutObjectVersionAcl", ["x-amz-acl", "x-amz-grant-write"]],
  ["PutBucketAcl", "s3:PutBucketAcl", ["x-amz-acl", "x-amz-grant-write"]],
  ["CreateBucket", "s3:CreateBucket", ["x-amz-acl", "x-amz-grant-write", "x-amz-object-ownership", "x-amz-bucket-namespace"]],
  ["DeleteObject", "s3:DeleteObject", ["if-match"]],
  ["DeleteObjectAnnotation", "s3:DeleteObjectAnnotation", ["x-amz-object-if-match"]],
] as const;

test("s3 conditions: headers, each under its own name and as it was sent", () => {
  for (const [operation, action, headers] of NAMED_AS_HEADERS) {
    const sent = factsOf(operation, "/bucket/key", Object.fromEntries(headers.map((name) => [name, `value of ${name}`])));
    const notSent = factsOf(operation, "/bucket/key");
    for (const header of headers) {
      assert.deepEqual(valuesOf(`s3:${header}`, sent, action), [`value of ${header}`], `${operation} ${header}`);
      assert.equal(valuesOf(`s3:${header}`, notSent, action), undefined, `${operation} ${header}`);
      assert.equal(valuesOf(`s3:${header}`, sent, "s3:GetObject"), undefined, `${operation} ${header}`);
    }
  }
});

test("s3 conditions: how an upload is encrypted counts for its parts and its completion, which cannot say it", () => {
  const facts = factsOf("UploadPart", "/bucket/key?partNumber=1&uploadId=a");
  const [kind, key] = ["s3:x-amz-server-side-encryption", "s3:x-amz-server-side-encryption-aws-kms-key-id"] as const;
  const values = (encryption: Encryption | undefined): unknown =>
    [kind, key].map((name) => valuesOf(name, facts, "s3:PutObject", { uploadEncryption: () => encryption }));
  const plain: Encryption = {
    kind: "AES256",
    keyName: "name",
    serviceKey: undefined,
    context: "",
    bucketKey: false,
    sealedKey: Buffer.alloc(60),
    checkValue: undefined,
    layers: 1,
  };
  assert.deepEqual(values(undefined), [undefined, undefined]);
  assert.deepEqual(values(plain), [["AES256"], undefined]);
  assert.deepEqual(values({ ...plain, kind: "aws:kms", serviceKey: Buffer.alloc(1) }), [["aws:kms"], ["name"]]);
  assert.deepEqual(values({ ...plain, kind: "customer" }), [undefined, undefined]);
  const sent = factsOf("CreateMultipartUpload", "/bucket/key?uploads", { "x-amz-server-side-encryption": "AES256" });
  assert.deepEqual(valuesOf(kind, sent, "s3:PutObject", { uploadEncryption: () => undefined }), ["AES256"]);
});

test("s3 conditions: a header that an operation does not know is no key", () => {
  const facts = factsOf("UploadPart", "/bucket/key?partNumber=1&uploadId=a", { "x-amz-acl": "private" });
  assert.equal(valuesOf("s3:x-amz-acl", facts, "s3:PutObject"), undefined);
});

test("s3 conditions: a copy's source has one name, in whatever form it is sent", () => {
  const value = (header: string): unknown =>
    valuesOf("s3:x-amz-copy-source", factsOf("CopyObject", "/bucket/key", { "x-amz-copy-source": header }), "s3:PutObject");
  for (const header of [
    "photos/a b",
    "/photos/a%20b",
    "photos/a+b",
    "%2Fphotos%2Fa%20b",
    "https://s3.example.com/photos/a%20b",
    "photos/a%20b?versionId=v1",
  ])
    assert.deepEqual(value(header), ["photos/a b"], header);
  assert.deepEqual(value("photos//a"), ["photos//a"]);
  assert.deepEqual(value("photos/a%3FversionId=v1"), ["photos/a?versionId=v1"]);
  assert.deepEqual(value("photos/%"), ["photos/%"]);
});

test("s3 conditions: what makes an object, and what is a step on the way to one", () => {
  const value = (createsObject: boolean, action: string): unknown =>
    valuesOf("s3:ObjectCreationOperation", factsOf("PutObject", "/bucket/key", {}, { createsObject }), action);
  assert.deepEqual(value(true, "s3:PutObject"), ["true"]);
  assert.deepEqual(value(false, "s3:PutObject"), ["false"]);
  assert.equal(value(true, "s3:PutObjectTagging"), undefined);
  const steps = [...operations].filter(([, { isStepOfUpload }]) => isStepOfUpload === true).map(([name]) => name);
  assert.deepEqual(steps.toSorted(), ["CreateMultipartUpload", "UploadPart", "UploadPartCopy"]);
});

/** A document that says these things. */
function read(readers: DocumentReaders<never>): RequestDocument {
  const document = new RequestDocument(readers);
  document.read({});
  return document;
}

test("s3 conditions: tags that an object is given, by header or document, by their keys and one by one", () => {
  const byHeader = factsOf("PutObject", "/bucket/key", { "x-amz-tagging": "a%20b=1&c=&C=2" });
  const document = read({
    objectTags: () => [
      ["a b", "1"],
      ["c", ""],
      ["C", "2"],
    ],
  });
  const byDocument = factsOf("PutObjectTagging", "/bucket/key?tagging", {}, { document });
  for (const [facts, action] of [
    [byHeader, "s3:PutObject"],
    [byHeader, "s3:PutObjectTagging"],
    [byDocument, "s3:PutObjectVersionTagging"],
  ] as const) {
    assert.deepEqual(valuesOf("s3:RequestObjectTagKeys", facts, action), ["a b", "c", "C"]);
    assert.deepEqual(valuesOf("s3:RequestObjectTag/A B", facts, action), ["1"]);
    assert.deepEqual(valuesOf("s3:RequestObjectTag/c", facts, action), ["", "2"]);
    assert.equal(valuesOf("s3:RequestObjectTag/d", facts, action), undefined);
  }
  for (const tagging of [{}, { "x-amz-tagging": "" }] as const)
    assert.equal(
      valuesOf("s3:RequestObjectTagKeys", factsOf("PutObject", "/bucket/key", { ...tagging }), "s3:PutObject"),
      undefined,
    );
});

test("s3 conditions: locks, by header or document", () => {
  const headers = { "x-amz-object-lock-mode": "COMPLIANCE", "x-amz-object-lock-legal-hold": "ON" };
  const byHeader = factsOf("PutObject", "/bucket/key", headers);
  assert.deepEqual(valuesOf("s3:object-lock-mode", byHeader, "s3:PutObject"), ["COMPLIANCE"]);
  assert.deepEqual(valuesOf("s3:object-lock-mode", byHeader, "s3:PutObjectRetention"), ["COMPLIANCE"]);
  assert.equal(valuesOf("s3:object-lock-mode", byHeader, "s3:PutObjectLegalHold"), undefined);
  assert.deepEqual(valuesOf("s3:object-lock-legal-hold", byHeader, "s3:PutObjectLegalHold"), ["ON"]);
  const document = read({ lockMode: () => "GOVERNANCE", retainUntil: () => new Date(NOW_MS + 1), legalHold: () => "OFF" });
  const byDocument = factsOf("PutObjectRetention", "/bucket/key", {}, { document });
  assert.deepEqual(valuesOf("s3:object-lock-mode", byDocument, "s3:PutObjectRetention"), ["GOVERNANCE"]);
  assert.deepEqual(valuesOf("s3:object-lock-retain-until-date", byDocument, "s3:PutObjectRetention"), [
    "2026-03-01T12:00:00.251Z",
  ]);
  assert.deepEqual(valuesOf("s3:object-lock-legal-hold", byDocument, "s3:PutObjectLegalHold"), ["OFF"]);
});

test("s3 conditions: the days that a lock lasts count from now, and one that has begun counts", () => {
  const days = (until: string): unknown =>
    valuesOf(
      "s3:object-lock-remaining-retention-days",
      factsOf("PutObject", "/bucket/key", { "x-amz-object-lock-retain-until-date": until }),
      "s3:PutObject",
    );
  assert.deepEqual(days("2026-03-11T12:00:00Z"), ["10"]);
  assert.deepEqual(days("2026-03-11T12:00:00.250Z"), ["10"]);
  assert.deepEqual(days("2026-03-11T12:00:01Z"), ["11"]);
  assert.deepEqual(days("2026-02-27T12:00:00Z"), ["-2"]);
  assert.equal(days("tomorrow"), undefined);
});

test("s3 conditions: a date in another zone is told in UTC, and what is no date as it was sent", () => {
  const value = (until: string): unknown =>
    valuesOf(
      "s3:object-lock-retain-until-date",
      factsOf("PutObject", "/bucket/key", { "x-amz-object-lock-retain-until-date": until }),
      "s3:PutObject",
    );
  assert.deepEqual(value("2026-03-11T12:00:00+02:00"), ["2026-03-11T10:00:00.000Z"]);
  assert.deepEqual(value("tomorrow"), ["tomorrow"]);
  const document = read({ retainUntil: () => new Date(Number.NaN) });
  const broken = factsOf("PutObjectRetention", "/bucket/key", {}, { document });
  assert.equal(valuesOf("s3:object-lock-retain-until-date", broken, "s3:PutObjectRetention"), undefined);
});

test("s3 conditions: what a document says of a new bucket and of an inventory", () => {
  const document = read({
    locationConstraint: () => "eu-west-1",
    tags: () => [
      ["a", "1"],
      ["B", "2"],
    ],
    optionalFields: () => ["Size", "ETag"],
  });
  const facts = factsOf("CreateBucket", "/bucket", {}, { document });
  assert.deepEqual(valuesOf("s3:LocationConstraint", facts, "s3:CreateBucket"), ["eu-west-1"]);
  assert.equal(valuesOf("s3:LocationConstraint", facts, "s3:DeleteBucket"), undefined);
  assert.deepEqual(valuesOf("aws:RequestTag/b", facts, "s3:CreateBucket"), ["2"]);
  assert.deepEqual(valuesOf("aws:TagKeys", facts, "s3:CreateBucket"), ["a", "B"]);
  const inventory = factsOf("PutBucketInventoryConfiguration", "/bucket", {}, { document });
  const fields = valuesOf("s3:InventoryAccessibleOptionalFields", inventory, "s3:PutInventoryConfiguration");
  assert.deepEqual(fields, ["Size", "ETag"]);
  const without = factsOf("CreateBucket", "/bucket", {}, { document: read({ tags: () => [] }) });
  for (const key of ["s3:LocationConstraint", "aws:RequestTag/a", "aws:TagKeys"])
    assert.equal(valuesOf(key, without, "s3:CreateBucket"), undefined, key);
});

test("s3 conditions: asking for what a document that is not read may say is noted; asking for the rest is not", () => {
  const document = new RequestDocument({ objectTags: () => [["a", "1"]] });
  const facts = factsOf("PutObjectTagging", "/bucket/key?tagging", {}, { document });
  assert.equal(valuesOf("s3:object-lock-mode", facts, "s3:PutObject"), undefined);
  assert.equal(valuesOf("aws:TagKeys", facts, "s3:PutObjectTagging"), undefined);
  assert.equal(document.unanswered, 0);
  assert.equal(valuesOf("s3:RequestObjectTag/a", facts, "s3:PutObjectTagging"), undefined);
  assert.equal(document.unanswered, 1);
  document.read({});
  assert.deepEqual(valuesOf("s3:RequestObjectTag/a", facts, "s3:PutObjectTagging"), ["1"]);
  assert.equal(document.unanswered, 1);
});

test("s3 conditions: keys that may stand in a document are marked, and no others ask for it", () => {
  for (const { name, document: fact, actions } of CONDITION_KEYS) {
    const facts = ["locationConstraint", "tags", "objectTags", "lockMode", "retainUntil", "legalHold", "encryption", "encryptionKey", "optionalFields"] as const;
    for (const one of facts) {
      const document = new RequestDocument({ [one]: () => undefined });
      const key = name.endsWith("/") ? `${name}a` : name;
      valuesOf(key, factsOf("PutObject", "/bucket/key", {}, { document }), [...(actions ?? ["s3:PutObject"])][0]!);
      assert.equal(document.unanswered > 0, fact === one, `${name} ${one}`);
    }
  }
  assert.equal(NO_DOCUMENT.unanswered, 0);
});
