import assert from "node:assert/strict";
import { test } from "node:test";
import { accountIdOf } from "../../src/store/accounts/accountIds.ts";
import { element } from "../server/TestServer.ts";
import { AnswerServer, NOW_MS } from "./AnswerServer.ts";

/** Parameters and headers that are empty or odd, and are served: what is refused stands with its operation. */

/** Query, and an element of the answer that shows how it was read; `undefined` where the answer must not have it. */
const SERVED: readonly (readonly [
  operation: string,
  query: Readonly<Record<string, string>>,
  name: string,
  text: string | undefined,
])[] = [
  ["ListObjects", { "max-keys": "" }, "MaxKeys", "1000"],
  ["ListObjects", { "max-keys": "00005" }, "MaxKeys", "5"],
  ["ListObjects", { "max-keys": "0".repeat(500) + "5" }, "MaxKeys", "5"],
  ["ListObjects", { "max-keys": "-0" }, "MaxKeys", "0"],
  ["ListObjects", { "encoding-type": "URL" }, "EncodingType", "URL"],
  ["ListObjects", { marker: "", prefix: "", delimiter: "" }, "Delimiter", undefined],
  ["ListObjectsV2", { "list-type": "2", "start-after": "" }, "StartAfter", ""],
  ["ListObjectsV2", { "list-type": "2" }, "StartAfter", undefined],
  ["ListObjectsV2", { "list-type": "2", "fetch-owner": "" }, "Owner", undefined],
  ["ListObjectVersions", { versions: "", "key-marker": "", "max-keys": "" }, "MaxKeys", "1000"],
  ["ListMultipartUploads", { uploads: "", "key-marker": "", "upload-id-marker": "", "max-uploads": "" }, "MaxUploads", "1000"],
];

for (const [operation, query, name, text] of SERVED) {
  test(`${operation}: ${JSON.stringify(query).slice(0, 80)} shows ${name} ${text === undefined ? "not at all" : `"${text}"`}`, async () => {
    await using answers = await AnswerServer.start();
    const answer = await answers.send({ method: "GET", path: "/bucket", query }, "header");
    assert.equal(answer.status, 200, answer.body);
    assert.equal(answer.body.includes(`<${name}/>`) ? "" : element(answer, name), text);
  });
}

test("ListParts: empty limits are none", async () => {
  await using answers = await AnswerServer.start();
  const query = { uploadId: "{uploadId}", "max-parts": "", "part-number-marker": "" };
  const answer = await answers.send({ method: "GET", path: "/bucket/upload", query }, "header");
  assert.deepEqual([element(answer, "MaxParts"), element(answer, "PartNumberMarker")], ["1000", "0"]);
});

test("ListBuckets: an empty limit is none", async () => {
  await using answers = await AnswerServer.start();
  assert.equal((await answers.send({ method: "GET", path: "/", query: { "max-buckets": "" } }, "header")).status, 200);
});

test("GetObjectAttributes: a limit of parts that cannot be is passed over, and so is nothing between commas", async () => {
  await using answers = await AnswerServer.start();
  for (const value of ["-1", "many", "", "2147483648"]) {
    const headers = { "x-amz-object-attributes": "ETag,,ObjectSize", "x-amz-max-parts": value, "x-amz-part-number-marker": "" };
    const answer = await answers.send({ method: "GET", path: "/bucket/key", query: { attributes: "" }, headers }, "header");
    assert.equal(element(answer, "ObjectSize"), "11", answer.body);
  }
});

test("PutObject: an empty Content-Encoding is not kept, nor what is left without aws-chunked", async () => {
  await using answers = await AnswerServer.start();
  for (const [sent, kept] of [
    ["", undefined],
    ["aws-chunked,", undefined],
    ["aws-chunked", undefined],
    ["aws-chunked, gzip", "gzip"],
  ] as const) {
    const asked = { method: "PUT", path: "/bucket/key", headers: { "Content-Encoding": sent } };
    assert.equal((await answers.send(asked, "presigned")).status, 200, sent);
    const shown = await answers.send({ method: "HEAD", path: "/bucket/key" }, "header");
    assert.equal(shown.headers.get("content-encoding"), kept, sent);
  }
});

test("GetObject: a range with a blank in it is none, and the last bytes of an empty object are all of it", async () => {
  await using answers = await AnswerServer.start();
  for (const Range of ["bytes= -1", "bytes= 0-4", "bytes=0 - 4", "bytes =0-4", "bytes=0-4, 6-7", ""]) {
    const answer = await answers.send({ method: "GET", path: "/bucket/key", headers: { Range } }, "header");
    assert.deepEqual([answer.status, answer.body], [200, "hello world"], Range);
  }
  assert.equal((await answers.send({ method: "PUT", path: "/bucket/key" }, "header")).status, 200);
  const range = (value: string) => answers.send({ method: "GET", path: "/bucket/key", headers: { Range: value } }, "header");
  const last = await range("bytes=-5");
  assert.deepEqual([last.status, last.body, last.headers.get("content-range")], [200, "", undefined]);
  assert.equal((await range("bytes=0-")).status, 416);
});

test("GetObject: If-Modified-Since with a time to come is none", async () => {
  await using answers = await AnswerServer.start();
  const since = async (ms: number) => {
    const headers = { "If-Modified-Since": new Date(ms).toUTCString() };
    return (await answers.send({ method: "GET", path: "/bucket/key", headers }, "header")).status;
  };
  assert.deepEqual([await since(NOW_MS), await since(NOW_MS + 60_000)], [304, 200]);
});

test("Request: the account of the bucket's owner is expected of right", async () => {
  await using answers = await AnswerServer.start();
  const accountId = accountIdOf((await answers.owner()).canonicalId);
  for (const asked of [
    { method: "GET", path: "/bucket/key" },
    { method: "HEAD", path: "/bucket" },
    { method: "PUT", path: "/bucket/copy", headers: { "x-amz-copy-source": "http://elsewhere/bucket/key" } },
  ]) {
    const headers = { ...asked.headers, "x-amz-expected-bucket-owner": accountId };
    assert.equal((await answers.send({ ...asked, headers }, "header")).status, 200);
    assert.equal(
      (await answers.send({ ...asked, headers: { ...headers, "x-amz-expected-bucket-owner": "111122223333" } }, "header")).status,
      403,
    );
  }
});
