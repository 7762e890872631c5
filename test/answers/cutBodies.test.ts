import assert from "node:assert/strict";
import { test } from "node:test";
import { element } from "../server/TestServer.ts";
import type { Sender } from "./AnswerServer.ts";
import { AnswerServer } from "./AnswerServer.ts";
import type { Refusal } from "./refusals.ts";
import { assertRefusal } from "./refusals.ts";

/** Bodies that break off: whose client ends its half of the connection and goes on listening, or sends what is no chunk. */

function tooShort(expected: string, provided: string): Refusal {
  return {
    status: 400,
    code: "IncompleteBody",
    message: "You did not provide the number of bytes specified by the Content-Length HTTP header",
    details: { NumberBytesExpected: expected, NumberBytesProvided: provided },
    says: `The request announced a body of ${expected} bytes, and ${provided} came. Nothing was stored.`,
  };
}

function terminated(says: string): Refusal {
  return { status: 400, code: "IncompleteBody", message: "The request body terminated unexpectedly", says };
}

const CHUNKED = { "Transfer-Encoding": "chunked", "x-amz-decoded-content-length": "5" };
const UNSIGNED = { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" };
const UNSIGNED_CHUNKS = { "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER" };
const SIGNED_CHUNKS = { "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" };

/** A chunk as HTTP frames it. */
function chunk(content: string): string {
  return `${content.length.toString(16)}\r\n${content}\r\n`;
}

const SIGNED_LINE = `5;chunk-signature=${"0".repeat(64)}\r\n`;
const NO_LINE = "Chunk 1 does not begin with a line that says its size.";
const IN_CHUNK = "The body ended within chunk 1.";
const AT_ITS_END = "The connection was closed before the body's end.";

/** What is sent before the client ends its half, and what it is told. */
const CUT: readonly {
  readonly cause: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly sent: string;
  readonly answer: Refusal;
}[] = [
  { cause: "a body with a length", headers: { "Content-Length": "5" }, sent: "hel", answer: tooShort("5", "3") },
  { cause: "a body with a length that never begins", headers: { "Content-Length": "5" }, sent: "", answer: tooShort("5", "0") },
  { cause: "chunks, between two", headers: CHUNKED, sent: chunk("hel"), answer: tooShort("5", "3") },
  { cause: "chunks, within one", headers: CHUNKED, sent: "5\r\nhel", answer: tooShort("5", "3") },
  { cause: "chunks, before the first", headers: CHUNKED, sent: "", answer: tooShort("5", "0") },
  { cause: "chunks, within the line before one", headers: CHUNKED, sent: `${chunk("hel")}2`, answer: tooShort("5", "3") },
  { cause: "chunks, before the last, empty one", headers: CHUNKED, sent: chunk("hello"), answer: terminated(AT_ITS_END) },
  { cause: "chunks, within the last one", headers: CHUNKED, sent: `${chunk("hello")}0\r\n`, answer: terminated(AT_ITS_END) },
  {
    cause: "unsigned chunks of a body that is not signed",
    headers: { ...CHUNKED, ...UNSIGNED },
    sent: chunk("hel"),
    answer: tooShort("5", "3"),
  },
  {
    cause: "aws-chunks, unsigned, before the first",
    headers: { ...CHUNKED, ...UNSIGNED_CHUNKS },
    sent: "",
    answer: terminated(NO_LINE),
  },
  {
    cause: "aws-chunks, unsigned, within one",
    headers: { ...CHUNKED, ...UNSIGNED_CHUNKS },
    sent: chunk("5\r\nhel"),
    answer: terminated(IN_CHUNK),
  },
  {
    cause: "aws-chunks, unsigned, that are whole in a body that is not",
    headers: { ...CHUNKED, ...UNSIGNED_CHUNKS },
    sent: chunk("5\r\nhello\r\n0\r\n\r\n"),
    answer: terminated(AT_ITS_END),
  },
  {
    cause: "aws-chunks, signed, within one",
    headers: { ...CHUNKED, ...SIGNED_CHUNKS },
    sent: chunk(`${SIGNED_LINE}hel`),
    answer: terminated(IN_CHUNK),
  },
  {
    cause: "aws-chunks, signed, with a length",
    headers: { ...SIGNED_CHUNKS, "x-amz-decoded-content-length": "5", "Content-Length": "200" },
    sent: `${SIGNED_LINE}hel`,
    answer: terminated(IN_CHUNK),
  },
];

for (const { cause, headers, sent, answer } of CUT) {
  test(`PutObject: a client that ends its half of the connection early, in ${cause}, answers 400 IncompleteBody`, async () => {
    await using answers = await AnswerServer.start();
    const fingerprint = await answers.fingerprint();
    // Signed chunks continue the signature of a header.
    const isChained = headers["x-amz-content-sha256"] === SIGNED_CHUNKS["x-amz-content-sha256"];
    const senders: readonly Sender[] = isChained ? ["header"] : ["header", "presigned"];
    for (const sender of senders) {
      using connection = await answers.connect();
      const asked = { method: "PUT", path: "/bucket/key", headers, body: sent };
      await connection.send(answers.wireBytes(answers.signed(asked, sender)));
      connection.end();
      assertRefusal(answers, { cause, asked, answer, readsBody: true }, await connection.answer(), sender);
      assert.equal(await connection.closed(), "");
    }
    assert.equal(await answers.fingerprint(), fingerprint, "the store has changed");
    assert.deepEqual(answers.server.failures, []);
  });
}

for (const [how, headers, body] of [
  ["a length", { "Content-Length": "11" }, "hello"],
  ["chunks", { ...CHUNKED, ...UNSIGNED }, chunk("hel")],
] as const) {
  test(`PutObject: a client that ends its half of the connection early, in a body with ${how}, is answered what is wrong before it`, async () => {
    await using answers = await AnswerServer.start();
    using connection = await answers.connect();
    const asked = { method: "PUT", path: "/nobucket/key", headers, body };
    await connection.send(answers.wireBytes(answers.signed(asked, "header")));
    connection.end();
    const answer = await connection.answer();
    assert.equal(`${answer.status} ${element(answer, "Code")}`, "404 NoSuchBucket");
    assert.equal(answer.headers.get("connection"), "close");
    assert.equal(await connection.closed(), "");
  });
}

test("PutObject: a client that ends its half of the connection with the last byte of its body is answered as ever", async () => {
  await using answers = await AnswerServer.start();
  for (const [headers, body] of [
    [{}, "hello"],
    [{ ...CHUNKED, ...UNSIGNED }, `${chunk("hello")}0\r\n\r\n`],
  ] as const) {
    using connection = await answers.connect();
    await connection.send(answers.wireBytes(answers.signed({ method: "PUT", path: "/bucket/key", headers, body }, "header")));
    connection.end();
    assert.equal((await connection.answer()).status, 200);
  }
});

test("Connection: what is no chunk answers BadRequest, without a body to HEAD, however the packets fall", async () => {
  await using answers = await AnswerServer.start();
  for (const method of ["GET", "HEAD"]) {
    using connection = await answers.connect();
    // Neither operation needs a body, but what is announced is read.
    const asked = { method, path: "/bucket", headers: { ...CHUNKED, ...UNSIGNED } };
    await connection.send(answers.wireBytes(answers.signed(asked, "header")));
    // By the time another request is answered, the head has been read.
    await answers.send({ method: "GET", path: "/bucket" }, "header");
    await connection.send("no chunk\r\n");
    const answer = await connection.answer({ toHead: method === "HEAD" });
    assert.equal(`${answer.status} ${answer.reason}`, "400 Bad Request");
    assert.equal(element(answer, "Code"), method === "HEAD" ? undefined : "BadRequest");
    assert.equal(await connection.closed(), "");
  }
  assert.deepEqual(answers.server.failures, []);
});
