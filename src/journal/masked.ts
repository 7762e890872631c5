import { createHash } from "node:crypto";

/** Headers whose values are secret as a whole. */
const SECRET_HEADERS: ReadonlySet<string> = new Set([
  "cookie",
  "proxy-authorization",
  "x-amz-copy-source-server-side-encryption-customer-key",
  "x-amz-mfa",
  "x-amz-security-token",
  "x-amz-server-side-encryption-customer-key",
]);

/** What in a query is secret: signatures, and tokens. */
const SECRET_PARAMETERS = /((?:^|[?&])(?:X-Amz-Signature|Signature|X-Amz-Security-Token|x-amz-security-token)=)([^&]*)/gi;

/** What in an Authorization header is secret: the signature, whichever version's. */
const SIGNATURE = /(Signature=|^AWS [^:]*:)([^,\s]+)/i;

/** What stands in place of a secret. With it one sees whether two are the same; which they are, one does not. */
function mask(secret: string): string {
  return `(hidden, sha256 ${createHash("sha256").update(secret).digest("hex").slice(0, 8)})`;
}

/** A header's value without what is secret in it. */
export function maskedHeader(name: string, value: string): string {
  const lowerName = name.toLowerCase();
  // Six digits are found by trying.
  if (lowerName === "x-amz-mfa") return "(hidden)";
  if (SECRET_HEADERS.has(lowerName)) return mask(value);
  if (lowerName === "authorization")
    return value.replace(SIGNATURE, (_, before: string, secret: string) => before + mask(secret));
  return value;
}

/** A path with a query, without what is secret in that. */
export function maskedTarget(target: string): string {
  return target.includes("?")
    ? target.replace(SECRET_PARAMETERS, (_, before: string, secret: string) => before + mask(secret))
    : target;
}
