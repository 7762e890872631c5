import type { SignedElements } from "../protocol/Dialect.ts";
import type { Authentication, AuthenticationOptions } from "./Authentication.ts";
import { ANONYMOUS, provenCaller } from "./authenticate.ts";
import { VERIFIED } from "./formClaim.ts";
import { soapClaimOf } from "./soapClaim.ts";

/** Who sends a SOAP message. Throws as `soapClaimOf` and `provenCaller`. */
export async function authenticateElements(elements: SignedElements, options: AuthenticationOptions): Promise<Authentication> {
  const claim = soapClaimOf(elements, options);
  if (claim === undefined) return { caller: ANONYMOUS, payload: VERIFIED, signature: undefined };
  return provenCaller(claim, options);
}
