import assert from "node:assert/strict";
import { test } from "node:test";
import type { Permission } from "../../src/access/Permission.ts";
import { permissionsFor } from "../../src/access/Permission.ts";
import { operations } from "../../src/operations/registry.ts";
import type { OperationName } from "../../src/protocol/generated/types.ts";
import { RestRequest } from "../../src/protocol/rest/RestRequest.ts";
import { wireRequest } from "../protocol/wireRequest.ts";

/** What an operation asks for, as "action on resource", when a request with this query and these headers means it. */
function asked(name: OperationName, query = "", headers: Readonly<Record<string, string>> = {}): string[] {
  const sent = new RestRequest(name, wireRequest("GET", `/bucket/key${query}`, headers), undefined);
  return permissionsFor(operations.get(name)!.permissions, sent).map(shown);
}

function shown({ action, resource }: Permission): string {
  return `${action} on ${resource}`;
}

/** What plain requests need, by operation; several actions are on the same resource unless they say otherwise. */
const PLAIN: Readonly<Partial<Record<OperationName, string | readonly string[]>>> = {
  AbortMultipartUpload: "s3:AbortMultipartUpload on object",
  CompleteMultipartUpload: "s3:PutObject on object",
  CopyObject: ["s3:PutObject on object", "s3:GetObject on source"],
  CreateBucket: "s3:CreateBucket on bucket",
  CreateMultipartUpload: "s3:PutObject on object",
  DeleteBucket: "s3:DeleteBucket on bucket",
  DeleteBucketCors: "s3:PutBucketCORS on bucket",
  DeleteBucketLifecycle: "s3:PutLifecycleConfiguration on bucket",
  DeleteBucketEncryption: "s3:PutEncryptionConfiguration on bucket",
  DeleteBucketOwnershipControls: "s3:PutBucketOwnershipControls on bucket",
  DeleteBucketPolicy: "s3:DeleteBucketPolicy on bucket",
  DeleteBucketReplication: "s3:PutReplicationConfiguration on bucket",
  DeleteBucketTagging: "s3:PutBucketTagging on bucket",
  DeleteBucketWebsite: "s3:DeleteBucketWebsite on bucket",
  DeleteObject: "s3:DeleteObject on object",
  DeleteObjectTagging: "s3:DeleteObjectTagging on object",
  DeleteObjects: "s3:DeleteObject on listed",
  DeletePublicAccessBlock: "s3:PutBucketPublicAccessBlock on bucket",
  GetBucketAbac: "s3:GetBucketAbac on bucket",
  GetBucketAccelerateConfiguration: "s3:GetAccelerateConfiguration on bucket",
  GetBucketAcl: "s3:GetBucketAcl on bucket",
  GetBucketAnalyticsConfiguration: "s3:GetAnalyticsConfiguration on bucket",
  GetBucketCors: "s3:GetBucketCORS on bucket",
  GetBucketIntelligentTieringConfiguration: "s3:GetIntelligentTieringConfiguration on bucket",
  GetBucketInventoryConfiguration: "s3:GetInventoryConfiguration on bucket",
  GetBucketLifecycleConfiguration: "s3:GetLifecycleConfiguration on bucket",
  GetBucketLocation: "s3:GetBucketLocation on bucket",
  GetBucketLogging: "s3:GetBucketLogging on bucket",
  GetBucketMetadataConfiguration: "s3:GetBucketMetadataTableConfiguration on bucket",
  GetBucketMetricsConfiguration: "s3:GetMetricsConfiguration on bucket",
  GetBucketNotificationConfiguration: "s3:GetBucketNotification on bucket",
  GetBucketEncryption: "s3:GetEncryptionConfiguration on bucket",
  GetBucketOwnershipControls: "s3:GetBucketOwnershipControls on bucket",
  GetBucketPolicy: "s3:GetBucketPolicy on bucket",
  GetBucketPolicyStatus: "s3:GetBucketPolicyStatus on bucket",
  GetBucketReplication: "s3:GetReplicationConfiguration on bucket",
  GetBucketRequestPayment: "s3:GetBucketRequestPayment on bucket",
  GetBucketTagging: "s3:GetBucketTagging on bucket",
  GetBucketVersioning: "s3:GetBucketVersioning on bucket",
  GetBucketWebsite: "s3:GetBucketWebsite on bucket",
  GetObject: "s3:GetObject on object",
  GetObjectAcl: "s3:GetObjectAcl on object",
  GetObjectAttributes: ["s3:GetObjectAttributes on object", "s3:GetObject on object"],
  GetObjectLegalHold: "s3:GetObjectLegalHold on object",
  GetObjectLockConfiguration: "s3:GetBucketObjectLockConfiguration on bucket",
  GetObjectRetention: "s3:GetObjectRetention on object",
  GetObjectTagging: "s3:GetObjectTagging on object",
  GetPublicAccessBlock: "s3:GetBucketPublicAccessBlock on bucket",
  HeadBucket: "s3:ListBucket on bucket",
  HeadObject: "s3:GetObject on object",
  ListBucketAnalyticsConfigurations: "s3:GetAnalyticsConfiguration on bucket",
  ListBucketIntelligentTieringConfigurations: "s3:GetIntelligentTieringConfiguration on bucket",
  ListBucketInventoryConfigurations: "s3:GetInventoryConfiguration on bucket",
  ListBucketMetricsConfigurations: "s3:GetMetricsConfiguration on bucket",
  ListBuckets: "s3:ListAllMyBuckets on service",
  ListMultipartUploads: "s3:ListBucketMultipartUploads on bucket",
  ListObjectVersions: "s3:ListBucketVersions on bucket",
  ListObjects: "s3:ListBucket on bucket",
  ListObjectsV2: "s3:ListBucket on bucket",
  ListParts: "s3:ListMultipartUploadParts on object",
  PutBucketAbac: "s3:PutBucketAbac on bucket",
  PutBucketAccelerateConfiguration: "s3:PutAccelerateConfiguration on bucket",
  PutBucketAcl: "s3:PutBucketAcl on bucket",
  PutBucketCors: "s3:PutBucketCORS on bucket",
  PutBucketLifecycleConfiguration: "s3:PutLifecycleConfiguration on bucket",
  PutBucketLogging: "s3:PutBucketLogging on bucket",
  PutBucketEncryption: "s3:PutEncryptionConfiguration on bucket",
  PutBucketOwnershipControls: "s3:PutBucketOwnershipControls on bucket",
  PutBucketPolicy: "s3:PutBucketPolicy on bucket",
  PutBucketRequestPayment: "s3:PutBucketRequestPayment on bucket",
  PutBucketWebsite: "s3:PutBucketWebsite on bucket",
  PutBucketTagging: "s3:PutBucketTagging on bucket",
  PutBucketVersioning: "s3:PutBucketVersioning on bucket",
  PutObject: "s3:PutObject on object",
  PutObjectAcl: "s3:PutObjectAcl on object",
  PutObjectLegalHold: "s3:PutObjectLegalHold on object",
  PutObjectLockConfiguration: "s3:PutBucketObjectLockConfiguration on bucket",
  PutObjectRetention: "s3:PutObjectRetention on object",
  PutObjectTagging: "s3:PutObjectTagging on object",
  PutPublicAccessBlock: "s3:PutBucketPublicAccessBlock on bucket",
  RestoreObject: "s3:RestoreObject on object",
  UpdateObjectEncryption: "s3:UpdateObjectEncryption on object",
  UploadPart: "s3:PutObject on object",
  UploadPartCopy: ["s3:PutObject on object", "s3:GetObject on source"],
};

