import { notAuthorized } from "../../access/accessDenied.ts";
import { quoted } from "../../errors/quoted.ts";
import { invalidArgument } from "../../errors/invalidArgument.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { BucketEncryption } from "../../store/buckets/encryption.ts";
import { bucketEncryption, defaultWish } from "../../store/buckets/encryption.ts";
import type { EncryptionWish } from "../../store/encryption/EncryptionWish.ts";
import type { Soon } from "../../store/metadata/MetadataEngine.ts";
import { whenHere } from "../../store/soon.ts";
import type { BucketContext, RequestContext } from "../RequestContext.ts";
import type { CustomerKeyMembers } from "./customerKey.ts";
import { bringsCustomerKey, sentCustomerKey } from "./customerKey.ts";
import { checkKmsRequest } from "./kmsRequests.ts";

const ENCRYPTION = "x-amz-server-side-encryption";
const CONTEXT = `${ENCRYPTION}-context`;

/** The members by which a request says how what it writes is to be encrypted. */
export interface EncryptionMembers extends CustomerKeyMembers {
  readonly ServerSideEncryption?: string | undefined;
  readonly SSEKMSKeyId?: string | undefined;
  readonly SSEKMSEncryptionContext?: string | undefined;
  readonly BucketKeyEnabled?: boolean | undefined;
}

/** What of a request's context its encryption depends on. */
export type EncryptionContext = Pick<
  BucketContext,
  "store" | "bucket" | "caller" | "takesKeys" | "blocksCustomerKeys" | "signatureVersion"
>;

/** The kinds that keys of the key service are for. */
function isOfKms(kind: string | undefined): kind is "aws:kms" | "aws:kms:dsse" {
  return kind === "aws:kms" || kind === "aws:kms:dsse";
}

/**
 * How a write wants its object to be encrypted: as its headers say, or else as its bucket does, or else the store. Throws InvalidArgument,
 * InvalidEncryptionAlgorithmError, and for customers' keys that the bucket refuses AccessDenied.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/serv-side-encryption.html
 */
export function wantedEncryption(input: EncryptionMembers, context: EncryptionContext): Soon<EncryptionWish> {
  return whenHere(bucketEncryption(context.store, context.bucket), (ofBucket) => {
    const wish = wishOf(input, context, ofBucket);
    if (isOfKms(wish.kind)) checkKmsRequest(context);
    return wish;
  });
}

function wishOf(input: EncryptionMembers, context: EncryptionContext, ofBucket: BucketEncryption): EncryptionWish {
  checkEncryptionHeaders(input, context);
  const key = sentCustomerKey(input, context);
  if (key !== undefined) return { kind: "customer", key };
  const { ServerSideEncryption: kind, SSEKMSKeyId: keyId, BucketKeyEnabled: sentBucketKey } = input;
  if (isOfKms(kind)) {
    const bucketKey = kind === "aws:kms" && (sentBucketKey ?? ofBucket.bucketKey ?? false);
    return { kind, keyId, context: sentContext(input.SSEKMSEncryptionContext), bucketKey };
  }
  if (kind !== undefined) return { kind: "AES256" };
  const wish = defaultWish(context.store, ofBucket);
  return wish.kind === "aws:kms" && sentBucketKey !== undefined ? { ...wish, bucketKey: sentBucketKey } : wish;
}

/**
 * Refuses headers of encryption that cannot be, or contradict each other: those of customers' keys first. Throws InvalidArgument and
 * InvalidEncryptionAlgorithmError.
 */
export function checkEncryptionHeaders(input: EncryptionMembers, context: Pick<RequestContext, "takesKeys">): void {
  sentCustomerKey(input, context);
  const { ServerSideEncryption: kind, SSEKMSKeyId: keyId, SSEKMSEncryptionContext: sent, BucketKeyEnabled: bucketKey } = input;
  if (kind !== undefined && kind !== "AES256" && !isOfKms(kind)) {
    throw invalidArgument(ENCRYPTION, kind, {
      message: "The encryption method specified is not supported",
      explanation: `${ENCRYPTION} is ${quoted(kind)}, which is for what S3 shows of other services' files; objects here take AES256, aws:kms and aws:kms:dsse.`,
    });
  }
  if (!isOfKms(kind)) {
    if (keyId !== undefined) throw notOfKms(`${ENCRYPTION}-aws-kms-key-id`, kind);
    if (sent !== undefined) throw notOfKms(CONTEXT, kind);
    if (bucketKey === true && kind !== undefined) throw notOfKms(`${ENCRYPTION}-bucket-key-enabled`, kind);
  }
  if (kind === "aws:kms:dsse" && bucketKey === true) {
    throw invalidArgument(`${ENCRYPTION}-bucket-key-enabled`, "true", {
      explanation: "Keys of a bucket are for aws:kms alone; aws:kms:dsse encrypts with keys of the object's own.",
    });
  }
  sentContext(sent);
}

function notOfKms(header: string, kind: string | undefined): S3Error {
  const found = kind === undefined ? `${ENCRYPTION} is missing` : `${ENCRYPTION} is ${quoted(kind)}`;
  return invalidArgument(ENCRYPTION, kind, {
    message: "Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms",
    explanation: `${header} came, and ${found}: it is for aws:kms and aws:kms:dsse.`,
  });
}

/** What a header says of the encryption for KMS: names and their values. Throws InvalidArgument. */
function sentContext(header: string | undefined): Readonly<Record<string, string>> {
  if (header === undefined) return {};
  const context = readContext(header);
  if (context !== undefined) return context;
  throw invalidArgument(CONTEXT, header, {
    message:
      "The header 'x-amz-server-side-encryption-context' shall be Base64-encoded UTF-8 string holding JSON which represents a string-string map",
    explanation: `${CONTEXT} is ${quoted(header)}; it is the base64 of a JSON object whose values are all texts.`,
  });
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const UTF8 = new TextDecoder("utf-8", { fatal: true });

function readContext(header: string): Readonly<Record<string, string>> | undefined {
  if (!BASE64.test(header)) return undefined;
  try {
    const value: unknown = JSON.parse(UTF8.decode(Buffer.from(header, "base64")));
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    const entries = Object.entries(value);
    return entries.every(([, text]) => typeof text === "string") ? (value as Record<string, string>) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Refuses a customer's key for something new in a bucket that blocks them, before it is looked at. `action` is what is refused; of a copy
 * and of an upload's part, too. Throws AccessDenied.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/blocking-unblocking-s3-c-encryption-gpb.html
 */
export function refuseBlockedKey(
  input: CustomerKeyMembers,
  context: EncryptionContext,
  action: "s3:PutObject" | "s3:CopyObject",
  key: string,
): Soon<void> {
  if (!bringsCustomerKey(input)) return;
  const { store, bucket, caller, blocksCustomerKeys } = context;
  return whenHere(bucketEncryption(store, bucket), (ofBucket) => {
    if (!(ofBucket.blocksCustomerKeys ?? blocksCustomerKeys)) return;
    const ending =
      "because this bucket has blocked upload requests that specify Server Side Encryption with Customer provided keys (SSE-C). " +
      "Please specify a different server-side encryption type";
    const isOfOwners = caller.kind !== "anonymous" && caller.canonicalId === bucket.ownerId;
    throw new S3Error("AccessDenied", {
      ...(isOfOwners && { message: notAuthorized({ action, bucket, key, caller }, ending) }),
      explanation:
        "A customer's key came, and this bucket takes none for what is new: encrypt in another way, or have its owner allow it by " +
        "PutBucketEncryption with EncryptionType NONE among the BlockedEncryptionTypes.",
    });
  });
}
