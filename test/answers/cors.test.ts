import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { AnyOperation } from "../../src/operations/Operation.ts";
import type { MetadataEngine } from "../../src/store/metadata/MetadataEngine.ts";
import { MemoryMetadataEngine } from "../../src/store/metadata/memory/MemoryMetadataEngine.ts";
import type { RawAnswer } from "../server/RawConnection.ts";
import { element } from "../server/TestServer.ts";
import type { Asked, Sender } from "./AnswerServer.ts";
import { AnswerServer } from "./AnswerServer.ts";
import { NAMESPACE, PAGE, putCors, RULE } from "./putCors.ts";
import type { Refusal, Row } from "./refusals.ts";
import { assertRefusal, refusals } from "./refusals.ts";

/** What web pages of other origins are told: answers to browsers' questions, and the headers of answers to pages. */

function ask(path: string, headers: Readonly<Record<string, string>>): Asked {
  return { method: "OPTIONS", path, headers };
}

function forbidden(message: string, method: string, resourceType: string, says: string): Refusal {
  return { status: 403, code: "AccessForbidden", message, details: { Method: method, ResourceType: resourceType }, says };
}

const NOT_ENABLED = "CORSResponse: CORS is not enabled for this bucket.";
const NO_RULES = "The bucket has no CORS rules, so no web page of another origin may use it; PutBucketCors sets them.";
const NO_BUCKET = "CORSResponse: Bucket not found";
const NOT_ALLOWED =
  "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / " +
  "Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.";
const FOR_GET = { Origin: PAGE, "Access-Control-Request-Method": "GET" };

refusals("Preflight", [
  {
    cause: "no origin",
    asked: ask("/bucket/key", { "Access-Control-Request-Method": "GET" }),
    stage: "early",
    answer: {
      status: 400,
      code: "BadRequest",
      message: "Insufficient information. Origin request header needed.",
      says: "OPTIONS asks whether a page of some origin may send a request; name it in Origin.",
    },
  },
  {
    cause: "an object of a bucket without rules",
    asked: ask("/bucket/key", FOR_GET),
    stage: "early",
    answer: forbidden(NOT_ENABLED, "GET", "BUCKET", NO_RULES),
  },
  {
    cause: "a bucket without rules, asked for no method",
    asked: ask("/bucket", { Origin: PAGE }),
    stage: "early",
    answer: forbidden(NOT_ENABLED, "OPTIONS", "BUCKET", NO_RULES),
  },
  {
    cause: "a bucket that is not there",
    asked: ask("/nobucket/key", FOR_GET),
    stage: "early",
    answer: forbidden(NO_BUCKET, "GET", "BUCKET", 'There is no bucket "nobucket" here that a web page could use.'),
  },
  {
    cause: "a bucket that cannot be",
    asked: ask(`/${"b".repeat(3_000)}`, FOR_GET),
    stage: "early",
    answer: forbidden(
      NO_BUCKET,
      "GET",
      "BUCKET",
      `There is no bucket "${"b".repeat(100)}…" (3000 characters) here that a web page could use.`,
    ),
  },
  {
    cause: "no bucket",
    asked: ask("/", FOR_GET),
    stage: "early",
    answer: forbidden(NO_BUCKET, "GET", "BUCKET", "The request names no bucket; only a bucket's CORS rules let web pages in."),
  },
]);

/** Three rules: one for a page, one for all pages of a domain, and one for everybody. */
const RULES =
  `<CORSRule><ID>page</ID><AllowedOrigin>${PAGE}</AllowedOrigin><AllowedMethod>PUT</AllowedMethod><AllowedMethod>GET</AllowedMethod>` +
  "<AllowedMethod>HEAD</AllowedMethod><AllowedMethod>POST</AllowedMethod><MaxAgeSeconds>3000</MaxAgeSeconds><ExposeHeader>ETag</ExposeHeader>" +
  "<ExposeHeader>x-amz-request-id</ExposeHeader><AllowedHeader>X-Amz-*</AllowedHeader><AllowedHeader>Content-Type</AllowedHeader></CORSRule>" +
  "<CORSRule><AllowedOrigin>https://*.pages.example</AllowedOrigin><AllowedMethod>DELETE</AllowedMethod></CORSRule>" +
  "<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>";

