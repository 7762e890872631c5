import type { Tags } from "../../access/sessions/tags.ts";
import { mergedTags } from "../../access/sessions/tags.ts";
import type { SignedCaller } from "../../auth/Caller.ts";
import { QueryError } from "../../errors/QueryError.ts";

/** Most tags of a session, those that it inherits among them. */
const MAX_SESSION_TAGS = 50;

/** The tags of a session that is asked for. */
export interface SessionTags {
  /** Those passed, and those inherited from the caller's session. */
  readonly tags: Tags;
  /** The keys of those that the next role gets as well. */
  readonly transitiveKeys: readonly string[];
}

const NO_TAGS: SessionTags = { tags: {}, transitiveKeys: [] };

/**
 * The tags of a session, as they are passed and inherited. Throws InvalidParameterValue for keys that differ in case alone, for transitive
 * ones that are not passed, and for any that an earlier session of the chain has fixed.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
 */
export function sessionTags(
  passed: readonly { readonly Key: string; readonly Value: string }[],
  transitiveKeys: readonly string[],
  inherited: SessionTags = NO_TAGS,
): SessionTags {
  const keys = new Set(passed.map(({ Key }) => Key.toLowerCase()));
  if (keys.size < passed.length) throw refused("Duplicate tag keys found. Please note that Tag keys are case insensitive.");
  const reserved = passed.find(({ Key }) => Key.toLowerCase().startsWith("aws:"));
  if (reserved !== undefined) throw refused(`System tags cannot be added/updated by requester: ${reserved.Key}`);
  if (transitiveKeys.some((key) => !keys.has(key.toLowerCase()))) {
    throw refused("The specified transitive tag key must be included in the requested tags.");
  }
  if (inherited.transitiveKeys.some((key) => keys.has(key.toLowerCase()))) {
    throw refused(
      "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    );
  }
  if (passed.length + inherited.transitiveKeys.length > MAX_SESSION_TAGS) {
    throw refused(`A session has at most ${MAX_SESSION_TAGS} session tags, those that it inherits among them.`);
  }
  const own = Object.fromEntries(passed.map(({ Key, Value }) => [Key, Value]));
  return {
    tags: mergedTags(inherited.tags, own),
    transitiveKeys: [...new Set([...inherited.transitiveKeys, ...transitiveKeys])],
  };
}

/** What the caller's session hands on to the next one. */
export function inheritedTags({ tags, session }: SignedCaller): SessionTags {
  if (session === undefined || session.transitiveTagKeys.length === 0) return NO_TAGS;
  const keys = new Set(session.transitiveTagKeys.map((key) => key.toLowerCase()));
  const kept = Object.entries(tags).filter(([key]) => keys.has(key.toLowerCase()));
  return { tags: Object.fromEntries(kept), transitiveKeys: session.transitiveTagKeys };
}

function refused(message: string): QueryError {
  return new QueryError("InvalidParameterValue", { message });
}
