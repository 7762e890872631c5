import { on } from "../../access/Permission.ts";
import { quoted } from "../../errors/quoted.ts";
import { invalidArgument } from "../../errors/invalidArgument.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { ServerSideEncryptionRule } from "../../protocol/generated/types.ts";
import type { BucketEncryption, DefaultEncryption } from "../../store/buckets/encryption.ts";
import { bucketEncryption, ENCRYPTION_KIND, putBucketEncryption } from "../../store/buckets/encryption.ts";
import { deleteSetting } from "../../store/buckets/settings.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";
import type { RequestContext } from "../RequestContext.ts";

/** What S3 calls customers' keys where a bucket blocks them, and what it says where it blocks nothing. */
const CUSTOMER_KEYS = "SSE-C";
const NOTHING = "NONE";

/** What a bucket can encrypt by. */
const KINDS: ReadonlySet<string> = new Set<DefaultEncryption["kind"]>(["AES256", "aws:kms", "aws:kms:dsse"]);

/**
 * Shows how a bucket encrypts what does not say it itself, and whether it blocks customers' keys. One that was never told encrypts with the
 * store's own keys, as every bucket of S3's since January 2023; where the store's default is off, it has nothing to show.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketEncryption.html
 */
export const GetBucketEncryption: Operation<"GetBucketEncryption"> = operation({
  name: "GetBucketEncryption",
  permissions: on.bucket("s3:GetEncryptionConfiguration"),
  resource: "bucket",
  async handle(_input, { store, bucket, blocksCustomerKeys }) {
    const found = await bucketEncryption(store, bucket);
    const byDefault = found.byDefault ?? (store.encryptsByDefault ? ({ kind: "AES256" } as const) : undefined);
    if (byDefault === undefined && found.blocksCustomerKeys === undefined) {
      throw new S3Error("ServerSideEncryptionConfigurationNotFoundError", {
        details: [["BucketName", bucket.name]],
        explanation: `The bucket "${bucket.name}" was told nothing of encryption, and this server encrypts nothing unless asked (--default-encryption off).`,
      });
    }
    const blocked = (found.blocksCustomerKeys ?? blocksCustomerKeys) ? CUSTOMER_KEYS : NOTHING;
    const rule: ServerSideEncryptionRule = {
      ApplyServerSideEncryptionByDefault: byDefault && { SSEAlgorithm: byDefault.kind, KMSMasterKeyID: byDefault.keyId },
      BucketKeyEnabled: found.bucketKey ?? false,
      BlockedEncryptionTypes: { EncryptionType: [blocked] },
    };
    return { output: { ServerSideEncryptionConfiguration: { Rules: [rule] } } };
  },
});

/**
 * Says how a bucket encrypts what does not say it itself, and whether it blocks customers' keys. As by S3, the key is not looked for, and a
 * rule that says nothing of what is blocked leaves that as it was. What is in the bucket stays as it is.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketEncryption.html
 */
export const PutBucketEncryption: Operation<"PutBucketEncryption"> = operation({
  name: "PutBucketEncryption",
  permissions: on.bucket("s3:PutEncryptionConfiguration"),
  resource: "bucket",
  async handle(input, context) {
    const { Rules: rules } = input.ServerSideEncryptionConfiguration;
    if (rules.length !== 1) throw malformed(`ServerSideEncryptionConfiguration has one Rule, and ${rules.length} came.`);
    const byDefault = defaultOf(rules[0]!);
    const blocks = blockedOf(rules[0]!);
    requireVersion4(context);
    await putBucketEncryption(context.store, context.bucket, (before): BucketEncryption => {
      const blocksCustomerKeys = blocks ?? before.blocksCustomerKeys;
      return {
        ...(byDefault !== undefined && { byDefault }),
        ...(rules[0]!.BucketKeyEnabled !== undefined && { bucketKey: rules[0]!.BucketKeyEnabled }),
        ...(blocksCustomerKeys !== undefined && { blocksCustomerKeys }),
      };
    });
    return { output: {} };
  },
});

/**
 * Lets a bucket encrypt as if it had never been told how: that is no error where it was not. It says nothing of customers' keys then, either.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketEncryption.html
 */
export const DeleteBucketEncryption: Operation<"DeleteBucketEncryption"> = operation({
  name: "DeleteBucketEncryption",
  permissions: on.bucket("s3:PutEncryptionConfiguration"),
  resource: "bucket",
  async handle(_input, { store, bucket }) {
    await deleteSetting(store, bucket, ENCRYPTION_KIND);
    return { output: {} };
  },
});

/** Throws MalformedXML and InvalidArgument. */
function defaultOf({ ApplyServerSideEncryptionByDefault: byDefault }: ServerSideEncryptionRule): DefaultEncryption | undefined {
  if (byDefault === undefined) return undefined;
  const { SSEAlgorithm: kind, KMSMasterKeyID: keyId } = byDefault;
  if (!KINDS.has(kind)) {
    throw malformed(`SSEAlgorithm is ${quoted(kind)}; a bucket's can be ${[...KINDS].join(", ")}.`);
  }
  // What is left empty is left out.
  if (keyId === undefined || keyId === "") return { kind: kind as DefaultEncryption["kind"] };
  if (kind === "AES256") {
    throw invalidArgument("ApplyServerSideEncryptionByDefault", undefined, {
      message: "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse",
      explanation: `KMSMasterKeyID is ${quoted(keyId)}, and SSEAlgorithm is AES256, which has no key of KMS: leave one of them out.`,
    });
  }
  return { kind: kind as DefaultEncryption["kind"], keyId };
}

/** Whether customers' keys are to be blocked; `undefined` where nothing is said of it. Throws MalformedXML. */
function blockedOf({ BlockedEncryptionTypes: blocked }: ServerSideEncryptionRule): boolean | undefined {
  const types = new Set(blocked?.EncryptionType);
  if (types.size > 1) throw malformed(`EncryptionType is ${CUSTOMER_KEYS} or ${NOTHING}, and both came.`);
  return types.size === 0 ? undefined : types.has(CUSTOMER_KEYS);
}

/** Throws InvalidRequest. */
function requireVersion4({ signatureVersion }: RequestContext): void {
  if (signatureVersion !== "AWS") return;
  throw new S3Error("InvalidRequest", {
    message: "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.",
    explanation: "The request is signed with version 2; a bucket's encryption is changed by requests signed with version 4.",
  });
}

function malformed(explanation: string): S3Error {
  return new S3Error("MalformedXML", { explanation });
}
