import { createHash, timingSafeEqual } from "node:crypto";
import { quoted } from "../../errors/quoted.ts";
import { invalidArgument } from "../../errors/invalidArgument.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { CustomerKey } from "../../store/encryption/EncryptionWish.ts";
import type { RequestContext } from "../RequestContext.ts";

/** The one algorithm S3 takes customers' keys for, and the size of its keys. */
const CUSTOMER_ALGORITHM = "AES256";
const CUSTOMER_KEY_SIZE_BYTES = 32;

const ENCRYPTION = "x-amz-server-side-encryption";

/** The members by which a request brings a key of the customer's. */
export interface CustomerKeyMembers {
  readonly SSECustomerAlgorithm?: string | undefined;
  readonly SSECustomerKey?: string | undefined;
  readonly SSECustomerKeyMD5?: string | undefined;
}

/** Those by which a copy brings the key of its source. */
export interface SourceKeyMembers {
  readonly CopySourceSSECustomerAlgorithm?: string | undefined;
  readonly CopySourceSSECustomerKey?: string | undefined;
  readonly CopySourceSSECustomerKeyMD5?: string | undefined;
}

/** Those that ask for another encryption. */
interface OtherMembers {
  readonly ServerSideEncryption?: string | undefined;
}

/** True where something of a customer's key came, be it empty. */
export function bringsCustomerKey({ SSECustomerAlgorithm, SSECustomerKey, SSECustomerKeyMD5 }: CustomerKeyMembers): boolean {
  return SSECustomerAlgorithm !== undefined || SSECustomerKey !== undefined || SSECustomerKeyMD5 !== undefined;
}

/**
 * The customer's key that a request brings, once it is found right in S3's order: plain HTTP, another encryption as well, no algorithm, no
 * key, an empty one, the key's MD5, the algorithm, the key's length. `undefined` where none came. Throws InvalidArgument and
 * InvalidEncryptionAlgorithmError. The key never comes back in an answer.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerSideEncryptionCustomerKeys.html
 */
export function sentCustomerKey(
  input: CustomerKeyMembers & OtherMembers,
  { takesKeys }: Pick<RequestContext, "takesKeys">,
): CustomerKey | undefined {
  if (!bringsCustomerKey(input)) return undefined;
  if (!takesKeys) throw keyInClear();
  const { ServerSideEncryption: other, SSECustomerAlgorithm: algorithm, SSECustomerKey: key, SSECustomerKeyMD5: md5 } = input;
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
  if (key === undefined) {
    const explanation = `${ENCRYPTION}-customer-key is missing; it is the base64 of ${CUSTOMER_KEY_SIZE_BYTES} bytes.`;
    const message =
      "Requests specifying Server Side Encryption with Customer provided keys must provide an appropriate secret key.";
    throw refused(message, explanation);
  }
  const bytes = checkedKey(key, md5);
  if (algorithm !== CUSTOMER_ALGORITHM) throw unknownAlgorithm(algorithm);
  if (bytes.length !== CUSTOMER_KEY_SIZE_BYTES) {
    const explanation = `The key has ${bytes.length} bytes; ${CUSTOMER_ALGORITHM} takes ${CUSTOMER_KEY_SIZE_BYTES}, in base64.`;
    throw refused("The secret key was invalid for the specified algorithm.", explanation);
  }
  return { bytes, md5: md5! };
}

/** The customer's key of a copy's source, checked alike. */
export function sentSourceKey(
  { CopySourceSSECustomerAlgorithm, CopySourceSSECustomerKey, CopySourceSSECustomerKeyMD5 }: SourceKeyMembers,
  context: Pick<RequestContext, "takesKeys">,
): CustomerKey | undefined {
  const members = {
    SSECustomerAlgorithm: CopySourceSSECustomerAlgorithm,
    SSECustomerKey: CopySourceSSECustomerKey,
    SSECustomerKeyMD5: CopySourceSSECustomerKeyMD5,
  };
  return sentCustomerKey(members, context);
}

/** The bytes of a key that are what its MD5 says, however many they are. */
function checkedKey(key: string, md5: string | undefined): Buffer {
  const bytes = Buffer.from(key, "base64");
  if (bytes.length === 0) {
    const explanation = `${ENCRYPTION}-customer-key holds nothing in base64; it is to hold ${CUSTOMER_KEY_SIZE_BYTES} bytes.`;
    throw refused("The secret key was invalid - too short.", explanation, key);
  }
  if (md5 === undefined) {
    const explanation = `${ENCRYPTION}-customer-key-MD5 is missing; it is the base64 of the MD5 of the key's bytes.`;
    const message =
      "Requests specifying Server Side Encryption with Customer provided keys must provide the client calculated MD5 of the secret key.";
    throw refused(message, explanation);
  }
  const sent = Buffer.from(md5);
  const calculated = Buffer.from(createHash("md5").update(bytes).digest("base64"));
  if (sent.length === calculated.length && timingSafeEqual(sent, calculated)) return bytes;
  throw refused(
    "The calculated MD5 hash of the key did not match the hash that was provided.",
    `${ENCRYPTION}-customer-key-MD5 is not the MD5 of the key that came; it is made of the key's bytes, not of its base64.`,
  );
}

function keyInClear(): S3Error {
  const explanation =
    "The request came over plain HTTP, which shows the key to everybody on the way; use https, or have the operator allow it with --sse-c-over-http.";
  const message = "Requests specifying Server Side Encryption with Customer provided keys must be made over a secure connection.";
  return refused(message, explanation);
}

function refused(message: string, explanation: string, value?: string): S3Error {
  return invalidArgument(ENCRYPTION, value, { message, explanation });
}

function unknownAlgorithm(value: string): S3Error {
  return new S3Error("InvalidEncryptionAlgorithmError", {
    details: [
      ["ArgumentName", ENCRYPTION],
      ["ArgumentValue", value],
    ],
    explanation: `${ENCRYPTION}-customer-algorithm is ${quoted(value)}; it can be ${CUSTOMER_ALGORITHM}.`,
  });
}
