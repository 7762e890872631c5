import { on } from "../../access/Permission.ts";
import { quoted } from "../../errors/quoted.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { SSEKMSEncryption, UpdateObjectEncryptionRequest } from "../../protocol/generated/types.ts";
import { accountIdOf } from "../../store/accounts/accountIds.ts";
import type { EncryptionWish } from "../../store/encryption/EncryptionWish.ts";
import { reseal, unseal } from "../../store/encryption/sealing.ts";
import { describeVersion } from "../../store/objects/objects.ts";
import type { BucketRecord } from "../../store/records/BucketRecord.ts";
import type { Encryption } from "../../store/records/Encryption.ts";
import type { ObjectRecord } from "../../store/records/ObjectRecord.ts";
import { checkKmsRequest } from "../headers/kmsRequests.ts";
import { presentObject } from "../objects/presentVersion.ts";
import { checkVersionId } from "../objects/versionIds.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";
import type { BucketContext } from "../RequestContext.ts";

/** The ARN of a key, with its account. */
const KEY_ARN = /^arn:aws[a-zA-Z0-9-]*:kms:[a-z0-9-]+:([0-9]{12}):key\/[a-zA-Z0-9-]+$/;
const MAX_ARN_CHARACTERS = 2_048;

/** So often an object is looked at again that another request has changed meanwhile. */
const MAX_ATTEMPTS = 3;

type OfKms = Extract<EncryptionWish, { readonly kind: "aws:kms" | "aws:kms:dsse" }>;

/**
 * Puts an object that the store's keys, or a key of KMS, encrypt under another key of KMS. Its bytes stay as they are, and so does all that is
 * said of it: only the key that they are encrypted with is sealed anew.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_UpdateObjectEncryption.html
 */
export const UpdateObjectEncryption: Operation<"UpdateObjectEncryption"> = operation({
  name: "UpdateObjectEncryption",
  permissions: on.object("s3:UpdateObjectEncryption"),
  documentFacts: {
    encryption: ({ ObjectEncryption: { SSEKMS } }) => SSEKMS && "aws:kms",
    encryptionKey: ({ ObjectEncryption: { SSEKMS } }) => SSEKMS?.KMSKeyArn,
  },
  resource: "object",
  async handle(input, context) {
    checkVersionId(input.VersionId);
    requireVersion4(context);
    const wish = wantedKey(input.ObjectEncryption.SSEKMS, context.bucket);
    checkKmsRequest(context);
    for (let attempt = 1; ; attempt++) {
      if (await update(input, context, wish)) return { output: {} };
      if (attempt === MAX_ATTEMPTS) throw changedMeanwhile();
    }
  },
});

/** Seals an object's key anew; `false` where the object is another one by then. */
async function update(input: UpdateObjectEncryptionRequest, context: BucketContext, wish: OfKms): Promise<boolean> {
  const { store, bucket, nowMs } = context;
  const object = await presentObject(context, bucket, input);
  const encryption = updatable(object);
  refuseLocked(object, nowMs);
  const place = { bucket, key: input.Key };
  const resealed = await reseal(store, await unseal(store, encryption, place, undefined), wish, place);
  let done = false;
  const describe = (version: ObjectRecord | undefined): ObjectRecord => {
    done = version?.encryption?.sealedKey.equals(encryption.sealedKey) === true;
    if (version === undefined || !done) return version!;
    refuseLocked(version, nowMs);
    return { ...version, encryption: resealed };
  };
  await describeVersion(store, bucket, { key: input.Key, versionId: input.VersionId }, describe);
  return done;
}

function changedMeanwhile(): S3Error {
  return new S3Error("OperationAborted", {
    explanation: "The object was replaced by other requests again and again while this one was under way; send it again.",
  });
}

