import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ClientError, isErrorInside200, mayHaveHappened, parseError, readError } from "../../src/clientErrors/index.ts";
import { errorCodes } from "../../src/errors/catalogue.ts";
import { exampleError } from "../../src/errors/exampleError.ts";
import { QueryError } from "../../src/errors/QueryError.ts";
import { renderRestError } from "../../src/errors/render.ts";
import { S3Error } from "../../src/errors/S3Error.ts";
import { fault } from "../../src/protocol/soap/fault.ts";
import { errorPage } from "../../src/protocol/website/errorPage.ts";

const ANSWER = { requestId: "5RHYJEMT23FWZP5M", hostId: "ILhumFKD/x=", resource: "/bucket/a key" };
const XML = { "Content-Type": "application/xml" };

test("parseError: REST's body of every code, with details, explanation and ids", () => {
  for (const code of errorCodes()) {
    const sent = exampleError(code);
    const error = parseError({ status: sent.status, headers: XML, body: renderRestError(sent, ANSWER) });
    assert.equal(error.kind, "answer");
    assert.equal(error.code, code);
    assert.equal(error.message, sent.message.trim());
    assert.equal(error.status, sent.status);
    assert.equal(error.explanation, sent.explanation);
    assert.equal(error.requestId, ANSWER.requestId);
    assert.equal(error.hostId, ANSWER.hostId);
    assert.equal(error.isCodeGuessed, false);
    const { Resource, ...details } = error.details;
    assert.equal(Resource, ANSWER.resource);
    assert.deepEqual(details, Object.fromEntries(sent.details.map(([name, value]) => [name, value])));
  }
});

for (const version of ["1.1", "1.2"] as const) {
  test(`parseError: a fault of SOAP ${version}, whose ids are in headers`, () => {
    const sent = new S3Error("NoSuchKey", { details: [["Key", "a & b"]], explanation: "There is none." });
    const body = `<?xml version="1.0"?><soapenv:Envelope xmlns:soapenv="urn:e"><soapenv:Body>${fault(sent, version)}</soapenv:Body></soapenv:Envelope>`;
    const error = parseError({ status: 500, headers: new Headers({ "x-amz-request-id": "R1", "x-amz-id-2": "H1" }), body });
    assert.deepEqual(
      [error.code, error.message, error.details, error.explanation, error.requestId, error.hostId],
      ["NoSuchKey", "The specified key does not exist.", { Key: "a & b" }, "There is none.", "R1", "H1"],
    );
  });
}

test("parseError: the ErrorResponse of IAM and STS, and of S3 Control with its ids in either place", () => {
  const sent = new QueryError("NoSuchEntity", { message: "The user with name ann cannot be found." });
  const error = parseError(
    `<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>${sent.code}</Code><Message>${sent.message}</Message></Error><RequestId>R2</RequestId></ErrorResponse>`,
  );
  assert.deepEqual([error.code, error.message, error.requestId], ["NoSuchEntity", sent.message, "R2"]);
  const control = parseError(
    "<ErrorResponse><Error><Code>NoSuchAccessPoint</Code><Message>m</Message><RequestId>R3</RequestId></Error><HostId>H3</HostId></ErrorResponse>",
  );
  assert.deepEqual([control.code, control.requestId, control.hostId], ["NoSuchAccessPoint", "R3", "H3"]);
});

test("parseError: the page of a website, with what stands for characters in it", () => {
  const sent = new S3Error("NoSuchKey", { details: [["Key", `<a> & "b" é`]] });
  const answer = { reason: "Not Found", operation: undefined, begun: false, ...ANSWER };
  const error = parseError({ status: 404, headers: {}, body: errorPage(sent, answer) });
  assert.deepEqual(
    [error.code, error.details, error.requestId, error.hostId],
    ["NoSuchKey", { Key: `<a> & "b" é` }, ANSWER.requestId, ANSWER.hostId],
  );
});

