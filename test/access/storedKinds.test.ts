import assert from "node:assert/strict";
import { test } from "node:test";
import { BUCKET_POLICY_KIND } from "../../src/access/BucketPolicy.ts";
import { BUCKET_ABAC_KIND, BUCKET_TAGGING_KIND } from "../../src/access/bucketTags.ts";

test("stored kinds: stores hold a bucket's policy, tags and ABAC under these words, for ever", () => {
  assert.deepEqual([BUCKET_POLICY_KIND, BUCKET_TAGGING_KIND, BUCKET_ABAC_KIND], ["policy", "tagging", "abac"]);
});
