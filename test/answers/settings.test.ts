import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { RawAnswer } from "../server/RawConnection.ts";
import { element } from "../server/TestServer.ts";
import type { Asked } from "./AnswerServer.ts";
import { AnswerServer } from "./AnswerServer.ts";
import type { Row } from "./refusals.ts";
import { invalidArgument, invalidRequest, refusals } from "./refusals.ts";

/** What S3 answers of the settings of a new bucket, which is what every bucket here is. */

function get(subresource: string, more: Readonly<Record<string, string>> = {}): Row["asked"] {
  return { method: "GET", path: "/bucket", query: { [subresource]: "", ...more } };
}

/** What is said of a setting that the bucket does not have. */
function absent(code: string, message: string, setting: string, put?: string): Row["answer"] {
  const more = put === undefined ? ", and in this store it cannot be given any yet." : `; see ${put}.`;
  const says = `The bucket "bucket" has no ${setting}${more}`;
  return { status: 404, code, message, details: { BucketName: "bucket" }, says };
}

refusals("Settings", [
  {
    cause: "a policy, of a bucket without",
    asked: get("policy"),
    answer: absent("NoSuchBucketPolicy", "The bucket policy does not exist", "policy", "PutBucketPolicy"),
  },
  {
    cause: "the status of a policy, of a bucket without",
    asked: get("policyStatus"),
    answer: absent("NoSuchBucketPolicy", "The bucket policy does not exist", "policy", "PutBucketPolicy"),
  },
  {
    cause: "tags, of a bucket without",
    asked: get("tagging"),
    answer: absent("NoSuchTagSet", "The TagSet does not exist", "tags", "PutBucketTagging"),
  },
  {
    cause: "CORS rules, of a bucket without",
    asked: get("cors"),
    answer: absent("NoSuchCORSConfiguration", "The CORS configuration does not exist", "CORS rules", "PutBucketCors"),
  },
  {
    cause: "lifecycle rules, of a bucket without",
    asked: get("lifecycle"),
    declaration: false,
    answer: absent(
      "NoSuchLifecycleConfiguration",
      "The lifecycle configuration does not exist",
      "lifecycle rules",
      "PutBucketLifecycleConfiguration",
    ),
  },
  {
    cause: "website settings, of a bucket without",
    asked: get("website"),
    answer: absent(
      "NoSuchWebsiteConfiguration",
      "The specified bucket does not have a website configuration",
      "website settings",
      "PutBucketWebsite",
    ),
  },
  {
    cause: "replication rules, of a bucket without",
    asked: get("replication"),
    answer: absent("ReplicationConfigurationNotFoundError", "The replication configuration was not found", "replication rules"),
  },
  {
    cause: "Object Lock, of a bucket without",
    asked: get("object-lock"),
    answer: {
      status: 404,
      code: "ObjectLockConfigurationNotFoundError",
      message: "Object Lock configuration does not exist for this bucket",
      details: { BucketName: "bucket" },
      says: 'The bucket "bucket" has no Object Lock; PutObjectLockConfiguration gives it to a bucket with versioning.',
    },
  },
  {
    cause: "metadata tables, of a bucket without",
    asked: get("metadataConfiguration"),
    declaration: false,
    answer: absent("MetadataConfigurationNotFound", "The metadata configuration was not found", "metadata tables"),
  },
  {
    cause: "an analytics configuration, of a bucket without",
    asked: get("analytics", { id: "mine" }),
    answer: {
      status: 404,
      code: "NoSuchConfiguration",
      message: "The specified configuration does not exist.",
      says: 'The bucket "bucket" has no analytics configuration "mine", and in this store it cannot be given any yet.',
    },
  },
  {
    cause: "an S3 Intelligent-Tiering configuration, of a bucket without",
    asked: get("intelligent-tiering", { id: "mine" }),
    declaration: false,
    answer: {
      status: 404,
      code: "NoSuchConfiguration",
      message: "The specified configuration does not exist.",
      says: 'The bucket "bucket" has no S3 Intelligent-Tiering configuration "mine", and in this store it cannot be given any yet.',
    },
  },
  {
    cause: "an inventory configuration, of a bucket without",
    asked: get("inventory", { id: "mine" }),
    declaration: false,
    answer: {
      status: 404,
      code: "NoSuchConfiguration",
      message: "The specified configuration does not exist.",
      says: 'The bucket "bucket" has no inventory configuration "mine", and in this store it cannot be given any yet.',
    },
  },
  {
    cause: "a metrics configuration, of a bucket without",
    asked: get("metrics", { id: "mine" }),
    answer: {
      status: 404,
      code: "NoSuchConfiguration",
      message: "The specified configuration does not exist.",
      says: 'The bucket "bucket" has no metrics configuration "mine", and in this store it cannot be given any yet.',
    },
  },
  {
    cause: "a token of a list of configurations",
    asked: get("analytics", { "continuation-token": "x" }),
    answer: invalidArgument(
      "The continuation token provided is incorrect",
      "continuation-token",
      undefined,
      'continuation-token is "x", which is no token of this list; send the NextContinuationToken of the page before, unchanged.',
    ),
  },
  ...["retention", "legal-hold"].map((subresource) => ({
    cause: `${subresource} of an object, in a bucket without Object Lock`,
    asked: { ...get(subresource), path: "/bucket/none" },
    answer: invalidRequest(
      "Bucket is missing Object Lock Configuration",
      "Retention and legal hold need a bucket with Object Lock, which this one does not have.",
    ),
  })),
  {
    cause: "the ACL of an object that is not there",
    asked: { ...get("acl"), path: "/bucket/none" },
    answer: noSuchKey("none"),
  },
  {
    cause: "deleting the tags of an object that is not there",
    asked: { method: "DELETE", path: "/bucket/none", query: { tagging: "" } },
    answer: noSuchKey("bucket/none"),
  },
]);

