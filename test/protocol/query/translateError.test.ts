import assert from "node:assert/strict";
import { test } from "node:test";
import { QueryError } from "../../../src/errors/QueryError.ts";
import { S3Error } from "../../../src/errors/S3Error.ts";
import { ServiceError } from "../../../src/errors/ServiceError.ts";
import { translateError } from "../../../src/protocol/query/translateError.ts";

const GIVEN = { message: "said", status: 418, explanation: "why", cause: new Error("before") };

test("translateError: what IAM and STS call by another name has their name, text and status, and keeps its explanation", () => {
  for (const [code, name, status, message] of [
    ["InternalError", "InternalFailure", 500, /^The request processing has failed/],
    ["ServiceUnavailable", "ServiceUnavailable", 503, /./],
    ["SlowDown", "Throttling", 400, /./],
    ["503 SlowDown", "Throttling", 400, /./],
    ["InvalidAccessKeyId", "InvalidClientTokenId", 403, /^The security token included in the request is invalid\.$/],
    ["ExpiredToken", "ExpiredToken", 403, /^The security token included in the request is expired$/],
    ["InvalidToken", "InvalidClientTokenId", 403, /^The security token included in the request is invalid\.$/],
  ] as const) {
    const error = translateError(new ServiceError({ code, ...GIVEN }));
    assert.ok(error instanceof QueryError);
    assert.deepEqual([error.code, error.status, error.explanation, error.cause], [name, status, "why", GIVEN.cause]);
    assert.match(error.message, message);
  }
});

test("translateError: a code that these services have as well keeps its text and status", () => {
  const error = translateError(new ServiceError({ code: "SignatureDoesNotMatch", ...GIVEN }));
  assert.ok(error instanceof QueryError);
  const { code, message, status, explanation, cause } = error;
  assert.deepEqual({ code, message, status, explanation, cause }, { code: "SignatureDoesNotMatch", ...GIVEN });
});

test("translateError: their own errors, and what they have no word for, stay as they are", () => {
  for (const error of [new QueryError("InvalidInput", { message: "a" }), new S3Error("NoSuchBucket", { explanation: "b" })])
    assert.equal(translateError(error), error);
});
