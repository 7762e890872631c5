import assert from "node:assert/strict";
import { test } from "node:test";
import { DeleteBucketCors, GetBucketCors, PutBucketCors } from "../../../src/operations/settings/BucketCors.ts";
import { findCorsRules } from "../../../src/operations/settings/corsRules.ts";
import type { CORSRule } from "../../../src/protocol/generated/types.ts";
import type { ExpectedRefusal } from "../contextFor.ts";
import { refusal } from "../contextFor.ts";
import { VersionedBucket } from "../VersionedBucket.ts";
import { answerTo } from "./newBucket.ts";

const RULE: CORSRule = { AllowedOrigins: ["http://*.example.com", ""], AllowedMethods: ["GET", "PUT"] };
const WHOLE_RULE: CORSRule = {
  ...RULE,
  ID: "i".repeat(255),
  AllowedHeaders: ["x-AMZ-*", "*", ""],
  ExposeHeaders: ["ETag", "GET", "x-a, x-b"],
  MaxAgeSeconds: 2_147_483_647,
};

test("GetBucketCors: a bucket has no CORS rules, which is NoSuchCORSConfiguration", async () => {
  await refusal(answerTo(GetBucketCors, { Bucket: "bucket" }), {
    code: "NoSuchCORSConfiguration",
    status: 404,
    details: { BucketName: "bucket" },
  });
});

test("DeleteBucketCors: there is nothing to delete, which is 204", async () => {
  assert.deepEqual(await answerTo(DeleteBucketCors, { Bucket: "bucket" }), [204, ""]);
});

test("PutBucketCors: the rules are those of the last put, as they were put, until they are deleted", async () => {
  const bucket = await VersionedBucket.made();
  const shown = async () => (await bucket.ask(GetBucketCors, {})).CORSRules;
  for (const CORSRules of [[RULE, WHOLE_RULE], [WHOLE_RULE], Array.from({ length: 100 }, () => RULE)]) {
    assert.deepEqual(await bucket.ask(PutBucketCors, { CORSConfiguration: { CORSRules } }), {});
    assert.deepEqual(await shown(), CORSRules);
    assert.equal((await findCorsRules(bucket.store, await bucket.record()))?.length, CORSRules.length);
  }
  await bucket.ask(DeleteBucketCors, {});
  await refusal(shown(), { code: "NoSuchCORSConfiguration" });
  assert.equal(await findCorsRules(bucket.store, await bucket.record()), undefined);
});

const invalid = (message: string): ExpectedRefusal => ({ code: "InvalidRequest", status: 400, message });

/** Rules that cannot be, and how they are refused. */
const REFUSED: readonly (readonly [what: string, rule: Partial<CORSRule>, expected: ExpectedRefusal])[] = [
  ["an ID of 256 characters", { ID: "i".repeat(256) }, { code: "MalformedXML" }],
  ["a negative time", { MaxAgeSeconds: -1 }, { code: "MalformedXML" }],
  ["a time that 32 bits do not hold", { MaxAgeSeconds: 2_147_483_648 }, { code: "MalformedXML" }],
  ...["OPTIONS", "*", "", "get", " GET"].map(
    (method) =>
      [
        `the method "${method}"`,
        { AllowedMethods: ["GET", method] },
        invalid(`Found unsupported HTTP method in CORS config. Unsupported method is ${method}`),
      ] as const,
  ),
  [
    "an origin with two wildcards",
    { AllowedOrigins: ["*", "http://*.*"] },
    invalid('AllowedOrigin "http://*.*" can not have more than one wildcard.'),
  ],
  [
    "a request header with two wildcards",
    { AllowedHeaders: ["*", "x-*-*"] },
    invalid('AllowedHeader "x-*-*" can not have more than one wildcard.'),
  ],
  ["a request header that is none", { AllowedHeaders: ["x a"] }, invalid('AllowedHeader "x a" contains invalid character.')],
  [
    "a header to read with a wildcard",
    { ExposeHeaders: ["ETag", "x-amz-*"] },
    invalid('ExposeHeader "x-amz-*" contains wildcard. We currently do not support wildcard for ExposeHeader.'),
  ],
  [
    "a header to read that would end the line",
    { ExposeHeaders: ["ETag\r\nx"] },
    invalid('ExposeHeader "ETag\r\nx" contains invalid character.'),
  ],
  ["a header to read beyond ASCII", { ExposeHeaders: ["é"] }, invalid('ExposeHeader "é" contains invalid character.')],
];

for (const [what, rule, expected] of REFUSED) {
  test(`PutBucketCors: ${what} answers ${expected.code}, and the rules stay`, async () => {
    const bucket = await VersionedBucket.made();
    await bucket.ask(PutBucketCors, { CORSConfiguration: { CORSRules: [RULE] } });
    const CORSRules = [WHOLE_RULE, { ...WHOLE_RULE, ...rule }];
    await refusal(bucket.ask(PutBucketCors, { CORSConfiguration: { CORSRules } }), expected);
    assert.deepEqual(await bucket.ask(GetBucketCors, {}), { CORSRules: [RULE] });
  });
}

test("PutBucketCors: 101 rules answer MalformedXML", async () => {
  const bucket = await VersionedBucket.made();
  const CORSRules = Array.from({ length: 101 }, () => RULE);
  await refusal(bucket.ask(PutBucketCors, { CORSConfiguration: { CORSRules } }), { code: "MalformedXML" });
});
