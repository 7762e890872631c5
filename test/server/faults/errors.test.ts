import assert from "node:assert/strict";
import { test } from "node:test";
import { catalogueEntry, errorCodes } from "../../../src/errors/catalogue.ts";
import { element } from "../TestServer.ts";
import { FaultyServer } from "./FaultyServer.ts";

/** Errors that rules want, as S3 answers them. */

const GET = { method: "GET", path: "/bucket/key" };
const PUT = { method: "PUT", path: "/bucket/new", body: "new" };

test("error: before authentication, a request is answered with the code before anybody asks who sends it", async () => {
  await using faulty = await FaultyServer.start();
  await faulty.plan({
    action: { kind: "error", code: "InternalError" },
    stage: "beforeAuthentication",
    match: { method: "GET" },
  });
  const answer = await faulty.answers.send(GET, "anonymous");
  assert.deepEqual([answer.status, element(answer, "Code")], [500, "InternalError"]);
  assert.equal(element(answer, "Message"), "We encountered an internal error. Please try again.");
  assert.match(element(answer, "Details")!, /planned: the fault rule &quot;InternalError-1&quot;.*nothing was done/);
  const { faults, story, errorCode } = await faulty.lastRecord();
  assert.deepEqual([faults, errorCode], [["InternalError-1"], "InternalError"]);
  assert.deepEqual(
    story!.steps.map(({ step, facts }) => [step, facts]),
    [["planned fault", { rule: "InternalError-1", action: "error", stage: "beforeAuthentication", code: "InternalError" }]],
  );
  await faulty.assertUnharmed();
});

test("error: before execution, permission comes first, and nothing is done", async () => {
  await using faulty = await FaultyServer.start();
  await faulty.plan({ action: { kind: "error", code: "SlowDown" }, match: { method: "PUT" } });
  assert.equal(element(await faulty.answers.send(PUT, "stranger"), "Code"), "AccessDenied");
  const answer = await faulty.send(PUT);
  assert.deepEqual(
    [answer.status, answer.reason, element(answer, "Code"), answer.headers.get("connection")],
    [503, "Slow Down", "SlowDown", "close"],
  );
  assert.equal((await faulty.send({ method: "HEAD", path: PUT.path })).status, 404);
  await faulty.assertUnharmed();
});

test("error: before execution, an upload is refused before its body is asked for", async () => {
  await using faulty = await FaultyServer.start();
  await faulty.plan({ action: { kind: "error", code: "SlowDown" }, match: { operations: ["PutObject"] } });
  using connection = await faulty.answers.connect();
  const whole = faulty.answers.wireBytes(
    faulty.answers.signed({ ...PUT, headers: { Expect: "100-continue" }, body: "a body" }, "header"),
  );
  await connection.send(whole.subarray(0, -"a body".length));
  assert.equal((await connection.answer()).status, 503);
  await faulty.assertUnharmed();
});

test("error: after the commit, what was asked for is done and the answer says otherwise", async () => {
  await using faulty = await FaultyServer.start();
  await faulty.plan({
    action: { kind: "error", code: "InternalError" },
    stage: "afterCommit",
    match: { operations: ["PutObject", "GetObject"] },
    chance: { times: 2 },
  });
  const answer = await faulty.send(PUT);
  assert.deepEqual([answer.status, element(answer, "Code")], [500, "InternalError"]);
  assert.match(element(answer, "Details")!, /was done before/);
  // A read has nothing to commit, and lets go of what it opened.
  assert.equal((await faulty.send(GET)).status, 500);
  assert.equal((await faulty.send({ method: "GET", path: "/bucket/new" })).body, "new");
  await faulty.assertUnharmed();
});

test("error: a HEAD has the status, and no body", async () => {
  await using faulty = await FaultyServer.start();
  await faulty.plan({ action: { kind: "error", code: "ServiceUnavailable" } });
  using connection = await faulty.answers.connect();
  await faulty.sendOn(connection, { method: "HEAD", path: "/bucket/key" });
  assert.match(await connection.closed(), /^HTTP\/1\.1 503 Service Unavailable\r\n(?:[^\r]+\r\n)+\r\n$/);
  await faulty.assertUnharmed();
});

test("error: details have this request's own values, where S3's answer has them", async () => {
  await using faulty = await FaultyServer.start();
  const asked = { method: "PUT", path: "/bucket/upload", query: { partNumber: "3", uploadId: "{uploadId}" }, body: "part!" };
  for (const [code, details] of [
    ["NoSuchUpload", { UploadId: "{uploadId}" }],
    ["NoSuchKey", { Key: "upload" }],
    ["NoSuchBucket", { BucketName: "bucket" }],
    ["MethodNotAllowed", { Method: "PUT", ResourceType: "OBJECT" }],
    ["RequestTimeTooSkewed", { ServerTime: "2026-03-01T12:00:00Z", MaxAllowedSkewMilliseconds: "900000" }],
    ["InvalidAccessKeyId", { AWSAccessKeyId: "HFTESTTESTTESTTEST00" }],
    ["PreconditionFailed", { Condition: "If-Match" }],
  ] as const) {
    await faulty.forget();
    await faulty.plan({ action: { kind: "error", code } });
    const answer = await faulty.send({ ...asked, headers: { "If-Match": '"x"' } });
    assert.equal(element(answer, "Code"), code);
    for (const [name, value] of Object.entries(details)) assert.equal(faulty.answers.masked(element(answer, name)!), value, code);
    if (code === "MethodNotAllowed") assert.equal(answer.headers.get("allow"), "HEAD, DELETE, POST, GET");
  }
  await faulty.assertUnharmed();
});

test("error: a message of the rule's own stands in place of S3's", async () => {
  await using faulty = await FaultyServer.start();
  await faulty.plan({ action: { kind: "error", code: "SlowDown", message: "Not so fast" } });
  assert.equal(element(await faulty.send(GET), "Message"), "Not so fast");
  await faulty.assertUnharmed();
});

test("error: every code of the catalogue is answered with its status, and nothing in braces", async () => {
  await using faulty = await FaultyServer.start({ faultHeader: true, faults: { plan: () => [] } });
  for (const code of errorCodes()) {
    const fault = JSON.stringify({ kind: "error", code });
    const answer = await faulty.answers.sendInTurn(
      faulty.answers.wireBytes(faulty.answers.signed({ ...GET, headers: { "x-holdfast-fault": fault } }, "header")),
    );
    assert.equal(answer.status, catalogueEntry(code).status, code);
    if (answer.status === 304) continue;
    assert.ok(answer.body.includes(`<Code>${code}</Code>`), answer.body);
    assert.doesNotMatch(element(answer, "Message") ?? "", /\{\w+\}/, code);
  }
  assert.deepEqual(faulty.answers.server.failures, []);
});
