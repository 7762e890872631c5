import assert from "node:assert/strict";
import { test } from "node:test";
import {
  DeleteBucketPolicy,
  GetBucketPolicy,
  GetBucketPolicyStatus,
  PutBucketPolicy,
} from "../../../src/operations/settings/BucketPolicy.ts";
import { findBucket } from "../../../src/store/buckets/buckets.ts";
import type { BucketContext } from "../../../src/operations/RequestContext.ts";
import { bucketIn, contextFor, memoryStore, refusal } from "../contextFor.ts";
import { answerTo } from "./newBucket.ts";

const NO_POLICY = { code: "NoSuchBucketPolicy", status: 404, details: { BucketName: "bucket" } } as const;

test("GetBucketPolicy: a bucket has no policy, which is NoSuchBucketPolicy", async () => {
  await refusal(answerTo(GetBucketPolicy, { Bucket: "bucket" }), NO_POLICY);
});

test("GetBucketPolicyStatus: without a policy there is no status either", async () => {
  await refusal(answerTo(GetBucketPolicyStatus, { Bucket: "bucket" }), NO_POLICY);
});

test("DeleteBucketPolicy: there is nothing to delete, which is 204", async () => {
  assert.deepEqual(await answerTo(DeleteBucketPolicy, { Bucket: "bucket" }), [204, ""]);
});

/** What a bucket's own policy says. */
function policyText(Principal: unknown, more: object = {}): string {
  const Statement = { Effect: "Allow", Principal, Action: "s3:GetObject", Resource: "arn:aws:s3:::bucket/*", ...more };
  return JSON.stringify({ Version: "2012-10-17", Statement });
}

const store = memoryStore();
await bucketIn(store);
async function context(): Promise<BucketContext> {
  return contextFor({ store, bucket: (await findBucket(store, "bucket"))! });
}

test("PutBucketPolicy: a policy for nobody in particular is refused where the public is kept out", async () => {
  const put = PutBucketPolicy.handle({ Bucket: "bucket", Policy: policyText("*") }, await context());
  const { message } = await refusal(put, { code: "AccessDenied", status: 403 });
  assert.match(message, / because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access\.$/);
  await refusal(GetBucketPolicy.handle({ Bucket: "bucket" }, await context()), NO_POLICY);
});

test("PutBucketPolicy: what is no policy is MalformedPolicy, and who is not there Invalid principal", async () => {
  const malformed = { code: "MalformedPolicy", status: 400 } as const;
  await refusal(PutBucketPolicy.handle({ Bucket: "bucket", Policy: "policy" }, await context()), malformed);
  for (const principal of [
    { AWS: "999999999999" },
    { AWS: "arn:aws:iam::999999999999:user/ann" },
    { CanonicalUser: "f".repeat(64) },
  ]) {
    const put = PutBucketPolicy.handle({ Bucket: "bucket", Policy: policyText(principal) }, await context());
    await refusal(put, { ...malformed, message: "Invalid principal in policy" });
  }
});

test("PutBucketPolicy: is shown to the byte, with its status, until it is deleted", async () => {
  const source = { IpAddress: { "aws:SourceIp": "192.0.2.0/24" } };
  const text = `${policyText("*", { Condition: source })}\n`;
  await PutBucketPolicy.handle({ Bucket: "bucket", Policy: text }, await context());
  assert.deepEqual((await GetBucketPolicy.handle({ Bucket: "bucket" }, await context())).output, { Policy: text });
  const status = await GetBucketPolicyStatus.handle({ Bucket: "bucket" }, await context());
  assert.deepEqual(status.output, { PolicyStatus: { IsPublic: false } });
  await DeleteBucketPolicy.handle({ Bucket: "bucket" }, await context());
  await refusal(GetBucketPolicy.handle({ Bucket: "bucket" }, await context()), NO_POLICY);
});
