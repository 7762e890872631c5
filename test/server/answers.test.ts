import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_RESOURCE_FACTS, RequestConditions } from "../../src/access/conditions.ts";
import { on } from "../../src/access/Permission.ts";
import { S3Error } from "../../src/errors/S3Error.ts";
import type { AnyOperation, OperationResult } from "../../src/operations/Operation.ts";
import type { RequestContext } from "../../src/operations/RequestContext.ts";
import type { OperationName } from "../../src/protocol/generated/types.ts";
import { WHITE_SPACE_INTERVAL_MS } from "../../src/server/requests/lateAnswer.ts";
import type { RequestLife } from "../../src/server/requests/RequestLife.ts";
import { packageVersion } from "../../src/server/packageVersion.ts";
import { addAccount } from "../../src/store/accounts/accounts.ts";
import { settled, Wire } from "./http/Wire.ts";
import type { TestServerOptions } from "./TestServer.ts";
import { ACCESS_KEY_ID, element, SECRET_ACCESS_KEY, TestServer } from "./TestServer.ts";

/** The access key of a second user, who owns nothing. */
const OTHER_KEY_ID = "HFTESTTESTTESTTEST01";

/** A server in which one operation does something else. */
function withOperation(
  name: OperationName,
  handle: (input: unknown, context: RequestContext) => Promise<OperationResult<OperationName>>,
): TestServerOptions {
  return {
    keepAliveAfterMs: 20,
    adapt: (service) => {
      const replaced = { ...service.operations.get(name), handle } as AnyOperation;
      return { ...service, operations: new Map([...service.operations, [name, replaced]]) };
    },
  };
}

/** Resolves later than `keepAliveAfterMs`. */
function longWork(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 100));
}

const COMPLETION = { query: { uploadId: "u" }, body: "<CompleteMultipartUpload/>" };

test("Answers: long work begins its 200 early; the result follows white space", async () => {
  const output = { Bucket: "bucket", Key: "key", ETag: '"e"' };
  await using server = await TestServer.start(
    withOperation("CompleteMultipartUpload", async () => {
      await longWork();
      return { output };
    }),
  );
  const answer = await server.request("POST", "/bucket/key", COMPLETION);
  assert.equal(answer.status, 200);
  assert.match(answer.body, /^<\?xml version="1.0" encoding="UTF-8"\?>\n\s*<CompleteMultipartUploadResult /);
  assert.equal(element(answer, "Key"), "key");
});

test("Answers: white space does not pile up before a client that takes none", async (t) => {
  const ended = Promise.withResolvers<void>();
  await using server = await TestServer.start(
    withOperation("CompleteMultipartUpload", async () => {
      await ended.promise;
      return { output: {} };
    }),
  );
  t.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  const wire = new Wire();
  wire.stall();
  server.serve(wire);
  const head = `POST ${server.signed("POST", "/bucket/key", COMPLETION.query)} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n`;
  wire.push(`${head}Content-Length: ${COMPLETION.body.length}\r\n\r\n${COMPLETION.body}`);
  await settled();
  t.mock.timers.tick(20);
  await settled();
  const begun = wire.writableLength;
  assert.ok(begun > 0);
  t.mock.timers.tick(10 * WHITE_SPACE_INTERVAL_MS);
  assert.equal(wire.writableLength, begun);
  wire.takeAll();
  await settled();
  for (let count = 0; count < 2; count += 1) {
    t.mock.timers.tick(WHITE_SPACE_INTERVAL_MS);
    await settled();
  }
  t.mock.timers.reset();
  ended.resolve();
  await settled();
  assert.match(wire.received, /\r\n1\r\n \r\n1\r\n \r\n[^]*<CompleteMultipartUploadResult /);
  wire.destroy();
});

