import assert from "node:assert/strict";
import { test } from "node:test";
import * as iam from "@aws-sdk/client-iam";
import * as sts from "@aws-sdk/client-sts";
import { isQueryErrorCode, QueryError } from "../../src/errors/QueryError.ts";
import { S3Error } from "../../src/errors/S3Error.ts";
import { translateError } from "../../src/protocol/query/translateError.ts";

test("QueryError: codes that the SDK knows have the statuses that it knows them by", () => {
  let compared = 0;
  for (const schema of Object.values({ ...iam, ...sts }) as unknown[]) {
    if (!Array.isArray(schema) || schema[0] !== -3) continue;
    const [code, status] = (schema[3] as { readonly awsQueryError?: readonly [string, number] }).awsQueryError ?? [];
    if (code === undefined || !isQueryErrorCode(code)) continue;
    assert.equal(new QueryError(code).status, status, code);
    compared += 1;
  }
  assert.ok(compared >= 15, `${compared} codes compared`);
});

for (const [code, translated, status] of [
  ["InternalError", "InternalFailure", 500],
  ["SlowDown", "Throttling", 400],
  ["ServiceUnavailable", "ServiceUnavailable", 503],
  ["InvalidAccessKeyId", "InvalidClientTokenId", 403],
  ["ExpiredToken", "ExpiredToken", 403],
  ["InvalidToken", "InvalidClientTokenId", 403],
  ["AccessDenied", "AccessDenied", 403],
  ["IncompleteBody", "IncompleteBody", 400],
] as const) {
  test(`translateError: S3's ${code} is ${translated} to IAM and STS`, () => {
    const error = translateError(new S3Error(code, { explanation: "Why." }));
    assert.deepEqual([error.code, error.status, error.explanation], [translated, status, "Why."]);
  });
}