/** How an object is encrypted that can be put under another key. Throws InvalidRequest. */
function updatable({ encryption }: ObjectRecord): Encryption {
  if (encryption === undefined) {
    // S3's own words, a slip among them.
    throw new S3Error("InvalidRequest", {
      message:
        "The UpdateObjectEncryption operation doesn't supported unencrypted source objects. Only source objects encrypted with SSE-S3 or " +
        "SSE-KMS are supported.",
      explanation: "The object is not encrypted; copy it onto itself with x-amz-server-side-encryption.",
    });
  }
  if (encryption.kind === "AES256" || encryption.kind === "aws:kms") return encryption;
  throw new S3Error("InvalidRequest", {
    message:
      "The UpdateObjectEncryption operation doesn't support source objects with the encryption type DSSE-KMS or SSE-C. Only source objects " +
      "encrypted with SSE-S3 or SSE-KMS are supported.",
    explanation: `The object is encrypted with ${encryption.kind === "customer" ? "a customer's key" : "aws:kms:dsse"}; copy it onto itself with another encryption.`,
  });
}

/** Whatever locks the version, in whatever mode, keeps its encryption, too. Throws AccessDenied. */
function refuseLocked({ legalHold, retentionMode, retainUntilMs }: ObjectRecord, nowMs: number): void {
  const isRetained = retentionMode !== undefined && retainUntilMs > nowMs;
  if (legalHold !== "ON" && !isRetained) return;
  const why = isRetained ? `retained until ${new Date(retainUntilMs).toISOString()}` : "under a legal hold";
  throw new S3Error("AccessDenied", {
    message:
      "The encryption type for the specified object can’t be updated because that object is protected by S3 Object Lock. If the object has " +
      "a governance-mode retention period or a legal hold, you must first remove the Object Lock status on the object before you issue your " +
      "UpdateObjectEncryption request. You can't use the UpdateObjectEncryption operation with objects that have an Object Lock compliance " +
      "mode retention period applied to them.",
    explanation: `The version is ${why}.`,
  });
}

/** Throws InvalidRequest, and for another account's key AccessDenied. */
function wantedKey(wanted: SSEKMSEncryption | undefined, { ownerId }: BucketRecord): OfKms {
  if (wanted === undefined) {
    throw new S3Error("InvalidRequest", {
      message:
        "Requests that modify an object encryption configuration require a valid new encryption type. Valid values are SSEKMS. Modify the " +
        "request to specify SSE-KMS for the updated encryption type, and then try again.",
      explanation: "ObjectEncryption has no SSE-KMS element.",
    });
  }
  const { KMSKeyArn: arn, BucketKeyEnabled: bucketKey = false } = wanted;
  if (arn === "") {
    throw new S3Error("InvalidRequest", {
      message:
        "Requests that modify an object's encryption type to SSE-KMS require an AWS KMS key Amazon Resource Name (ARN). Modify the request " +
        "to specify a KMS key ARN, and then try again.",
      explanation: "KMSKeyArn is empty.",
    });
  }
  const [, accountId] = (arn.length <= MAX_ARN_CHARACTERS && KEY_ARN.exec(arn)) || [];
  if (accountId === undefined) {
    throw new S3Error("InvalidRequest", {
      message:
        "Requests that modify an object's encryption type to SSE-KMS require a valid AWS KMS key Amazon Resource Name (ARN). Confirm that " +
        "you have a correctly formatted KMS key ARN in your request, and then try again.",
      explanation: `KMSKeyArn is ${quoted(arn)}; it is the ARN of a key, and no alias's.`,
    });
  }
  if (accountId !== accountIdOf(ownerId)) {
    throw new S3Error("AccessDenied", {
      message:
        "The AWS KMS key in the request must be owned by the same account as the bucket. Modify the request to specify a KMS key from the " +
        "same account, and then try again.",
      explanation: `The key is one of the account ${accountId}; the bucket's is another.`,
    });
  }
  return { kind: "aws:kms", keyId: arn, context: {}, bucketKey };
}

/** Throws InvalidRequest. */
function requireVersion4({ signatureVersion }: BucketContext): void {
  if (signatureVersion === "AWS4-HMAC-SHA256") return;
  throw new S3Error("InvalidRequest", {
    message:
      "Requests that modify an object encryption configuration require AWS Signature Version 4. Modify the request to use AWS Signature " +
      "Version 4, and then try again.",
    explanation: `The request is ${signatureVersion === undefined ? "not signed" : "signed with version 2"}.`,
  });
}
