import assert from "node:assert/strict";
import { test } from "node:test";
import { GetBucketRequestPayment, PutBucketRequestPayment } from "../../../src/operations/settings/BucketRequestPayment.ts";
import { VersionedBucket } from "../VersionedBucket.ts";
import { answerTo, document } from "./newBucket.ts";

test("GetBucketRequestPayment: the owner of the bucket pays", async () => {
  assert.deepEqual(await answerTo(GetBucketRequestPayment, { Bucket: "bucket" }), [
    200,
    document("RequestPaymentConfiguration", "<Payer>BucketOwner</Payer>"),
  ]);
});

test("PutBucketRequestPayment: who pays is who was put last", async () => {
  const bucket = await VersionedBucket.made();
  for (const Payer of ["Requester", "BucketOwner", "Requester"]) {
    await bucket.ask(PutBucketRequestPayment, { RequestPaymentConfiguration: { Payer } });
    assert.deepEqual(await bucket.ask(GetBucketRequestPayment, {}), { Payer });
  }
});
