import assert from "node:assert/strict";
import { test } from "node:test";
import { crc32 } from "node:zlib";
import { XML_DECLARATION } from "../../../src/protocol/xml/writeXml.ts";
import type { Asked } from "../../answers/AnswerServer.ts";
import { NOW_MS } from "../../answers/AnswerServer.ts";
import { sendForm } from "../formSender.ts";
import { askSoap, soapFault } from "../soapMessages.ts";
import { element } from "../TestServer.ts";
import { FaultyServer } from "./FaultyServer.ts";

/** Answers that rules make others. */

const GET: Asked = { method: "GET", path: "/bucket/key" };
const PUT: Asked = { method: "PUT", path: "/bucket/new", body: "new" };
const COPY: Asked = { method: "PUT", path: "/bucket/copy", headers: { "x-amz-copy-source": "/bucket/key" } };

for (const status of [500, 502, 503, 504]) {
  test(`status: ${status} comes without a body, on a connection that goes on`, async () => {
    await using faulty = await FaultyServer.start();
    await faulty.plan({ action: { kind: "status", status }, chance: { times: 3 } });
    using connection = await faulty.answers.connect();
    for (const method of ["GET", "HEAD"]) {
      await faulty.sendOn(connection, { ...GET, method });
      const answer = await connection.answer({ toHead: method === "HEAD" });
      assert.deepEqual([answer.status, answer.body, answer.headers.get("content-length")], [status, "", "0"]);
    }
    // What is said behind a refused body counts for nothing.
    const refused = await faulty.send(PUT);
    assert.deepEqual([refused.status, refused.headers.get("connection")], [status, "close"]);
    await faulty.sendOn(connection, GET);
    assert.equal((await connection.answer()).body, "hello world");
    await faulty.assertUnharmed();
  });
}

test("status: a body of a proxy's comes as HTML, after what was asked for is done", async () => {
  await using faulty = await FaultyServer.start();
  const body = "<html><body>502 Bad Gateway ü</body></html>";
  await faulty.plan({ action: { kind: "status", status: 502, body }, stage: "afterCommit", chance: { times: 1 } });
  const answer = await faulty.send(PUT);
  assert.deepEqual([answer.status, answer.headers.get("content-type"), answer.body], [502, "text/html", body]);
  assert.equal((await faulty.send({ ...GET, path: "/bucket/new" })).body, "new");
  await faulty.assertUnharmed();
});

for (const [status, code, location] of [
  [301, "PermanentRedirect", undefined],
  [307, "TemporaryRedirect", "http://{host}/bucket/key?versionId=null"],
] as const) {
  test(`redirect: ${status} is S3's ${code}, to where the request was sent`, async () => {
    await using faulty = await FaultyServer.start();
    await faulty.plan({ action: { kind: "redirect", status }, stage: "beforeAuthentication", chance: { times: 1 } });
    const answer = await faulty.send({ ...GET, query: { versionId: "null" } });
    const { answers } = faulty;
    assert.equal(answer.status, status);
    assert.deepEqual(
      ["Code", "Endpoint", "Bucket"].map((name) => answers.masked(element(answer, name)!)),
      [code, "{host}", "bucket"],
    );
    assert.equal(answer.headers.get("x-amz-bucket-region"), "us-east-1");
    assert.equal(answer.headers.get("location") && answers.masked(answer.headers.get("location")!), location);
    assert.equal((await faulty.send({ ...GET, query: { versionId: "null" } })).status, 200);
    await faulty.assertUnharmed();
  });
}

test("redirect: to the endpoint of the rule", async () => {
  await using faulty = await FaultyServer.start();
  await faulty.plan({ action: { kind: "redirect", status: 307, endpoint: "s3.eu-west-1.amazonaws.com" } });
  const answer = await faulty.send(GET);
  assert.equal(element(answer, "Endpoint"), "s3.eu-west-1.amazonaws.com");
  assert.equal(answer.headers.get("location"), "http://s3.eu-west-1.amazonaws.com/bucket/key");
  await faulty.assertUnharmed();
});

const COMPLETE: Asked = {
  method: "POST",
  path: "/bucket/upload",
  query: { uploadId: "{uploadId}" },
  body: "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>d52ea1a0b8e2a0a1c8a4f24c4a9f0a4e</ETag></Part></CompleteMultipartUpload>",
};

