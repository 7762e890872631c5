import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { test } from "node:test";
import { QueryError } from "../../../src/errors/QueryError.ts";
import type { BodyReading, Routed } from "../../../src/protocol/Dialect.ts";
import { iamQuery, stsQuery } from "../../../src/protocol/query/query.ts";
import { parametersOf } from "../../../src/protocol/query/readForm.ts";
import { wireRequestFor } from "../../auth/wireRequestFor.ts";

const READING: BodyReading = { idleTimeoutMs: 1000, beforeFirstRead: undefined };
const IDS = { requestId: "R", hostId: "H" };

/** Routes a form that is posted. */
async function posted(form: string | Buffer, headers: Readonly<Record<string, string>> = {}): Promise<Routed> {
  const bytes = Buffer.from(form);
  const request = wireRequestFor({
    method: "POST",
    headers: { "content-length": String(bytes.length), ...headers },
    body: [bytes],
  });
  return iamQuery.route(request, READING);
}

async function refusalOf(form: string): Promise<QueryError> {
  const routed = await posted(form);
  assert.equal(routed.operation, undefined);
  assert.ok(routed.refusal instanceof QueryError);
  return routed.refusal;
}

test("query: a request's id is a UUID of version 4, made of the bytes of S3's", () => {
  const hostId = Buffer.from("00112233445566ff08899aabbccddeeff0".repeat(2), "hex").toString("base64");
  assert.deepEqual(iamQuery.identify({ requestId: "R", hostId }), { requestId: "00112233-4455-46ff-8889-9aabbccddeef", hostId });
  const ones = Buffer.alloc(32, 0xff).toString("base64");
  assert.equal(iamQuery.identify({ requestId: "R", hostId: ones }).requestId, "ffffffff-ffff-4fff-bfff-ffffffffffff");
  assert.deepEqual(iamQuery.commonHeaders(IDS), ["x-amzn-RequestId", "R"]);
});

test("query: an operation by Action and Version, signed with the hash of the form", async () => {
  const form = "Action=GetUser&Version=2010-05-08&UserName=ann";
  const routed = await posted(form);
  assert.equal(routed.operation, "GetUser");
  const bodySha256 = createHash("sha256").update(form).digest("hex");
  assert.deepEqual(routed.signedFor, { by: "form", service: "iam", bodySha256 });
  assert.equal(routed.text("UserName"), "ann");
  assert.equal(routed.text("Other"), undefined);
});

test("query: by GET, the parameters are those of the address, and the body is empty", async () => {
  const request = wireRequestFor({ target: "/?Action=GetCallerIdentity&Version=2011-06-15" });
  const routed = await stsQuery.route(request, READING);
  assert.equal(routed.operation, "GetCallerIdentity");
  const bodySha256 = createHash("sha256").update("").digest("hex");
  assert.deepEqual(routed.signedFor, { by: "form", service: "sts", bodySha256 });
});

test("query: without an action, or with one that the service does not have, nothing is done", async () => {
  assert.equal((await refusalOf("Version=2010-05-08")).code, "MissingAction");
  for (const [form, message] of [
    ["Action=Nothing&Version=2010-05-08", "Could not find operation Nothing for version 2010-05-08"],
    ["Action=GetUser&Version=2011-06-15", "Could not find operation GetUser for version 2011-06-15"],
    ["Action=GetUser", "Could not find operation GetUser for version NO_VERSION_SPECIFIED"],
    ["Action=GetCallerIdentity&Version=2010-05-08", "Could not find operation GetCallerIdentity for version 2010-05-08"],
  ] as const) {
    const { code, message: said } = await refusalOf(form);
    assert.deepEqual([code, said], ["InvalidAction", message]);
  }
  const { code, message } = await refusalOf("Action=CreateVirtualMFADevice&Version=2010-05-08");
  assert.deepEqual([code, message], ["NotImplemented", "CreateVirtualMFADevice is not implemented"]);
});

test("query: of a parameter that comes twice the first counts, and broken percent-encoding is refused", () => {
  assert.deepEqual(
    [...parametersOf("a=1&b=%2F+&a=2&c")],
    [
      ["a", "1"],
      ["b", "/ "],
      ["c", ""],
    ],
  );
  assert.throws(() => parametersOf("a=%zz"), { code: "MalformedQueryString" });
});

