import type { CompactVerifyGetKey } from "jose";
import type { IdentityProvider } from "../../auth/webIdentity.ts";
import { QueryError } from "../../errors/QueryError.ts";
import type { IssuerSetting } from "../../config/issuers.ts";
import { KeyFile } from "./KeyFile.ts";

/** A server that does not send its keys within this time cannot be reached. */
const FETCH_TIMEOUT_MS = 5_000;
/** Keys are fetched anew after this time, or earlier when a token names one that is not among them; then at most so often. */
const MAX_KEYS_AGE_MS = 600_000;
const MIN_FETCH_INTERVAL_MS = 30_000;

/** The identity providers of the settings; their keys are read when the first token comes. */
export function identityProviders(issuers: readonly IssuerSetting[]): readonly IdentityProvider[] {
  return issuers.map(({ issuer, keys, audiences }) => ({ issuer, audiences, keys: reachable(keysOf(keys)) }));
}

/** The keys at a file or URL, which are found with the first token; so is the package that reads them. */
function keysOf(place: string): CompactVerifyGetKey {
  let found: Promise<CompactVerifyGetKey> | undefined;
  return async (header, token) => (await (found ??= findKeys(place)))(header, token);
}

async function findKeys(place: string): Promise<CompactVerifyGetKey> {
  const { createLocalJWKSet, createRemoteJWKSet } = await import("jose");
  if (/^https?:/.test(place)) {
    return createRemoteJWKSet(new URL(place), {
      timeoutDuration: FETCH_TIMEOUT_MS,
      cooldownDuration: MIN_FETCH_INTERVAL_MS,
      cacheMaxAge: MAX_KEYS_AGE_MS,
    });
  }
  const file = new KeyFile(place);
  return async (header, token) => createLocalJWKSet(await file.read())(header, token);
}

/** Tells what keeps keys from being had from what is wrong with a token. */
function reachable(keys: CompactVerifyGetKey): CompactVerifyGetKey {
  return async (header, token) => {
    try {
      return await keys(header, token);
    } catch (cause) {
      const { errors } = await import("jose");
      if (cause instanceof errors.JWKSNoMatchingKey || cause instanceof errors.JWKSMultipleMatchingKeys) throw cause;
      if (cause instanceof errors.JOSENotSupported) throw cause;
      throw new QueryError("IDPCommunicationError", {
        message:
          "The request could not be fulfilled because the identity provider (IDP) that was asked to verify the incoming identity token " +
          "could not be reached.",
        explanation:
          "The provider's keys could not be read, or are no JSON Web Key Set; the server's operator can look at --oidc-issuer.",
        cause,
      });
    }
  };
}
