import { parseTimestamp } from "../../protocol/rest/timestamps.ts";
import type { Encryption } from "../../store/records/Encryption.ts";
import type { Tag } from "../../store/records/ObjectRecord.ts";
import type { ConditionFacts, ConditionKey } from "./ConditionKey.ts";
import { tagKeys, tagValues } from "./ConditionKey.ts";
import { bucketTag, resourceAccount } from "./globalKeys.ts";
import { S3_ACTIONS } from "./s3Actions.ts";

const NOT_SENT = "requests that do not send it";
const UNSIGNED = "unsigned requests";

/**
 * S3's own keys, with the actions that the service authorization reference lists for each.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html#amazons3-policy-keys
 */
export const S3_KEYS: readonly ConditionKey[] = [
  ...signatureKeys(),
  {
    name: "s3:ResourceAccount",
    type: "String",
    source: "as aws:ResourceAccount",
    absent: "unsigned requests for what nobody owns yet",
    valueOf: resourceAccount,
  },
  {
    name: "s3:BucketTag/",
    type: "String",
    reads: "resourceTags",
    source: "as aws:ResourceTag",
    absent: "buckets without this tag, and those for which ABAC is not enabled",
    valueOf: bucketTag,
  },
  {
    name: "s3:ExistingObjectTag/",
    type: "String",
    actions: S3_ACTIONS.taggedObjects,
    reads: "objectTags",
    source: "a tag that the object's version has",
    absent: "versions without this tag, and objects that are not there",
    valueOf: ({ resource }, tag) => tagValues(resource.objectTags(), tag),
  },
  {
    name: "s3:LocationConstraint",
    type: "String",
    actions: S3_ACTIONS.newBucket,
    document: "locationConstraint",
    source: "LocationConstraint in the document",
    absent: "requests without a LocationConstraint",
    valueOf: ({ document }) => document.get("locationConstraint"),
  },
  {
    name: "s3:InventoryAccessibleOptionalFields",
    type: "String",
    isList: true,
    actions: new Set(["s3:PutInventoryConfiguration"]),
    document: "optionalFields",
    source: "the OptionalFields of the inventory configuration in the document",
    absent: "configurations without any",
    valueOf: ({ document }) => document.get("optionalFields"),
  },
  {
    name: "s3:ObjectCreationOperation",
    type: "Bool",
    actions: new Set(["s3:PutObject"]),
    source: '"true" for operations that make an object, "false" for the steps of an upload before its completion',
    absent: undefined,
    valueOf: ({ createsObject }) => String(createsObject),
  },
  ...parameterKeys(),
  ...tagsToSet(),
  ...lockKeys(),
  ...headerKeys(),
];

function signatureKeys(): readonly ConditionKey[] {
  return [
    {
      name: "s3:authType",
      type: "String",
      source: "REST-HEADER, REST-QUERY-STRING, or POST for browsers' forms",
      absent: `${UNSIGNED}, and requests of SOAP`,
      valueOf: ({ signature }) => signature?.authType,
    },
    {
      name: "s3:signatureversion",
      type: "String",
      source: "AWS4-HMAC-SHA256, or AWS for version 2 and SOAP",
      absent: UNSIGNED,
      valueOf: ({ signature }) => signature?.version,
    },
    {
      name: "s3:signatureAge",
      type: "Numeric",
      source: "the milliseconds since the request was signed; 0 where the client's clock is ahead",
      absent: "unsigned requests, and URLs and forms signed with version 2: they name their end alone",
      valueOf: ({ signature, nowMs }) => ageOf(signature?.signedAtMs, nowMs),
    },
    {
      name: "s3:TlsVersion",
      type: "Numeric",
      source: "1.2 or 1.3",
      absent: "requests without TLS, and those that a proxy of `--trust-proxy` passes on",
      valueOf: ({ request }) => request.tlsVersion(),
    },
    {
      name: "s3:x-amz-content-sha256",
      type: "String",
      source: "the header of this name; UNSIGNED-PAYLOAD for URLs presigned with version 4 without it",
      absent: "other requests without the header",
      valueOf: contentHash,
    },
  ];
}

/** In milliseconds; a clock that is ahead signs in the future. */
function ageOf(signedAtMs: number | undefined, nowMs: number): string | undefined {
  return signedAtMs === undefined ? undefined : String(Math.max(0, nowMs - signedAtMs));
}

/** A presigned URL is signed before anybody knows the body, unless it says otherwise. */
function contentHash({ request, signature }: ConditionFacts): string | undefined {
  const header = request.headers.get("x-amz-content-sha256");
  if (header !== undefined || signature?.authType !== "REST-QUERY-STRING" || signature.version === "AWS") return header;
  return request.query.get("X-Amz-Content-Sha256") ?? "UNSIGNED-PAYLOAD";
}

