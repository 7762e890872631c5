import assert from "node:assert/strict";
import { test } from "node:test";
import { adviceFor, errorCodes, isErrorCode, lookUp } from "../../src/clientErrors/index.ts";
import type { Retry } from "../../src/clientErrors/index.ts";
import { catalogueEntry } from "../../src/errors/catalogue.ts";

test("lookUp: knows every code of S3's, with all that the catalogue has", () => {
  assert.equal(errorCodes.length, 387);
  for (const code of errorCodes) {
    const entry = lookUp(code);
    assert.equal(entry.code, code);
    assert.equal(entry.status, catalogueEntry(code).status);
    assert.equal(entry.messages[0]?.text ?? "", entry.message, code);
    assert.ok(entry.cause.length > 0 && entry.remedy.length > 0 && entry.areas.length > 0, code);
  }
  const { soapSide, confidence, details } = lookUp("NoSuchKey");
  assert.deepEqual({ soapSide, confidence, details }, { soapSide: "Client", confidence: "observed", details: ["Key"] });
});

test("lookUp: knows no other texts, nor what every object has", () => {
  for (const text of ["", "nosuchkey", "constructor", "__proto__", "NoSuchEntity"]) {
    assert.equal(lookUp(text), undefined, text);
    assert.equal(isErrorCode(text), false, text);
  }
});

test("lookUp: what the catalogue holds worth a retry has advice, and what is sent again as it is stands in the catalogue", () => {
  for (const code of errorCodes) {
    const { retryable, advice } = lookUp(code);
    if (retryable) assert.equal(catalogueEntry(code).retryable, true, code);
    if (catalogueEntry(code).retryable) assert.notEqual(advice.retry, "no", code);
    assert.match(advice.how, /^[A-Z].*\.$/, code);
  }
});

/** Codes of each kind of advice, with the statuses that would say otherwise. */
const ADVICE: Readonly<Record<Retry, readonly string[]>> = {
  asIs: ["InternalError", "RequestTimeout", "BadDigest", "IncompleteBody", "OperationAborted", "ConditionalRequestConflict"],
  slower: ["SlowDown", "503 SlowDown", "ServiceUnavailable", "Busy"],
  afterChange: ["RequestTimeTooSkewed", "ExpiredToken", "TemporaryRedirect", "PermanentRedirect", "PreconditionFailed"],
  no: ["AccessDenied", "NoSuchKey", "NotImplemented", "SignatureDoesNotMatch", "InvalidAccessKeyId", "EntityTooLarge"],
};

for (const [retry, codes] of Object.entries(ADVICE)) {
  test(`lookUp: advises ${retry} for ${codes.join(", ")}`, () => {
    for (const code of codes) assert.equal(lookUp(code)?.advice.retry, retry, code);
  });
}

test("adviceFor: codes of IAM and STS, and codes that nobody lists by their status", () => {
  const advice = (code: string, status: number): Retry =>
    adviceFor({ status, body: `<ErrorResponse><Error><Code>${code}</Code></Error></ErrorResponse>` }).retry;
  assert.equal(advice("Throttling", 400), "slower");
  assert.equal(advice("ServiceFailure", 500), "asIs");
  assert.equal(advice("ExpiredTokenException", 400), "afterChange");
  assert.equal(advice("NoSuchEntity", 404), "no");
  assert.equal(advice("Unheard", 502), "asIs");
  assert.equal(advice("Unheard", 429), "slower");
  assert.equal(advice("Unheard", 501), "no");
});