test("parseError: an error inside a 200, behind white space that kept the connection alive", () => {
  const body = '\n \n<?xml version="1.0" encoding="UTF-8"?>\n \n<Error><Code>InternalError</Code><Message>m</Message></Error>';
  assert.equal(isErrorInside200(body), true);
  assert.deepEqual([parseError({ status: 200, headers: {}, body }).code], ["InternalError"]);
  const empty = parseError({ status: 200, headers: {}, body: "\n\n" });
  assert.deepEqual([empty.code, empty.isCodeGuessed], ["InternalError", true]);
});

test("parseError: a body that is cut off counts as far as it came", () => {
  const error = parseError({ status: 404, body: "<Error><Code>NoSuchKey</Code><Message>m</Message><Key>pho" });
  assert.deepEqual([error.code, error.message], ["NoSuchKey", "m"]);
  assert.equal(parseError({ status: 404, body: "<Error><Co" }).code, "NotFound");
});

test("parseError: an answer without a body has the code its status mostly means, and says that it is a guess", () => {
  const cases = [
    [403, "Forbidden", "AccessDenied"],
    [404, "Not Found", "NotFound"],
    [304, "Not Modified", "NotModified"],
    [412, "Precondition Failed", "PreconditionFailed"],
    [503, "Slow Down", "SlowDown"],
    [503, "Service Unavailable", "ServiceUnavailable"],
    [502, "", "BadGateway"],
    [418, "", "Http418"],
  ] as const;
  for (const [status, statusText, code] of cases) {
    const error = parseError({ status, statusText, headers: { "X-Amz-Request-Id": "R4" }, body: null });
    assert.deepEqual([error.code, error.isCodeGuessed, error.status, error.requestId], [code, true, status, "R4"]);
  }
});

test("parseError: a proxy's page is no error of S3's, and its status decides", () => {
  const error = parseError({ status: 502, headers: {}, body: "<html><body><h1>Bad Gateway</h1><hr></body></html>" });
  assert.deepEqual([error.code, error.isCodeGuessed], ["BadGateway", true]);
});

test("parseError: Retry-After in seconds, and as a date behind the answer's own", () => {
  const waitMs = (headers: Record<string, string>): number | undefined => parseError({ status: 503, headers }).retryAfterMs;
  assert.equal(waitMs({ "Retry-After": "3" }), 3000);
  const date = "Tue, 01 Dec 2026 10:00:00 GMT";
  assert.equal(waitMs({ date, "retry-after": "Tue, 01 Dec 2026 10:00:05 GMT" }), 5000);
  assert.equal(waitMs({ date, "retry-after": "Tue, 01 Dec 2026 09:00:05 GMT" }), 0);
  assert.equal(waitMs({ "retry-after": "Tue, 01 Dec 2026 10:00:05 GMT" }), undefined);
  assert.equal(waitMs({ date, "retry-after": "soon" }), undefined);
});

test("readError: reads a Response of fetch, and no more than the beginning of it", async () => {
  const sent = new S3Error("NoSuchBucket", { details: [["BucketName", "photos"]] });
  const body = renderRestError(sent, ANSWER);
  const error = await readError(new Response(body, { status: 404, headers: XML }));
  assert.deepEqual([error.code, error.status, error.details["BucketName"]], ["NoSuchBucket", 404, "photos"]);
  let pulls = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull: (stream) => {
      pulls++;
      stream.enqueue(new Uint8Array(10_000).fill(0x20));
    },
  });
  const other = await readError(new Response(endless, { status: 500 }));
  assert.equal(other.code, "InternalError");
  assert.ok(pulls < 20, `${pulls} pieces were asked for`);
  const broken = new ReadableStream<Uint8Array>({
    start: (stream) => stream.enqueue(body.subarray(0, 100)),
    pull: (stream) => stream.error(new Error("reset")),
  });
  assert.equal((await readError(new Response(broken, { status: 404 }))).status, 404);
  assert.equal((await readError(new Response(null, { status: 403 }))).code, "AccessDenied");
});

test("parseError: gives back what it made", () => {
  const error = parseError({ status: 404, headers: {} });
  assert.equal(parseError(error), error);
});