/** Keys of what stands in the query. */
function parameterKeys(): readonly ConditionKey[] {
  return [
    sentKey("s3:prefix", "Prefix", S3_ACTIONS.lists, "prefix, as it was sent"),
    sentKey("s3:delimiter", "Delimiter", S3_ACTIONS.lists, "delimiter, as it was sent"),
    { ...sentKey("s3:max-keys", "MaxKeys", S3_ACTIONS.lists, "max-keys, as it was sent"), type: "Numeric" },
    {
      name: "s3:VersionId",
      type: "String",
      actions: S3_ACTIONS.versions,
      source: "versionId, also that of a copy's source and of an object in a list",
      absent: "requests for the current version",
      valueOf: ({ resource, sent }) => resource.versionId ?? sent.text("VersionId"),
    },
    sentKey("s3:annotation-prefix", "AnnotationPrefix", S3_ACTIONS.annotationLists, "the parameter annotation-prefix"),
    {
      ...sentKey("s3:max-annotation-results", "MaxAnnotationResults", S3_ACTIONS.annotationLists, "the parameter of this name"),
      type: "Numeric",
    },
  ];
}

/** A key whose value is a member's text, as it was sent, in the query or a header. */
function sentKey(name: string, member: string, of: ReadonlySet<string>, source: string): ConditionKey {
  return { name, type: "String", actions: of, source, absent: NOT_SENT, valueOf: ({ sent }) => sent.text(member) };
}

function tagsToSet(): readonly ConditionKey[] {
  return [
    {
      name: "s3:RequestObjectTag/",
      type: "String",
      actions: S3_ACTIONS.objectTags,
      document: "objectTags",
      source: "a tag in x-amz-tagging or in the document",
      absent: "requests that do not give an object this tag",
      valueOf: (facts, tag) => tagValues(objectTagsOf(facts), tag),
    },
    {
      name: "s3:RequestObjectTagKeys",
      type: "String",
      isList: true,
      actions: S3_ACTIONS.objectTags,
      document: "objectTags",
      source: "the keys of the tags in x-amz-tagging or in the document",
      absent: "requests that do not give an object tags",
      valueOf: (facts) => tagKeys(objectTagsOf(facts)),
    },
  ];
}

/** The tags of x-amz-tagging, which is read like a query, or of the document; whether they are tags that S3 takes is not known yet. */
function objectTagsOf({ sent, document }: ConditionFacts): Iterable<Tag> | undefined {
  const header = sent.text("Tagging");
  return header === undefined ? document.get("objectTags") : new URLSearchParams(header);
}

function lockKeys(): readonly ConditionKey[] {
  return [
    {
      name: "s3:object-lock-mode",
      type: "String",
      actions: S3_ACTIONS.retention,
      document: "lockMode",
      source: "x-amz-object-lock-mode, or Mode in the document",
      absent: NOT_SENT,
      valueOf: ({ sent, document }) => sent.text("ObjectLockMode") ?? document.get("lockMode"),
    },
    {
      name: "s3:object-lock-retain-until-date",
      type: "Date",
      actions: S3_ACTIONS.retention,
      document: "retainUntil",
      source: "x-amz-object-lock-retain-until-date, or RetainUntilDate in the document, in ISO 8601 and UTC",
      absent: NOT_SENT,
      valueOf: retainUntilDate,
    },
    {
      name: "s3:object-lock-remaining-retention-days",
      type: "Numeric",
      actions: S3_ACTIONS.retention,
      document: "retainUntil",
      source: "the days from now to that date; one that has begun counts",
      absent: "requests without a date",
      valueOf: remainingDays,
    },
    {
      name: "s3:object-lock-legal-hold",
      type: "String",
      actions: S3_ACTIONS.legalHold,
      document: "legalHold",
      source: "x-amz-object-lock-legal-hold, or Status in the document",
      absent: NOT_SENT,
      valueOf: ({ sent, document }) => sent.text("ObjectLockLegalHoldStatus") ?? document.get("legalHold"),
    },
  ];
}

/** What is no date stays what was sent: no date of a policy is equal to it, and the request is refused for it later. */
function retainUntilDate(facts: ConditionFacts): string | undefined {
  return retainUntil(facts)?.toISOString() ?? facts.sent.text("ObjectLockRetainUntilDate");
}

function remainingDays(facts: ConditionFacts): string | undefined {
  const until = retainUntil(facts);
  // A client that asks for ten days from its own clock's time should find ten here, however long the request was on its way.
  return until === undefined ? undefined : String(Math.ceil((until.getTime() - facts.nowMs) / MILLISECONDS_PER_DAY));
}

const MILLISECONDS_PER_DAY = 86_400_000;

