import { quoted } from "../../errors/quoted.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { Tag } from "../../store/records/ObjectRecord.ts";

/** What a set of tags may be; lengths in UTF-16 units, as S3 counts them. */
export interface TagRules {
  readonly maxTags: number;
  /** S3's text for too many. */
  readonly tooMany: string;
  /** S3's text for a key that begins with "aws:". */
  readonly reservedKey: string;
}

/** The tags of an object. */
export const OBJECT_TAGS: TagRules = {
  maxTags: 10,
  tooMany: "Object tags cannot be greater than 10",
  reservedKey: "Your TagKey cannot be prefixed with aws:",
};

/** The tags of a bucket. */
export const BUCKET_TAGS: TagRules = {
  maxTags: 50,
  tooMany: "Bucket tag count cannot be greater than 50",
  reservedKey: "System tags cannot be added/updated by requester",
};

const MAX_TAG_KEY_CHARACTERS = 128;
const MAX_TAG_VALUE_CHARACTERS = 256;

/** Letters, digits and spaces of any script, and a few signs. */
const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** The tags that a document lists, whether S3 takes them or not. */
export function tagsInSet(listed: readonly { readonly Key: string; readonly Value: string }[]): readonly Tag[] {
  return listed.map(({ Key, Value }): Tag => [Key, Value]);
}

/** The tags that a document lists. Throws BadRequest and InvalidTag. */
export function tagsOf(listed: readonly { readonly Key: string; readonly Value: string }[], rules: TagRules): readonly Tag[] {
  const tags = tagsInSet(listed);
  checkTags(tags, rules);
  return tags;
}

/**
 * Refuses tags that S3 does not take: BadRequest for too many, InvalidTag for a key or value that cannot be, and for a key named twice.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html
 */
export function checkTags(tags: readonly Tag[], { maxTags, tooMany, reservedKey }: TagRules): void {
  if (tags.length > maxTags) {
    throw new S3Error("BadRequest", { message: tooMany, explanation: `${tags.length} tags came; ${maxTags} are possible.` });
  }
  const keys = new Set<string>();
  for (const [key, value] of tags) {
    checkTag(key, value, reservedKey);
    if (keys.has(key)) {
      throw invalidTag("Cannot provide multiple Tags with the same key", key, undefined, `The key ${quoted(key)} came twice.`);
    }
    keys.add(key);
  }
}

function checkTag(key: string, value: string, reservedKey: string): void {
  if (key.startsWith("aws:")) {
    throw invalidTag(reservedKey, key, undefined, `The key ${quoted(key)} begins with "aws:", which is reserved.`);
  }
  if (key === "" || key.length > MAX_TAG_KEY_CHARACTERS || !TAG_TEXT.test(key)) {
    const explanation = `The key ${quoted(key)} is none: it has 1 to ${MAX_TAG_KEY_CHARACTERS} letters, digits, spaces and _.:/=+-@ signs.`;
    throw invalidTag("The TagKey you have provided is invalid", key, undefined, explanation);
  }
  if (value.length > MAX_TAG_VALUE_CHARACTERS || !TAG_TEXT.test(value)) {
    const explanation = `The value ${quoted(value)} is none: it has up to ${MAX_TAG_VALUE_CHARACTERS} letters, digits, spaces and _.:/=+-@ signs.`;
    throw invalidTag("The TagValue you have provided is invalid", key, value, explanation);
  }
}

function invalidTag(message: string, key: string, value: string | undefined, explanation: string): S3Error {
  return new S3Error("InvalidTag", {
    message,
    details: [
      ["TagKey", key],
      ["TagValue", value],
    ],
    explanation,
  });
}
