import type { Caller, CredentialSource } from "./Caller.ts";
import type { PayloadSecurity } from "./payloadSecurity.ts";

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
