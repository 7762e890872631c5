import { createHmac } from "node:crypto";
import { quoted } from "../errors/quoted.ts";
import { S3Error } from "../errors/S3Error.ts";
import type { SignedElements } from "../protocol/Dialect.ts";
import { parseDateTime } from "../protocol/soap/dateTime.ts";
import type { DateTime } from "../protocol/soap/dateTime.ts";
import type { PayloadSecurity } from "../protocol/streaming/PayloadSecurity.ts";
import type { AuthenticationOptions, Claim } from "./Authentication.ts";
import type { Credential } from "./Caller.ts";
import { VERIFIED } from "./formClaim.ts";
import { signatureDoesNotMatch } from "./mismatch.ts";
import { checkSkew } from "./requestTime.ts";
import { equalInConstantTime } from "./signingKeys.ts";
import { TEMPORARY_PREFIX } from "./temporaryCredentials.ts";

/** What every text that is signed begins with. */
const SERVICE = "AmazonS3";

/** What a SOAP message claims of its sender, at the right time, and still to be proven. */
class SoapClaim implements Claim {
  readonly version: Claim["version"] = "AWS";
  readonly authType: Claim["authType"] = undefined;
  readonly sessionToken: Claim["sessionToken"] = undefined;
  readonly accessKeyId: string;
  readonly signedAtMs: number;
  readonly #operation: string;
  /** The time in each form that clients have signed it in, the canonical one first. */
  readonly #times: readonly string[];
  readonly #signature: string;

  constructor(operation: string, accessKeyId: string, timestamp: string, time: DateTime, signature: string) {
    this.#operation = operation;
    this.accessKeyId = accessKeyId;
    this.signedAtMs = time.roundedMs;
    this.#times = [new Date(time.roundedMs).toISOString(), new Date(time.truncatedMs).toISOString(), timestamp];
    this.#signature = signature;
  }

  prove({ accessKeyId, secretAccessKey }: Credential): PayloadSecurity {
    for (const time of this.#times) {
      const expected = createHmac("sha1", secretAccessKey).update(this.#stringToSign(time)).digest("base64");
      if (equalInConstantTime(expected, this.#signature)) return VERIFIED;
    }
    throw signatureDoesNotMatch({
      accessKeyId,
      stringToSign: this.#stringToSign(this.#times[0]!),
      signatureProvided: this.#signature,
      explanation:
        "The access key exists. Either its secret is another one, or another text was signed: SOAP signs AmazonS3, the operation's name and the " +
        "Timestamp in UTC with three digits of milliseconds, without anything between, by HMAC-SHA1 in base64.",
    });
  }

  #stringToSign(time: string): string {
    return SERVICE + this.#operation + time;
  }
}

/**
 * What the elements of a SOAP message claim; `undefined` for one that has none of them. The message itself is not signed: its arguments are as
 * safe as the connection. Throws CredentialsNotSupported, MissingSecurityElement, InvalidSOAPRequest, RequestTimeTooSkewed and InvalidAccessKeyId.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/SOAPAuthentication.html
 */
export function soapClaimOf(elements: SignedElements, { nowMs, realClock }: AuthenticationOptions): Claim | undefined {
  const { operation, accessKeyId, timestamp, signature, credential } = elements;
  if (credential !== undefined && credential.trim() !== "") {
    throw new S3Error("CredentialsNotSupported", {
      explanation:
        "The element Credential is not empty. Nothing is known of what it could hold; who asks is said by AWSAccessKeyId and Signature.",
    });
  }
  if (accessKeyId === undefined && timestamp === undefined && signature === undefined) return undefined;
  if (accessKeyId === undefined || timestamp === undefined || signature === undefined) {
    const missing = accessKeyId === undefined ? "AWSAccessKeyId" : timestamp === undefined ? "Timestamp" : "Signature";
    throw new S3Error("MissingSecurityElement", {
      explanation: `The element ${missing} is missing. Send AWSAccessKeyId, Timestamp and Signature, or none of them to ask as nobody in particular.`,
    });
  }
  const time = parseDateTime(timestamp.trim());
  if (time === undefined) {
    throw new S3Error("InvalidSOAPRequest", {
      explanation: `Timestamp is ${quoted(timestamp)}; it must be a time such as 2026-03-01T12:00:00.000Z.`,
    });
  }
  checkSkew(time.roundedMs, timestamp, nowMs, realClock);
  if (accessKeyId.startsWith(TEMPORARY_PREFIX)) {
    throw new S3Error("InvalidAccessKeyId", {
      details: [["AWSAccessKeyId", accessKeyId]],
      explanation: "The access key is one of temporary credentials, and SOAP has no place for their session token: ask by REST.",
    });
  }
  return new SoapClaim(operation, accessKeyId.trim(), timestamp.trim(), time, signature.trim());
}
