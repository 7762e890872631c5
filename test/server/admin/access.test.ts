import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { limiterFor } from "../../../src/server/limits/RequestLimiter.ts";
import { addAccount } from "../../../src/store/accounts/accounts.ts";
import { ManualTime } from "../ManualTime.ts";
import { element, TestServer } from "../TestServer.ts";
import { sendForm } from "../formSender.ts";
import type { FormVariant } from "../formSender.ts";
import { ADMIN_KEYS, ask, OTHER_KEYS, startAdminServer } from "./AdminClient.ts";
import type { Keys } from "./AdminClient.ts";

async function iam(server: TestServer, action: string, parameters: Readonly<Record<string, string>>, keys: Keys = ADMIN_KEYS) {
  const form = new URLSearchParams({ Action: action, Version: "2010-05-08", ...parameters }).toString();
  const answer = await sendForm(server, form, { ...keys } satisfies FormVariant);
  assert.equal(answer.status, 200, answer.body);
  return answer.body;
}

/** A user with a policy, by IAM as anybody does it; returns their keys. */
async function userWith(server: TestServer, policy: object, owner: Keys = ADMIN_KEYS): Promise<Keys> {
  await iam(server, "CreateUser", { UserName: "ann" }, owner);
  const document = JSON.stringify({ Version: "2012-10-17", Statement: [policy] });
  await iam(server, "PutUserPolicy", { UserName: "ann", PolicyName: "p", PolicyDocument: document }, owner);
  const body = await iam(server, "CreateAccessKey", { UserName: "ann" }, owner);
  const text = (name: string): string => new RegExp(`<${name}>([^<]*)<`).exec(body)![1]!;
  return { accessKeyId: text("AccessKeyId"), secretAccessKey: text("SecretAccessKey") };
}

const EVERYTHING = { Effect: "Allow", Action: "*", Resource: "*" };

for (const [method, target, action] of [
  ["GET", "/-/requests", "ListRequests"],
  ["GET", "/-/requests/0123456789ABCDEF", "ExplainRequest"],
  ["POST", "/-/requests/0123456789ABCDEF/why", "ExplainRequest"],
  ["GET", "/-/faults", "ListFaults"],
  ["POST", "/-/faults", "PutFaults"],
  ["PUT", "/-/faults", "PutFaults"],
  ["DELETE", "/-/faults", "DeleteFaults"],
  ["DELETE", "/-/faults/id", "DeleteFaults"],
] as const) {
  const resource = `arn:aws:holdfast:::${target.startsWith("/-/faults") ? "faults" : "requests"}`;

  test(`Admin API: ${method} ${target} is AccessDenied for who does not sign, and for another account`, async () => {
    await using server = await startAdminServer();
    const unsigned = await ask(server.port, method, target, { keys: undefined });
    assert.deepEqual([unsigned.status, unsigned.json.code], [403, "AccessDenied"]);
    assert.match(unsigned.json.explanation, /^The request is not signed/);
    const other = await ask(server.port, method, target, { keys: OTHER_KEYS });
    assert.deepEqual([other.status, other.json.code], [403, "AccessDenied"]);
    assert.match(other.json.explanation, /is of another account\.$/);
  });

  test(`Admin API: ${method} ${target} needs holdfast:${action} on ${resource}`, async () => {
    await using server = await startAdminServer();
    const keys = await userWith(server, { Effect: "Allow", NotAction: `holdfast:${action}`, Resource: "*" });
    const { status, json } = await ask(server.port, method, target, { keys });
    assert.deepEqual([status, json.code], [403, "AccessDenied"]);
    assert.match(
      json.message,
      new RegExp(
        `^User: arn:aws:iam::\\d{12}:user/ann is not authorized to perform: holdfast:${action} on resource: ${resource} because no `,
      ),
    );
  });

  test(`Admin API: ${method} ${target} is open to whom a policy allows holdfast:${action} on ${resource}`, async () => {
    await using server = await startAdminServer();
    const keys = await userWith(server, { Effect: "Allow", Action: `holdfast:${action}`, Resource: resource });
    const { status } = await ask(server.port, method, target, { keys });
    assert.notEqual(status, 403);
  });
}

test("Admin API: AdministratorAccess opens it in the first account, and in no other", async () => {
  await using server = await startAdminServer();
  const administrator = await userWith(server, EVERYTHING);
  assert.equal((await ask(server.port, "GET", "/-/requests", { keys: administrator })).status, 200);
  const stranger = await userWith(server, EVERYTHING, OTHER_KEYS);
  assert.equal((await ask(server.port, "GET", "/-/requests", { keys: stranger })).status, 403);
});

test("Admin API: nobody is let in to a store that has no first user", async () => {
  await using server = await TestServer.start();
  const { status, json } = await ask(server.port, "GET", "/-/requests", { keys: OTHER_KEYS });
  assert.deepEqual([status, json.code], [403, "AccessDenied"]);
});

test("Admin API: a presigned URL is as good as a signed header", async () => {
  await using server = await startAdminServer();
  await addAccount(server.store, {
    name: "admin",
    accessKeyId: "HFSECONDSECONDSECOND",
    secretAccessKey: OTHER_KEYS.secretAccessKey,
  });
  const target = server.signed("GET", "/-/requests", { limit: "1" }, "HFSECONDSECONDSECOND");
  const { status, json } = await ask(server.port, "GET", target, { keys: undefined });
  assert.deepEqual([status, json.requests.length], [200, 1]);
});

