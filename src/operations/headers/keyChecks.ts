import { S3Error } from "../../errors/S3Error.ts";
import type { CustomerKey } from "../../store/encryption/EncryptionWish.ts";
import type { Encryption } from "../../store/records/Encryption.ts";

/** Whether a request brings the customer's key that it needs, and none that means nothing: by the form, before any key opens anything. */

/**
 * Refuses to read an object without a customer's key that it needs, or with one that it does not. Whether it is the right one,
 * `checkCustomerKey` knows. Throws InvalidRequest.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerSideEncryptionCustomerKeys.html
 */
export function checkReadKey(encryption: Encryption | undefined, key: CustomerKey | undefined): void {
  if (encryption?.kind !== "customer") {
    if (key === undefined) return;
    throw new S3Error("InvalidRequest", {
      message: "The encryption parameters are not applicable to this object.",
      explanation: "The object is not encrypted with a customer-provided key; read it without the x-amz-…-customer-… headers.",
    });
  }
  if (key === undefined) {
    throw new S3Error("InvalidRequest", {
      message:
        "The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.",
      explanation: "The object is encrypted with a customer's key; send it in the x-amz-…-customer-… headers.",
    });
  }
}

/** Refuses a part that does not bring the customer's key its upload was begun with, or brings one where it was not. Throws InvalidRequest. */
export function checkPartKey(encryption: Encryption | undefined, key: CustomerKey | undefined): void {
  const ofCustomer = encryption?.kind === "customer";
  if (ofCustomer !== (key !== undefined)) {
    throw new S3Error("InvalidRequest", {
      message:
        "The multipart upload initiate requested encryption. Subsequent part requests must include the appropriate encryption parameters.",
      explanation: ofCustomer
        ? "The upload was begun with a customer's key; send it with every part, in the x-amz-…-customer-… headers."
        : "The upload was begun without a customer's key, and this part brings one; leave the x-amz-…-customer-… headers out.",
    });
  }
  checkSameKey(encryption, key);
}

/**
 * Refuses the completion of an upload with a customer's key that is not there, where the request names checksums of parts, or is another.
 * Throws InvalidRequest.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
 */
export function checkCompletionKey(
  encryption: Encryption | undefined,
  key: CustomerKey | undefined,
  namesChecksums: boolean,
): void {
  if (key !== undefined) {
    checkPartKey(encryption, key);
    return;
  }
  if (encryption?.kind !== "customer" || !namesChecksums) return;
  throw new S3Error("InvalidRequest", {
    message:
      "The object was stored using a form of Server Side Encryption. Correct SSE-C request parameters are required for this request when " +
      "specifying checksums for each part.",
    explanation: "The upload was begun with a customer's key, and its completion names checksums of parts; send the key with it.",
  });
}

function checkSameKey(encryption: Encryption | undefined, key: CustomerKey | undefined): void {
  if (key === undefined || encryption?.keyName === key.md5) return;
  throw new S3Error("InvalidRequest", {
    message: "The provided encryption parameters did not match the ones used originally.",
    explanation: "The customer's key that came is another one than the upload was begun with.",
  });
}
