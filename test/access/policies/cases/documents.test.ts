import assert from "node:assert/strict";
import { test } from "node:test";
import { isPublic } from "../../../../src/access/policies/isPublic.ts";
import { locksOut } from "../../../../src/access/policies/locksOut.ts";
import { parseBucketPolicy } from "../../../../src/access/policies/parseBucketPolicy.ts";
import { parseIdentityPolicy } from "../../../../src/access/policies/parseIdentityPolicy.ts";
import { parseTrustPolicy } from "../../../../src/access/policies/parseTrustPolicy.ts";
import { PolicyFault } from "../../../../src/access/policies/PolicyFault.ts";
import { S3Error } from "../../../../src/errors/S3Error.ts";
import { LOCK_OUT_CASES, LOCK_OUT_PAGE } from "./lockOuts.ts";
import type { TextCase } from "./malformed.ts";
import { BUCKET_TEXTS, IDENTITY_TEXTS, MALFORMED_PAGE, TRUST_TEXTS } from "./malformed.ts";
import { BUCKET } from "./PolicyCase.ts";
import { PUBLIC_CASES, PUBLIC_PAGE } from "./publicPolicies.ts";
import { requestOf } from "./reading.ts";

for (const one of PUBLIC_CASES) {
  test(`is a bucket's policy public: ${one.name}`, () => {
    const policy = parseBucketPolicy(JSON.stringify(one.bucket), "photos");
    assert.equal(isPublic(policy), one.isPublic, `${JSON.stringify(one, undefined, 2)}\nis what ${PUBLIC_PAGE} says`);
  });
}

for (const one of LOCK_OUT_CASES) {
  test(`does a bucket's policy lock its author out: ${one.name}`, () => {
    const policy = parseBucketPolicy(JSON.stringify(one.bucket), "photos");
    const request = requestOf({ action: "s3:PutBucketPolicy", resource: BUCKET, asks: one.asks, keys: one.keys });
    assert.equal(locksOut(policy, request), one.locksOut, `${JSON.stringify(one, undefined, 2)}\nis what ${LOCK_OUT_PAGE} says`);
  });
}

for (const one of BUCKET_TEXTS) {
  test(`a bucket's policy as text: ${one.name}`, () => {
    answers(one, () => parseBucketPolicy(one.text, "photos"), isMalformedPolicy);
  });
}

for (const one of IDENTITY_TEXTS) {
  test(`an identity's policy as text: ${one.name}`, () => {
    answers(one, () => parseIdentityPolicy(one.text), isPolicyFault);
  });
}

for (const one of TRUST_TEXTS) {
  test(`a trust policy as text: ${one.name}`, () => {
    answers(one, () => parseTrustPolicy(one.text), isPolicyFault);
  });
}

function isMalformedPolicy(error: unknown): error is Error {
  return error instanceof S3Error && error.code === "MalformedPolicy";
}

function isPolicyFault(error: unknown): error is Error {
  return error instanceof PolicyFault;
}

/** Holds a reader to what it should answer to a text, and its refusal to the right kind of error. */
function answers({ text, answer }: TextCase, read: () => unknown, isRefusal: (error: unknown) => error is Error): void {
  if (answer === "taken") {
    assert.doesNotThrow(read, text);
    return;
  }
  assert.throws(
    read,
    (error: unknown) => {
      assert.ok(isRefusal(error), `${String(error)} of ${text}`);
      if (answer !== "refused") assert.equal(error.message, answer.message, text);
      return true;
    },
    `${text} should be refused: ${MALFORMED_PAGE}`,
  );
}
