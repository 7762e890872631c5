import type { PayloadSecurity } from "../protocol/streaming/PayloadSecurity.ts";
import type { Caller, Credential, CredentialSource } from "./Caller.ts";

/** Who sends a request, and what its body must turn out to be. */
export interface Authentication {
  readonly caller: Caller;
  readonly payload: PayloadSecurity;
}

/** What authentication needs from outside. */
export interface AuthenticationOptions {
  readonly credentials: CredentialSource;
  /** The region clients must sign for. */
  readonly region: string;
  readonly nowMs: number;
}

/** What a request says of its sender, in the right form and at the right time, and still to be proven. */
export interface Claim {
  readonly accessKeyId: string;
  /** The session token that came along; keys of this store have none. */
  readonly sessionToken: string | undefined;
  /** Returns what the body must turn out to be. Throws SignatureDoesNotMatch unless the request is signed with this credential's secret. */
  prove(credential: Credential): PayloadSecurity;
}
