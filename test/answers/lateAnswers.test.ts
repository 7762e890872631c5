import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { XML_DECLARATION } from "../../src/protocol/xml/writeXml.ts";
import { KEEP_ALIVE_AFTER_MS } from "../../src/server/createService.ts";
import { WHITE_SPACE_INTERVAL_MS } from "../../src/server/requests/lateAnswer.ts";
import type { RawConnection } from "../server/RawConnection.ts";
import { element } from "../server/TestServer.ts";
import type { AnswerServer, Asked } from "./AnswerServer.ts";
import { startHolding } from "./HeldMetadata.ts";

/** Answers to work that takes long: a 200 begins before it is known how the work ends, and white space goes out until it is. */

/** An operation that may answer late, and what another request can do meanwhile that makes it fail. */
interface Late {
  readonly name: string;
  readonly asked: Asked;
  readonly spoiler: Asked;
  readonly code: string;
  readonly message: string;
  /** What stands between Message and Resource. */
  readonly details: string;
}

const ETAG = createHash("md5").update("part!").digest("hex");
const PART = `<Part><PartNumber>1</PartNumber><ETag>${ETAG}</ETag></Part>`;
/** What is copied over, and what is copied. */
const BEFORE_OR_AFTER = ["cold", "hello world"].map((body) => `"${createHash("md5").update(body).digest("hex")}"`).join(", ");
const COPY = { "x-amz-copy-source": "/bucket/key" };

const ABORTED = {
  spoiler: { method: "DELETE", path: "/bucket/upload", query: { uploadId: "{uploadId}" } },
  code: "NoSuchUpload",
  message: "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
  details:
    "<UploadId>{uploadId}</UploadId><Details>No upload &quot;{uploadId}&quot; is under way for this key; it may have been completed " +
    "or aborted, or belong to another key.</Details>",
} as const;

const LATE: readonly Late[] = [
  {
    name: "CompleteMultipartUpload",
    asked: {
      method: "POST",
      path: "/bucket/upload",
      query: { uploadId: "{uploadId}" },
      body: `<CompleteMultipartUpload>${PART}</CompleteMultipartUpload>`,
    },
    ...ABORTED,
  },
  {
    name: "UploadPartCopy",
    asked: { method: "PUT", path: "/bucket/upload", query: { uploadId: "{uploadId}", partNumber: "3" }, headers: COPY },
    ...ABORTED,
  },
  {
    name: "CopyObject",
    asked: { method: "PUT", path: "/bucket/archived", headers: { ...COPY, "If-Match": BEFORE_OR_AFTER } },
    spoiler: { method: "DELETE", path: "/bucket/archived" },
    code: "ConditionalRequestConflict",
    message: "The conditional request cannot succeed due to a conflicting operation against this resource.",
    details:
      "<Condition>If-Match</Condition><Key>archived</Key><Details>The object that If-Match named was deleted while this request was " +
      "under way; look at the key again and retry.</Details>",
  },
];

/** Time that passes when the test says so; disposed, it passes by itself again. */
interface HeldTime extends Disposable {
  readonly pass: (milliseconds: number) => void;
}

function heldTime(t: TestContext): HeldTime {
  t.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  return {
    pass: (milliseconds) => t.mock.timers.tick(milliseconds),
    [Symbol.dispose]: () => t.mock.timers.reset(),
  };
}

/** What has come over a connection by the time that another request, sent now, is answered. */
async function receivedBy(answers: AnswerServer, connection: RawConnection): Promise<string> {
  assert.equal((await answers.send({ method: "HEAD", path: "/bucket" }, "header")).status, 200);
  return connection.unread;
}

const CHUNKED_SPACE = "1\r\n \r\n";

