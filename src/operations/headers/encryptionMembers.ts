import type { Encryption } from "../../store/records/Encryption.ts";

/** What answers show of how an object, or an upload, is encrypted. */
export interface ShownEncryption {
  readonly ServerSideEncryption?: string;
  readonly SSEKMSKeyId?: string;
  readonly BucketKeyEnabled?: true;
  readonly SSECustomerAlgorithm?: string;
  readonly SSECustomerKeyMD5?: string;
}

/** What answers show of the encryption of an object; nothing of what is not encrypted. A bucket's key is shown where there is one, as by S3. */
export function encryptionMembers(encryption: Encryption | undefined): ShownEncryption {
  if (encryption === undefined) return {};
  const { kind, keyName, bucketKey } = encryption;
  switch (kind) {
    case "AES256":
      return { ServerSideEncryption: kind };
    case "customer":
      return { SSECustomerAlgorithm: "AES256", SSECustomerKeyMD5: keyName };
    case "aws:kms":
    case "aws:kms:dsse":
      return { ServerSideEncryption: kind, SSEKMSKeyId: keyName, ...(bucketKey && { BucketKeyEnabled: true }) };
  }
}

/** What answers to those who write show beside: what they said of it for KMS. Readers are not shown it. */
export function writtenEncryption(
  encryption: Encryption | undefined,
): ShownEncryption & { readonly SSEKMSEncryptionContext?: string } {
  const context = encryption?.context ?? "";
  const members = encryptionMembers(encryption);
  return context === "" ? members : { ...members, SSEKMSEncryptionContext: Buffer.from(context).toString("base64") };
}

/** What the answer to a completed upload shows: nothing of a customer's key, which it has no headers for. */
export function completedEncryption(encryption: Encryption | undefined): ShownEncryption {
  return encryption?.kind === "customer" ? {} : encryptionMembers(encryption);
}
