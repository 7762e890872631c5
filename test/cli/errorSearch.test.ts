import assert from "node:assert/strict";
import { test } from "node:test";
import { NICKNAMES } from "../../src/cli/errorNicknames.ts";
import { searchErrors } from "../../src/cli/errorSearch.ts";
import { errorCodes } from "../../src/errors/catalogue.ts";
import { raisedBy } from "../../src/errors/raisedBy.ts";

function codes(words: string): string[] {
  return searchErrors(words).map(({ code }) => code);
}

/** What people ask, and the code that they mean. */
const QUESTIONS: readonly (readonly [words: string, code: string])[] = [
  ["signature mismatch", "SignatureDoesNotMatch"],
  ["clock skew", "RequestTimeTooSkewed"],
  ["too many requests", "SlowDown"],
  ["what does throttling mean", "SlowDown"],
  ["wrong region", "AuthorizationHeaderMalformed"],
  ["file too big", "EntityTooLarge"],
  ["checksum", "BadDigest"],
  ["presigned expired", "AccessDenied"],
  ["session expired", "ExpiredToken"],
  ["wrong secret key", "SignatureDoesNotMatch"],
  ["object not found", "NoSuchKey"],
  ["bucket does not exist", "NoSuchBucket"],
  ["delete full bucket", "BucketNotEmpty"],
  ["glacier", "InvalidObjectState"],
  ["disk full", "ServiceUnavailable"],
  ["not supported", "NotImplemented"],
  ["signiture", "SignatureDoesNotMatch"],
  ["ascending multipart", "InvalidPartOrder"],
  ["The specified key does not exist.", "NoSuchKey"],
  ["507", "InsufficientCapacity"],
];

for (const [words, code] of QUESTIONS) {
  test(`holdfast errors ${words}: ${code} stands first`, () => {
    assert.equal(codes(words)[0], code);
  });
}

test("holdfast errors WORDS: what fits far less well is left out, and what fits nothing finds nothing", () => {
  assert.deepEqual(codes("507"), ["InsufficientCapacity"]);
  assert.ok(codes("etag").includes("PreconditionFailed") && codes("etag").includes("InvalidPart"));
  assert.ok(codes("signature mismatch").length < 10, "not every code that speaks of a signature");
  assert.ok(!codes("key does not exist").includes("SlowDown"));
  assert.deepEqual(codes("qwertyuiop"), []);
  assert.deepEqual(codes(""), []);
});

test("holdfast errors WORDS: of a code's texts, the one is shown that has the words", () => {
  const [found] = searchErrors("presigned request has expired");
  assert.deepEqual(found, { code: "AccessDenied", message: "Request has expired" });
});

test("holdfast errors WORDS: what people call an error leads to codes that Holdfast sends", () => {
  for (const code of Object.keys(NICKNAMES)) {
    assert.ok(errorCodes().includes(code as never), code);
    assert.ok(code in raisedBy, code);
  }
});
