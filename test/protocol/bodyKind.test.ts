import assert from "node:assert/strict";
import { test } from "node:test";
import type { OperationName } from "../../src/protocol/generated/types.ts";
import type { BodyKind } from "../../src/protocol/rest/bodyKind.ts";
import { bodyKind, requiresChecksum } from "../../src/protocol/rest/bodyKind.ts";

const KINDS: Readonly<Record<BodyKind, readonly OperationName[]>> = {
  none: ["ListBuckets", "GetObject", "CopyObject", "CreateMultipartUpload", "DeleteObject"],
  xml: ["CreateBucket", "PutBucketTagging", "DeleteObjects", "CompleteMultipartUpload", "SelectObjectContent"],
  streaming: ["PutObject", "UploadPart", "WriteGetObjectResponse"],
  text: ["PutBucketPolicy"],
};

for (const [kind, names] of Object.entries(KINDS) as [BodyKind, readonly OperationName[]][]) {
  test(`bodyKind: of ${names.join(", ")} it is ${kind}, each time it is asked for`, () => {
    for (const name of names) assert.deepEqual([bodyKind(name), bodyKind(name)], [kind, kind], name);
  });
}

test("requiresChecksum: documents that change many objects, or how a bucket is kept, must bring one", () => {
  for (const name of ["DeleteObjects", "PutBucketTagging", "PutBucketLifecycleConfiguration"] as const) {
    assert.equal(requiresChecksum(name), true, name);
  }
  for (const name of ["PutObject", "CreateBucket", "GetObject", "PutBucketAcl", "PutObjectAcl"] as const)
    assert.equal(requiresChecksum(name), false, name);
});
