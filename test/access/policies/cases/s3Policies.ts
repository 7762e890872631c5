import type { ConditionBlock, Document, Elements, Keys, PolicyCase, Theme } from "./PolicyCase.ts";
import { ALICE, ANONYMOUS, BUCKET, GET, LIST, OBJECTS, OURS, PUT, THEIRS, WHOLE_BUCKET } from "./PolicyCase.ts";
import { allow, allowed, denied, deny, lacking, policy } from "./PolicyCase.ts";

const CARLOS: Elements = { Principal: { AWS: ALICE.arn! } };
type Request = Pick<PolicyCase, "action" | "resource">;

/** A bucket's policy lets Alice do it on a condition. */
function lets(name: string, request: Request, Condition: ConditionBlock, keys: Keys, does: boolean): PolicyCase {
  const bucket = policy(allow({ Sid: "OnlySo", ...CARLOS, Action: request.action, Resource: request.resource, Condition }));
  const key = Object.keys(Object.values(Condition)[0]!)[0]!;
  return { name, ...request, bucket, keys, expect: does ? allowed("resource", "OnlySo") : lacking("identity", "OnlySo", key) };
}
/** Alice may everything; the bucket's policy denies it to everybody on a condition. */
function bars(name: string, request: Request, Condition: ConditionBlock, keys: Keys, does: boolean): PolicyCase {
  const bucket = policy(deny({ Sid: "NotSo", Principal: "*", Action: "s3:*", Resource: WHOLE_BUCKET, Condition }));
  const identity = policy(allow({ Sid: "All", Action: "s3:*", Resource: "*" }));
  return { name, ...request, bucket, identity, keys, expect: does ? denied("resource", "NotSo") : allowed("identity", "All") };
}

