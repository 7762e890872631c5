import assert from "node:assert/strict";
import { test } from "node:test";
import { catalogueEntry, errorCodes } from "../../src/errors/catalogue.ts";
import { explanationOf, messagesOf } from "../../src/errors/explanationOf.ts";
import { S3Error } from "../../src/errors/S3Error.ts";

/** Every status S3 sends with a code. 200 is for what comes inside of an answer that has begun. */
const STATUSES: ReadonlySet<number> = new Set([
  200, 301, 302, 304, 307, 400, 401, 403, 404, 405, 409, 411, 412, 415, 416, 429, 500, 501, 503, 507,
]);
/** Faults that SOAP counts as the server's. */
const SERVER_FAULTS = ["503 SlowDown", "InternalError", "NotImplemented", "NotModified", "ServiceUnavailable", "SlowDown"];

test("Catalogue: S3 has 387 codes, each once, in alphabetical order", () => {
  const codes = errorCodes();
  assert.equal(codes.length, 387);
  assert.equal(new Set(codes).size, codes.length);
  const lower = codes.map((code) => code.toLowerCase());
  assert.deepEqual(lower.toSorted(), lower);
});

test("Catalogue: every status is one of S3's, and what is worth a retry says so by its status or is known to be", () => {
  for (const code of errorCodes()) {
    const { status, retryable } = catalogueEntry(code);
    assert.ok(STATUSES.has(status), `${code}: ${status}`);
    if (status === 503 || status === 500) assert.equal(retryable || code.startsWith("Lambda"), true, code);
    if (status === 404 || status === 412 || status === 416) assert.equal(retryable, false, code);
  }
});

test("Catalogue: SOAP's server faults are those that S3 calls so", () => {
  assert.deepEqual(
    errorCodes().filter((code) => catalogueEntry(code).soap === "Server"),
    SERVER_FAULTS,
  );
});

test("Catalogue: details are names of elements, none twice", () => {
  for (const code of errorCodes()) {
    const { details } = catalogueEntry(code);
    assert.equal(new Set(details).size, details.length, code);
    for (const name of details) assert.match(name, /^[A-Za-z][\w-]*$/, code);
  }
});

test("Catalogue: every code has a cause and a remedy in whole sentences", () => {
  for (const code of errorCodes()) {
    const { cause, remedy, areas } = explanationOf(code);
    for (const text of [cause, remedy]) assert.match(text, /^[A-Z?*].*\.$/, `${code}: ${text}`);
    assert.ok(areas.length > 0, code);
  }
});

test("Catalogue: the first of several texts is the one an error has by itself, and each says when it comes", () => {
  for (const code of errorCodes()) {
    const { message } = catalogueEntry(code);
    const messages = messagesOf(code);
    assert.equal(messages[0]?.text ?? "", message, code);
    assert.equal(new S3Error(code).message, message);
    assert.equal(new Set(messages.map(({ text }) => text)).size, messages.length, code);
    for (const { when } of messages) assert.match(when, /\.$/, `${code}: ${when}`);
  }
});

test("Catalogue: a text has its braces in pairs", () => {
  for (const code of errorCodes()) {
    for (const { text } of messagesOf(code)) {
      const rest = text
        .replaceAll(/\{[^{}]+\}/g, "")
        .replace("Expecting '{'", "")
        .replace("first byte must be '{'", "");
      assert.doesNotMatch(rest, /[{}]/, `${code}: ${text}`);
    }
  }
});
