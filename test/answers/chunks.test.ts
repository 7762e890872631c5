import assert from "node:assert/strict";
import { test } from "node:test";
import { crc32 } from "node:zlib";
import { AnswerServer } from "./AnswerServer.ts";
import type { Refusal, Row } from "./refusals.ts";
import { assertRefusal, invalidRequest, refusals } from "./refusals.ts";
import { sha256 } from "./signing.ts";

/** What goes wrong with bodies in chunks: their framing, their signatures, their trailer, their length. */

const UNSIGNED = { "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER", "x-amz-trailer": "x-amz-checksum-crc32" };

/** An upload of unsigned chunks, framed as given. */
function upload(length: string, body: string, headers: Readonly<Record<string, string>> = {}): Row["asked"] {
  const all = { ...UNSIGNED, "x-amz-decoded-content-length": length, ...headers };
  return { method: "PUT", path: "/bucket/new", headers: all, body };
}

const TRAILER = `x-amz-checksum-crc32:${crc32Base64("hello")}\r\n\r\n`;

function crc32Base64(text: string): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(text));
  return bytes.toString("base64");
}

function broken(says: string): Refusal {
  return { status: 400, code: "IncompleteBody", message: "The request body terminated unexpectedly", says };
}

function wrongLength(expected: string, provided: string, says: string): Refusal {
  return {
    status: 400,
    code: "IncompleteBody",
    message: "You did not provide the number of bytes specified by the Content-Length HTTP header",
    details: { NumberBytesExpected: expected, NumberBytesProvided: provided },
    says,
  };
}

function malformedTrailer(says: string): Refusal {
  return {
    status: 400,
    code: "MalformedTrailerError",
    message: "The request contained trailing data that was not well-formed or did not conform to our published schema.",
    says,
  };
}

refusals(
  "PutObject in chunks",
  [
    {
      cause: "a chunk without a size",
      asked: upload("5", "hello\r\n"),
      answer: broken("Chunk 1 does not begin with a line that says its size."),
    },
    { cause: "a chunk that is cut", asked: upload("5", "5\r\nhel"), answer: broken("The body ended within chunk 1.") },
    {
      cause: "a chunk longer than its size",
      asked: upload("5", `4\r\nhello\r\n0\r\n${TRAILER}`),
      answer: broken("Chunk 1 does not end after the 4 bytes its first line says."),
    },
    {
      cause: "no last chunk",
      asked: upload("5", "5\r\nhello\r\n"),
      answer: broken("Chunk 2 does not begin with a line that says its size."),
    },
    {
      cause: "a trailer that is cut",
      asked: upload("5", "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:"),
      answer: broken("The body ended within the trailer."),
    },
    {
      cause: "a signature nobody announced",
      asked: upload("5", `5;chunk-signature=0\r\nhello\r\n0\r\n${TRAILER}`),
      answer: broken("The line before chunk 1 has a signature, against x-amz-content-sha256."),
    },
    {
      cause: "a chunk's line that says more than a size",
      asked: upload("5", `5;colour=blue\r\nhello\r\n0\r\n${TRAILER}`),
      answer: broken('In the line before chunk 1, "colour=blue" stands behind the size, where nothing belongs.'),
    },
    {
      cause: "more bytes than announced",
      asked: upload("4", `5\r\nhello\r\n0\r\n${TRAILER}`),
      answer: wrongLength("4", "5", "The request announced a body of 4 bytes, and 5 came. Nothing was stored."),
    },
    {
      cause: "fewer bytes than announced",
      asked: upload("6", `5\r\nhello\r\n0\r\n${TRAILER}`),
      answer: wrongLength("6", "5", "The request announced a body of 6 bytes, and 5 came. Nothing was stored."),
    },
    {
      cause: "a small chunk before the last",
      asked: upload("10", `5\r\nhello\r\n5\r\nhello\r\n0\r\n${TRAILER}`),
      answer: {
        status: 403,
        code: "InvalidChunkSizeError",
        message: "Only the last chunk is allowed to have a size less than 8192 bytes",
        details: { Chunk: "2", BadChunkSize: "5" },
        says: "Chunk 1 has 5 bytes, and another follows; buffer the stream into chunks of at least 8192.",
      },
    },
    {
      cause: "no trailer",
      asked: upload("5", "5\r\nhello\r\n0\r\n\r\n"),
      answer: malformedTrailer("x-amz-trailer announced x-amz-checksum-crc32, which did not come."),
    },
    {
      cause: "another trailer",
      asked: upload("5", "5\r\nhello\r\n0\r\nx-amz-checksum-sha1:AAAA\r\n\r\n"),
      answer: malformedTrailer("The trailer holds x-amz-checksum-sha1, but x-amz-trailer announced x-amz-checksum-crc32."),
    },
    {
      cause: "a trailer twice",
      asked: upload("5", `5\r\nhello\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n${TRAILER}`),
      answer: malformedTrailer("The trailer x-amz-checksum-crc32 came twice."),
    },
    {
      cause: "a checksum in the trailer that is none",
      asked: upload("5", "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:none\r\n\r\n"),
      answer: invalidRequest(
        "Value for x-amz-checksum-crc32 trailing header is invalid.",
        'x-amz-checksum-crc32 is "none"; it must be the base64 of 4 bytes.',
      ),
    },
    {
      cause: "a checksum of other bytes in the trailer",
      asked: upload("5", `5\r\nhello\r\n0\r\nx-amz-checksum-crc32:${crc32Base64("other")}\r\n\r\n`),
      answer: {
        status: 400,
        code: "BadDigest",
        message: "The CRC32 you specified did not match the calculated checksum.",
        says: "The body that came has the CRC32 NhCmhg==, not 2Vg1IA==: it was changed on its way, or is not the one meant. Nothing was stored.",
      },
    },
    {
      cause: "no length of what they hold",
      asked: {
        method: "PUT",
        path: "/bucket/new",
        headers: UNSIGNED,
        body: `5\r\nhello\r\n0\r\n${TRAILER}`,
      },
      readsBody: false,
      answer: {
        status: 411,
        code: "MissingContentLength",
        message: "You must provide the Content-Length HTTP header.",
        says: "A body sent in chunks says how many bytes it holds in x-amz-decoded-content-length; it is missing.",
      },
    },
    {
      cause: "a length that is none",
      asked: upload("some", `5\r\nhello\r\n0\r\n${TRAILER}`),
      readsBody: false,
      answer: {
        status: 411,
        code: "MissingContentLength",
        message: "You must provide the Content-Length HTTP header.",
        says: 'A body sent in chunks says how many bytes it holds in x-amz-decoded-content-length; it is "some".',
      },
    },
  ].map((row) => ({ readsBody: true, ...row })),
);