for (const [stage, isDone] of [
  ["beforeExecution", false],
  ["afterCommit", true],
] as const) {
  test(`errorInside200: CopyObject begins its 200 and ends it with an error, ${isDone ? "done" : "not done"} at ${stage}`, async () => {
    await using faulty = await FaultyServer.start();
    await faulty.plan({ action: { kind: "errorInside200", code: "InternalError" }, stage });
    using connection = await faulty.answers.connect();
    await faulty.sendOn(connection, COPY);
    const answer = await connection.answer();
    assert.equal(answer.status, 200);
    assert.ok(answer.body.startsWith(`${XML_DECLARATION}<Error><Code>InternalError</Code>`), answer.body);
    const { status, errorCode, faults } = await faulty.lastRecord();
    assert.deepEqual([status, errorCode, faults], [200, "InternalError", ["InternalError-1"]]);
    // The connection goes on.
    await faulty.sendOn(connection, { method: "HEAD", path: "/bucket/copy" });
    assert.equal((await connection.answer({ toHead: true })).status, isDone ? 200 : 404);
    await faulty.assertUnharmed();
  });
}

test("errorInside200: UploadPartCopy and CompleteMultipartUpload too, and an upload goes on that was not completed", async () => {
  await using faulty = await FaultyServer.start();
  await faulty.plan({ action: { kind: "errorInside200", code: "SlowDown" } });
  const copied = { ...COPY, path: "/bucket/upload", query: { partNumber: "4", uploadId: "{uploadId}" } };
  for (const asked of [copied, COMPLETE]) {
    const answer = await faulty.send(asked);
    assert.deepEqual([answer.status, element(answer, "Code")], [200, "SlowDown"]);
  }
  const parts = await faulty.send({ method: "GET", path: "/bucket/upload", query: { uploadId: "{uploadId}" } });
  assert.deepEqual(parts.body.match(/<PartNumber>\d+</g), ["<PartNumber>1<", "<PartNumber>2<"]);
  await faulty.assertUnharmed();
});

test("errorInside200: what fails by itself fails as it does, and nothing stands inside a 200", async () => {
  await using faulty = await FaultyServer.start();
  await faulty.plan({ action: { kind: "errorInside200", code: "InternalError" }, stage: "afterCommit" });
  const answer = await faulty.send({ ...COPY, headers: { "x-amz-copy-source": "/bucket/none" } });
  assert.deepEqual([answer.status, element(answer, "Code")], [404, "NoSuchKey"]);
  await faulty.assertUnharmed();
});

function crc(body: string): string {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return sum.toString("base64");
}

function deletion(keys: readonly string[], quiet = ""): Asked {
  const objects = keys.map((key) => `<Object><Key>${key}</Key></Object>`).join("");
  const body = `<Delete>${quiet}${objects}</Delete>`;
  return { method: "POST", path: "/bucket", query: { delete: "" }, headers: { "x-amz-checksum-crc32": crc(body) }, body };
}

test("keyErrors: DeleteObjects deletes the others, and tells of those keys", async () => {
  await using faulty = await FaultyServer.start();
  for (const path of ["/bucket/a/1", "/bucket/a/2", "/bucket/b"]) await faulty.send({ ...PUT, path });
  await faulty.plan({ action: { kind: "keyErrors", code: "InternalError" }, match: { prefix: "a/" } });
  const answer = await faulty.send(deletion(["a/1", "b", "a/2"]));
  const failed = ["a/1", "a/2"].map(
    (key) =>
      `<Error><Key>${key}</Key><Code>InternalError</Code><Message>We encountered an internal error. Please try again.</Message></Error>`,
  );
  assert.equal(answer.status, 200);
  assert.ok(answer.body.includes(`<Deleted><Key>b</Key></Deleted>${failed.join("")}</DeleteResult>`), answer.body);
  assert.deepEqual((await faulty.lastRecord()).story!.steps.at(-1)!.facts, {
    ...{ rule: "InternalError-1", action: "keyErrors", stage: "beforeExecution" },
    ...{ code: "InternalError", keys: 2 },
  });
  for (const [key, status] of [
    ["a/1", 200],
    ["b", 404],
    ["a/2", 200],
  ] as const) {
    assert.equal((await faulty.send({ method: "HEAD", path: `/bucket/${key}` })).status, status, key);
  }
  await faulty.assertUnharmed();
});

test("keyErrors: a quiet list has its errors, one of struck keys alone deletes nothing, and one without them is as it is", async () => {
  await using faulty = await FaultyServer.start();
  await faulty.send({ ...PUT, path: "/bucket/a" });
  await faulty.plan({ action: { kind: "keyErrors", code: "AccessDenied", keys: ["a"] } });
  const quiet = await faulty.send(deletion(["a"], "<Quiet>true</Quiet>"));
  assert.match(quiet.body, /<DeleteResult[^>]*><Error><Key>a<\/Key><Code>AccessDenied<\/Code>.*<\/Error><\/DeleteResult>$/);
  assert.equal((await faulty.send({ method: "HEAD", path: "/bucket/a" })).status, 200);
  assert.match(
    (await faulty.send(deletion(["b"]))).body,
    /<DeleteResult[^>]*><Deleted><Key>b<\/Key><\/Deleted><\/DeleteResult>$/,
  );
  assert.equal((await faulty.lastRecord()).faults, undefined);
  await faulty.assertUnharmed();
});