function noSuchKey(key: string): Row["answer"] {
  return {
    status: 404,
    code: "NoSuchKey",
    message: "The specified key does not exist.",
    details: { Key: key },
    says: 'The bucket "bucket" has no object under exactly this key; keys are case-sensitive.',
  };
}

const GRANTEE =
  '<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser"><ID>{owner}</ID></Grantee>';
const ACL =
  "<Owner><ID>{owner}</ID></Owner>" +
  `<AccessControlList><Grant>${GRANTEE}<Permission>FULL_CONTROL</Permission></Grant></AccessControlList>`;
const BLOCKED = ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"];
const WHOLE = "<IsTruncated>false</IsTruncated>";

/** Subresources of the bucket, or of a key, with the documents they answer: the root, and what stands in it. */
const DOCUMENTS: readonly (readonly [subresource: string, root: string, inside: string, path?: string])[] = [
  ["accelerate", "AccelerateConfiguration", ""],
  ["acl", "AccessControlPolicy", ACL],
  ["acl", "AccessControlPolicy", ACL, "/bucket/key"],
  ["analytics", "ListBucketAnalyticsConfigurationResult", WHOLE],
  ["intelligent-tiering", "ListBucketIntelligentTieringConfigurationsOutput", WHOLE],
  ["inventory", "ListInventoryConfigurationsResult", WHOLE],
  ["logging", "BucketLoggingStatus", ""],
  ["metrics", "ListMetricsConfigurationsResult", WHOLE],
  ["notification", "NotificationConfiguration", ""],
  ["ownershipControls", "OwnershipControls", "<Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule>"],
  ["publicAccessBlock", "PublicAccessBlockConfiguration", BLOCKED.map((name) => `<${name}>true</${name}>`).join("")],
  ["requestPayment", "RequestPaymentConfiguration", "<Payer>BucketOwner</Payer>"],
  ["versioning", "VersioningConfiguration", ""],
];

/** Deletions of what is not there, and the action each needs. */
const DELETIONS: readonly (readonly [subresource: string, action: string, path?: string])[] = [
  ["cors", "s3:PutBucketCORS"],
  ["lifecycle", "s3:PutLifecycleConfiguration"],
  ["policy", "s3:DeleteBucketPolicy"],
  ["replication", "s3:PutReplicationConfiguration"],
  ["tagging", "s3:PutBucketTagging"],
  ["tagging", "s3:DeleteObjectTagging", "/bucket/key"],
  ["website", "s3:DeleteBucketWebsite"],
];

