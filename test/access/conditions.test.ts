import assert from "node:assert/strict";
import { test } from "node:test";
import type { RequestFacts } from "../../src/access/conditions.ts";
import { conditionValues } from "../../src/access/conditions.ts";
import type { OperationName } from "../../src/protocol/generated/types.ts";
import { RestRequest } from "../../src/protocol/rest/RestRequest.ts";
import { wireRequest } from "../protocol/wireRequest.ts";

const NOW_MS = Date.UTC(2026, 2, 1, 12, 0, 0, 250);

function factsOf(name: OperationName, target: string, headers: Readonly<Record<string, string>> = {}): RequestFacts {
  const request = { ...wireRequest("GET", target, headers), secure: true, remoteAddress: "192.0.2.1" };
  return { request, sent: new RestRequest(name, request, undefined), nowMs: NOW_MS, signature: undefined };
}

function values(facts: RequestFacts, keys: readonly string[]): Record<string, readonly string[]> {
  return Object.fromEntries(keys.map((key) => [key, conditionValues(key, facts)]));
}

test("conditions: where a request comes from, by what, when and how safely", () => {
  const facts = factsOf("GetObject", "/bucket/key", { "user-agent": "curl/8", referer: "https://example.com/" });
  assert.deepEqual(
    values(facts, ["aws:SourceIp", "aws:SecureTransport", "aws:UserAgent", "aws:Referer", "aws:CurrentTime", "aws:EpochTime"]),
    {
      "aws:SourceIp": ["192.0.2.1"],
      "aws:SecureTransport": ["true"],
      "aws:UserAgent": ["curl/8"],
      "aws:Referer": ["https://example.com/"],
      "aws:CurrentTime": ["2026-03-01T12:00:00.250Z"],
      "aws:EpochTime": [String(Math.floor(NOW_MS / 1000))],
    },
  );
  const plain = { ...facts, request: { ...facts.request, secure: false } };
  assert.deepEqual(conditionValues("aws:SecureTransport", plain), ["false"]);
});

test("conditions: how a request is signed", () => {
  const facts = factsOf("GetObject", "/bucket/key", { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" });
  const signature = { version: "AWS", authType: "REST-QUERY-STRING", signedAtMs: NOW_MS - 1500 } as const;
  const keys = ["s3:signatureversion", "s3:authType", "s3:signatureAge", "s3:x-amz-content-sha256"];
  assert.deepEqual(values({ ...facts, signature }, keys), {
    "s3:signatureversion": ["AWS"],
    "s3:authType": ["REST-QUERY-STRING"],
    "s3:signatureAge": ["1500"],
    "s3:x-amz-content-sha256": ["UNSIGNED-PAYLOAD"],
  });
  const ahead = { ...signature, signedAtMs: NOW_MS + 1 };
  assert.deepEqual(conditionValues("s3:signatureAge", { ...facts, signature: ahead }), ["0"]);
  assert.deepEqual(conditionValues("s3:signatureAge", { ...facts, signature: { ...signature, signedAtMs: undefined } }), []);
  assert.deepEqual(conditionValues("s3:authType", facts), []);
});

test("conditions: what a list is asked for, as it was sent", () => {
  const facts = factsOf("ListObjectsV2", "/bucket?list-type=2&prefix=a%2F&delimiter=%2F&max-keys=many");
  assert.deepEqual(values(facts, ["s3:prefix", "s3:delimiter", "s3:max-keys"]), {
    "s3:prefix": ["a/"],
    "s3:delimiter": ["/"],
    "s3:max-keys": ["many"],
  });
  assert.deepEqual(conditionValues("s3:VersionId", factsOf("GetObject", "/bucket/key?versionId=null")), ["null"]);
});

/** The condition keys that are named as the headers they are about. */
const NAMED_AS_HEADERS: readonly string[] = [
  "x-amz-acl",
  "x-amz-copy-source",
  "x-amz-grant-full-control",
  "x-amz-grant-read",
  "x-amz-grant-read-acp",
  "x-amz-grant-write-acp",
  "x-amz-metadata-directive",
  "x-amz-server-side-encryption",
  "x-amz-server-side-encryption-aws-kms-key-id",
  "x-amz-server-side-encryption-customer-algorithm",
  "x-amz-storage-class",
  "x-amz-website-redirect-location",
  "if-match",
  "if-none-match",
];

test("conditions: headers that say what to write, each under its own name", () => {
  const headers = Object.fromEntries(NAMED_AS_HEADERS.map((header) => [header, `value of ${header}`]));
  const facts = factsOf("CopyObject", "/bucket/key", headers);
  for (const header of NAMED_AS_HEADERS) assert.deepEqual(conditionValues(`s3:${header}`, facts), [headers[header]]);
  const bucket = factsOf("CreateBucket", "/bucket", { "x-amz-grant-write": "w", "x-amz-object-ownership": "o" });
  assert.deepEqual(conditionValues("s3:x-amz-grant-write", bucket), ["w"]);
  assert.deepEqual(conditionValues("s3:x-amz-object-ownership", bucket), ["o"]);
});

test("conditions: locks are called by names without the header's beginning", () => {
  for (const name of ["mode", "retain-until-date", "legal-hold"]) {
    const facts = factsOf("PutObject", "/bucket/key", { [`x-amz-object-lock-${name}`]: name });
    assert.deepEqual(conditionValues(`s3:object-lock-${name}`, facts), [name]);
  }
});

test("conditions: tags that are sent, by their names and one by one", () => {
  const facts = factsOf("PutObject", "/bucket/key", { "x-amz-tagging": "a%20b=1&c=&c=2" });
  assert.deepEqual(conditionValues("s3:RequestObjectTagKeys", facts), ["a b", "c"]);
  assert.deepEqual(conditionValues("s3:RequestObjectTag/a b", facts), ["1"]);
  assert.deepEqual(conditionValues("s3:RequestObjectTag/c", facts), ["", "2"]);
  assert.deepEqual(conditionValues("s3:RequestObjectTag/d", facts), []);
  assert.deepEqual(conditionValues("s3:RequestObjectTagKeys", factsOf("PutObject", "/bucket/key")), []);
});

test("conditions: a key that says nothing of this request has no value", () => {
  const facts = factsOf("GetObject", "/bucket/key", { "x-amz-acl": "private" });
  // GetObject has no such member, whatever header came.
  for (const key of ["s3:x-amz-acl", "s3:prefix", "aws:Referer", "s3:ExistingObjectTag/a", "toString"])
    assert.deepEqual(conditionValues(key, facts), [], key);
});
