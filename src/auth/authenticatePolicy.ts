import { S3Error } from "../errors/S3Error.ts";
import type { SignedPolicy } from "../protocol/Dialect.ts";
import type { WireRequest } from "../protocol/WireRequest.ts";
import type { Authentication, AuthenticationOptions } from "./Authentication.ts";
import { ANONYMOUS, headClaimOf, provenCaller, severalMechanisms } from "./authenticate.ts";
import { VERIFIED } from "./formClaim.ts";
import { policyClaimOf } from "./postPolicyClaim.ts";

/**
 * Who lets a browser's form in: who has signed its policy, who has signed the head of its request, or everybody. A policy that nobody signs binds
 * nobody: S3 looks at none, and whoever writes it could leave it out. Throws as `authenticate`, `policyClaimOf` and `provenCaller`, and then InvalidPolicyDocument and AccessDenied for what the policy says.
 */
export async function authenticatePolicy(
  form: SignedPolicy,
  request: WireRequest,
  options: AuthenticationOptions,
): Promise<Authentication> {
  const byHead = headClaimOf(request, options, request);
  const byFields = policyClaimOf(form, options);
  if (byHead !== undefined && byFields !== undefined) throw severalMechanisms(request.headers.get("authorization"));
  if (byHead?.authType === "REST-QUERY-STRING") {
    throw new S3Error("NotImplemented", {
      explanation:
        "The address is presigned, which S3 does not have for forms: sign the form's policy, or an Authorization header.",
    });
  }
  const claim = byHead ?? byFields;
  if (claim === undefined) return { caller: ANONYMOUS, payload: VERIFIED, signature: undefined };
  const found = await provenCaller(claim, options);
  form.checkPolicy(options.nowMs);
  return found;
}
