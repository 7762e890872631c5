import assert from "node:assert/strict";
import { test } from "node:test";
import { GetBucketAcl } from "../../../src/operations/settings/BucketAcl.ts";
import { OWNER } from "../contextFor.ts";
import { answerTo, document } from "./newBucket.ts";

test("GetBucketAcl: the owner has full control, and is named by ID only", async () => {
  const id = `<ID>${OWNER.canonicalId}</ID>`;
  const grantee = `<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser">${id}</Grantee>`;
  const grant = `<Grant>${grantee}<Permission>FULL_CONTROL</Permission></Grant>`;
  assert.deepEqual(await answerTo(GetBucketAcl, { Bucket: "bucket" }), [
    200,
    document("AccessControlPolicy", `<Owner>${id}</Owner><AccessControlList>${grant}</AccessControlList>`),
  ]);
});