test("permissions: every operation that is built needs those that AWS's reference lists", () => {
  const found = Object.fromEntries([...operations.keys()].sort().map((name) => [name, asked(name)]));
  const expected = Object.fromEntries(Object.entries(PLAIN).map(([name, needed]) => [name, [needed].flat()]));
  assert.deepEqual(found, expected);
});

/** What takes the place of the plain permissions when a version is named by its id. */
const OF_VERSIONS: readonly (readonly [OperationName, ...string[]])[] = [
  ["GetObject", "s3:GetObjectVersion on object"],
  ["HeadObject", "s3:GetObjectVersion on object"],
  ["GetObjectAttributes", "s3:GetObjectVersionAttributes on object", "s3:GetObjectVersion on object"],
  ["GetObjectAcl", "s3:GetObjectVersionAcl on object"],
  ["GetObjectTagging", "s3:GetObjectVersionTagging on object"],
  ["DeleteObjectTagging", "s3:DeleteObjectVersionTagging on object"],
  ["DeleteObject", "s3:DeleteObjectVersion on object"],
  // Locks are of versions anyway.
  ["GetObjectRetention", "s3:GetObjectRetention on object"],
  ["GetObjectLegalHold", "s3:GetObjectLegalHold on object"],
  // A parameter that the operation does not have says nothing.
  ["PutObject", "s3:PutObject on object"],
];

test("permissions: a version id needs those of versions instead, the null version's too", () => {
  for (const [name, ...needed] of OF_VERSIONS)
    for (const id of ["3sL4kqtJlcpXroDTDmJ", "null"]) assert.deepEqual(asked(name, `?versionId=${id}`), needed, name);
});