test("Admin API: a wrong signature is SignatureDoesNotMatch, in JSON", async () => {
  await using server = await startAdminServer();
  const keys = { ...ADMIN_KEYS, secretAccessKey: "another-secret" };
  const { status, json, headers } = await ask(server.port, "GET", "/-/requests", { keys });
  assert.deepEqual([status, json.code], [403, "SignatureDoesNotMatch"]);
  assert.equal(headers.get("content-type"), "application/json");
  assert.deepEqual([json.requestId, json.hostId], [headers.get("x-amz-request-id"), headers.get("x-amz-id-2")]);
});

test("Admin API: a body that is not the one that was signed is XAmzContentSHA256Mismatch", async () => {
  await using server = await startAdminServer();
  const contentSha256 = createHash("sha256").update("another").digest("hex");
  const { status, json } = await ask(server.port, "POST", "/-/faults", { body: {}, contentSha256 });
  assert.deepEqual([status, json.code], [400, "XAmzContentSHA256Mismatch"]);
});

test("Admin API: UNSIGNED-PAYLOAD is taken, and what only uploads may be is InvalidRequest", async () => {
  await using server = await startAdminServer();
  const unsigned = await ask(server.port, "POST", "/-/faults", { body: {}, contentSha256: "UNSIGNED-PAYLOAD" });
  assert.equal(unsigned.json.code, "NotImplemented");
  const chunked = await ask(server.port, "POST", "/-/faults", { body: {}, contentSha256: "STREAMING-UNSIGNED-PAYLOAD-TRAILER" });
  assert.deepEqual([chunked.status, chunked.json.code], [400, "InvalidRequest"]);
});

test("Admin API: a larger body than it takes is MaxMessageLengthExceeded", async () => {
  await using server = await startAdminServer();
  const { status, json } = await ask(server.port, "POST", "/-/faults", { body: " ".repeat(1024 * 1024 + 1) });
  assert.deepEqual([status, json.code], [400, "MaxMessageLengthExceeded"]);
});

test("Admin API: a body where none is taken is InvalidRequest, and no document", async () => {
  await using server = await startAdminServer();
  const { status, json } = await ask(server.port, "DELETE", "/-/faults", { body: "x" });
  assert.deepEqual(
    [status, json.code, json.explanation],
    [400, "InvalidRequest", "ClearFaults takes no body, and 1 bytes came."],
  );
});

test("Admin API: another method is MethodNotAllowed, another path NoSuchResource, once it is known who asks", async () => {
  await using server = await startAdminServer();
  const method = await ask(server.port, "PATCH", "/-/requests");
  assert.deepEqual([method.status, method.json.code, method.headers.get("allow")], [405, "MethodNotAllowed", "GET"]);
  const path = await ask(server.port, "GET", "/-/faults/");
  assert.deepEqual([path.status, path.json.code], [404, "NoSuchResource"]);
  const stranger = await ask(server.port, "GET", "/-/faults/", { keys: { ...ADMIN_KEYS, secretAccessKey: "another-secret" } });
  assert.equal(stranger.json.code, "SignatureDoesNotMatch");
});

test("Admin API: HEAD is answered as GET, without a body", async () => {
  await using server = await startAdminServer();
  const { status, headers, json } = await ask(server.port, "HEAD", "/-/requests");
  assert.deepEqual([status, json], [200, undefined]);
  assert.ok(Number(headers.get("content-length")) > 0);
});

test("Admin API: a server that stops answers ServiceUnavailable, in JSON", async () => {
  let stopping = false;
  await using server = await startAdminServer({ stopping: () => stopping });
  stopping = true;
  const { status, json } = await ask(server.port, "GET", "/-/faults");
  assert.deepEqual([status, json.code], [503, "ServiceUnavailable"]);
});

test("Admin API: its requests count against the rates of who sends them", async () => {
  const limiter = limiterFor({ limitRequests: 1, limitPrefix: undefined, workers: 1 }, new ManualTime());
  await using server = await startAdminServer({ limiter });
  assert.equal((await ask(server.port, "GET", "/-/faults")).status, 200);
  const { status, json } = await ask(server.port, "GET", "/-/faults");
  assert.deepEqual([status, json.code], [503, "SlowDown"]);
});

test("Admin API: under the host name of a bucket the same path is a key", async () => {
  await using server = await startAdminServer();
  const answer = await server.request("GET", "/-/requests", { unsigned: true, headers: { Host: "bucket.localhost" } });
  assert.deepEqual([answer.status, element(answer, "Code")], [403, "AccessDenied"]);
  assert.match(answer.body, /^<\?xml/);
});

test("Admin API: what begins like one of its paths and is none is S3's, in XML", async () => {
  await using server = await startAdminServer();
  for (const path of ["/-/requestsx", "/-/other", "/-"]) {
    const answer = await server.request("GET", path);
    assert.equal(element(answer, "Code"), "InvalidBucketName", path);
  }
});

test("Admin API: no answer has a secret of the requests it tells of", async () => {
  await using server = await startAdminServer();
  const key = Buffer.alloc(32, 7).toString("base64");
  const refused = await server.request("GET", "/bucket/missing", {
    headers: { "x-amz-server-side-encryption-customer-key": key, Cookie: "session=verysecret", "x-amz-mfa": "serial 123456" },
  });
  const { json } = await ask(server.port, "GET", `/-/requests/${refused.headers.get("x-amz-request-id")}`);
  const text = JSON.stringify(json);
  assert.ok(json.request.story.headers.length > 3);
  for (const secret of [key, "verysecret", "123456", ADMIN_KEYS.secretAccessKey]) assert.ok(!text.includes(secret), secret);
});