function retainUntil({ sent, document }: ConditionFacts): Date | undefined {
  const header = sent.text("ObjectLockRetainUntilDate");
  const date = header === undefined ? document.get("retainUntil") : parseTimestamp(header, "date-time");
  return date === undefined || Number.isNaN(date.getTime()) ? undefined : date;
}

/** Keys of what stands in a header, named as the header. */
function headerKeys(): readonly ConditionKey[] {
  return [
    headerKey("if-match", "IfMatch", new Set(["s3:PutObject", "s3:DeleteObject"])),
    headerKey("if-none-match", "IfNoneMatch", new Set(["s3:PutObject"])),
    headerKey("x-amz-acl", "ACL", S3_ACTIONS.acls),
    headerKey("x-amz-bucket-namespace", "BucketNamespace", S3_ACTIONS.newBucket),
    {
      ...headerKey("x-amz-copy-source", "CopySource", S3_ACTIONS.newObject),
      source:
        "the bucket and key that x-amz-copy-source names, as BUCKET/KEY: decoded, without a slash before and a version behind it",
      valueOf: ({ sent }) => sourceName(sent.text("CopySource")),
    },
    headerKey("x-amz-grant-full-control", "GrantFullControl", S3_ACTIONS.acls),
    headerKey("x-amz-grant-read", "GrantRead", S3_ACTIONS.acls),
    headerKey("x-amz-grant-read-acp", "GrantReadACP", S3_ACTIONS.acls),
    headerKey("x-amz-grant-write", "GrantWrite", S3_ACTIONS.acls),
    headerKey("x-amz-grant-write-acp", "GrantWriteACP", S3_ACTIONS.acls),
    headerKey("x-amz-metadata-directive", "MetadataDirective", S3_ACTIONS.newObject),
    headerKey("x-amz-object-annotation-directive", "AnnotationDirective", new Set(["s3:PutObject"])),
    headerKey("x-amz-object-if-match", "ObjectIfMatch", S3_ACTIONS.conditionalAnnotations),
    headerKey("x-amz-object-ownership", "ObjectOwnership", S3_ACTIONS.newBucket),
    ...encryptionKeys(),
    headerKey("x-amz-server-side-encryption-customer-algorithm", "SSECustomerAlgorithm", S3_ACTIONS.customerKey),
    headerKey("x-amz-storage-class", "StorageClass", S3_ACTIONS.storageClass),
    headerKey("x-amz-website-redirect-location", "WebsiteRedirectLocation", S3_ACTIONS.newObject),
  ];
}

/** Keys of how an object is to be encrypted. Parts and completions of an upload cannot say it, and go by what its beginning said. */
function encryptionKeys(): readonly ConditionKey[] {
  return [
    {
      ...headerKey("x-amz-server-side-encryption", "ServerSideEncryption", S3_ACTIONS.encryption),
      document: "encryption",
      reads: "upload",
      source:
        "the header of this name, as it was sent; for parts and completions of an upload, how that is encrypted; aws:kms for UpdateObjectEncryption",
      valueOf: ({ sent, document, resource }) =>
        sent.text("ServerSideEncryption") ?? document.get("encryption") ?? shownKind(resource.uploadEncryption()),
    },
    {
      ...headerKey("x-amz-server-side-encryption-aws-kms-key-id", "SSEKMSKeyId", S3_ACTIONS.encryption),
      type: "ARN",
      document: "encryptionKey",
      reads: "upload",
      source:
        "the header of this name, as it was sent; for parts and completions of an upload, the ARN of its key; KMSKeyArn in the document",
      valueOf: ({ sent, document, resource }) =>
        sent.text("SSEKMSKeyId") ?? document.get("encryptionKey") ?? keyOfService(resource.uploadEncryption()),
    },
  ];
}

/** A customer's key is no encryption that the header could name. */
function shownKind(encryption: Encryption | undefined): string | undefined {
  return encryption?.kind === "customer" ? undefined : encryption?.kind;
}

function keyOfService(encryption: Encryption | undefined): string | undefined {
  return encryption?.serviceKey === undefined ? undefined : encryption.keyName;
}

function headerKey(header: string, member: string, of: ReadonlySet<string>): ConditionKey {
  return sentKey(`s3:${header}`, member, of, "the header of this name, as it was sent");
}

/** What may stand before the bucket, and behind the key. */
const BEFORE_BUCKET = /^(?:https?:\/\/[^/]*)?\//i;
const BEHIND_KEY = /\?versionId=[^?]*$/;

/** The same object is named in many ways, of which a policy names one. */
function sourceName(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const path = header.replace(BEHIND_KEY, "").replaceAll("+", " ");
  try {
    return decodeURIComponent(path).replace(BEFORE_BUCKET, "");
  } catch {
    // It names nothing, and is refused for that later.
    return header;
  }
}