const VARY = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method";
const TO_PAGE = {
  "access-control-allow-origin": PAGE,
  "access-control-allow-methods": "PUT, GET, HEAD, POST",
  "access-control-expose-headers": "ETag, x-amz-request-id",
  "access-control-max-age": "3000",
  "access-control-allow-credentials": "true",
  vary: VARY,
};
const TO_EVERYBODY = { "access-control-allow-origin": "*", "access-control-allow-methods": "GET", vary: VARY };

let answers: AnswerServer;
before(async () => {
  answers = await AnswerServer.start({ domains: ["s3.test"], soapOverHttp: true });
  assert.equal((await answers.send(putCors(RULES), "header")).status, 200);
});
after(() => answers[Symbol.asyncDispose]());

/** What an answer has of CORS, in the order in which it came. */
function corsOf(answer: RawAnswer): (readonly [name: string, value: string])[] {
  return [...answer.headers].filter(([name]) => name.startsWith("access-control-") || name === "vary");
}

test("GetBucketCors: the rules come back as they were put, in S3's order of elements", async () => {
  const answer = await answers.send({ method: "GET", path: "/bucket", query: { cors: "" } }, "header");
  assert.equal(answer.headers.get("content-type"), "application/xml");
  const document = `<CORSConfiguration xmlns="${NAMESPACE}">${RULES}</CORSConfiguration>`;
  assert.equal(answer.body, `<?xml version="1.0" encoding="UTF-8"?>\n${document}`);
});

test("Preflight: the answer is 200, to the byte, whoever asks and whether the key is there", async () => {
  const question = {
    ...FOR_GET,
    "Access-Control-Request-Method": "PUT",
    "Access-Control-Request-Headers": "x-amz-DATE,content-type",
  };
  for (const [path, sender] of [
    ["/bucket/key", "anonymous"],
    ["/bucket/none", "anonymous"],
    ["/bucket", "stranger"],
    ["/bucket/key", "presigned"],
  ] as const) {
    const answer = await answers.send(ask(path, question), sender);
    assert.deepEqual(
      { ...answer, headers: [...answer.headers].slice(3) },
      {
        status: 200,
        reason: "OK",
        headers: [
          ["access-control-allow-origin", PAGE],
          ["access-control-allow-methods", "PUT, GET, HEAD, POST"],
          ["access-control-allow-headers", "x-amz-date, content-type"],
          ["access-control-expose-headers", "ETag, x-amz-request-id"],
          ["access-control-max-age", "3000"],
          ["access-control-allow-credentials", "true"],
          ["vary", VARY],
          ["content-length", "0"],
          ["date", answer.headers.get("date")!],
          ["connection", "keep-alive"],
          ["keep-alive", answer.headers.get("keep-alive")!],
        ].filter(([name]) => answer.headers.has(name!)),
        body: "",
      },
    );
    assert.deepEqual([...answer.headers.keys()].slice(0, 3), ["x-amz-id-2", "x-amz-request-id", "server"]);
  }
});

test("Preflight: rules with wildcards and for everybody", async () => {
  const ofDomain = { Origin: "https://a.b.pages.example", "Access-Control-Request-Method": "DELETE" };
  assert.deepEqual(corsOf(await answers.send(ask("/bucket/key", ofDomain), "anonymous")), [
    ["access-control-allow-origin", "https://a.b.pages.example"],
    ["access-control-allow-methods", "DELETE"],
    ["access-control-allow-credentials", "true"],
    ["vary", VARY],
  ]);
  const ofOther = { Origin: "null", "Access-Control-Request-Method": "GET" };
  assert.deepEqual(corsOf(await answers.send(ask("/bucket/key", ofOther), "anonymous")), Object.entries(TO_EVERYBODY));
});

