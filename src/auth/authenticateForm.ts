import { QueryError } from "../errors/QueryError.ts";
import type { WireRequest } from "../protocol/WireRequest.ts";
import type { Authentication, AuthenticationOptions } from "./Authentication.ts";
import { ANONYMOUS, provenCaller } from "./authenticate.ts";
import type { FormSignature } from "./formClaim.ts";
import { formClaimOf, VERIFIED } from "./formClaim.ts";

/** What authenticating a form needs beyond what every request's authentication does. */
export interface FormOptions extends AuthenticationOptions, FormSignature {
  /** True for an operation that says by itself who asks. */
  readonly mayBeUnsigned: boolean;
}

/**
 * Who sends a request to IAM or STS: by Authorization header or query of version 4. The hash of the body is the last line of what they sign,
 * whatever headers say of it, and any region will do: clients sign for the one that the service has on AWS. Throws MissingAuthenticationToken,
 * IncompleteSignature, SignatureDoesNotMatch, and of keys and sessions S3's errors, which the dialect calls by their other names.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export async function authenticateForm(request: WireRequest, options: FormOptions): Promise<Authentication> {
  const claim = formClaimOf(request, options);
  if (claim !== undefined) return provenCaller(claim, options);
  if (options.mayBeUnsigned) return { caller: ANONYMOUS, payload: VERIFIED, signature: undefined };
  throw new QueryError("MissingAuthenticationToken", {
    explanation: "The request is not signed, and this operation has to know who asks.",
  });
}