test("parseError: never throws, whatever it is given", () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const thrower = {
    get status(): number {
      throw new Error("no");
    },
  };
  const loop: { cause?: unknown } = new Error("round");
  loop.cause = loop;
  for (const rubbish of [proxy, thrower, loop, Symbol("s"), Object.create(null), 5n, () => 1]) {
    assert.ok(parseError(rubbish) instanceof ClientError);
    assert.equal(parseError(rubbish).kind, "unknown");
  }
  fc.assert(fc.property(fc.anything(), (thing) => parseError(thing) instanceof ClientError));
  const field = fc.oneof(fc.anything(), fc.constantFrom("Error", "NoSuchKey", "ECONNRESET", "<Error><Code>A</Code>", 200, 503));
  const names = [
    "name",
    "code",
    "Code",
    "status",
    "statusCode",
    "headers",
    "body",
    "message",
    "cause",
    "$metadata",
    "$response",
    "Error",
  ];
  const record = fc.record(Object.fromEntries(names.map((name) => [name, field])), { requiredKeys: [] });
  fc.assert(fc.property(record, (thing) => parseError(thing) instanceof ClientError));
  const piece = fc.constantFrom(
    "<",
    ">",
    "/",
    "Error",
    "<Code>",
    "</Code>",
    "<!--",
    "&#x110000;",
    "&",
    "<html>",
    "<li>Code: ",
    "</li>",
    "a",
    " ",
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 40 }),
      (pieces) => parseError({ status: 400, body: pieces.join("") }).kind === "answer",
    ),
  );
});

test("parseError: of a body of many megabytes only the beginning is read, however it is made", () => {
  const times = 4_000_000;
  for (const piece of ["<a>", "<li>", "&", " ", "<li>A: ", "<!--", "<Error>", "]]>", "<html><li>a-"]) {
    const body = piece.repeat(times);
    // Read whole, the deepest of these would end the process.
    assert.equal(parseError({ status: 500, body }).code, "InternalError", piece);
    assert.equal(parseError({ status: 500, body: `<html>${body}` }).code, "InternalError", piece);
  }
});

test("parseError: names of elements that objects have of their own are details as any other", () => {
  const error = parseError("<Error><Code>InvalidRequest</Code><__proto__>p</__proto__><constructor>c</constructor></Error>");
  assert.equal(Object.getOwnPropertyDescriptor(error.details, "__proto__")?.value, "p");
  assert.equal(Object.getPrototypeOf(error.details), Object.prototype);
});

test("isErrorInside200: tells an error from a result, whatever stands before the root", () => {
  const errors = [
    "<Error/>",
    "<Error >",
    "\uFEFF<Error>",
    '<?xml version="1.0"?><!-- <a> --><Error><Code>',
    Buffer.from("<ns:Error xmlns:ns='u'>"),
    "",
    " \n",
    '<?xml version="1.0"?>\n\n',
  ];
  for (const body of errors) assert.equal(isErrorInside200(body), true, String(body));
  const results = ["<CopyObjectResult>", "<Errors>", "text", "<?xml", "<!-- <Error>", '<?xml version="1.0"?><CopyPartResult/>'];
  for (const body of results) assert.equal(isErrorInside200(body), false, body);
});

test("mayHaveHappened: what failed inside or lost its answer may, what was refused did not", () => {
  const failed = (fields: object): boolean => mayHaveHappened(Object.assign(new Error("failed"), fields));
  assert.equal(failed({ code: "ECONNRESET" }), true);
  assert.equal(failed({ name: "TimeoutError" }), true);
  assert.equal(failed({ name: "AbortError" }), true);
  assert.equal(failed({ code: "ECONNREFUSED" }), false);
  assert.equal(failed({ name: "InternalError", $metadata: { httpStatusCode: 500 } }), true);
  assert.equal(failed({ name: "SlowDown", $metadata: { httpStatusCode: 503 } }), false);
  assert.equal(failed({ name: "PreconditionFailed", $metadata: { httpStatusCode: 412 } }), false);
});
