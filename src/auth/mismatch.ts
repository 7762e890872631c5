import { quoted } from "../errors/quoted.ts";
import { S3Error } from "../errors/S3Error.ts";
import type { WireRequest } from "../protocol/WireRequest.ts";
import type { Credential } from "./Caller.ts";

/** What the server made of a request whose signature is another. */
export interface Mismatch {
  readonly accessKeyId: string;
  readonly stringToSign: string;
  readonly signatureProvided: string;
  /** Of Signature Version 4; version 2 and chunks have none. */
  readonly canonicalRequest?: string;
  /** What to look for. */
  readonly explanation: string;
}

/** S3's SignatureDoesNotMatch: it shows what was signed here, so that both sides can be compared; never a key. */
export function signatureDoesNotMatch(mismatch: Mismatch): S3Error {
  const { canonicalRequest } = mismatch;
  return new S3Error("SignatureDoesNotMatch", {
    details: [
      ["AWSAccessKeyId", mismatch.accessKeyId],
      ["StringToSign", mismatch.stringToSign],
      ["SignatureProvided", mismatch.signatureProvided],
      ["StringToSignBytes", hexPairs(mismatch.stringToSign)],
      ["CanonicalRequest", canonicalRequest],
      ["CanonicalRequestBytes", canonicalRequest === undefined ? undefined : hexPairs(canonicalRequest)],
    ],
    explanation: mismatch.explanation,
  });
}

/**
 * What to look for when a signature does not match: what was found by trying, or else that the secret is wrong; and what the server was
 * asked, for who compares. `texts` names what the answer shows to compare.
 */
export function explainMismatch(request: WireRequest, found: string | undefined, texts: string): string {
  const { method, rawPath, headers } = request;
  const asked = `The server was asked ${method} ${quoted(rawPath)} at the host ${quoted(headers.get("host") ?? "")}.`;
  return found === undefined
    ? `The access key exists, but its secret is most likely another one: none of the usual slips and changes on the way explains the signature. ${asked} ` +
        `If the secret is right, compare ${texts} with the client's line by line.`
    : `The access key exists. ${found} ${asked}`;
}

const HEX_DIGITS: Buffer = Buffer.from("0123456789abcdef");

/** The bytes of a text as two-digit hexadecimal numbers between spaces. Anybody may send texts of 30 KiB to be shown so. */
function hexPairs(text: string): string {
  const bytes = Buffer.from(text);
  const pairs = Buffer.alloc(Math.max(bytes.length * 3 - 1, 0), " ");
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index]!;
    pairs[index * 3] = HEX_DIGITS[byte >> 4]!;
    pairs[index * 3 + 1] = HEX_DIGITS[byte & 0xf]!;
  }
  return pairs.toString("latin1");
}

/** The error of an access key nobody has, or one that is disabled: S3 knows neither. */
export function invalidAccessKeyId(accessKeyId: string, disabled: Credential | undefined): S3Error {
  return new S3Error("InvalidAccessKeyId", {
    details: [["AWSAccessKeyId", accessKeyId]],
    explanation:
      disabled === undefined
        ? `No user of this server has the access key ${quoted(accessKeyId)}; "holdfast user list" shows them to its operator.`
        : `The access key ${quoted(accessKeyId)} is disabled; the server's operator can enable it with "holdfast user key enable".`,
  });
}

/** The same for the access key of temporary credentials, which came with its session token or without. */
export function temporaryKeyRefused(accessKeyId: string, hasToken: boolean): S3Error {
  return new S3Error("InvalidAccessKeyId", {
    details: [["AWSAccessKeyId", accessKeyId]],
    explanation: hasToken
      ? "The session token is one of this server's, but the user or role that it was issued for is not there any more."
      : `The access key ${quoted(accessKeyId)} looks like one of temporary credentials; send their session token as well, in x-amz-security-token.`,
  });
}
