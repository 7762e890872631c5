import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { element } from "../server/TestServer.ts";
import { AnswerServer, NOW_MS } from "./AnswerServer.ts";
import type { Sendable } from "./signing.ts";
import { presigned } from "./signing.ts";

/** Headers that a presigned URL carries in its query. */

const ETAG = '"5eb63bbbe01eeed093cb22bb8f5acdc3"';
const PAST = new Date(NOW_MS - 60_000).toUTCString();

/** What an empty body's CRC32 is, which SDKs put into URLs they presign without knowing the body. */
const CRC32_OF_NOTHING = "AAAAAA==";

test("PutObject: conditions in the query of a presigned URL are obeyed, however they are spelled", async () => {
  await using answers = await AnswerServer.start();
  const fingerprint = await answers.fingerprint();
  for (const query of [{ "If-None-Match": "*" }, { "if-none-match": "*" }, { "If-Match": '"other"' }]) {
    const answer = await answers.send({ method: "PUT", path: "/bucket/key", query, body: "new" }, "presigned");
    assert.equal(answer.status, 412, Object.keys(query)[0]);
    assert.equal(element(answer, "Condition")?.toLowerCase(), Object.keys(query)[0]!.toLowerCase());
  }
  const any = await answers.send({ method: "PUT", path: "/bucket/key", query: { "If-Match": "*" }, body: "new" }, "presigned");
  assert.equal(any.status, 501);
  assert.equal(await answers.fingerprint(), fingerprint);
  const matching = { method: "PUT", path: "/bucket/key", query: { "If-Match": ETAG }, body: "new" };
  assert.equal((await answers.send(matching, "presigned")).status, 200);
});

test("DeleteObject: a condition in the query of a presigned URL is obeyed", async () => {
  await using answers = await AnswerServer.start();
  const asked = { method: "DELETE", path: "/bucket/key", query: { "If-Match": '"other"' } };
  assert.equal((await answers.send(asked, "presigned")).status, 412);
  const versioned = { ...asked, query: { "If-Match": ETAG, versionId: "null" } };
  assert.equal((await answers.send(versioned, "presigned")).status, 501);
  assert.equal((await answers.send({ method: "HEAD", path: "/bucket/key" }, "header")).status, 200);
});

test("GetObject: conditions in the query of a presigned URL are obeyed", async () => {
  await using answers = await AnswerServer.start();
  for (const [query, status] of [
    [{ "If-None-Match": ETAG }, 304],
    [{ "If-Modified-Since": new Date(NOW_MS).toUTCString() }, 304],
    [{ "If-Match": '"other"' }, 412],
    [{ "If-Unmodified-Since": PAST }, 412],
    [{ "If-Match": ETAG }, 200],
  ] as const) {
    const asked = { method: "GET", path: "/bucket/key", query };
    assert.equal((await answers.send(asked, "presigned")).status, status, JSON.stringify(query));
    // Nobody signed these but as parameters of no meaning.
    assert.equal((await answers.send(asked, "header")).status, 200, JSON.stringify(query));
  }
});

test("PutObject: a header that is sent counts more than the same one in the query, and the first of two parameters", async () => {
  await using answers = await AnswerServer.start();
  const query = { "x-amz-meta-colour": "blue", "X-Amz-Meta-Colour": "red", "x-amz-meta-size": "large" };
  const headers = { "x-amz-meta-size": "small" };
  assert.equal((await answers.send({ method: "PUT", path: "/bucket/key", query, headers }, "presigned")).status, 200);
  const shown = await answers.send({ method: "HEAD", path: "/bucket/key" }, "header");
  assert.equal(shown.headers.get("x-amz-meta-size"), "small");
  // Sorted, as canonical queries are, capitals come first.
  assert.equal(shown.headers.get("x-amz-meta-colour"), "red");
});

test("PutObject: what describes a body is not read from the query", async () => {
  await using answers = await AnswerServer.start();
  const query = {
    "Content-Type": "text/plain",
    "Content-MD5": "x",
    "Cache-Control": "no-store",
    "x-amz-checksum-crc32": CRC32_OF_NOTHING,
  };
  assert.equal((await answers.send({ method: "PUT", path: "/bucket/key", query, body: "new" }, "presigned")).status, 200);
  const shown = await answers.send({ method: "HEAD", path: "/bucket/key" }, "header");
  assert.equal(shown.headers.get("content-type"), "binary/octet-stream");
  assert.equal(shown.headers.get("cache-control"), undefined);
});

test("PutObject: a header signed as one and sent in the query alone counts, a checksum too", async () => {
  await using answers = await AnswerServer.start();
  const hoisted = { "x-amz-checksum-crc32": CRC32_OF_NOTHING, "x-amz-meta-colour": "blue" };
  const asked = { method: "PUT", path: "/bucket/key", query: hoisted, headers: hoisted, body: "new" };
  const signed = presigned(asked, answers.scope());
  assert.equal(signed.query["X-Amz-SignedHeaders"], "host;x-amz-checksum-crc32;x-amz-meta-colour");
  assert.equal(element(await answers.sendSigned({ ...signed, headers: {} }), "Code"), "BadDigest");
  const empty = presigned({ ...asked, body: "" }, answers.scope());
  assert.equal((await answers.sendSigned({ ...empty, headers: {} })).status, 200);
});

/** A URL presigned with version 2, as clients make it: x-amz-… headers are signed as headers, and then moved into the query. */
function presignedV2(
  answers: AnswerServer,
  { method, path, query, body }: Omit<Sendable, "headers">,
  hoisted: Record<string, string>,
): Sendable {
  const { accessKeyId, secretAccessKey, nowMs } = answers.scope();
  const expires = String(Math.floor(nowMs / 1000) + 600);
  const lines = Object.entries(hoisted)
    .map(([name, value]) => `${name}:${value}\n`)
    .toSorted()
    .join("");
  const toSign = `${method}\n\n\n${expires}\n${lines}${path}`;
  const signature = createHmac("sha1", secretAccessKey).update(toSign).digest("base64");
  const parameters = { ...query, ...hoisted, AWSAccessKeyId: accessKeyId, Expires: expires, Signature: signature };
  return { method, path, query: parameters, headers: {}, body };
}

test("PutObject: x-amz-… in the query of a URL presigned with version 2 counts and was signed; a condition there is none", async () => {
  await using answers = await AnswerServer.start();
  const put = { method: "PUT", path: "/bucket/key", query: { "If-None-Match": "*" }, body: "new" };
  const signed = presignedV2(answers, put, { "x-amz-meta-colour": "blue", "x-amz-storage-class": "STANDARD_IA" });
  assert.equal((await answers.sendSigned(signed)).status, 200);
  const shown = await answers.send({ method: "HEAD", path: "/bucket/key" }, "header");
  assert.equal(shown.headers.get("x-amz-meta-colour"), "blue");
  assert.equal(shown.headers.get("x-amz-storage-class"), "STANDARD_IA");
  const added = { ...signed, query: { ...signed.query, "x-amz-meta-size": "large" } };
  assert.equal(element(await answers.sendSigned(added), "Code"), "SignatureDoesNotMatch");
});
