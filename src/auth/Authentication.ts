import type { PayloadSecurity } from "../protocol/streaming/PayloadSecurity.ts";
import type { Caller, Credential, CredentialSource } from "./Caller.ts";

/** Who sends a request, and what its body must turn out to be. */
export interface Authentication {
  readonly caller: Caller;
  readonly payload: PayloadSecurity;
  /** `undefined` for a request that is not signed. */
  readonly signature: SignatureFacts | undefined;
}

/**
 * How a request is signed, in the words that policies have for it.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/bucket-policy-s3-sigv4-conditions.html
 */
export interface SignatureFacts {
  /** "AWS" for version 2. */
  readonly version: "AWS4-HMAC-SHA256" | "AWS";
  /** `undefined` for SOAP's, which AWS has no word for. */
  readonly authType: "REST-HEADER" | "REST-QUERY-STRING" | "POST" | undefined;
  /** Milliseconds since 1970; `undefined` where nothing says it: a URL or a form signed with version 2 names its end only. */
  readonly signedAtMs: number | undefined;
  /** The region that it is for; version 2 and SOAP sign for none. */
  readonly region?: string;
}

/** What authentication needs from outside. */
export interface AuthenticationOptions {
  readonly credentials: CredentialSource;
  /** The region clients must sign for. */
  readonly region: string;
  /** Those for which they may sign as well. Default: none. */
  readonly otherRegions?: readonly string[];
  /** Below which host names begin with a bucket: what a client may have signed for. Default: none. */
  readonly domains?: readonly string[];
  readonly nowMs: number;
  /** Real time, where a test may have moved the server's. Default: nobody has. */
  readonly realClock?: () => number;
}

/** What a request says of its sender, in the right form and at the right time, and still to be proven. */
export interface Claim extends SignatureFacts {
  readonly accessKeyId: string;
  /** The session token that came along, in a header, in the query or in a field of a form; long-term keys have none. */
  readonly sessionToken: string | undefined;
  /** Returns what the body must turn out to be. Throws SignatureDoesNotMatch unless the request is signed with this credential's secret. */
  prove(credential: Credential): PayloadSecurity;
}
