import type { WebIdentity } from "../../auth/webIdentity.ts";
import { QueryError } from "../../errors/QueryError.ts";

/** The claim in which a token passes session tags. */
const TAGS_CLAIM = "https://aws.amazon.com/tags";
/** The claim in which it says whom the session acts for. */
const SOURCE_IDENTITY_CLAIM = "https://aws.amazon.com/source_identity";

const TAG_KEY = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u;
const TAG_VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u;
const SOURCE_IDENTITY = /^[\w+=,.@-]{2,64}$/;

/**
 * The session tags that a token passes. Throws InvalidIdentityToken for a claim that has not their form.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_adding-assume-role-idp
 */
export function identityTags({ claims }: WebIdentity): {
  readonly passed: readonly { readonly Key: string; readonly Value: string }[];
  readonly transitiveKeys: readonly string[];
} {
  const claim = claims[TAGS_CLAIM];
  if (claim === undefined) return { passed: [], transitiveKeys: [] };
  const { principal_tags: tags = {}, transitive_tag_keys: keys = [] } = objectIn(claim);
  const passed = Object.entries(objectIn(tags)).map(([key, value]) => {
    const text: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
    if (typeof text !== "string" || !TAG_KEY.test(key) || !TAG_VALUE.test(text)) throw malformed(TAGS_CLAIM);
    return { Key: key, Value: text };
  });
  if (!Array.isArray(keys) || !keys.every((key) => typeof key === "string")) throw malformed(TAGS_CLAIM);
  return { passed, transitiveKeys: keys };
}

/** Whom the session acts for, by its token. Throws InvalidIdentityToken. */
export function sourceIdentityIn({ claims }: WebIdentity): string | undefined {
  const claim = claims[SOURCE_IDENTITY_CLAIM];
  if (claim === undefined || (typeof claim === "string" && SOURCE_IDENTITY.test(claim))) return claim;
  throw malformed(SOURCE_IDENTITY_CLAIM);
}

function objectIn(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Readonly<Record<string, unknown>>;
  throw malformed(TAGS_CLAIM);
}

function malformed(claim: string): QueryError {
  return new QueryError("InvalidIdentityToken", { message: `The claim ${claim} of the web identity token is malformed` });
}
