import assert from "node:assert/strict";
import { test } from "node:test";
import { GetBucketRequestPayment } from "../../../src/operations/settings/BucketRequestPayment.ts";
import { answerTo, document } from "./newBucket.ts";

test("GetBucketRequestPayment: the owner of the bucket pays", async () => {
  assert.deepEqual(await answerTo(GetBucketRequestPayment, { Bucket: "bucket" }), [
    200,
    document("RequestPaymentConfiguration", "<Payer>BucketOwner</Payer>"),
  ]);
});