test("Answers: an error of long work comes inside the 200", async () => {
  await using server = await TestServer.start(
    withOperation("CompleteMultipartUpload", async () => {
      await longWork();
      throw new Error("the disk is on fire");
    }),
  );
  const answer = await server.request("POST", "/bucket/key", COMPLETION);
  assert.equal(answer.status, 200);
  assert.match(answer.body, /^<\?xml version="1.0" encoding="UTF-8"\?>\n\s*<Error>/);
  assert.equal(element(answer, "Code"), "InternalError");
  assert.equal(element(answer, "RequestId"), answer.headers.get("x-amz-request-id"));
  assert.equal(server.failures.length, 1);
});

test("Answers: an error found before long work keeps its status", async () => {
  await using server = await TestServer.start(
    withOperation("CompleteMultipartUpload", async () => {
      throw new S3Error("NoSuchUpload");
    }),
  );
  const answer = await server.request("POST", "/bucket/key", COMPLETION);
  assert.equal(answer.status, 404);
  assert.match(answer.body, /^<Error><Code>NoSuchUpload<\/Code>/);
});

test("Answers: a failure of the server's own is InternalError, reported under the request's id with what it was about, and tells nothing of its cause", async () => {
  const reported: { requestId: string; cause: unknown; about: unknown }[] = [];
  await using server = await TestServer.start({
    ...withOperation("GetObject", async () => {
      throw new TypeError("x is not a function");
    }),
    onFailure: (requestId, cause, about) => reported.push({ requestId, cause, about }),
  });
  const answer = await server.request("GET", "/bucket/key");
  assert.equal(answer.status, 500);
  assert.equal(element(answer, "Code"), "InternalError");
  assert.ok(!answer.body.includes("not a function"));
  assert.equal(reported[0]?.requestId, answer.headers.get("x-amz-request-id"));
  assert.deepEqual(reported[0]?.about, {
    method: "GET",
    operation: "GetObject",
    bucket: "bucket",
    key: "key",
    versionId: undefined,
    copySource: undefined,
  });
  assert.match((reported[0].cause as Error).stack!, /x is not a function\n/);
});

test("Answers: content that breaks off in the middle ends the connection, not the answer", async () => {
  async function* broken(): AsyncGenerator<Buffer> {
    yield Buffer.from("half");
    await longWork();
    throw new Error("a checksum is wrong");
  }
  await using server = await TestServer.start(
    withOperation("GetObject", async () => ({ output: { Body: { sizeBytes: 8, source: broken() }, ContentLength: 8 } })),
  );
  using connection = await server.connect();
  await connection.sendHead(`GET ${server.signed("GET", "/bucket/key")}`);
  const everything = await connection.closed();
  assert.match(everything, /Content-Length: 8\r\n/);
  assert.match(everything, /\r\n\r\nhalf$/);
  assert.equal(server.failures.length, 1);
});

test("Answers: operations that are not built say so, once the caller is known", async () => {
  await using server = await TestServer.start();
  const signed = await server.request("GET", "/bucket", { query: { metadataTable: "" } });
  assert.equal(signed.status, 501);
  assert.equal(element(signed, "Code"), "NotImplemented");
  const unsigned = await server.request("GET", "/bucket?metadataTable", { unsigned: true });
  assert.equal(element(unsigned, "Code"), "AccessDenied");
  const nowhere = await server.request("GET", "/nobucket", { query: { metadataTable: "" } });
  assert.equal(element(nowhere, "Code"), "NoSuchBucket");
});

test("Answers: conditions of policies can ask everything about a request, and how it is signed", async () => {
  const keys = ["aws:SourceIp", "aws:SecureTransport", "s3:authType", "s3:signatureversion", "s3:prefix", "s3:x-amz-acl"];
  let asked: readonly (readonly string[] | undefined)[] = [];
  await using server = await TestServer.start(
    withOperation("ListObjects", async (_input, context) => {
      const conditions = new RequestConditions(context as RequestLife, "s3:ListBucket", NO_RESOURCE_FACTS);
      asked = keys.map((key) => conditions.values(key.toLowerCase()));
      return { output: {} };
    }),
  );
  assert.equal((await server.request("GET", "/bucket", { query: { prefix: "a" } })).status, 200);
  assert.deepEqual(asked, [["127.0.0.1"], ["false"], ["REST-QUERY-STRING"], ["AWS4-HMAC-SHA256"], ["a"], undefined]);
});

