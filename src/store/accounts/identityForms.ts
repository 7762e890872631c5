import type { IdentityTag } from "../records/identityFields.ts";
import { IdentityError } from "./IdentityError.ts";
import { MAX_TAGS } from "./quotas.ts";

/**
 * The forms that IAM wants of what is sent, and what it says of others.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-names
 */

/** No name, of whatever it is, is longer, in characters. */
const LONGEST_NAME_CHARACTERS = 128;
const LONGEST_PATH_CHARACTERS = 512;
const LONGEST_DESCRIPTION_CHARACTERS = 1_000;
const LONGEST_TAG_KEY_CHARACTERS = 128;
const LONGEST_TAG_VALUE_CHARACTERS = 256;

const NAME = /^[\w+=,.@-]+$/;
const PATH = /^\/(?:[\x21-\x7e]+\/)?$/;
const PATH_PREFIX = /^\/[\x21-\x7e]*$/;
const DESCRIPTION = /^[\t\n\r\x20-\x7e\xa1-\xff]*$/;
const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** Whether something could have this name: every other one is of nothing. */
export function isName(name: string): boolean {
  return name.length <= LONGEST_NAME_CHARACTERS && NAME.test(name);
}

/** Checks a name that a `member` of the input brought. Throws `IdentityError` ValidationError. */
export function checkName(member: string, name: string, longestCharacters: number = LONGEST_NAME_CHARACTERS): void {
  checkLength(member, name, 1, longestCharacters);
  if (!NAME.test(name)) {
    throw invalid(
      `The specified value for ${member} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`,
    );
  }
}

/** Checks a path. Throws `IdentityError` ValidationError. */
export function checkPath(path: string, member = "path"): void {
  checkLength(member, path, 1, LONGEST_PATH_CHARACTERS);
  if (!PATH.test(path)) {
    throw invalid(
      `The specified value for ${member} is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.`,
    );
  }
}

/** Checks how paths are to begin. Throws `IdentityError` ValidationError. */
export function checkPathPrefix(prefix: string): void {
  checkLength("pathPrefix", prefix, 1, LONGEST_PATH_CHARACTERS);
  if (!PATH_PREFIX.test(prefix)) {
    throw invalid(
      "The specified value for pathPrefix is invalid. It must begin with / and contain only alphanumeric characters and/or / characters.",
    );
  }
}

/** Checks a description of a role or policy. Throws `IdentityError` ValidationError. */
export function checkDescription(description: string): void {
  checkLength("description", description, 0, LONGEST_DESCRIPTION_CHARACTERS);
  if (!DESCRIPTION.test(description)) {
    throw constraint(
      "description",
      description,
      "satisfy regular expression pattern: [\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]*",
    );
  }
}

/** Checks a number. Throws `IdentityError` ValidationError. */
export function checkNumber(member: string, value: number, least: number, most: number): void {
  if (!(value >= least)) throw constraint(member, String(value), `have value greater than or equal to ${least}`);
  if (!(value <= most)) throw constraint(member, String(value), `have value less than or equal to ${most}`);
}

/** Checks tags that come together. Throws `IdentityError`: ValidationError, InvalidInput. */
export function checkTags(tags: readonly IdentityTag[]): void {
  if (tags.length > MAX_TAGS) throw constraint("tags", `${tags.length} tags`, `have length less than or equal to ${MAX_TAGS}`);
  const seen = new Set<string>();
  for (const [index, [key, value]] of tags.entries()) {
    const member = `tags.${index + 1}.member`;
    checkLength(`${member}.key`, key, 1, LONGEST_TAG_KEY_CHARACTERS);
    checkLength(`${member}.value`, value, 0, LONGEST_TAG_VALUE_CHARACTERS);
    if (!TAG_TEXT.test(key)) throw constraint(`${member}.key`, key, `satisfy regular expression pattern: ${TAG_PATTERN}+`);
    if (!TAG_TEXT.test(value)) throw constraint(`${member}.value`, value, `satisfy regular expression pattern: ${TAG_PATTERN}*`);
    const folded = key.toLowerCase();
    if (folded.startsWith("aws:")) {
      throw new IdentityError("InvalidInput", "aws: prefixed tag key names are not allowed for external use.");
    }
    if (seen.has(folded)) {
      throw new IdentityError("InvalidInput", "Duplicate tag keys found. Please note that Tag keys are case insensitive.");
    }
    seen.add(folded);
  }
}

const TAG_PATTERN = "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]";

function checkLength(member: string, value: string, least: number, most: number): void {
  if (value.length < least) throw constraint(member, value, `have length greater than or equal to ${least}`);
  if (value.length > most) throw constraint(member, value, `have length less than or equal to ${most}`);
}

/** How much of a value a refusal repeats, in characters. */
const LONGEST_QUOTED_CHARACTERS = 256;

function constraint(member: string, value: string, what: string): IdentityError {
  const shown = value.slice(0, LONGEST_QUOTED_CHARACTERS);
  return invalid(
    `1 validation error detected: Value '${shown}' at '${member}' failed to satisfy constraint: Member must ${what}`,
  );
}

function invalid(message: string): IdentityError {
  return new IdentityError("ValidationError", message);
}
