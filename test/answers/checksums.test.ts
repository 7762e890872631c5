import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { RawAnswer } from "../server/RawConnection.ts";
import { element } from "../server/TestServer.ts";
import type { Asked } from "./AnswerServer.ts";
import { AnswerServer } from "./AnswerServer.ts";

/** How answers show checksums, and how S3's clients ask for them: spelled in lower case by AWS' own, in capitals by others. */

/** Of "hello world" and of "part!". */
const KEY_CRC64NVME = "jSnVw/bqjr4=";
const PART = { ETag: '"6976b63fd78f932a855711f7bb06c196"', CRC32: "7CWXJg==", CRC64NVME: "TwkqNiygOw4=" };
const LIST = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${PART.ETag}</ETag></Part></CompleteMultipartUpload>`;

let answers: AnswerServer;
before(async () => (answers = await AnswerServer.start()));
after(() => answers[Symbol.asyncDispose]());

/** Sends as the owner of the bucket, and expects to be served. */
async function served(asked: Asked, status = 200): Promise<RawAnswer> {
  const answer = await answers.send(asked, "header");
  assert.equal(answer.status, status, answer.body);
  return answer;
}

/** The headers of an answer that begin x-amz-checksum-. */
function checksums({ headers }: RawAnswer): Record<string, string> {
  const prefix = "x-amz-checksum-";
  return Object.fromEntries(
    [...headers].flatMap(([name, value]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [])),
  );
}

const WHOLE = { crc64nvme: KEY_CRC64NVME, type: "FULL_OBJECT" };

for (const method of ["GET", "HEAD"]) {
  for (const [mode, range, shown] of [
    ["enabled", undefined, WHOLE],
    ["Enabled", "bytes=0-10", WHOLE],
    ["ENABLED", "bytes=-11", WHOLE],
    ["enabled", "bytes=0-9", {}],
    ["enabled", "bytes=1-10", {}],
  ] as const) {
    test(`${method}: x-amz-checksum-mode ${mode}, ${range ?? "no range"}, shows ${JSON.stringify(shown)}`, async () => {
      const headers = { "x-amz-checksum-mode": mode, ...(range === undefined ? {} : { Range: range }) };
      const answer = await served({ method, path: "/bucket/key", headers }, range === undefined ? 200 : 206);
      assert.deepEqual(checksums(answer), shown);
    });
  }
}

test("PutObject: x-amz-sdk-checksum-algorithm names its checksum in any case", async () => {
  for (const name of ["crc32", "Crc32", "CRC32"]) {
    const headers = { "x-amz-sdk-checksum-algorithm": name, "x-amz-checksum-crc32": PART.CRC32 };
    const answer = await served({ method: "PUT", path: "/bucket/spelled", headers, body: "part!" });
    assert.deepEqual(checksums(answer), { crc32: PART.CRC32, type: "FULL_OBJECT" });
  }
});

test("CreateMultipartUpload: algorithm and type count in any case, and come back in capitals", async () => {
  const headers = { "x-amz-checksum-algorithm": "crc32", "x-amz-checksum-type": "full_object" };
  const begun = await served({ method: "POST", path: "/bucket/spelled", query: { uploads: "" }, headers });
  assert.deepEqual(checksums(begun), { algorithm: "CRC32", type: "FULL_OBJECT" });
  const uploadId = element(begun, "UploadId")!;
  await served({ method: "PUT", path: "/bucket/spelled", query: { partNumber: "1", uploadId }, body: "part!" });
  const sent = { "x-amz-checksum-crc32": PART.CRC32, "x-amz-checksum-type": "Full_Object" };
  const done = await served({ method: "POST", path: "/bucket/spelled", query: { uploadId }, headers: sent, body: LIST });
  assert.equal(element(done, "ChecksumCRC32"), PART.CRC32);
  assert.equal(element(done, "ChecksumType"), "FULL_OBJECT");
});

test("UploadPart: an upload without an algorithm takes a part's checksum, shows it, and keeps its own", async () => {
  const path = "/bucket/plain";
  const uploadId = element(await served({ method: "POST", path, query: { uploads: "" } }), "UploadId")!;
  const query = { partNumber: "1", uploadId };
  const part = await served({ method: "PUT", path, query, headers: { "x-amz-checksum-crc32": PART.CRC32 }, body: "part!" });
  assert.deepEqual(checksums(part), { crc32: PART.CRC32 });
  const listing = await served({ method: "GET", path, query: { uploadId } });
  assert.doesNotMatch(listing.body, /Checksum/);
  // A checksum by another algorithm than S3's own is passed over, and a repetition answers as the first time.
  const headers = { "x-amz-checksum-crc32": "AAAAAA==" };
  const done = await served({ method: "POST", path, query: { uploadId }, headers, body: LIST });
  assert.equal(element(done, "ChecksumCRC64NVME"), PART.CRC64NVME);
  assert.equal(element(done, "ChecksumType"), "FULL_OBJECT");
  assert.equal((await served({ method: "POST", path, query: { uploadId }, headers, body: LIST })).body, done.body);
  const read = { method: "HEAD", path, query: { partNumber: "1" }, headers: { "x-amz-checksum-mode": "enabled" } };
  assert.deepEqual(checksums(await served(read, 206)), { crc64nvme: PART.CRC64NVME, type: "FULL_OBJECT" });
});

test("CompleteMultipartUpload: the key written since the upload began answers 409 on a condition", async () => {
  const path = "/bucket/raced";
  const uploadId = element(await served({ method: "POST", path, query: { uploads: "" } }), "UploadId")!;
  await served({ method: "PUT", path, query: { partNumber: "1", uploadId }, body: "part!" });
  await served({ method: "PUT", path, body: "first" });
  const asked = { method: "POST", path, query: { uploadId }, headers: { "If-None-Match": "*" }, body: LIST };
  const answer = await answers.send(asked, "header");
  assert.equal(`${answer.status} ${answer.reason}`, "409 Conflict");
  assert.equal(
    answers.masked(answer.body),
    "<Error><Code>ConditionalRequestConflict</Code><Message>The conditional request cannot succeed due to a conflicting operation " +
      "against this resource.</Message><Condition>If-None-Match</Condition><Key>raced</Key><Details>The object under this key was " +
      "written since the upload began; look at it again, and upload anew if it is still to be.</Details>" +
      "<Resource>/bucket/raced</Resource><RequestId>*</RequestId><HostId>*</HostId></Error>",
  );
});
