import type { SignatureFacts } from "../auth/Authentication.ts";
import type { SentMembers } from "../protocol/SentMembers.ts";
import type { WireRequest } from "../protocol/WireRequest.ts";

/** What the conditions of policies can ask about a request. */
export interface Conditions {
  /**
   * The values of a condition key, spelled as AWS spells it ("aws:SourceIp"); none where the request has no such key. Made when somebody
   * asks, for nobody asks for most of them.
   */
  values(key: string): readonly string[];
}

/** What the values are made of. */
export interface RequestFacts {
  readonly request: WireRequest;
  readonly sent: SentMembers;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  /** `undefined` for a request that is not signed. */
  readonly signature: SignatureFacts | undefined;
}

/** How a key's value is made; `undefined` where the request has none. */
type ValueOf = (facts: RequestFacts) => string | undefined;

const sentAs =
  (member: string): ValueOf =>
  ({ sent }) =>
    sent.text(member);

/**
 * The keys that say something of a request. Keys of what is acted on, such as tags an object has, are known to who finds that.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html#amazons3-policy-keys
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
const VALUES: ReadonlyMap<string, ValueOf> = new Map<string, ValueOf>([
  ["aws:CurrentTime", ({ nowMs }) => new Date(nowMs).toISOString()],
  ["aws:EpochTime", ({ nowMs }) => String(Math.floor(nowMs / 1000))],
  ["aws:Referer", ({ request }) => request.headers.get("referer")],
  ["aws:SecureTransport", ({ request }) => String(request.secure)],
  ["aws:SourceIp", ({ request }) => request.remoteAddress],
  ["aws:UserAgent", ({ request }) => request.headers.get("user-agent")],
  ["s3:authType", ({ signature }) => signature?.authType],
  ["s3:signatureAge", ({ signature, nowMs }) => ageOf(signature?.signedAtMs, nowMs)],
  ["s3:signatureversion", ({ signature }) => signature?.version],
  ["s3:x-amz-content-sha256", ({ request }) => request.headers.get("x-amz-content-sha256")],
  ["s3:prefix", sentAs("Prefix")],
  ["s3:delimiter", sentAs("Delimiter")],
  ["s3:max-keys", sentAs("MaxKeys")],
  ["s3:VersionId", sentAs("VersionId")],
  ["s3:x-amz-acl", sentAs("ACL")],
  ["s3:x-amz-grant-full-control", sentAs("GrantFullControl")],
  ["s3:x-amz-grant-read", sentAs("GrantRead")],
  ["s3:x-amz-grant-read-acp", sentAs("GrantReadACP")],
  ["s3:x-amz-grant-write", sentAs("GrantWrite")],
  ["s3:x-amz-grant-write-acp", sentAs("GrantWriteACP")],
  ["s3:x-amz-copy-source", sentAs("CopySource")],
  ["s3:x-amz-metadata-directive", sentAs("MetadataDirective")],
  ["s3:x-amz-object-ownership", sentAs("ObjectOwnership")],
  ["s3:x-amz-server-side-encryption", sentAs("ServerSideEncryption")],
  ["s3:x-amz-server-side-encryption-aws-kms-key-id", sentAs("SSEKMSKeyId")],
  ["s3:x-amz-server-side-encryption-customer-algorithm", sentAs("SSECustomerAlgorithm")],
  ["s3:x-amz-storage-class", sentAs("StorageClass")],
  ["s3:x-amz-website-redirect-location", sentAs("WebsiteRedirectLocation")],
  ["s3:if-match", sentAs("IfMatch")],
  ["s3:if-none-match", sentAs("IfNoneMatch")],
  ["s3:object-lock-legal-hold", sentAs("ObjectLockLegalHoldStatus")],
  ["s3:object-lock-mode", sentAs("ObjectLockMode")],
  ["s3:object-lock-retain-until-date", sentAs("ObjectLockRetainUntilDate")],
]);

/** The key that holds the names of the tags sent, and what stands before a tag's name in the key that holds its value. */
const TAG_KEYS = "s3:RequestObjectTagKeys";
const TAG_PREFIX = "s3:RequestObjectTag/";

/** The values of a condition key; none where the request has no such key. */
export function conditionValues(key: string, facts: RequestFacts): readonly string[] {
  if (key === TAG_KEYS) return [...new Set(tagsOf(facts).keys())];
  if (key.startsWith(TAG_PREFIX)) return tagsOf(facts).getAll(key.slice(TAG_PREFIX.length));
  const value = VALUES.get(key)?.(facts);
  return value === undefined ? [] : [value];
}

/** The tags of x-amz-tagging, which is read like a query; whether they are tags that S3 takes is not known yet. */
function tagsOf({ sent }: RequestFacts): URLSearchParams {
  return new URLSearchParams(sent.text("Tagging"));
}

/** In milliseconds; a clock that is ahead signs in the future. */
function ageOf(signedAtMs: number | undefined, nowMs: number): string | undefined {
  return signedAtMs === undefined ? undefined : String(Math.max(0, nowMs - signedAtMs));
}
