import assert from "node:assert/strict";
import { test } from "node:test";
import { S3Error } from "../../src/errors/S3Error.ts";
import type { AnyOperation } from "../../src/operations/Operation.ts";
import type { OperationName } from "../../src/protocol/generated/types.ts";
import { createBucket } from "../../src/store/buckets/buckets.ts";
import { StorageFullError } from "../../src/errors/StorageFullError.ts";
import type { TestServerOptions } from "../server/TestServer.ts";
import { element } from "../server/TestServer.ts";
import type { Asked } from "./AnswerServer.ts";
import { AnswerServer, NOW_MS } from "./AnswerServer.ts";
import { startHolding } from "./HeldMetadata.ts";
import type { Refusal } from "./refusals.ts";
import { assertRefusal } from "./refusals.ts";

/** Answers that are more than a status and a document: redirects, failures of the server's own, errors inside a 200, races. */

const KEEP_ALIVE_AFTER_MS = 20;

/** A server in which one operation takes its time and then fails. */
function failing(name: OperationName, error: unknown, delayMs: number): TestServerOptions {
  return {
    keepAliveAfterMs: KEEP_ALIVE_AFTER_MS,
    adapt: (service) => {
      const handle = async (): Promise<never> => {
        await new Promise((resolve) => setTimeout(resolve, delayMs));
        throw error;
      };
      const replaced = { ...service.operations.get(name), handle } as AnyOperation;
      return { ...service, operations: new Map([...service.operations, [name, replaced]]) };
    },
  };
}

const COPY: Asked = { method: "PUT", path: "/bucket/late", headers: { "x-amz-copy-source": "/bucket/key" } };

/** The operations that may begin their 200 before they know how they end. */
const LATE: readonly (readonly [OperationName, Asked])[] = [
  [
    "CompleteMultipartUpload",
    { method: "POST", path: "/bucket/late", query: { uploadId: "u" }, body: "<CompleteMultipartUpload/>" },
  ],
  ["CopyObject", COPY],
  ["UploadPartCopy", { ...COPY, query: { uploadId: "u", partNumber: "1" } }],
];

const LATE_ERRORS = [
  ["InternalError", new Error("a secret of the server's"), "We encountered an internal error. Please try again.", ""],
  [
    "PreconditionFailed",
    new S3Error("PreconditionFailed", { details: [["Condition", "If-Match"]], explanation: "It was replaced." }),
    "At least one of the pre-conditions you specified did not hold",
    "<Condition>If-Match</Condition>",
  ],
] as const;

for (const [name, asked] of LATE) {
  for (const [code, error, message, details] of LATE_ERRORS) {
    test(`${name}: a late failure answers ${code} inside a 200 that has begun`, async () => {
      await using answers = await AnswerServer.start();
      // The uploads of the fixture need the operations as they are.
      await using late = await AnswerServer.startEmpty(failing(name, error, KEEP_ALIVE_AFTER_MS * 5));
      const answer = await late.send(asked, "header");
      assert.equal(`${answer.status} ${answer.reason}`, "200 OK");
      assert.equal(answer.headers.get("content-type"), "application/xml");
      assert.equal(answer.headers.get("transfer-encoding"), "chunked");
      const document = /^<\?xml version="1.0" encoding="UTF-8"\?>\n *(<Error>.*<\/Error>)$/.exec(
        answers.masked(answer.body),
      )?.[1];
      const says = code === "InternalError" ? FAILED : "It was replaced.";
      assert.equal(
        document,
        `<Error><Code>${code}</Code><Message>${message}</Message>${details}<Details>${says}</Details>` +
          "<Resource>/bucket/late</Resource><RequestId>*</RequestId><HostId>*</HostId></Error>",
      );
      assert.equal(element(answer, "RequestId"), answer.headers.get("x-amz-request-id"));
    });
  }
}

const FAILED =
  "The server failed at this request. Its log tells why, under this RequestId. A write may or may not have happened.";

/** Failures that keep their own status, because they come before anything was sent. */
const FAILURES: readonly (readonly [cause: string, error: unknown, answer: Refusal])[] = [
  [
    "a failure of the server's own",
    new TypeError("a secret of the server's"),
    { status: 500, code: "InternalError", message: "We encountered an internal error. Please try again.", says: FAILED },
  ],
  [
    "a full disk",
    new StorageFullError("/data", { cause: new Error("ENOSPC") }),
    {
      status: 503,
      code: "ServiceUnavailable",
      message: "Service is unable to handle request.",
      says: "The server has no room for this write. Nothing of it was kept, and reads go on; the operator must free space.",
    },
  ],
];

