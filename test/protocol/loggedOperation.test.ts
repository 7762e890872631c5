import assert from "node:assert/strict";
import { test } from "node:test";
import { loggedOperation } from "../../src/protocol/rest/loggedOperation.ts";

test("loggedOperation: method and target of an operation, as S3's access logs are known to have them", () => {
  for (const [operation, name] of [
    ["GetObject", "REST.GET.OBJECT"],
    ["HeadBucket", "REST.HEAD.BUCKET"],
    ["ListBuckets", "REST.GET.SERVICE"],
    ["CopyObject", "REST.COPY.OBJECT"],
    ["UploadPart", "REST.PUT.PART"],
    ["UploadPartCopy", "REST.COPY.PART"],
    ["CreateMultipartUpload", "REST.POST.UPLOADS"],
    ["CompleteMultipartUpload", "REST.POST.UPLOAD"],
    ["AbortMultipartUpload", "REST.DELETE.UPLOAD"],
    ["ListParts", "REST.GET.UPLOAD"],
    ["ListMultipartUploads", "REST.GET.UPLOADS"],
    ["DeleteObjects", "REST.POST.MULTI_OBJECT_DELETE"],
    ["GetBucketLogging", "REST.GET.LOGGING_STATUS"],
    ["GetBucketPolicy", "REST.GET.BUCKETPOLICY"],
    ["ListObjectVersions", "REST.GET.BUCKETVERSIONS"],
    ["GetObjectLockConfiguration", "REST.GET.OBJECT_LOCK_CONFIGURATION"],
    ["CreateBucketMetadataConfiguration", "REST.POST.BUCKET_METADATA_CONFIGURATION"],
    ["CreateBucketMetadataTableConfiguration", "REST.POST.BUCKET_METADATA_TABLE_CONFIGURATION"],
    ["GetObjectAttributes", "REST.GET.OBJECT_ATTRIBUTES"],
    ["UpdateObjectEncryption", "REST.PUT.OBJECT_ENCRYPTION"],
    ["GetObjectTagging", "REST.GET.OBJECT_TAGGING"],
    ["GetBucketTagging", "REST.GET.TAGGING"],
    ["GetObjectAcl", "REST.GET.ACL"],
    ["PutPublicAccessBlock", "REST.PUT.PUBLIC_ACCESS_BLOCK"],
    ["GetBucketIntelligentTieringConfiguration", "REST.GET.INTELLIGENT_TIERING"],
    ["PutObjectLegalHold", "REST.PUT.LEGAL_HOLD"],
  ] as const) {
    assert.equal(loggedOperation("ANY", operation, "key"), name, operation);
    assert.equal(loggedOperation("ANY", operation, undefined), name, `${operation}, asked again`);
  }
});

test("loggedOperation: without an operation, method and target as they came, and a preflight under a name of its own", () => {
  assert.equal(loggedOperation("PATCH", undefined, "key"), "REST.PATCH.OBJECT");
  assert.equal(loggedOperation("PATCH", undefined, undefined), "REST.PATCH.BUCKET");
  assert.equal(loggedOperation("OPTIONS", undefined, "key"), "REST.OPTIONS.PREFLIGHT");
});
