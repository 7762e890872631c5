import assert from "node:assert/strict";
import { test } from "node:test";
import { S3Error } from "../../src/errors/S3Error.ts";
import { toServiceError } from "../../src/errors/toServiceError.ts";
import { StorageFullError } from "../../src/errors/StorageFullError.ts";

test("S3Error: takes status and text from the catalogue, unless told otherwise", () => {
  const plain = new S3Error("NoSuchKey");
  assert.deepEqual(
    [plain.status, plain.message, plain.details, plain.headers],
    [404, "The specified key does not exist.", [], {}],
  );
  assert.equal(plain.explanation, undefined);
  const told = new S3Error("NoSuchKey", { status: 405, message: "Other.", headers: { Allow: "DELETE" }, explanation: "Why." });
  assert.deepEqual([told.status, told.message, told.headers, told.explanation], [405, "Other.", { Allow: "DELETE" }, "Why."]);
});

test("S3Error: a refusal collects no stack, a failure does, and neither changes how others do", () => {
  const limit = Error.stackTraceLimit;
  assert.doesNotMatch(new S3Error("NoSuchKey").stack ?? "", /\n\s+at /);
  assert.match(new S3Error("InternalError").stack ?? "", /\n\s+at /);
  assert.equal(Error.stackTraceLimit, limit);
});

test("toServiceError: an S3Error stays itself", () => {
  const error = new S3Error("NoSuchBucket");
  assert.equal(toServiceError(error), error);
});

test("toServiceError: a full disk is ServiceUnavailable, and says what became of the write", () => {
  const cause = new StorageFullError("/secret/path", new Error("ENOSPC"));
  const error = toServiceError(cause);
  assert.deepEqual([error.code, error.status, error.cause], ["ServiceUnavailable", 503, cause]);
  assert.match(error.explanation ?? "", /no room/);
});

for (const [name, cause] of [
  ["an Error", new TypeError("password in /secret/path")],
  ["a text", "password in /secret/path"],
  ["nothing", undefined],
  ["an object that looks like an error", { code: "NoSuchKey", message: "password in /secret/path" }],
] as const) {
  test(`toServiceError: ${name} is InternalError, keeps its cause and tells nothing of it`, () => {
    const error = toServiceError(cause);
    assert.deepEqual([error.code, error.status], ["InternalError", 500]);
    assert.equal(error.cause, cause);
    assert.doesNotMatch(`${error.message} ${error.explanation}`, /password|secret/);
  });
}