test("Preflight: a bucket by its host name", async () => {
  using connection = await answers.connect();
  for (const [host, path, status] of [
    ["bucket.s3.test", "/key", 200],
    ["bucket.s3.test", "/", 200],
    ["none.s3.test", "/bucket/key", 403],
  ] as const) {
    const lines = Object.entries({ Host: host, ...FOR_GET }).map(([name, value]) => `${name}: ${value}\r\n`);
    await connection.send(`OPTIONS ${path} HTTP/1.1\r\n${lines.join("")}\r\n`);
    const answer = await connection.answer();
    assert.deepEqual([answer.status, corsOf(answer)], [status, status === 200 ? Object.entries(TO_PAGE) : []]);
  }
});

/** Questions to the bucket with rules, and how they are refused. */
const REFUSED: readonly Row[] = [
  {
    cause: "no method to ask for",
    asked: ask("/bucket/key", { Origin: PAGE }),
    answer: {
      status: 400,
      code: "BadRequest",
      message: "Invalid Access-Control-Request-Method: null",
      says: "Access-Control-Request-Method is missing; it can be GET, HEAD, PUT, POST, DELETE.",
    },
  },
  {
    cause: "a method that nobody may ask for",
    asked: ask("/bucket/key", { Origin: PAGE, "Access-Control-Request-Method": "TRACE" }),
    answer: {
      status: 400,
      code: "BadRequest",
      message: "Invalid Access-Control-Request-Method: TRACE",
      says: 'Access-Control-Request-Method is "TRACE"; it can be GET, HEAD, PUT, POST, DELETE.',
    },
  },
  {
    cause: "a header that is no name",
    asked: ask("/bucket/key", { ...FOR_GET, "Access-Control-Request-Headers": "x-fine, not fine" }),
    answer: {
      status: 400,
      code: "BadRequest",
      message: 'Access-Control-Request-Headers "not fine" contains invalid character.',
      says: 'Access-Control-Request-Headers lists names of headers, and "not fine" is none.',
    },
  },
  {
    cause: "another origin, for a key",
    asked: ask("/bucket/key", { Origin: "http://page.example:80", "Access-Control-Request-Method": "PUT" }),
    answer: forbidden(
      NOT_ALLOWED,
      "PUT",
      "OBJECT",
      'The bucket\'s CORS rules for the origin "http://page.example:80" do not allow PUT.',
    ),
  },
  {
    cause: "a method that no rule for the origin allows, for the bucket",
    asked: ask("/bucket", { Origin: PAGE, "Access-Control-Request-Method": "DELETE" }),
    answer: forbidden(NOT_ALLOWED, "DELETE", "BUCKET", `The bucket's CORS rules for the origin "${PAGE}" do not allow DELETE.`),
  },
  {
    cause: "a header that no rule allows",
    asked: ask("/bucket/key", { ...FOR_GET, "Access-Control-Request-Headers": "x-amz-date, range" }),
    answer: forbidden(
      NOT_ALLOWED,
      "GET",
      "OBJECT",
      'No CORS rule of the bucket for this origin and GET allows the request header "range"; AllowedHeader lists what may be sent.',
    ),
  },
];

for (const row of REFUSED) {
  test(`Preflight: ${row.cause} answers ${row.answer.status} ${row.answer.code}, without a header of CORS`, async () => {
    assertRefusal(answers, row, await answers.send(row.asked, "anonymous"));
  });
}

