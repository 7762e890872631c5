import assert from "node:assert/strict";
import { test } from "node:test";
import { S3Error } from "../../../src/errors/S3Error.ts";
import type { RefusedRequest, RoutedRequest } from "../../../src/protocol/Dialect.ts";
import { documentRequest, pageRequest, routeVisit } from "../../../src/protocol/website/visitors.ts";
import { websiteDialect } from "../../../src/protocol/website/WebsiteDialect.ts";
import { WebsiteFailure } from "../../../src/protocol/website/WebsiteFailure.ts";
import { wireRequestFor } from "../../auth/wireRequestFor.ts";

const IDS = { requestId: "R", hostId: "H" };
const EXPLAINED = {
  ...{ message: "größer", explanation: "e", cause: new Error("cause"), headers: { allow: "GET" } },
  details: [
    ["Key", "a b"],
    ["Region", undefined],
  ],
} as const;

test("website: an error that has a page says nothing in headers", () => {
  for (const error of [new S3Error("NoSuchKey", EXPLAINED), new S3Error("InternalError", EXPLAINED)])
    assert.equal(websiteDialect("GET").translate(error), error);
});

test("website: what no page tells, headers tell: in answers to HEAD, and in redirects", () => {
  const told = {
    allow: "GET",
    "x-amz-error-code": "NoSuchKey",
    "x-amz-error-message": "gr%C3%B6%C3%9Fer",
    "x-amz-error-detail-Key": "a b",
  };
  for (const [method, status] of [
    ["HEAD", 404],
    ["HEAD", 400],
    ["GET", 302],
    ["GET", 399],
  ] as const) {
    const error = websiteDialect(method).translate(new S3Error("NoSuchKey", { ...EXPLAINED, status }));
    assert.deepEqual(
      [error.code, error.status, error.message, error.details, error.explanation, error.cause, error.headers],
      ["NoSuchKey", status, EXPLAINED.message, EXPLAINED.details, "e", EXPLAINED.cause, told],
    );
  }
  assert.equal(websiteDialect("HEAD").translate(new S3Error("NoSuchKey")).explanation, undefined);
  for (const error of [
    new S3Error("NoSuchKey", { status: 400 }),
    new S3Error("NotModified", { status: 304 }),
    new WebsiteFailure(new S3Error("NoSuchKey", { status: 404 }), new S3Error("AccessDenied")),
  ])
    for (const method of error.status === 400 ? ["GET"] : ["GET", "HEAD"])
      assert.equal(websiteDialect(method).translate(error), error);
});

test("website: the headers and types of its answers", async () => {
  const dialect = websiteDialect("GET");
  assert.equal(dialect.identify(IDS), IDS);
  assert.deepEqual(dialect.commonHeaders(IDS), ["x-amz-id-2", "H", "x-amz-request-id", "R", "Server", "AmazonS3"]);
  assert.deepEqual([dialect.documentType, dialect.opening, dialect.sizesErrors], ["text/html; charset=utf-8", "", true]);
  const { headers } = await dialect.encode("HeadObject", { AcceptRanges: "bytes", ContentLength: 5 }, {}, IDS);
  assert.deepEqual(headers, [["Content-Length", "5"]]);
});

const SENT = {
  ...{ host: "h", "user-agent": "u", referer: "r", range: "bytes=0-1", "if-range": "i", "if-match": "m" },
  ...{ "if-none-match": "n", "if-modified-since": "d", "if-unmodified-since": "e", "content-length": "1" },
  ...{ "transfer-encoding": "chunked", authorization: "a", "x-amz-acl": "public-read", accept: "text/html" },
};

test("website: a page is read under a visitor's conditions, an error document under none, and both without who signs and without query", () => {
  const sent = wireRequestFor({ target: "/a?acl", headers: SENT, virtualBucket: "b" });
  const { authorization, "x-amz-acl": acl, accept, ...kept } = SENT;
  assert.deepEqual([authorization, acl, accept], ["a", "public-read", "text/html"]);
  for (const [request, headers] of [
    [pageRequest(sent, "k"), kept],
    [documentRequest(sent, "k"), { host: "h", "user-agent": "u", referer: "r" }],
  ] as const) {
    assert.deepEqual(Object.fromEntries(request.headers.names().map((name) => [name, request.headers.get(name)])), headers);
    assert.deepEqual([request.rawQuery, request.query.names()], ["", []]);
    assert.deepEqual(request.address, { style: "virtual", bucket: "b", key: "k" });
  }
  assert.equal(pageRequest(sent, undefined).address.key, undefined);
});

test("website: visitors read, and nothing else", () => {
  for (const [method, operation] of [
    ["GET", "GetObject"],
    ["HEAD", "HeadObject"],
  ] as const) {
    const found = routeVisit(pageRequest(wireRequestFor({ method, virtualBucket: "b" }), "k")) as RoutedRequest;
    assert.deepEqual([found.operation, found.loggedAs], [operation, `WEBSITE.${method}.OBJECT`]);
  }
  const refused = routeVisit(wireRequestFor({ method: "PUT" })) as RefusedRequest;
  assert.deepEqual([refused.operation, refused.loggedAs], [undefined, "WEBSITE.INVALIDOPERATION"]);
  assert.deepEqual(
    [refused.refusal.code, refused.refusal.details],
    [
      "MethodNotAllowed",
      [
        ["Method", "PUT"],
        ["ResourceType", "OBJECT"],
      ],
    ],
  );
});
