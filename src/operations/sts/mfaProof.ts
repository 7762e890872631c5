import type { SignedCaller } from "../../auth/Caller.ts";
import { QueryError } from "../../errors/QueryError.ts";
import { mfaDeviceOf, useMfaCode } from "../../store/accounts/mfaDevices.ts";
import type { RequestContext } from "../RequestContext.ts";

/** A device and its code, as requests send them. */
interface SentCode {
  readonly SerialNumber?: string | undefined;
  readonly TokenCode?: string | undefined;
}

/**
 * Uses the code of the caller's MFA device, if one was sent; resolves with when it was shown. Throws AccessDenied for half of it, for the
 * device of somebody else, and for a code that is not right or was used before.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html
 */
export async function mfaProof(context: RequestContext, caller: SignedCaller, sent: SentCode): Promise<number | undefined> {
  const { SerialNumber: serial, TokenCode: code } = sent;
  if (serial === undefined && code === undefined) return undefined;
  if (serial === undefined || code === undefined) {
    throw denied("MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.");
  }
  if (!context.takesMfa) {
    throw denied(
      "MultiFactorAuthentication failed, unable to validate MFA code.",
      "A code is taken over TLS only, unless the operator allows it without (--mfa-without-tls).",
    );
  }
  const device = await mfaDeviceOf(context.store, caller);
  const verdict = device?.serial === serial ? await useMfaCode(context.store, device.ownerId, code) : "inactive";
  if (verdict === "right") return context.nowMs;
  if (verdict === "inactive") {
    throw denied(
      "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.",
    );
  }
  const paused = "Too many wrong codes have come; codes are looked at again in a quarter of an hour.";
  throw denied(
    "MultiFactorAuthentication failed with invalid MFA one time pass code. ",
    verdict === "paused" ? paused : verdict === "used" ? "The code was used before; wait for the next one." : undefined,
  );
}

function denied(message: string, explanation?: string): QueryError {
  return new QueryError("AccessDenied", { message, explanation });
}