/** Requests of a page, and the statuses of their answers; all have the rules' headers. */
const OF_PAGE: readonly (readonly [what: string, asked: Asked, status: number, sender?: Sender])[] = [
  ["GET", { method: "GET", path: "/bucket/key" }, 200],
  ["HEAD", { method: "HEAD", path: "/bucket/key" }, 200],
  ["part of an object", { method: "GET", path: "/bucket/key", headers: { Range: "bytes=1-2" } }, 206],
  ["PUT", { method: "PUT", path: "/bucket/key", body: "hello world" }, 200],
  ["POST", { method: "POST", path: "/bucket/upload", query: { uploads: "" } }, 200],
  ["a list", { method: "GET", path: "/bucket" }, 200],
  ["an object that is not modified", { method: "GET", path: "/bucket/key", headers: { "If-None-Match": "*" } }, 304],
  ["a key that is not there", { method: "GET", path: "/bucket/none" }, 404],
  ["HEAD of a key that is not there", { method: "HEAD", path: "/bucket/none" }, 404],
  ["a condition that does not hold", { method: "GET", path: "/bucket/key", headers: { "If-Match": '"x"' } }, 412],
  ["a range that is not there", { method: "GET", path: "/bucket/key", headers: { Range: "bytes=99-" } }, 416],
  ["an archived object", { method: "GET", path: "/bucket/archived" }, 403],
  ["what a stranger may not", { method: "GET", path: "/bucket/key" }, 403, "stranger"],
  ["what is not signed", { method: "PUT", path: "/bucket/key", body: "x" }, 403, "anonymous"],
  ["a presigned URL", { method: "PUT", path: "/bucket/key", body: "hello world" }, 200, "presigned"],
  ["what the URL does not allow", { method: "GET", path: "/bucket/key", query: { "max-keys": "x", tagging: "", acl: "" } }, 400],
  ["what is not built", { method: "GET", path: "/bucket", query: { metadataTable: "" } }, 501],
  ["an unknown way of signing", { method: "GET", path: "/bucket/key", headers: { Authorization: "Basic x" } }, 400, "anonymous"],
];

for (const [what, asked, status, sender = "header"] of OF_PAGE) {
  test(`CORS: the answer ${status} to ${what} tells the page of the rule`, async () => {
    const answer = await answers.send({ ...asked, headers: { ...asked.headers, Origin: PAGE } }, sender);
    assert.equal(answer.status, status);
    assert.deepEqual(corsOf(answer), Object.entries(TO_PAGE));
  });
}

test("CORS: a wrong signature is told to the page, with the code in the body", async () => {
  const { query, ...signed } = answers.signed({ method: "GET", path: "/bucket/key", headers: { Origin: PAGE } }, "presigned");
  const answer = await answers.sendSigned({ ...signed, query: { ...query, "X-Amz-Signature": "0".repeat(64) } });
  assert.equal(element(answer, "Code"), "SignatureDoesNotMatch");
  assert.deepEqual(corsOf(answer), Object.entries(TO_PAGE));
});

test("CORS: a rule for everybody answers pages that no other rule is for", async () => {
  const answer = await answers.send({ method: "GET", path: "/bucket/key", headers: { Origin: "http://é.example" } }, "header");
  assert.equal(answer.status, 200);
  assert.deepEqual(corsOf(answer), Object.entries(TO_EVERYBODY));
});

test("CORS: an origin comes back with the bytes it was sent with", async () => {
  const Origin = "https://\u00e9\t\u{1f600}.pages.example";
  const answer = await answers.send({ method: "DELETE", path: "/bucket/gone", headers: { Origin } }, "header");
  assert.equal(answer.status, 204);
  assert.equal(Buffer.from(answer.headers.get("access-control-allow-origin")!, "latin1").toString(), Origin);
});

/** Requests whose answers have nothing of CORS. */
const NOT_OF_PAGES: readonly (readonly [what: string, asked: Asked, status: number])[] = [
  ["without an origin", { method: "GET", path: "/bucket/key" }, 200],
  ["with an empty origin", { method: "GET", path: "/bucket/key", headers: { Origin: "" } }, 200],
  [
    "of another origin",
    { method: "PUT", path: "/bucket/key", headers: { Origin: "http://other.example" }, body: "hello world" },
    200,
  ],
  ["by a method that no rule allows", { method: "DELETE", path: "/bucket/gone", headers: { Origin: PAGE } }, 204],
  [
    "that asks for another method",
    { method: "GET", path: "/bucket/key", headers: { Origin: PAGE, "Access-Control-Request-Method": "DELETE" } },
    200,
  ],
  [
    "that asks for a header which no rule allows",
    { method: "GET", path: "/bucket/key", headers: { Origin: PAGE, "Access-Control-Request-Headers": "range" } },
    200,
  ],
  ["to a bucket that is not there", { method: "GET", path: "/nobucket/key", headers: { Origin: PAGE } }, 404],
  ["to the service", { method: "GET", path: "/", headers: { Origin: PAGE } }, 200],
];