/** The action that reading each subresource needs. */
const READS: readonly (readonly [subresource: string, action: string, path?: string])[] = [
  ["accelerate", "s3:GetAccelerateConfiguration"],
  ["acl", "s3:GetBucketAcl"],
  ["acl", "s3:GetObjectAcl", "/bucket/key"],
  ["analytics", "s3:GetAnalyticsConfiguration"],
  ["cors", "s3:GetBucketCORS"],
  ["intelligent-tiering", "s3:GetIntelligentTieringConfiguration"],
  ["inventory", "s3:GetInventoryConfiguration"],
  ["legal-hold", "s3:GetObjectLegalHold", "/bucket/key"],
  ["lifecycle", "s3:GetLifecycleConfiguration"],
  ["logging", "s3:GetBucketLogging"],
  ["metadataConfiguration", "s3:GetBucketMetadataTableConfiguration"],
  ["metrics", "s3:GetMetricsConfiguration"],
  ["notification", "s3:GetBucketNotification"],
  ["object-lock", "s3:GetBucketObjectLockConfiguration"],
  ["ownershipControls", "s3:GetBucketOwnershipControls"],
  ["policy", "s3:GetBucketPolicy"],
  ["policyStatus", "s3:GetBucketPolicyStatus"],
  ["publicAccessBlock", "s3:GetBucketPublicAccessBlock"],
  ["replication", "s3:GetReplicationConfiguration"],
  ["requestPayment", "s3:GetBucketRequestPayment"],
  ["retention", "s3:GetObjectRetention", "/bucket/key"],
  ["tagging", "s3:GetBucketTagging"],
  ["versioning", "s3:GetBucketVersioning"],
  ["website", "s3:GetBucketWebsite"],
];

let answers: AnswerServer;
before(async () => (answers = await AnswerServer.start()));
after(() => answers[Symbol.asyncDispose]());

for (const [subresource, root, inside, path = "/bucket"] of DOCUMENTS) {
  test(`Settings: GET ${path}?${subresource} answers ${root}`, async () => {
    const answer = await answers.send({ ...get(subresource), path }, "header");
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("content-type"), "application/xml");
    const open = `${root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/"`;
    const document = inside === "" ? `<${open}/>` : `<${open}>${inside}</${root}>`;
    const { canonicalId } = await answers.owner();
    assert.equal(answer.body, `<?xml version="1.0" encoding="UTF-8"?>\n${document.replaceAll("{owner}", canonicalId)}`);
  });
}

for (const [subresource, action, path = "/bucket"] of DELETIONS) {
  test(`Settings: DELETE ${path}?${subresource} answers 204, changes nothing, and needs ${action}`, async () => {
    const asked: Asked = { method: "DELETE", path, query: { [subresource]: "" } };
    const fingerprint = await answers.fingerprint();
    const answer = await answers.send(asked, "header");
    assert.equal(answer.status, 204);
    assert.equal(answer.body, "");
    assert.equal(answer.headers.get("content-type"), undefined);
    await deniedFor(asked, action);
    assert.equal(await answers.fingerprint(), fingerprint);
  });
}

for (const [subresource, action, path = "/bucket"] of READS) {
  test(`Settings: GET ${path}?${subresource} needs ${action}`, () => deniedFor({ ...get(subresource), path }, action));
}

/** The action that is told first where a version is named by its id. */
const OF_VERSIONS: readonly (readonly [method: string, subresource: string | undefined, action: string])[] = [
  ["GET", undefined, "s3:GetObjectVersion"],
  ["GET", "acl", "s3:GetObjectVersionAcl"],
  ["GET", "tagging", "s3:GetObjectVersionTagging"],
  ["DELETE", "tagging", "s3:DeleteObjectVersionTagging"],
  ["DELETE", undefined, "s3:DeleteObjectVersion"],
];

for (const [method, subresource, action] of OF_VERSIONS) {
  test(`Settings: ${method} /bucket/key?${subresource === undefined ? "" : `${subresource}&`}versionId=null needs ${action}`, () => {
    const query = { ...(subresource === undefined ? {} : { [subresource]: "" }), versionId: "null" };
    return deniedFor({ method, path: "/bucket/key", query }, action);
  });
}

/** Whoever does not own the bucket is denied what only its owner may do, and told the action it needs. */
async function deniedFor(asked: Asked, action: string): Promise<void> {
  const both: RawAnswer[] = [await answers.send(asked, "stranger"), await answers.send(asked, "anonymous")];
  for (const answer of both) {
    assert.equal(element(answer, "Code"), "AccessDenied");
    assert.equal(/; this needs (.*)\.$/.exec(element(answer, "Details")!)?.[1], action);
  }
}