test("query: a form has half a mebibyte at most, whatever it says of itself", async () => {
  const limit = 512 * 1024;
  const form = (sizeBytes: number): string => "Action=GetUser&Version=2010-05-08&a=".padEnd(sizeBytes, "x");
  assert.equal((await posted(form(limit))).operation, "GetUser");
  const tooLarge = { code: "RequestEntityTooLarge", message: "Request body is larger than 524288 bytes" };
  await assert.rejects(posted(form(limit + 1)), tooLarge);
  // What says so is not waited for.
  const headers = { "content-length": String(limit + 1) };
  const announced = wireRequestFor({ method: "POST", headers, body: new Readable({ read() {} }) });
  await assert.rejects(async () => iamQuery.route(announced, READING), tooLarge);
  const chunked = wireRequestFor({
    method: "POST",
    headers: { "transfer-encoding": "chunked" },
    body: [Buffer.from(form(limit)), Buffer.from("x")],
  });
  await assert.rejects(async () => iamQuery.route(chunked, READING), tooLarge);
});

test("query: nothing is read of a request that announces no body, and what is announced is asked for", async () => {
  let asked = 0;
  const reading: BodyReading = { idleTimeoutMs: 1000, beforeFirstRead: () => void (asked += 1) };
  const silent = wireRequestFor({ method: "POST", body: new Readable({ read() {} }) });
  assert.equal((await iamQuery.route(silent, reading)).operation, undefined);
  assert.equal(asked, 0);
  const headers = { "transfer-encoding": "chunked" };
  const body = [Buffer.from("Action=GetUser&"), Buffer.from("Version=2010-05-08")];
  assert.equal((await iamQuery.route(wireRequestFor({ method: "POST", headers, body }), reading)).operation, "GetUser");
  assert.equal(asked, 1);
});

test("query: an answer is a document of its operation with the request's id", async () => {
  const output = { User: { UserName: "a&b", CreateDate: new Date(Date.UTC(2026, 10, 21, 7, 18, 0, 250)), Path: undefined } };
  const { status, headers, body } = await iamQuery.encode("GetUser", output as never, {}, IDS);
  assert.equal(status, 200);
  assert.deepEqual(headers, [["Content-Type", "text/xml"]]);
  assert.equal(
    String(body),
    '<GetUserResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><GetUserResult><User><UserName>a&amp;b</UserName>' +
      "<CreateDate>2026-11-21T07:18:00Z</CreateDate></User></GetUserResult>" +
      "<ResponseMetadata><RequestId>R</RequestId></ResponseMetadata></GetUserResponse>",
  );
  const summary = await iamQuery.encode("GetAccountSummary", { SummaryMap: { Users: 2, Roles: 0 } }, {}, IDS);
  assert.match(
    String(summary.body),
    /<SummaryMap><entry><key>Users<\/key><value>2<\/value><\/entry><entry><key>Roles<\/key><value>0<\/value><\/entry><\/SummaryMap>/,
  );
  const without = await iamQuery.encode("DeleteUser", {}, {}, IDS);
  assert.equal(
    String(without.body),
    '<DeleteUserResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">' +
      "<ResponseMetadata><RequestId>R</RequestId></ResponseMetadata></DeleteUserResponse>",
  );
});

test("query: an error says whose it is, its code and text, and what explains it", () => {
  const rendered = (error: QueryError): string => iamQuery.renderError(error, { ...IDS, resource: "/" } as never).toString();
  const head = '<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error>';
  assert.equal(
    rendered(new QueryError("InvalidInput", { message: "a<b", explanation: "c&d" })),
    `${head}<Type>Sender</Type><Code>InvalidInput</Code><Message>a&lt;b</Message><Details>c&amp;d</Details></Error><RequestId>R</RequestId></ErrorResponse>`,
  );
  const failure = rendered(new QueryError("InternalFailure", {}));
  assert.match(failure, /<Type>Receiver<\/Type><Code>InternalFailure<\/Code><Message>The request processing has failed/);
  assert.ok(!failure.includes("<Details>"));
});