const OWNED = { StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control" } };
const GRANT = { StringEquals: { "s3:x-amz-grant-full-control": "id=a1b2" } };
const COPY = { StringEquals: { "s3:x-amz-copy-source": "photos/public/cat.jpg" } };
const COPY_FOLDER = { StringLike: { "s3:x-amz-copy-source": "photos/public/*" } };
const VERSION = { action: "s3:GetObjectVersion", resource: PUT.resource };
const TAGGING = { action: "s3:PutObjectTagging", resource: PUT.resource };
const RETENTION = { action: "s3:PutObjectRetention", resource: PUT.resource };
const PRODUCTION = { StringEquals: { "s3:ExistingObjectTag/environment": "production" } };
const TAG_KEYS = { "ForAllValues:StringLike": { "s3:RequestObjectTagKeys": ["Owner", "CreationDate"] } };
const ENCRYPTED = { StringNotEquals: { "s3:x-amz-server-side-encryption": "AES256" } };
const UNENCRYPTED = { Null: { "s3:x-amz-server-side-encryption": "true" } };
const TLS = { NumericLessThan: { "s3:TlsVersion": 1.2 } };
const HTTP = { Bool: { "aws:SecureTransport": "false" } };
const REFERER = { StringLike: { "aws:Referer": ["http://www.example.com/*", "http://example.com/*"] } };
const NO_MFA = { Null: { "aws:MultiFactorAuthAge": true } };
const OLD_MFA = { NumericGreaterThan: { "aws:MultiFactorAuthAge": 3600 } };

/** What uploads and reads of objects are allowed by. */
export const S3_OBJECTS: Theme = {
  title: "S3's keys for objects",
  page: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html#object-keys-in-amazon-s3-policies",
  cases: [
    lets("uploads with full control for the owner", PUT, OWNED, { "s3:x-amz-acl": "bucket-owner-full-control" }, true),
    lets("uploads with another canned ACL", PUT, OWNED, { "s3:x-amz-acl": "public-read" }, false),
    lets("uploads without an ACL", PUT, OWNED, {}, false),
    lets("uploads with the owner's grant", PUT, GRANT, { "s3:x-amz-grant-full-control": "id=a1b2" }, true),
    lets("uploads with another's grant", PUT, GRANT, { "s3:x-amz-grant-full-control": "id=c3d4" }, false),
    bars(
      "a public ACL is denied",
      PUT,
      { StringEquals: { "s3:x-amz-acl": ["public-read", "public-read-write"] } },
      { "s3:x-amz-acl": "public-read" },
      true,
    ),
    bars(
      "a private ACL is not",
      PUT,
      { StringEquals: { "s3:x-amz-acl": ["public-read", "public-read-write"] } },
      { "s3:x-amz-acl": "private" },
      false,
    ),
    lets("copies of one object", PUT, COPY, { "s3:x-amz-copy-source": "photos/public/cat.jpg" }, true),
    lets("copies of another", PUT, COPY, { "s3:x-amz-copy-source": "photos/secret/cat.jpg" }, false),
    lets("copies of a folder", PUT, COPY_FOLDER, { "s3:x-amz-copy-source": "photos/public/2026/dog.jpg" }, true),
    lets("copies of another folder", PUT, COPY_FOLDER, { "s3:x-amz-copy-source": "photos/secret/dog.jpg" }, false),
    lets("uploads that copy nothing where a source is asked for", PUT, COPY_FOLDER, {}, false),
    lets(
      "copies that keep the metadata",
      PUT,
      { StringEquals: { "s3:x-amz-metadata-directive": "COPY" } },
      { "s3:x-amz-metadata-directive": "COPY" },
      true,
    ),
    lets(
      "copies that replace the metadata",
      PUT,
      { StringEquals: { "s3:x-amz-metadata-directive": "COPY" } },
      { "s3:x-amz-metadata-directive": "REPLACE" },
      false,
    ),
    lets(
      "a version",
      VERSION,
      { StringEquals: { "s3:VersionId": "AaaHbAQitwiL_h47_44lRO2DDfLlBO5e" } },
      { "s3:VersionId": "AaaHbAQitwiL_h47_44lRO2DDfLlBO5e" },
      true,
    ),
    lets(
      "another version",
      VERSION,
      { StringEquals: { "s3:VersionId": "AaaHbAQitwiL_h47_44lRO2DDfLlBO5e" } },
      { "s3:VersionId": "null" },
      false,
    ),
    lets(
      "a storage class",
      PUT,
      { StringEquals: { "s3:x-amz-storage-class": ["STANDARD_IA"] } },
      { "s3:x-amz-storage-class": "STANDARD_IA" },
      true,
    ),
    lets(
      "another storage class",
      PUT,
      { StringEquals: { "s3:x-amz-storage-class": ["STANDARD_IA"] } },
      { "s3:x-amz-storage-class": "STANDARD" },
      false,
    ),
    lets("an object tagged as production", GET, PRODUCTION, { "s3:ExistingObjectTag/environment": "production" }, true),
    lets("an object tagged as something else", GET, PRODUCTION, { "s3:ExistingObjectTag/environment": "test" }, false),
    lets("an object without tags", GET, PRODUCTION, {}, false),
    lets("tags of which all keys are allowed", TAGGING, TAG_KEYS, { "s3:RequestObjectTagKeys": ["Owner", "CreationDate"] }, true),
    lets("tags of which one key is not", TAGGING, TAG_KEYS, { "s3:RequestObjectTagKeys": ["Owner", "Secret"] }, false),
    lets(
      "a tag with its value",
      TAGGING,
      { StringEquals: { "s3:RequestObjectTag/Project": "X" } },
      { "s3:RequestObjectTag/Project": "X" },
      true,
    ),
    lets(
      "a tag with another value",
      TAGGING,
      { StringEquals: { "s3:RequestObjectTag/Project": "X" } },
      { "s3:RequestObjectTag/Project": "Y" },
      false,
    ),
    lets(
      "any tag of these",
      TAGGING,
      { "ForAnyValue:StringEquals": { "s3:RequestObjectTagKeys": ["Project"] } },
      { "s3:RequestObjectTagKeys": ["a", "Project"] },
      true,
    ),
    bars("an upload without encryption", PUT, ENCRYPTED, {}, true),
    bars("an upload with another encryption", PUT, ENCRYPTED, { "s3:x-amz-server-side-encryption": "aws:kms" }, true),
    bars("an upload with the encryption asked for", PUT, ENCRYPTED, { "s3:x-amz-server-side-encryption": "AES256" }, false),
    bars("an upload whose header is missing", PUT, UNENCRYPTED, {}, true),
    bars("an upload whose header is there", PUT, UNENCRYPTED, { "s3:x-amz-server-side-encryption": "AES256" }, false),
    bars(
      "keys of the customer's own",
      PUT,
      { Null: { "s3:x-amz-server-side-encryption-customer-algorithm": "false" } },
      { "s3:x-amz-server-side-encryption-customer-algorithm": "AES256" },
      true,
    ),
    bars(
      "a lock for longer than a month",
      RETENTION,
      { NumericGreaterThan: { "s3:object-lock-remaining-retention-days": "30" } },
      { "s3:object-lock-remaining-retention-days": "31" },
      true,
    ),
    bars(
      "a lock for a month",
      RETENTION,
      { NumericGreaterThan: { "s3:object-lock-remaining-retention-days": "30" } },
      { "s3:object-lock-remaining-retention-days": "30" },
      false,
    ),
    lets(
      "a lock of a mode",
      RETENTION,
      { StringEquals: { "s3:object-lock-mode": "GOVERNANCE" } },
      { "s3:object-lock-mode": "GOVERNANCE" },
      true,
    ),
    lets(
      "a lock of another mode",
      RETENTION,
      { StringEquals: { "s3:object-lock-mode": "GOVERNANCE" } },
      { "s3:object-lock-mode": "COMPLIANCE" },
      false,
    ),
    lets(
      "a lock until a date",
      RETENTION,
      { DateLessThanEquals: { "s3:object-lock-retain-until-date": "2030-01-01T00:00:00Z" } },
      { "s3:object-lock-retain-until-date": "2029-12-31T00:00:00.000Z" },
      true,
    ),
    lets(
      "a lock beyond a date",
      RETENTION,
      { DateLessThanEquals: { "s3:object-lock-retain-until-date": "2030-01-01T00:00:00Z" } },
      { "s3:object-lock-retain-until-date": "2030-01-01T00:00:01.000Z" },
      false,
    ),
    bars("an upload that might overwrite", PUT, { Null: { "s3:if-none-match": "true" } }, {}, true),
    bars("an upload that does not overwrite", PUT, { Null: { "s3:if-none-match": "true" } }, { "s3:if-none-match": "*" }, false),
    lets(
      "an upload in place of a known version",
      PUT,
      { Null: { "s3:if-match": "false" } },
      { "s3:if-match": '"d41d8cd98f00b204e9800998ecf8427e"' },
      true,
    ),
    lets("an upload in place of whatever is there", PUT, { Null: { "s3:if-match": "false" } }, {}, false),
    bars(
      "a redirect of the website",
      PUT,
      { StringLike: { "s3:x-amz-website-redirect-location": "*" } },
      { "s3:x-amz-website-redirect-location": "/b" },
      true,
    ),
    bars(
      "a body that is not signed",
      PUT,
      { StringEquals: { "s3:x-amz-content-sha256": "UNSIGNED-PAYLOAD" } },
      { "s3:x-amz-content-sha256": "UNSIGNED-PAYLOAD" },
      true,
    ),
    bars(
      "a body that is signed",
      PUT,
      { StringEquals: { "s3:x-amz-content-sha256": "UNSIGNED-PAYLOAD" } },
      { "s3:x-amz-content-sha256": "e3b0c442" },
      false,
    ),
  ],
};

const CREATE = { action: "s3:CreateBucket", resource: BUCKET };
const creates = (name: string, Condition: ConditionBlock, keys: Keys, does: boolean): PolicyCase => {
  const key = Object.keys(Object.values(Condition)[0]!)[0]!;
  const identity = policy(allow({ Sid: "Create", Action: "s3:CreateBucket", Resource: "*", Condition }));
  return {
    name,
    ...CREATE,
    owner: "nobody",
    identity,
    keys,
    expect: does ? allowed("identity", "Create") : lacking("identity", "Create", key),
  };
};
/** The console's home folder of the user guide: David of the development department. */
const DAVID: Document = policy(
  allow({
    Sid: "AllowUserToSeeBucketListInTheConsole",
    Action: ["s3:ListAllMyBuckets", "s3:GetBucketLocation"],
    Resource: "arn:aws:s3:::*",
  }),
  allow({
    Sid: "AllowRootAndHomeListing",
    Action: "s3:ListBucket",
    Resource: BUCKET,
    Condition: { StringEquals: { "s3:prefix": ["", "Development/"], "s3:delimiter": ["/"] } },
  }),
  allow({
    Sid: "AllowListingOfDevelopment",
    Action: "s3:ListBucket",
    Resource: BUCKET,
    Condition: { StringLike: { "s3:prefix": "Development/David/*" } },
  }),
  allow({
    Sid: "AllowAllInDevelopment",
    Action: ["s3:GetObject", "s3:PutObject"],
    Resource: "arn:aws:s3:::photos/Development/David/*",
  }),
);

/** What lists, buckets and connections are allowed by. */
export const S3_BUCKETS: Theme = {
  title: "S3's keys for buckets and connections",
  page: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html#bucket-keys-in-amazon-s3-policies",
  cases: [
    lets("lists of a prefix", LIST, { StringEquals: { "s3:prefix": "projects" } }, { "s3:prefix": "projects" }, true),
    lets("lists of another prefix", LIST, { StringEquals: { "s3:prefix": "projects" } }, { "s3:prefix": "secrets" }, false),
    lets("lists of all", LIST, { StringEquals: { "s3:prefix": "projects" } }, {}, false),
    bars("a deny of other prefixes", LIST, { StringNotEquals: { "s3:prefix": "projects" } }, { "s3:prefix": "secrets" }, true),
    bars("a deny of other prefixes is one of a list of all", LIST, { StringNotEquals: { "s3:prefix": "projects" } }, {}, true),
    lets("lists of ten keys", LIST, { NumericLessThanEquals: { "s3:max-keys": "10" } }, { "s3:max-keys": "10" }, true),
    lets("lists of eleven keys", LIST, { NumericLessThanEquals: { "s3:max-keys": "10" } }, { "s3:max-keys": "11" }, false),
    lets("lists of no stated number", LIST, { NumericLessThanEquals: { "s3:max-keys": "10" } }, {}, false),
    {
      name: "the console shows all buckets",
      action: "s3:ListAllMyBuckets",
      resource: "arn:aws:s3:::*",
      owner: "nobody",
      identity: DAVID,
      expect: allowed("identity", "AllowUserToSeeBucketListInTheConsole"),
    },
    {
      name: "the console shows the top",
      ...LIST,
      identity: DAVID,
      keys: { "s3:prefix": "", "s3:delimiter": "/" },
      expect: allowed("identity", "AllowRootAndHomeListing"),
    },
    {
      name: "the console shows the department",
      ...LIST,
      identity: DAVID,
      keys: { "s3:prefix": "Development/", "s3:delimiter": "/" },
      expect: allowed("identity", "AllowRootAndHomeListing"),
    },
    {
      name: "a list of the top without folders is refused",
      ...LIST,
      identity: DAVID,
      keys: { "s3:prefix": "" },
      expect: lacking("identity", "s3:delimiter"),
    },
    {
      name: "the console shows one's own folder",
      ...LIST,
      identity: DAVID,
      keys: { "s3:prefix": "Development/David/", "s3:delimiter": "/" },
      expect: allowed("identity", "AllowListingOfDevelopment"),
    },
    {
      name: "another's folder is refused",
      ...LIST,
      identity: DAVID,
      keys: { "s3:prefix": "Development/Ann/", "s3:delimiter": "/" },
      expect: lacking("identity", "s3:prefix"),
    },
    {
      name: "an object in one's own folder",
      action: "s3:PutObject",
      resource: "arn:aws:s3:::photos/Development/David/a",
      identity: DAVID,
      expect: allowed("identity", "AllowAllInDevelopment"),
    },
    {
      name: "no deletes in one's own folder",
      action: "s3:DeleteObject",
      resource: "arn:aws:s3:::photos/Development/David/a",
      identity: DAVID,
      expect: lacking("identity", "s3:DeleteObject"),
    },
    creates(
      "a bucket in a region",
      { StringLike: { "s3:LocationConstraint": "us-west-2" } },
      { "s3:LocationConstraint": "us-west-2" },
      true,
    ),
    creates(
      "a bucket in another region",
      { StringLike: { "s3:LocationConstraint": "us-west-2" } },
      { "s3:LocationConstraint": "eu-west-1" },
      false,
    ),
    creates(
      "a bucket without ACLs",
      { StringEquals: { "s3:x-amz-object-ownership": "BucketOwnerEnforced" } },
      { "s3:x-amz-object-ownership": "BucketOwnerEnforced" },
      true,
    ),
    creates(
      "a bucket with ACLs",
      { StringEquals: { "s3:x-amz-object-ownership": "BucketOwnerEnforced" } },
      { "s3:x-amz-object-ownership": "ObjectWriter" },
      false,
    ),
    bars("a request without TLS", GET, HTTP, { "aws:SecureTransport": "false" }, true),
    bars("a request with TLS", GET, HTTP, { "aws:SecureTransport": "true" }, false),
    bars("a request with an old TLS", GET, TLS, { "s3:TlsVersion": "1.1" }, true),
    bars("a request with a new TLS", GET, TLS, { "s3:TlsVersion": "1.3" }, false),
    bars("a request without TLS has no version of it", GET, TLS, {}, false),
    bars(
      "a signature in the query",
      GET,
      { StringEquals: { "s3:authType": "REST-QUERY-STRING" } },
      { "s3:authType": "REST-QUERY-STRING" },
      true,
    ),
    bars(
      "a signature in a header",
      GET,
      { StringNotEquals: { "s3:authType": "REST-HEADER" } },
      { "s3:authType": "REST-HEADER" },
      false,
    ),
    bars(
      "a signature of the old version",
      GET,
      { StringEquals: { "s3:signatureversion": "AWS" } },
      { "s3:signatureversion": "AWS" },
      true,
    ),
    bars(
      "a signature of the new version",
      GET,
      { StringEquals: { "s3:signatureversion": "AWS" } },
      { "s3:signatureversion": "AWS4-HMAC-SHA256" },
      false,
    ),
    bars(
      "a signature older than ten minutes",
      GET,
      { NumericGreaterThan: { "s3:signatureAge": "600000" } },
      { "s3:signatureAge": "600001" },
      true,
    ),
    bars(
      "a signature of ten minutes",
      GET,
      { NumericGreaterThan: { "s3:signatureAge": 600_000 } },
      { "s3:signatureAge": "600000" },
      false,
    ),
    bars(
      "a request from outside",
      GET,
      { NotIpAddress: { "aws:SourceIp": ["192.0.2.0/24", "2001:db8::/32"] } },
      { "aws:SourceIp": "203.0.113.1" },
      true,
    ),
    bars(
      "a request from inside by IPv6",
      GET,
      { NotIpAddress: { "aws:SourceIp": ["192.0.2.0/24", "2001:db8::/32"] } },
      { "aws:SourceIp": "2001:db8::9" },
      false,
    ),
    {
      name: "a website's own pages show its pictures",
      ...GET,
      asks: ANONYMOUS,
      bucket: policy(
        allow({
          Sid: "Pages",
          Principal: "*",
          Action: ["s3:GetObject", "s3:GetObjectVersion"],
          Resource: OBJECTS,
          Condition: REFERER,
        }),
      ),
      keys: { "aws:Referer": "http://www.example.com/a.html" },
      expect: allowed("resource", "Pages"),
    },
    {
      name: "another website's do not",
      ...GET,
      asks: ANONYMOUS,
      bucket: policy(
        allow({
          Sid: "Pages",
          Principal: "*",
          Action: ["s3:GetObject", "s3:GetObjectVersion"],
          Resource: OBJECTS,
          Condition: REFERER,
        }),
      ),
      keys: { "aws:Referer": "http://evil.example/" },
      expect: lacking("resource", "aws:Referer"),
    },
    {
      name: "nor does a request of no page",
      ...GET,
      asks: ANONYMOUS,
      bucket: policy(
        allow({
          Sid: "Pages",
          Principal: "*",
          Action: ["s3:GetObject", "s3:GetObjectVersion"],
          Resource: OBJECTS,
          Condition: REFERER,
        }),
      ),
      expect: lacking("resource", "aws:Referer"),
    },
    bars("a second factor is asked for and there is none", GET, NO_MFA, {}, true),
    bars("a second factor is asked for and there is one", GET, NO_MFA, { "aws:MultiFactorAuthAge": "60" }, false),
    bars("a second factor of more than an hour", GET, OLD_MFA, { "aws:MultiFactorAuthAge": "3601" }, true),
    bars("a second factor of an hour", GET, OLD_MFA, { "aws:MultiFactorAuthAge": "3600" }, false),
    bars(
      "a bucket tagged as closed",
      GET,
      { StringEquals: { "aws:ResourceTag/state": "closed" } },
      { "aws:ResourceTag/state": "closed" },
      true,
    ),
    bars(
      "a bucket tagged as open",
      GET,
      { StringEquals: { "aws:ResourceTag/state": "closed" } },
      { "aws:ResourceTag/state": "open" },
      false,
    ),
    bars("a client of a kind", GET, { StringLike: { "aws:UserAgent": "*curl*" } }, { "aws:UserAgent": "curl/8.0" }, true),
    bars(
      "a caller of the account",
      GET,
      { StringNotEquals: { "aws:PrincipalAccount": OURS } },
      { "aws:PrincipalAccount": OURS },
      false,
    ),
    bars(
      "a caller of another account",
      GET,
      { StringNotEquals: { "aws:PrincipalAccount": OURS } },
      { "aws:PrincipalAccount": THEIRS },
      true,
    ),
  ],
};
