import assert from "node:assert/strict";
import { test } from "node:test";
import { errorCodes, explain, lookUp } from "../../src/clientErrors/index.ts";
import type { ErrorCode } from "../../src/clientErrors/index.ts";
import { S3Error } from "../../src/errors/S3Error.ts";
import { renderRestError } from "../../src/errors/render.ts";

function answer(error: S3Error): { status: number; body: Uint8Array } {
  return { status: error.status, body: renderRestError(error, { requestId: "R", hostId: "H", resource: "/" }) };
}

test("explain: says what was answered, what the server says of this very request, the cause, and what to do", () => {
  const error = new S3Error("NoSuchBucket", { explanation: 'There is no bucket called "photos" here.' });
  const { cause, remedy } = lookUp("NoSuchBucket");
  assert.deepEqual(explain(answer(error)), {
    what: "NoSuchBucket (404): The specified bucket does not exist",
    why: `There is no bucket called "photos" here. ${cause}`,
    remedy,
    retry: "No. Do not send it again as it is: the same request will be refused again.",
    docs: "https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html",
  });
});

test("explain: of a code with several texts, the cause is that of the text that came", () => {
  const one = explain(answer(new S3Error("AccessDenied", { message: "Request has expired" })));
  assert.equal(one.why, lookUp("AccessDenied").messages.find(({ text }) => text === "Request has expired")!.when);
  const filled = explain(answer(new S3Error("BadRequest", { message: "Invalid Access-Control-Request-Method: BREW" })));
  assert.equal(filled.why, "A preflight request for a method that does not exist, or for none.");
  const other = explain(answer(new S3Error("BadRequest", { message: "Something else" })));
  assert.equal(other.why, lookUp("BadRequest").cause);
});

test("explain: every text of every code finds its own cause", () => {
  for (const code of errorCodes) {
    for (const { text, when } of lookUp(code).messages) {
      const { why } = explain(answer(new S3Error(code, { message: text })));
      assert.equal(why, when, `${code}: ${text}`);
    }
  }
});

test("explain: how to send it again, by what it is worth", () => {
  const retry = (code: ErrorCode): string => explain(answer(new S3Error(code))).retry;
  assert.match(retry("InternalError"), /^Yes, as it is\. Send it again after a pause that grows\./);
  assert.match(retry("SlowDown"), /^Yes, but slower\. /);
  assert.match(retry("RequestTimeTooSkewed"), /^Yes, after a change\. Set the clock/);
});

test("explain: an answer without a body, a code that is not S3's, a lost connection, and what is none of these", () => {
  assert.equal(
    explain({ status: 403, headers: {} }).what,
    "The answer had no error in it; its status 403 mostly means AccessDenied.",
  );
  const iam = explain("<ErrorResponse><Error><Code>NoSuchEntity</Code><Message>No ann.</Message></Error></ErrorResponse>");
  assert.equal(iam.what, "NoSuchEntity: No ann.");
  assert.match(iam.docs, /IAM/);
  const lost = explain(Object.assign(new Error("socket hang up"), { code: "ECONNRESET" }));
  assert.equal(lost.what, "No answer came, or not all of it: ECONNRESET: socket hang up");
  assert.match(lost.retry, /^Yes, as it is\. /);
  assert.match(explain(new TypeError("x is not a function")).why, /neither an answer/);
  for (const text of Object.values(explain(undefined))) assert.notEqual(text, "");
});