test("Answers: a request is refused for the first permission that its caller lacks, whichever it is on", async () => {
  const permissions = [...on.service("s3:First"), ...on.object("s3:Second"), ...on.bucket("s3:Third")];
  await using server = await TestServer.start({
    adapt(service) {
      const operation = { ...service.operations.get("GetObject"), permissions } as AnyOperation;
      return { ...service, operations: new Map([...service.operations, ["GetObject", operation]]) };
    },
  });
  await addAccount(server.store, { name: "other", accessKeyId: OTHER_KEY_ID, secretAccessKey: SECRET_ACCESS_KEY });
  const target = server.signed("GET", "/bucket/key", {}, OTHER_KEY_ID);
  const answer = await server.request("GET", target, { unsigned: true });
  assert.equal(
    element(answer, "Details"),
    "The bucket belongs to another account than other, to whom this is not allowed; this needs s3:Second.",
  );
  const [record] = await server.service.journal.find({ id: answer.headers.get("x-amz-request-id")! });
  const { caller } = (await server.service.credentials.find(OTHER_KEY_ID))!;
  const reasons = [
    `s3:Second on arn:aws:s3:::bucket/key by ${caller.arn}`,
    "no resource-based policy allows s3:Second on arn:aws:s3:::bucket/key",
  ];
  assert.deepEqual(record?.story?.steps[0]?.facts?.["reasons"], reasons);
});

test("Answers: a bad signature comes before a wrong method and a missing bucket", async () => {
  await using server = await TestServer.start();
  for (const [method, path] of [
    ["POST", "/bucket/key"],
    ["GET", "/nobucket/key"],
  ] as const) {
    const target = server.signed(method, path).replace(/Signature=.{8}/, "Signature=00000000");
    const answer = await server.request(method, target, { unsigned: true });
    assert.equal(element(answer, "Code"), "SignatureDoesNotMatch", path);
  }
});

test("Answers: a key's address with what only buckets have answers the region, refuses, or is the object", async () => {
  await using server = await TestServer.start();
  await server.request("PUT", "/bucket/key", { body: "content" });
  const location = await server.request("GET", "/bucket/missing", { query: { location: "" } });
  assert.equal(location.body, (await server.request("GET", "/bucket", { query: { location: "" } })).body);
  assert.match(location.body, /<LocationConstraint /);
  assert.equal((await server.request("GET", "/bucket/key", { query: { metrics: "" } })).body, "content");
  await server.request("PUT", "/bucket/key", { query: { ownershipControls: "" }, body: "<OwnershipControls/>" });
  assert.equal((await server.request("GET", "/bucket/key")).body, "<OwnershipControls/>");
  const refused = await server.request("HEAD", "/nobucket/key", { query: { lifecycle: "" } });
  assert.equal(refused.status, 405);
  assert.equal(refused.headers.get("allow"), "DELETE, GET, PUT");
  assert.equal((await server.request("DELETE", "/bucket/key", { query: { policy: "" } })).status, 400);
  assert.equal((await server.request("GET", "/bucket/key")).status, 200);
});

test("Answers: an expected owner is never ignored", async () => {
  await using server = await TestServer.start();
  const query = { "list-type": "2", "x-amz-expected-bucket-owner": "000000000000" };
  const answer = await server.request("GET", "/bucket", { query });
  assert.equal(element(answer, "Code"), "AccessDenied");
});

test("Answers: of a presigned address, headers in the query count", async () => {
  await using server = await TestServer.start();
  await server.request("PUT", "/bucket/key", { query: { "x-amz-meta-colour": "blue" }, body: "x" });
  const answer = await server.request("HEAD", "/bucket/key");
  assert.equal(answer.headers.get("x-amz-meta-colour"), "blue");
});