test("slowDown: what goes beyond a budget is S3's SlowDown", async () => {
  await using faulty = await FaultyServer.start();
  await faulty.plan({ action: { kind: "slowDown", requestsPerSecond: 2 }, match: { method: "GET" } });
  const statuses: number[] = [];
  for (let count = 0; count < 4; count += 1) statuses.push((await faulty.send(GET)).status);
  assert.deepEqual(statuses, [200, 200, 503, 503]);
  assert.equal((await faulty.lastRecord()).errorCode, "SlowDown");
  faulty.pass(1_000);
  assert.equal((await faulty.send(GET)).status, 200);
  await faulty.assertUnharmed();
});

for (const aheadMs of [20 * 60_000, -20 * 60_000]) {
  test(`clock: a server whose clock is ${aheadMs / 60_000} minutes ahead finds the request's time wrong, and shows its own`, async () => {
    await using faulty = await FaultyServer.start();
    await faulty.plan({ action: { kind: "clock", aheadMs } });
    const answer = await faulty.send(GET);
    const serverTime = new Date(NOW_MS + aheadMs);
    assert.deepEqual([answer.status, element(answer, "Code")], [403, "RequestTimeTooSkewed"]);
    assert.equal(element(answer, "ServerTime"), serverTime.toISOString().replace(".000", ""));
    assert.equal(answer.headers.get("date"), serverTime.toUTCString());
    await faulty.assertUnharmed();
  });
}

test("clock: a little ahead is let pass, presigned URLs end sooner, and what is stored has the right time", async () => {
  await using faulty = await FaultyServer.start();
  await faulty.plan({ action: { kind: "clock", aheadMs: 11 * 60_000 } });
  assert.equal((await faulty.send(PUT)).status, 200);
  // It is good for ten minutes.
  const presigned = await faulty.answers.send(GET, "presigned");
  assert.deepEqual([presigned.status, element(presigned, "Message")], [403, "Request has expired"]);
  await faulty.forget();
  const { headers } = await faulty.send({ method: "HEAD", path: "/bucket/new" });
  assert.equal(headers.get("last-modified"), new Date(NOW_MS).toUTCString());
  await faulty.assertUnharmed();
});

test("SOAP: an error of a rule is a fault, and its body is read before", async () => {
  await using faulty = await FaultyServer.start({ soapOverHttp: true });
  await faulty.plan({ action: { kind: "error", code: "InternalError" }, match: { operations: ["ListBuckets"] } });
  const fault = soapFault(await askSoap(faulty.answers.server, "ListAllMyBuckets", ""));
  assert.deepEqual([fault.code, fault.message], ["Server.InternalError", "We encountered an internal error. Please try again."]);
  assert.deepEqual((await faulty.lastRecord()).faults, ["InternalError-1"]);
  await faulty.assertUnharmed();
});

test("SOAP: callers are known by their elements", async () => {
  await using faulty = await FaultyServer.start({ soapOverHttp: true });
  await faulty.plan({ action: { kind: "error", code: "SlowDown" }, match: { caller: "HFTESTTESTTESTTEST00" } });
  assert.equal(soapFault(await askSoap(faulty.answers.server, "ListAllMyBuckets", "")).code, "Server.SlowDown");
  await faulty.assertUnharmed();
});

test("IAM: an error of a rule is in IAM's words", async () => {
  await using faulty = await FaultyServer.start();
  await faulty.plan({ action: { kind: "error", code: "SlowDown" }, stage: "beforeAuthentication", match: { method: "POST" } });
  const answer = await sendForm(faulty.answers.server, "Action=ListUsers&Version=2010-05-08", { nowMs: NOW_MS });
  assert.deepEqual([answer.status, answer.code], [400, "Throttling"]);
  assert.deepEqual((await faulty.lastRecord()).faults, ["SlowDown-1"]);
  await faulty.assertUnharmed();
});

test("several rules: each strikes in the order of stages, and at one stage in that of adding", async () => {
  await using faulty = await FaultyServer.start();
  await faulty.plan(
    { id: "last", action: { kind: "corrupt", what: "body" } },
    { id: "second", action: { kind: "delay", delayMs: 1 }, stage: "beforeExecution" },
    { id: "third", action: { kind: "delay", delayMs: 1 }, stage: "beforeExecution" },
    { id: "first", action: { kind: "delay", delayMs: 1 }, stage: "beforeAuthentication" },
  );
  assert.equal((await faulty.send(GET)).body, "hello\ufffdworld");
  assert.deepEqual((await faulty.lastRecord()).faults, ["first", "second", "third", "last"]);
  await faulty.assertUnharmed();
});
