import { invalidArgument } from "../../errors/invalidArgument.ts";
import type { RequestContext } from "../RequestContext.ts";

/**
 * Refuses a request for the bytes of an object under a key of KMS that is not signed with version 4, or comes over plain HTTP, be it to read
 * or to write them. Throws InvalidArgument.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
 */
export function checkKmsRequest({ takesKeys, signatureVersion }: Pick<RequestContext, "takesKeys" | "signatureVersion">): void {
  if (!takesKeys) {
    throw invalidArgument("x-amz-server-side-encryption", undefined, {
      message: "Requests specifying Server Side Encryption with AWS KMS managed keys must be made over a secure connection.",
      explanation:
        "The object is under a key of KMS, and the request came over plain HTTP; use https, or have the operator allow it with --sse-c-over-http.",
    });
  }
  if (signatureVersion === "AWS4-HMAC-SHA256") return;
  throw invalidArgument("Authorization", "null", {
    message: "Requests specifying Server Side Encryption with AWS KMS managed keys require AWS Signature Version 4.",
    explanation: `The object is under a key of KMS, and the request is ${signatureVersion === undefined ? "not signed" : "signed with version 2"}.`,
  });
}
