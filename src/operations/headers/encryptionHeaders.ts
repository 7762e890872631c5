import { createHash } from "node:crypto";
import { quoted } from "../../errors/quoted.ts";
import { invalidArgument } from "../../errors/invalidArgument.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { RequestContext } from "../RequestContext.ts";

/** The one algorithm S3 takes customers' keys for, and the size of its keys. */
const CUSTOMER_ALGORITHM = "AES256";
const CUSTOMER_KEY_SIZE_BYTES = 32;

const ENCRYPTION = "x-amz-server-side-encryption";

/** The members by which a request asks for encryption, or brings the key an object was encrypted with. */
export interface EncryptionMembers {
  readonly ServerSideEncryption?: string | undefined;
  readonly SSECustomerAlgorithm?: string | undefined;
  readonly SSECustomerKey?: string | undefined;
  readonly SSECustomerKeyMD5?: string | undefined;
}

/**
 * Refuses headers of encryption with customers' keys that contradict each other or cannot be, in S3's order: plain HTTP, another encryption as
 * well, algorithm, key, the key's MD5. Throws InvalidArgument and InvalidEncryptionAlgorithmError. The key never comes back in an answer.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerSideEncryptionCustomerKeys.html
 */
export function checkEncryptionHeaders(input: EncryptionMembers, { secure }: Pick<RequestContext, "secure">): void {
  const { ServerSideEncryption: other, SSECustomerAlgorithm: algorithm, SSECustomerKey: key, SSECustomerKeyMD5: md5 } = input;
  if (algorithm === undefined && key === undefined && md5 === undefined) return;
  if (!secure) {
    const explanation = "The request came over plain HTTP, which shows the key to everybody on the way; use https.";
    const message =
      "Requests specifying Server Side Encryption with Customer provided keys must be made over a secure connection.";
    throw refused(message, explanation);
  }
  if (other !== undefined) {
    const message = "Server Side Encryption with Customer provided key is incompatible with the encryption method specified";
    throw refused(message, `${ENCRYPTION} is ${quoted(other)}, and a customer's key came too; send one of the two.`, other);
  }
  if (algorithm === undefined) {
    const explanation = `${ENCRYPTION}-customer-algorithm is missing; it is ${CUSTOMER_ALGORITHM}.`;
    const message =
      "Requests specifying Server Side Encryption with Customer provided keys must provide a valid encryption algorithm.";
    throw refused(message, explanation);
  }
  if (algorithm !== CUSTOMER_ALGORITHM) throw unknownAlgorithm(`${ENCRYPTION}-customer-algorithm`, algorithm);
  checkKey(key, md5);
}

function checkKey(key: string | undefined, md5: string | undefined): void {
  if (key === undefined) {
    const explanation = `${ENCRYPTION}-customer-key is missing; it is the base64 of ${CUSTOMER_KEY_SIZE_BYTES} bytes.`;
    const message =
      "Requests specifying Server Side Encryption with Customer provided keys must provide an appropriate secret key.";
    throw refused(message, explanation);
  }
  const bytes = Buffer.from(key, "base64");
  if (bytes.length !== CUSTOMER_KEY_SIZE_BYTES) {
    const explanation = `The key has ${bytes.length} bytes; ${CUSTOMER_ALGORITHM} takes ${CUSTOMER_KEY_SIZE_BYTES}, in base64.`;
    throw refused("The secret key was invalid for the specified algorithm.", explanation);
  }
  if (md5 === undefined) {
    const explanation = `${ENCRYPTION}-customer-key-MD5 is missing; it is the base64 of the MD5 of the key's bytes.`;
    const message =
      "Requests specifying Server Side Encryption with Customer provided keys must provide the client calculated MD5 of the secret key.";
    throw refused(message, explanation);
  }
  if (createHash("md5").update(bytes).digest("base64") === md5) return;
  throw refused(
    "The calculated MD5 hash of the key did not match the hash that was provided.",
    `${ENCRYPTION}-customer-key-MD5 is not the MD5 of the key that came; it is made of the key's bytes, not of its base64.`,
  );
}

function refused(message: string, explanation: string, value?: string): S3Error {
  return invalidArgument(ENCRYPTION, value, { message, explanation });
}

function unknownAlgorithm(header: string, value: string): S3Error {
  return new S3Error("InvalidEncryptionAlgorithmError", {
    details: [
      ["ArgumentName", header],
      ["ArgumentValue", value],
    ],
    explanation: `${header} is ${quoted(value)}; it can be ${CUSTOMER_ALGORITHM}.`,
  });
}
