import type { CompactVerifyGetKey, JWTPayload } from "jose";
import { compactVerify, decodeJwt, errors } from "jose";
import { QueryError } from "../errors/QueryError.ts";
import { quoted } from "../errors/quoted.ts";

/**
 * Web identities: who somebody is by a token of an identity provider, after OpenID Connect.
 * @see https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation
 */

/** What tokens may be signed with: no secret that both sides share, and nothing that is no signature. */
const ALGORITHMS = ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"];
/** So far the clocks of a provider and of this server may differ. */
const CLOCK_TOLERANCE_SECONDS = 60;
/** What a subject and an audience may come to, in characters: they are in conditions, answers and logs. */
const MAX_CLAIM_LENGTH = 2_048;

/** A provider whose tokens are believed. */
export interface IdentityProvider {
  /** As its tokens name it, a URL. */
  readonly issuer: string;
  /** The audiences that its tokens may be for. */
  readonly audiences: readonly string[];
  /** Finds the public key of a token. Throws IDPCommunicationError where the provider's keys cannot be had. */
  readonly keys: CompactVerifyGetKey;
}

/** Who somebody is, by a token that was verified. */
export interface WebIdentity {
  readonly issuer: string;
  /** The provider's name in ARNs and condition keys: the issuer without its scheme. */
  readonly providerName: string;
  readonly subject: string;
  /** Whom the token is for. */
  readonly audiences: readonly string[];
  /** Whom it was issued to, where it says so (`azp`); whom it is for otherwise. */
  readonly audience: string;
  /** How they have shown who they are (`amr`). */
  readonly methods: readonly string[];
  readonly claims: JWTPayload;
}

/**
 * Verifies a token. Throws InvalidIdentityToken (form, provider, signature, audience, missing claims), ExpiredTokenException, IDPRejectedClaim for
 * one that is not valid yet, IDPCommunicationError.
 */
export async function verifyWebIdentity(
  token: string,
  providers: readonly IdentityProvider[],
  nowMs: number,
): Promise<WebIdentity> {
  const issuer = issuerOf(token);
  const provider = providers.find((one) => one.issuer === issuer);
  if (provider === undefined) {
    throw invalid(
      `No OpenIDConnect provider found in your account for ${issuer}`,
      `This server's operator has named no issuer ${quoted(issuer)} (--oidc-issuer).`,
    );
  }
  const claims = await verified(token, provider);
  const audiences = textsIn(claims.aud);
  if (audiences.length === 0) throw invalid("Missing a required claim: aud");
  if (!audiences.some((audience) => provider.audiences.includes(audience))) {
    throw invalid("Incorrect token audience", `The token is for ${quoted(audiences.join(", "))}.`);
  }
  checkTimes(claims, nowMs);
  const subject = requiredText(claims, "sub");
  const audience = typeof claims["azp"] === "string" ? claims["azp"] : audiences[0]!;
  if (audience.length > MAX_CLAIM_LENGTH) throw invalid("The claim azp is too long");
  return { issuer, providerName: providerNameOf(issuer), subject, audiences, audience, methods: textsIn(claims["amr"]), claims };
}

/** The issuer that a token names, which is not proven yet. */
function issuerOf(token: string): string {
  try {
    const { iss } = decodeJwt(token);
    if (typeof iss === "string" && iss.length <= MAX_CLAIM_LENGTH) return iss;
  } catch {
    throw invalid("The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)");
  }
  throw invalid("Missing a required claim: iss");
}

/** The claims of a token, once its provider is proven to have signed it. */
async function verified(token: string, { issuer, keys }: IdentityProvider): Promise<JWTPayload> {
  try {
    const { payload } = await compactVerify(token, keys, { algorithms: ALGORITHMS });
    // What was signed, and not what was read before. That read an object of the same text.
    const claims = JSON.parse(Buffer.from(payload).toString()) as JWTPayload;
    if (claims.iss === issuer) return claims;
  } catch (cause) {
    if (cause instanceof errors.JWKSNoMatchingKey || cause instanceof errors.JWKSMultipleMatchingKeys) {
      throw invalid(
        "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
        "The provider has no key, or more than one, that the token could be signed with; its header names one in kid.",
      );
    }
    if (!(cause instanceof errors.JOSEError || cause instanceof SyntaxError)) throw cause;
    throw invalid(UNPROVEN, problemOf(cause));
  }
  throw invalid(UNPROVEN);
}

const UNPROVEN = "The web identity token that was passed could not be validated";

function problemOf(cause: Error): string {
  if (cause instanceof errors.JOSEAlgNotAllowed) return `The token may be signed with ${ALGORITHMS.join(", ")}, and is not.`;
  if (cause instanceof errors.JWSSignatureVerificationFailed)
    return "The signature is not the provider's, or the token was changed.";
  return "The token cannot be read, or its key is none for such a signature.";
}

/** Throws unless the token is valid now. */
function checkTimes(claims: JWTPayload, nowMs: number): void {
  const now = Math.floor(nowMs / 1000);
  const expiresAt = requiredSeconds(claims, "exp");
  const issuedAt = requiredSeconds(claims, "iat");
  if (now >= expiresAt) {
    const message = `Token expired: current date/time ${now} must be before the expiration date/time ${expiresAt}`;
    throw new QueryError("ExpiredTokenException", { message });
  }
  const beginsAt = claims.nbf === undefined ? issuedAt : Math.max(issuedAt, requiredSeconds(claims, "nbf"));
  if (beginsAt > now + CLOCK_TOLERANCE_SECONDS) {
    throw new QueryError("IDPRejectedClaim", {
      message: "The web identity token is not valid yet.",
      explanation: `It is valid from ${beginsAt}, and the server's time is ${now}, both in seconds since 1970.`,
    });
  }
}

function requiredSeconds(claims: JWTPayload, name: "exp" | "iat" | "nbf"): number {
  const value = claims[name];
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw invalid(`Missing a required claim: ${name}`);
}

function requiredText(claims: JWTPayload, name: string): string {
  const value = claims[name];
  if (typeof value !== "string" || value === "") throw invalid(`Missing a required claim: ${name}`);
  if (value.length > MAX_CLAIM_LENGTH) throw invalid(`The claim ${name} is too long`);
  return value;
}

/** The texts of a claim that is one or a list of them. */
function textsIn(value: unknown): readonly string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.filter((one): one is string => typeof one === "string" && one !== "" && one.length <= MAX_CLAIM_LENGTH);
}

/** The name of a provider in ARNs and condition keys: its URL without the scheme. */
export function providerNameOf(issuer: string): string {
  return issuer.replace(/^https?:\/\//, "");
}

function invalid(message: string, explanation?: string): QueryError {
  return new QueryError("InvalidIdentityToken", { message, explanation });
}