for (const [cause, error, answer] of FAILURES) {
  test(`GetObject: ${cause} answers ${answer.status} ${answer.code}, and says nothing of its cause`, async () => {
    await using answers = await AnswerServer.startEmpty(failing("GetObject", error, 0));
    const asked = { method: "GET", path: "/bucket/key" };
    for (const sender of ["header", "presigned"] as const) {
      assertRefusal(answers, { cause, asked, answer }, await answers.send(asked, sender), sender);
    }
  });
}

test("Request: a server that is stopping answers 503 ServiceUnavailable", async () => {
  let stopping = false;
  await using answers = await AnswerServer.start({ stopping: () => stopping });
  stopping = true;
  const asked = { method: "GET", path: "/bucket/key" };
  const answer: Refusal = {
    status: 503,
    code: "ServiceUnavailable",
    message: "Service is unable to handle request.",
    says: "The server is stopping. Nothing was done; send the request again in a moment.",
  };
  assertRefusal(answers, { cause: "", asked, answer }, await answers.send(asked, "anonymous"));
});

test("Request: a bucket of another region answers 301 PermanentRedirect, and GetBucketLocation tells where it is", async () => {
  await using answers = await AnswerServer.start();
  const { canonicalId, displayName } = await answers.owner();
  await createBucket(answers.server.store, {
    name: "elsewhere",
    region: "eu-west-1",
    ownerId: canonicalId,
    ownerName: displayName,
    createdAtMs: NOW_MS,
  });
  const answer: Refusal = {
    status: 301,
    code: "PermanentRedirect",
    message:
      "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to " +
      "this endpoint.",
    details: { Endpoint: "{host}", Bucket: "elsewhere" },
    headers: { "x-amz-bucket-region": "eu-west-1" },
    says: "The bucket is in eu-west-1, and this server serves us-east-1: its operator can start it with --region eu-west-1.",
  };
  for (const method of ["GET", "HEAD"]) {
    const asked = { method, path: "/elsewhere" };
    for (const sender of ["header", "presigned", "stranger", "anonymous"] as const) {
      assertRefusal(answers, { cause: "", asked, answer }, await answers.send(asked, sender), `${method} by ${sender}`);
    }
  }
  const location = await answers.send({ method: "GET", path: "/elsewhere", query: { location: "" } }, "header");
  assert.equal(
    element(location, "LocationConstraint") ?? location.body.match(/>([^<]+)<\/LocationConstraint>/)?.[1],
    "eu-west-1",
  );
});

test("Request: an unsigned GET of / answers 307, to the website, with no document", async () => {
  await using answers = await AnswerServer.start();
  const answer = await answers.send({ method: "GET", path: "/" }, "anonymous");
  assert.equal(`${answer.status} ${answer.reason}`, "307 Temporary Redirect");
  assert.equal(answer.headers.get("location"), "https://aws.amazon.com/s3/");
  assert.equal(answer.headers.get("content-length"), "0");
  assert.equal(answer.body, "");
});

for (const [cause, target, uri] of [
  ["a broken percent sign in a key", "/bucket/%zz", "%zz"],
  ["a key that is no UTF-8", "/bucket/%ff", "%ff"],
  ["a broken percent sign in a bucket", "/%zz/key", "%zz"],
  ["a broken percent sign in a query", "/bucket?prefix=%z", "%z"],
] as const) {
  test(`Request: ${cause} answers 400 InvalidURI`, async () => {
    await using answers = await AnswerServer.start();
    using connection = await answers.connect();
    await connection.sendHead(`GET ${target}`);
    const answer = await connection.answer();
    assert.equal(`${answer.status} ${answer.reason}`, "400 Bad Request");
    assert.equal(answer.headers.get("connection"), "close");
    assert.match(
      answers.masked(answer.body),
      /^<\?xml version="1.0" encoding="UTF-8"\?>\n<Error><Code>InvalidURI<\/Code><Message>Couldn't parse the specified URI\.<\/Message><URI>/,
    );
    assert.equal(element(answer, "URI"), uri);
    assert.ok(element(answer, "Details")?.startsWith(`&quot;${uri}&quot; in the address`));
  });
}

