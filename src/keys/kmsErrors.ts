import { S3Error } from "../errors/S3Error.ts";

/**
 * The errors of a key management service, as S3 passes them on: "KMS." and KMS's own code, with KMS's text.
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKey.html#API_GenerateDataKey_Errors
 */

/** The name is not one that a key could have. */
export function notAKeyId(keyId: string): S3Error {
  return new S3Error("KMS.NotFoundException", {
    message: `Invalid keyId '${keyId}'`,
    explanation: "A key is named by its id, its ARN, or an alias such as alias/my-key.",
  });
}

/** No key has this ARN, or not any more. */
export function noSuchKey(arn: string): S3Error {
  return new S3Error("KMS.NotFoundException", {
    message: `Key '${arn}' does not exist`,
    explanation: "The key service has no such key, or not any more. `holdfast keys` lists the local ones.",
  });
}

/** No key has this alias. */
export function noSuchAlias(arn: string): S3Error {
  return new S3Error("KMS.NotFoundException", {
    message: `Alias ${arn} is not found.`,
    explanation: "No key has this alias. `holdfast keys` lists the local keys with theirs.",
  });
}

/** The key is in another region than whatever it should encrypt. */
export function otherRegion(region: string): S3Error {
  return new S3Error("KMS.NotFoundException", {
    message: `Invalid arn ${region}`,
    explanation: "The key has to be in the region of the bucket.",
  });
}

/** The key is disabled. */
export function disabledKey(arn: string): S3Error {
  return new S3Error("KMS.DisabledException", {
    message: `${arn} is disabled.`,
    explanation: "Neither can anything be encrypted with this key, nor can what it encrypted be read, until it is enabled again.",
  });
}

/** The key waits for its deletion. */
export function pendingDeletion(arn: string): S3Error {
  return new S3Error("KMS.KMSInvalidStateException", {
    message: `${arn} is pending deletion.`,
    explanation: "What it encrypted is lost once it is deleted. Until then the deletion can be cancelled, and the key enabled.",
  });
}

/** What should be a data key of this key, in this context, is none. */
export function damagedDataKey(arn: string): S3Error {
  return new S3Error("InternalError", {
    cause: new Error(`what is stored as a data key of ${arn} is none of it, or was made for another context`),
  });
}

/** The key is there, and of a kind that encrypts nothing. */
export function notForEncryption(arn: string): S3Error {
  return new S3Error("KMS.InvalidKeyUsageException", {
    message: `${arn} key usage is not valid for this operation.`,
    explanation: "The key is of a kind that signs, for instance. Name one for symmetric encryption.",
  });
}

/** The service does not open with the key what it once sealed. */
export function invalidState(arn: string): S3Error {
  return new S3Error("KMS.KMSInvalidStateException", {
    message: `${arn} is not in a valid state for this operation.`,
    explanation: "The key service bars the key, or the version of it that the object was encrypted with.",
  });
}

/** The service is asked too often. S3 answers this in its own words, not in KMS's. */
export function tooManyKeyRequests(): S3Error {
  return new S3Error("SlowDown", {
    message: "Please reduce your request rate for operations involving AWS KMS.",
    explanation: "The key service is asked too often. A bucket key asks it once for many objects.",
  });
}
