import assert from "node:assert/strict";
import { test } from "node:test";
import { checkPayer, isRequesterPaying } from "../../src/access/requesterPays.ts";
import type { Asked } from "../../src/access/Question.ts";
import { ANONYMOUS } from "../../src/auth/authenticate.ts";
import { S3Error } from "../../src/errors/S3Error.ts";
import { BUCKET } from "../store/records/samples.ts";
import { rootOf } from "../testCallers.ts";

const bucket = { ...BUCKET, requesterPays: true };
const owner = rootOf("owner", bucket.ownerId, "AKIDOWNER");
const other = rootOf("other", "b".repeat(64), "AKIDOTHER");
const READ: Asked = { action: "s3:GetObject", bucket, key: "k", caller: other };

test("isRequesterPaying: callers of other accounts pay for objects and lists of a bucket that is so", () => {
  assert.ok(isRequesterPaying(READ));
  assert.ok(isRequesterPaying({ ...READ, caller: ANONYMOUS }));
  for (const action of ["s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"]) {
    assert.ok(isRequesterPaying({ action, bucket, caller: other }), action);
  }
  assert.ok(!isRequesterPaying({ ...READ, caller: owner }));
  assert.ok(!isRequesterPaying({ ...READ, bucket: BUCKET }));
  assert.ok(!isRequesterPaying({ action: "s3:GetBucketAcl", bucket, caller: other }));
  assert.ok(!isRequesterPaying({ action: "s3:CreateBucket", bucket: "new", caller: other }));
});

const isDenied = (error: unknown): boolean => error instanceof S3Error && error.code === "AccessDenied";

test("checkPayer: who pays says so in any case, and who does not sign cannot", () => {
  for (const payer of ["requester", "Requester", "REQUESTER"]) checkPayer(READ, payer);
  for (const payer of [undefined, "", "owner", "requester "]) assert.throws(() => checkPayer(READ, payer), isDenied);
  assert.throws(() => checkPayer({ ...READ, caller: ANONYMOUS }, "requester"), isDenied);
});