test("PutObject in chunks: a chunk of another signature answers 403 SignatureDoesNotMatch, and stores nothing", async () => {
  await using answers = await AnswerServer.start();
  const fingerprint = await answers.fingerprint();
  const seed = answers.signed(
    {
      method: "PUT",
      path: "/bucket/new",
      headers: { "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "x-amz-decoded-content-length": "5" },
    },
    "header",
  );
  const request = { ...seed, body: "5;chunk-signature=0\r\nhello\r\n0;chunk-signature=0\r\n\r\n" };
  const previous = /Signature=(\w+)/.exec(seed.headers["Authorization"]!)![1]!;
  const scope = "20260301/us-east-1/s3/aws4_request";
  const toSign = ["AWS4-HMAC-SHA256-PAYLOAD", "20260301T120000Z", scope, previous, sha256(""), sha256("hello")].join("\n");
  const answer: Refusal = {
    status: 403,
    code: "SignatureDoesNotMatch",
    message: "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
    details: {
      AWSAccessKeyId: answers.scope().accessKeyId,
      StringToSign: toSign,
      SignatureProvided: "0",
      StringToSignBytes: [...Buffer.from(toSign)].map((byte) => byte.toString(16).padStart(2, "0")).join(" "),
    },
    says: "Chunk 1 is not what its sender signed, or does not follow the chunk before it.",
  };
  assertRefusal(answers, { cause: "", asked: request, answer, readsBody: true }, await answers.sendSigned(request));
  assert.equal(await answers.fingerprint(), fingerprint);
});

test("PutObject: chunks without any length answer 501 NotImplemented, and store nothing", async () => {
  await using answers = await AnswerServer.start();
  const fingerprint = await answers.fingerprint();
  const asked = { method: "PUT", path: "/bucket/new", headers: { "Transfer-Encoding": "chunked" }, body: "0\r\n\r\n" };
  const answer: Refusal = {
    status: 501,
    code: "NotImplemented",
    message: "A header you provided implies functionality that is not implemented",
    details: { Header: "Transfer-Encoding" },
    says:
      "The body comes in chunks of HTTP, and nothing says how long it is. Send Content-Length in place of Transfer-Encoding; a body of " +
      "unknown length can be sent as a multipart upload.",
  };
  assertRefusal(answers, { cause: "", asked, answer, readsBody: true }, await answers.send(asked, "header"));
  assert.equal(await answers.fingerprint(), fingerprint);
});

test("PutObject: a body that stops moving answers 400 RequestTimeout, closes, and stores nothing", async () => {
  await using answers = await AnswerServer.start({ idleTimeoutMs: 50 });
  const fingerprint = await answers.fingerprint();
  const asked = { method: "PUT", path: "/bucket/new", headers: { "Content-Length": "10" }, body: "half" };
  const answer = await answers.send(asked, "presigned");
  assertRefusal(answers, { cause: "", asked, answer: TIMEOUT }, answer);
  assert.equal(await answers.fingerprint(), fingerprint);
});

const TIMEOUT: Refusal = {
  status: 400,
  code: "RequestTimeout",
  message:
    "Your socket connection to the server was not read from or written to within the timeout period. Idle connections will be closed.",
  says: "The body is not complete, and nothing came for 0.05 seconds. The connection is closed; send the request again.",
};