/** Headers of writes, and what each needs beside s3:PutObject. */
const EXTRAS: readonly (readonly [header: string, action: string])[] = [
  ["x-amz-acl", "s3:PutObjectAcl"],
  ["x-amz-grant-full-control", "s3:PutObjectAcl"],
  ["x-amz-grant-read", "s3:PutObjectAcl"],
  ["x-amz-grant-read-acp", "s3:PutObjectAcl"],
  ["x-amz-grant-write-acp", "s3:PutObjectAcl"],
  ["x-amz-tagging", "s3:PutObjectTagging"],
  ["x-amz-object-lock-mode", "s3:PutObjectRetention"],
  ["x-amz-object-lock-retain-until-date", "s3:PutObjectRetention"],
  ["x-amz-object-lock-legal-hold", "s3:PutObjectLegalHold"],
];

for (const name of ["PutObject", "CopyObject", "CreateMultipartUpload"] as const) {
  test(`permissions: ${name} needs more for ACLs, tags, retention and legal holds`, () => {
    const source = name === "CopyObject" ? ["s3:GetObject on source"] : [];
    for (const [header, action] of EXTRAS) {
      assert.deepEqual(asked(name, "", { [header]: "x" }), ["s3:PutObject on object", `${action} on object`, ...source], header);
    }
    const all = Object.fromEntries(EXTRAS.map(([header]) => [header, "x"]));
    const actions = ["PutObject", "PutObjectAcl", "PutObjectTagging", "PutObjectRetention", "PutObjectLegalHold"];
    assert.deepEqual(asked(name, "", all), [...actions.map((action) => `s3:${action} on object`), ...source]);
    assert.deepEqual(asked(name, "", { "x-amz-tagging": "" }), ["s3:PutObject on object", ...source]);
  });
}

test("permissions: UploadPart and UploadPartCopy need nothing more for what their upload was begun with", () => {
  const all = Object.fromEntries(EXTRAS.map(([header]) => [header, "x"]));
  assert.deepEqual(asked("UploadPart", "", all), ["s3:PutObject on object"]);
  assert.deepEqual(asked("UploadPartCopy", "", all), ["s3:PutObject on object", "s3:GetObject on source"]);
});

test("permissions: a copy reads the version that its source names", () => {
  for (const name of ["CopyObject", "UploadPartCopy"] as const) {
    const ofSource = (source: string): string[] => asked(name, "", { "x-amz-copy-source": source });
    assert.deepEqual(ofSource("a/k"), ["s3:PutObject on object", "s3:GetObject on source"]);
    assert.deepEqual(ofSource("a/k?versionId=null"), ["s3:PutObject on object", "s3:GetObjectVersion on source"]);
    assert.deepEqual(ofSource("a/k?partNumber=1"), ["s3:PutObject on object", "s3:GetObject on source"]);
  }
});

test("permissions: deleting in spite of a retention needs leave for that too", () => {
  const bypass = { "x-amz-bypass-governance-retention": "true" };
  assert.deepEqual(asked("DeleteObject", "", bypass), ["s3:DeleteObject on object", "s3:BypassGovernanceRetention on object"]);
  assert.deepEqual(asked("DeleteObject", "?versionId=1", bypass), [
    "s3:DeleteObjectVersion on object",
    "s3:BypassGovernanceRetention on object",
  ]);
  assert.deepEqual(asked("DeleteObjects", "", bypass), ["s3:DeleteObject on listed", "s3:BypassGovernanceRetention on listed"]);
  assert.deepEqual(asked("PutObjectRetention", "", bypass), [
    "s3:PutObjectRetention on object",
    "s3:BypassGovernanceRetention on object",
  ]);
  assert.deepEqual(asked("DeleteObject", "", { "x-amz-bypass-governance-retention": "False" }), ["s3:DeleteObject on object"]);
});

test("permissions: CreateBucket needs more for what a new bucket is told", () => {
  for (const [header, ...actions] of [
    ["x-amz-acl", "s3:PutBucketAcl"],
    ["x-amz-grant-write", "s3:PutBucketAcl"],
    ["x-amz-object-ownership", "s3:PutBucketOwnershipControls"],
    ["x-amz-bucket-object-lock-enabled", "s3:PutBucketObjectLockConfiguration", "s3:PutBucketVersioning"],
  ]) {
    const needed = ["s3:CreateBucket", ...actions].map((action) => `${action} on bucket`);
    assert.deepEqual(asked("CreateBucket", "", { [header!]: "true" }), needed, header);
  }
});