/** Lets time pass until an answer has begun and `spaces` spaces have come, each when it should and not before. */
async function begin(answers: AnswerServer, connection: RawConnection, time: HeldTime, spaces: number): Promise<void> {
  time.pass(KEEP_ALIVE_AFTER_MS - 1);
  assert.equal(await receivedBy(answers, connection), "");
  time.pass(1);
  const begun = await receivedBy(answers, connection);
  assert.match(begun, /^HTTP\/1\.1 200 OK\r\n/);
  assert.match(begun, /\r\nContent-Type: application\/xml\r\n/);
  assert.doesNotMatch(begun, /\r\nConnection:/);
  assert.ok(begun.endsWith(`\r\n\r\n${XML_DECLARATION.length.toString(16)}\r\n${XML_DECLARATION}\r\n`), begun);
  for (let count = 0; count < spaces; count += 1) {
    const before = connection.unread;
    time.pass(WHITE_SPACE_INTERVAL_MS - 1);
    assert.equal(await receivedBy(answers, connection), before);
    time.pass(1);
    assert.equal(await receivedBy(answers, connection), `${before}${CHUNKED_SPACE}`);
  }
}

for (const { name, asked, spoiler, code, message, details } of LATE) {
  test(`${name}: work of more than ten seconds begins its 200, sends a space every five, then the result, on a connection that goes on`, async (t) => {
    const { answers: holding, metadata } = await startHolding();
    await using answers = holding;
    using connection = await answers.connect();
    using time = heldTime(t);
    const { reached, release } = metadata.holdNextCommit();
    const wire = answers.wireBytes(answers.signed(asked, "header"));
    await connection.send(wire);
    await reached;
    await begin(answers, connection, time, 3);
    release();
    const late = await connection.answer();
    // What took its time is what would have come at once, but for the white space.
    await connection.send(wire);
    const prompt = await connection.answer();
    assert.equal(prompt.status, 200);
    assert.equal(late.body, `${XML_DECLARATION}   ${prompt.body.slice(XML_DECLARATION.length)}`);
    assert.equal(late.headers.get("transfer-encoding"), "chunked");
    assert.equal(prompt.headers.get("transfer-encoding"), undefined);
  });

  test(`${name}: work that fails after more than ten seconds ends its 200 with ${code}, on a connection that goes on`, async (t) => {
    const { answers: holding, metadata } = await startHolding();
    await using answers = holding;
    using connection = await answers.connect();
    using time = heldTime(t);
    const { reached, release } = metadata.holdNextCommit();
    await connection.send(answers.wireBytes(answers.signed(asked, "header")));
    await reached;
    await begin(answers, connection, time, 1);
    assert.equal((await answers.send(spoiler, "header")).status, 204);
    const [records] = (await answers.fingerprint()).split(" ");
    release();
    const late = await connection.answer();
    assert.equal(
      answers.masked(late.body),
      `${XML_DECLARATION} <Error><Code>${code}</Code><Message>${message}</Message>${details}` +
        `<Resource>${asked.path}</Resource><RequestId>*</RequestId><HostId>*</HostId></Error>`,
    );
    assert.equal(element(late, "RequestId"), late.headers.get("x-amz-request-id"));
    // No record has changed; the bytes of a part that was not to be are gone.
    assert.equal((await answers.fingerprint()).split(" ")[0], records);
    assert.deepEqual(answers.server.failures, []);
    await connection.send(answers.wireBytes(answers.signed({ method: "GET", path: "/bucket/key" }, "header")));
    assert.equal((await connection.answer()).body, "hello world");
  });

  test(`${name}: work of less than ten seconds answers as if it had taken none`, async (t) => {
    const { answers: holding, metadata } = await startHolding();
    await using answers = holding;
    using connection = await answers.connect();
    using time = heldTime(t);
    const { reached, release } = metadata.holdNextCommit();
    await connection.send(answers.wireBytes(answers.signed(asked, "header")));
    await reached;
    time.pass(KEEP_ALIVE_AFTER_MS - 1);
    assert.equal(await receivedBy(answers, connection), "");
    assert.equal((await answers.send(spoiler, "header")).status, 204);
    release();
    const answer = await connection.answer();
    assert.equal(element(answer, "Code"), code);
    assert.ok(answer.status >= 400);
  });
}
