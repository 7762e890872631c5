import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodedWords } from "../../src/protocol/rest/encodedWords.ts";
import type { Asked, Sender } from "./AnswerServer.ts";
import { AnswerServer } from "./AnswerServer.ts";

/** User metadata beyond US-ASCII: what S3 makes of it on its way in, and how it goes out. */

const KEY = "/bucket/key";

/** What GET and HEAD show of x-amz-meta-a once this is written. */
async function shown(answers: AnswerServer, asked: Asked, sender: Sender = "header"): Promise<string | undefined> {
  const answer = await answers.send(asked, sender);
  assert.equal(answer.status, 200, answer.body);
  const [got, head] = await Promise.all(["GET", "HEAD"].map((method) => answers.send({ method, path: KEY }, "header")));
  const value = got!.headers.get("x-amz-meta-a");
  assert.equal(head!.headers.get("x-amz-meta-a"), value);
  assert.equal(head!.headers.get("x-amz-missing-meta"), undefined);
  return value;
}

const put = (value: string): Asked => ({ method: "PUT", path: KEY, headers: { "x-amz-meta-a": value } });

test("PutObject: raw UTF-8 in metadata is taken for Latin-1, byte by byte, as S3's documentation shows", async () => {
  await using answers = await AnswerServer.startEmpty();
  assert.equal(await shown(answers, put("ÄMÄZÕÑ S3")), "=?UTF-8?B?w4PChE3Dg8KEWsODwpXDg8KRIFMz?=");
  assert.equal(await shown(answers, put("Miniö")), "=?UTF-8?Q?Mini=C3=83=C2=B6?=");
  assert.equal(await shown(answers, put("AMAZONS3")), "AMAZONS3");
});

test("PutObject: encoded words in metadata are decoded, and come back as words only where they are not ASCII", async () => {
  await using answers = await AnswerServer.startEmpty();
  assert.equal(await shown(answers, put("=?utf-8?q?caf=c3=a9?=")), "=?UTF-8?Q?caf=C3=A9?=");
  assert.equal(await shown(answers, put("=?ISO-8859-1?Q?caf=E9?=  =?UTF-8?B?IQ==?=")), "=?UTF-8?Q?caf=C3=A9!?=");
  assert.equal(await shown(answers, put("=?UTF-8?Q?plain_text?=")), "plain text");
  assert.equal(await shown(answers, put("=?UTF-8?Q?caf=c3?=")), "=?UTF-8?Q?caf=c3?=");
  assert.equal(await shown(answers, put("=?UTF-8?Q?a=0D=0Aforged:_yes?=")), "=?UTF-8?Q?a=0D=0Aforged:_yes?=");
});

test("PutObject: metadata in a presigned query is UTF-8", async () => {
  await using answers = await AnswerServer.startEmpty();
  const presign = (value: string): Asked => ({ method: "PUT", path: KEY, query: { "x-amz-meta-a": value } });
  assert.equal(await shown(answers, presign("the “Workout”"), "presigned"), "=?UTF-8?Q?the_=E2=80=9CWorkout=E2=80=9D?=");
  assert.equal(await shown(answers, presign("=?UTF-8?Q?caf=C3=A9?="), "presigned"), "=?UTF-8?Q?caf=C3=A9?=");
});

test("CopyObject, CreateMultipartUpload: metadata they bring is decoded as PutObject's is", async () => {
  await using answers = await AnswerServer.startEmpty();
  await answers.send({ method: "PUT", path: "/bucket/source" }, "header");
  const headers = { "x-amz-meta-a": "=?utf-8?q?caf=c3=a9?=" };
  const copy = { "x-amz-copy-source": "/bucket/source", "x-amz-metadata-directive": "REPLACE" };
  assert.equal(await shown(answers, { method: "PUT", path: KEY, headers: { ...headers, ...copy } }), "=?UTF-8?Q?caf=C3=A9?=");
  const begun = await answers.send({ method: "POST", path: KEY, query: { uploads: "" }, headers }, "header");
  const uploadId = /<UploadId>([^<]+)</.exec(begun.body)![1]!;
  const part = await answers.send({ method: "PUT", path: KEY, query: { partNumber: "1", uploadId }, body: "x" }, "header");
  const body = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${part.headers.get("etag")}</ETag></Part></CompleteMultipartUpload>`;
  assert.equal(await shown(answers, { method: "POST", path: KEY, query: { uploadId }, body }), "=?UTF-8?Q?caf=C3=A9?=");
});

test("PutObject: the size of metadata is that of its text, not of the words it came in", async () => {
  await using answers = await AnswerServer.startEmpty();
  const words = (characters: number): string => `=?UTF-8?Q?${"=C3=A9".repeat(characters)}?=`;
  const answer = await answers.send(put(`${words(600)} ${words(423)} =?UTF-8?Q?a?=`), "header");
  assert.equal(answer.status, 200, answer.body);
  const refused = await answers.send(put(`${words(600)} ${words(424)}`), "header");
  assert.match(refused.body, /<Code>MetadataTooLarge<\/Code>.*<Size>2049<\/Size>/);
});

test("PutObject: any text sent as words or in a presigned query comes back in words that say it, and any bytes in words that hold them", async () => {
  await using answers = await AnswerServer.startEmpty();
  const word = (text: string): string => `=?utf-8?b?${Buffer.from(text).toString("base64")}?=`;
  const texts = fc.string({ unit: "grapheme", maxLength: 60 }).map((text) => `<${text.toWellFormed()}>é`);
  await fc.assert(
    fc.asyncProperty(texts, async (text) => {
      assert.equal(decodedWords((await shown(answers, put(word(text))))!), text);
      const query = { "x-amz-meta-a": text };
      assert.equal(decodedWords((await shown(answers, { method: "PUT", path: KEY, query }, "presigned"))!), text);
      const bytes = decodedWords((await shown(answers, put(text)))!);
      assert.equal(Buffer.from(bytes, "latin1").toString(), text);
    }),
    { numRuns: 40 },
  );
});