test("Answers: health says whether requests are taken; a stopping server turns them away", async () => {
  let stopping = false;
  await using server = await TestServer.start({ stopping: () => stopping });
  assert.equal((await server.request("GET", "/-/health", { unsigned: true })).status, 200);
  const head = await server.request("HEAD", "/-/health", { unsigned: true });
  const healthy = JSON.stringify({ status: "ok", version: packageVersion() });
  assert.deepEqual([head.status, head.body, head.headers.get("content-length")], [200, "", String(healthy.length)]);
  stopping = true;
  assert.equal((await server.request("GET", "/-/health", { unsigned: true })).status, 503);
  const answer = await server.request("GET", "/bucket/key");
  assert.equal(answer.status, 503);
  assert.equal(element(answer, "Code"), "ServiceUnavailable");
  assert.equal(answer.headers.get("connection"), "close");
});

test("Answers: the journal remembers what happened to a refused request, and no secret", async () => {
  await using server = await TestServer.start();
  const answer = await server.request("GET", "/bucket/missing");
  const [record] = await server.service.journal.find({ id: answer.headers.get("x-amz-request-id")! });
  assert.equal(record?.story?.stage, "execution");
  assert.equal(record.story.error?.code, "NoSuchKey");
  assert.equal(record.accessKeyId, ACCESS_KEY_ID);
  assert.match(record.target, /Signature=\(hidden\)$/);
  assert.doesNotMatch(JSON.stringify(record), /Signature=[0-9a-f]|tttttttt/);
  const read = await server.request("PUT", "/bucket");
  assert.equal(read.status, 200);
  const [other] = await server.service.journal.find({ id: read.headers.get("x-amz-request-id")! });
  assert.equal(other?.operation, "CreateBucket");
  assert.equal(other.story, undefined);
});

test("GetObject: Content-Disposition comes back with the bytes it was sent with, whatever its language", async () => {
  await using server = await TestServer.start();
  for (const name of ["report.pdf", "r\u00e9sum\u00e9", "\u65e5\u672c\u8a9e", "\u{1f600}"]) {
    const disposition = `attachment; filename="${name}"`;
    await server.request("PUT", "/bucket/key", { headers: { "Content-Disposition": disposition }, body: "x" });
    for (const method of ["GET", "HEAD"]) {
      const answer = await server.request(method, "/bucket/key");
      assert.equal(answer.status, 200);
      assert.equal(Buffer.from(answer.headers.get("content-disposition")!, "latin1").toString(), disposition);
      assert.equal(answer.headers.get("content-length"), "1");
    }
  }
});

for (const when of ["before the answer", "during its white space"]) {
  test(`Answers: work given up because the client has gone ${when} is no failure of the server`, async (t) => {
    const begun = Promise.withResolvers<void>();
    let hasEnded = false;
    await using server = await TestServer.start(
      withOperation("CompleteMultipartUpload", async (_input, context) => {
        begun.resolve();
        const { signal } = context;
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
        hasEnded = true;
        signal.throwIfAborted();
        return { output: {} };
      }),
    );
    const connection = await server.connect();
    const target = server.signed("POST", "/bucket/key", COMPLETION.query);
    t.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
    await connection.sendHead(`POST ${target}`, { "Content-Length": String(COMPLETION.body.length) });
    await connection.send(COMPLETION.body);
    await begun.promise;
    await settled();
    if (when === "during its white space") {
      t.mock.timers.tick(20);
      while (connection.unread === "") await settled();
    }
    connection.destroy();
    // Nobody knows before something is sent.
    while (!hasEnded) {
      t.mock.timers.tick(WHITE_SPACE_INTERVAL_MS);
      await settled();
    }
    t.mock.timers.reset();
    await settled();
    assert.deepEqual(server.failures, []);
  });
}
