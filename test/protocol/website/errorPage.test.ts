import assert from "node:assert/strict";
import { test } from "node:test";
import { S3Error } from "../../../src/errors/S3Error.ts";
import { errorPage } from "../../../src/protocol/website/errorPage.ts";
import { WebsiteFailure } from "../../../src/protocol/website/WebsiteFailure.ts";

const ANSWER = { requestId: "R", hostId: "H", resource: "/", reason: "Not Found", operation: undefined, begun: false };
const ERROR = new S3Error("NoSuchKey", {
  message: "a < b",
  details: [
    ["Key", "k&l"],
    ["Region", undefined],
  ],
});

const HEAD = ["<html>", "<head><title>404 Not Found</title></head>", "<body>", "<h1>404 Not Found</h1>"];
const FACTS = [
  ...["<ul>", "<li>Code: NoSuchKey</li>", "<li>Message: a &lt; b</li>", "<li>Key: k&amp;l</li>"],
  ...["<li>RequestId: R</li>", "<li>HostId: H</li>", "</ul>"],
];
const END = ["<hr/>", "</body>", "</html>", ""];

test("errorPage: status, code, message, details that there are, and ids, a line each", () => {
  assert.equal(errorPage(ERROR, ANSWER), [...HEAD, ...FACTS, ...END].join("\n"));
});

test("errorPage: where the error document failed as well, why it did", () => {
  const failure = new WebsiteFailure(ERROR, new S3Error("AccessDenied", { message: "m", details: [["Key", "error.html"]] }));
  assert.equal(
    errorPage(failure, ANSWER),
    [
      ...HEAD,
      ...FACTS,
      "<h3>An Error Occurred While Attempting to Retrieve a Custom Error Document</h3>",
      ...["<ul>", "<li>Code: AccessDenied</li>", "<li>Message: m</li>", "<li>Key: error.html</li>", "</ul>"],
      ...END,
    ].join("\n"),
  );
});