for (const [what, asked, status] of NOT_OF_PAGES) {
  test(`CORS: the answer ${status} to a request ${what} has no header of CORS`, async () => {
    const answer = await answers.send(asked, "header");
    assert.deepEqual([answer.status, corsOf(answer)], [status, []]);
  });
}

test("CORS: a bucket without rules, and one whose rules were deleted, tells pages nothing", async () => {
  const page = { method: "GET", path: "/plain", headers: { Origin: PAGE } };
  const told = async () => corsOf(await answers.send(page, "header")).length > 0;
  await answers.send({ method: "PUT", path: "/plain" }, "header");
  assert.equal(await told(), false);
  await answers.send(putCors(RULE, "plain"), "header");
  assert.equal(await told(), true);
  await answers.send({ method: "DELETE", path: "/plain", query: { cors: "" } }, "header");
  assert.equal(await told(), false);
});

test("CORS: SOAP has none, also where a bucket has its path's name", async () => {
  await answers.send({ method: "PUT", path: "/soap" }, "header");
  const rule = `<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>POST</AllowedMethod></CORSRule>`;
  assert.equal((await answers.send(putCors(rule, "soap"), "header")).status, 200);
  const message: Asked = { method: "POST", path: "/soap", headers: { Origin: PAGE, "Content-Type": "text/xml" }, body: "<a/>" };
  const answer = await answers.send(message, "anonymous");
  assert.match(answer.body, /Fault/);
  assert.deepEqual(corsOf(answer), []);
});

test("CORS: an answer that begins before its end is known tells the page of the rule", async () => {
  const released = Promise.withResolvers<void>();
  await using late = await AnswerServer.start({
    keepAliveAfterMs: 20,
    adapt: (service) => {
      const handle = async () => (await released.promise, { output: {} });
      const replaced = { ...service.operations.get("CompleteMultipartUpload"), handle } as AnyOperation;
      return { ...service, operations: new Map([...service.operations, ["CompleteMultipartUpload", replaced]]) };
    },
  });
  await late.send(putCors(RULES), "header");
  using connection = await late.connect();
  const completion: Asked = {
    method: "POST",
    path: "/bucket/upload",
    query: { uploadId: "{uploadId}" },
    headers: { Origin: PAGE },
    body: "<CompleteMultipartUpload/>",
  };
  await connection.send(late.wireBytes(late.signed(completion, "header")));
  while (connection.unread === "") await new Promise((resolve) => setImmediate(resolve));
  released.resolve();
  assert.deepEqual(corsOf(await connection.answer()), Object.entries(TO_PAGE));
});

test("CORS: a request without an origin reads what it reads of a bucket without rules, and one with an origin only the bucket besides", async () => {
  const metadata: MetadataEngine = new MemoryMetadataEngine();
  let reads = 0;
  const read = metadata.read.bind(metadata);
  metadata.read = (wanted) => ((reads += 1), read(wanted));
  await using counted = await AnswerServer.start({ metadata });
  const readsOf = async (headers: Readonly<Record<string, string>>): Promise<number> => {
    const readsBefore = reads;
    assert.equal((await counted.send({ method: "HEAD", path: "/bucket/key", headers }, "header")).status, 200);
    return reads - readsBefore;
  };
  await counted.send(putCors(RULES), "header");
  // What is kept of the bucket's settings is read by whoever asks first.
  for (const headers of [{}, { Origin: PAGE }]) await readsOf(headers);
  const ofNobody = await readsOf({});
  assert.equal(await readsOf({ Origin: PAGE }), ofNobody + 1);
  await counted.send({ method: "DELETE", path: "/bucket", query: { cors: "" } }, "header");
  await readsOf({});
  assert.equal(await readsOf({}), ofNobody);
});