test("PutObject: an object deleted under its If-Match answers 409 ConditionalRequestConflict", async () => {
  await using answers = await AnswerServer.start();
  using connection = await answers.connect();
  const headers = { "If-Match": '"5eb63bbbe01eeed093cb22bb8f5acdc3"', "Content-Length": "5", Expect: "100-continue" };
  const asked = { method: "PUT", path: "/bucket/key", headers, body: "hello" };
  const wire = answers.wireBytes(answers.signed({ ...asked, body: "hello" }, "header"));
  await connection.send(wire.subarray(0, wire.length - 5));
  assert.equal((await connection.answer()).status, 100);
  assert.equal((await answers.send({ method: "DELETE", path: "/bucket/key" }, "header")).status, 204);
  const fingerprint = await answers.fingerprint();
  await connection.send(wire.subarray(wire.length - 5));
  const answer: Refusal = {
    status: 409,
    code: "ConditionalRequestConflict",
    message: "The conditional request cannot succeed due to a conflicting operation against this resource.",
    details: { Condition: "If-Match", Key: "key" },
    says: "The object that If-Match named was deleted while this request was under way; look at the key again and retry.",
  };
  assertRefusal(answers, { cause: "", asked, answer, readsBody: true }, await connection.answer());
  assert.equal(await answers.fingerprint(), fingerprint);
});

for (const [cause, madeAnew, what] of [
  ["a bucket deleted by another request", false, "deleted"],
  ["a bucket deleted and made anew by other requests", true, "created"],
] as const) {
  test(`DeleteBucket: ${cause} meanwhile answers 409 OperationAborted`, async () => {
    await using answers = await AnswerServer.startEmpty();
    using connection = await answers.connect();
    // A body that nobody needs, so that the bucket is found before the request is there as a whole.
    const asked = { method: "DELETE", path: "/bucket", headers: { "Content-Length": "4", Expect: "100-continue" }, body: "body" };
    const wire = answers.wireBytes(answers.signed(asked, "header"));
    await connection.send(wire.subarray(0, wire.length - 4));
    assert.equal((await connection.answer()).status, 100);
    assert.equal((await answers.send({ method: "DELETE", path: "/bucket" }, "header")).status, 204);
    if (madeAnew) assert.equal((await answers.send({ method: "PUT", path: "/bucket" }, "header")).status, 200);
    const fingerprint = await answers.fingerprint();
    await connection.send(wire.subarray(wire.length - 4));
    const answer: Refusal = {
      status: 409,
      code: "OperationAborted",
      message: "A conflicting conditional operation is currently in progress against this resource. Please try again.",
      says: `The bucket "bucket" was ${what} by another request while this one was under way; look at it and send this again if it is still wanted.`,
    };
    assertRefusal(answers, { cause: "", asked, answer, readsBody: true }, await connection.answer());
    assert.equal(await answers.fingerprint(), fingerprint);
  });
}

/** What another request does to the bucket, and what undoes that. */
for (const [what, overtaking, undoing] of [
  ["created", "PUT", "DELETE"],
  ["deleted", "DELETE", "PUT"],
] as const) {
  test(`CreateBucket: a bucket ${what} by another request meanwhile answers 409 OperationAborted`, async () => {
    const { answers: holding, metadata } = await startHolding();
    await using answers = holding;
    const change = async (method: "PUT" | "DELETE"): Promise<void> => {
      const { status } = await answers.send({ method, path: "/contested" }, "header");
      assert.equal(status, method === "PUT" ? 200 : 204);
    };
    if (overtaking === "DELETE") await change("PUT");
    const asked = { method: "PUT", path: "/contested" };
    const answer: Refusal = {
      status: 409,
      code: "OperationAborted",
      message: "A conflicting conditional operation is currently in progress against this resource. Please try again.",
      says: `The bucket "contested" was ${what} by another request while this one was under way; look at it and send this again if it is still wanted.`,
    };
    for (const sender of ["header", "presigned", "stranger"] as const) {
      const { reached, release } = metadata.holdNextCommit();
      const held = answers.send(asked, sender);
      await reached;
      await change(overtaking);
      const fingerprint = await answers.fingerprint();
      release();
      assertRefusal(answers, { cause: "", asked, answer }, await held, sender);
      assert.equal(await answers.fingerprint(), fingerprint);
      await change(undoing);
    }
  });
}

test("Connection: it goes on after a refusal whose request is read, and ends where a body is left unread", async () => {
  await using answers = await AnswerServer.start();
  using kept = await answers.connect();
  const missing = answers.wireBytes(answers.signed({ method: "GET", path: "/bucket/none" }, "header"));
  for (let round = 0; round < 3; round += 1) {
    await kept.send(missing);
    assert.equal(element(await kept.answer(), "Code"), "NoSuchKey");
  }
  const unread = { method: "PUT", path: "/bucket/key", headers: { "If-None-Match": "*" }, body: "hello" };
  using ended = await answers.connect();
  await ended.send(answers.wireBytes(answers.signed(unread, "header")));
  const answer = await ended.answer();
  assert.equal(answer.status, 412);
  assert.equal(answer.headers.get("connection"), "close");
  assert.equal(await ended.closed(), "");
});
