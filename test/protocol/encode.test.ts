import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { EncodedOutput } from "../../src/protocol/Dialect.ts";
import { encodeOutput } from "../../src/protocol/rest/encode.ts";

describe("Encoding an answer", () => {
  test("headers are spelled as S3 spells them, metadata gets its prefix back", async () => {
    const source = Buffer.from("abc");
    const { status, headers, body } = await encodeOutput("GetObject", {
      ETag: '"e"',
      LastModified: new Date(999),
      ContentLength: 3,
      VersionId: "null",
      ExpiresString: "never",
      Metadata: { colour: "blue" },
      Body: { sizeBytes: 3, source },
    });
    assert.equal(status, 200);
    assert.deepEqual(Object.fromEntries(headers), {
      ETag: '"e"',
      "Last-Modified": "Thu, 01 Jan 1970 00:00:00 GMT",
      "Content-Length": "3",
      "x-amz-version-id": "null",
      Expires: "never",
      "x-amz-meta-colour": "blue",
    });
    assert.deepEqual(body, { sizeBytes: 3, source });
  });

  test("headers beside the output come last, behind the type of a document, the first one too", async () => {
    for (const _time of [1, 2]) {
      const { headers } = await encodeOutput(
        "CopyObject",
        { VersionId: "null", CopyObjectResult: {} },
        { headers: { Allow: "GET" } },
      );
      assert.deepEqual(
        headers.map(([name]) => name),
        ["x-amz-version-id", "Content-Type", "Allow"],
      );
    }
  });

  test("a status of the operation's own goes before the schema's", async () => {
    assert.equal((await encodeOutput("GetObject", {}, { status: 206 })).status, 206);
  });

  const ROOT = '<?xml version="1.0" encoding="UTF-8"?>\n<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';
  test("GetBucketLocation's document is the value, in S3's namespace", async () => {
    const { body, headers } = await encodeOutput("GetBucketLocation", { LocationConstraint: "eu-west-1" });
    assert.equal(String(body), `${ROOT}>eu-west-1</LocationConstraint>`);
    assert.deepEqual(headers, [["Content-Type", "application/xml"]]);
    assert.equal(String((await encodeOutput("GetBucketLocation", {})).body), `${ROOT}/>`);
  });

  test("a policy is sent as it is", async () => {
    const { body, headers } = await encodeOutput("GetBucketPolicy", { Policy: '{"Version":"2012-10-17"}' });
    assert.equal(String(body), '{"Version":"2012-10-17"}');
    assert.deepEqual(headers, [["Content-Type", "application/json"]]);
  });

  test("a status that S3 has and the schema has not goes before the schema's", async () => {
    assert.deepEqual(await encodeOutput("PutBucketPolicy", {}), { status: 204, headers: [], body: undefined });
    assert.equal((await encodeOutput("PutBucketTagging", {})).status, 200);
  });

  test("members that are elements make a document, and those of the head do not", async () => {
    const { body, headers } = await encodeOutput("GetBucketTagging", { TagSet: [] });
    assert.match(String(body), /<Tagging xmlns="[^"]*"><TagSet\/><\/Tagging>$/);
    assert.deepEqual(headers, [["Content-Type", "application/xml"]]);
    assert.deepEqual(await encodeOutput("HeadBucket", { BucketRegion: "r" }), {
      status: 200,
      headers: [["x-amz-bucket-region", "r"]],
      body: undefined,
    });
  });

  test("a document that is one member is called as the member says or, where it says nothing, as its structure", async () => {
    const root = async (encoded: EncodedOutput | Promise<EncodedOutput>): Promise<string | undefined> =>
      /\n<(\w+)/.exec(String((await encoded).body))?.[1];
    assert.equal(await root(encodeOutput("GetObjectLegalHold", { LegalHold: { Status: "ON" } })), "LegalHold");
    assert.equal(await root(encodeOutput("CopyObject", { CopyObjectResult: { ETag: "e" } })), "CopyObjectResult");
  });

  test("a body that is not there has no type either", async () => {
    for (const name of ["GetObject", "CopyObject", "GetBucketPolicy"] as const) {
      assert.deepEqual(await encodeOutput(name, {}), { status: 200, headers: [], body: undefined });
    }
  });

  test("an answer without a document has no body", async () => {
    assert.deepEqual(await encodeOutput("DeleteBucketCors", {}), { status: 204, headers: [], body: undefined });
  });
});
