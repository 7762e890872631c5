import { quoted } from "../../errors/quoted.ts";
import { invalidArgument } from "../../errors/invalidArgument.ts";
import { S3Error } from "../../errors/S3Error.ts";

/** Limits of an object's tags; lengths in UTF-16 units, as S3 counts them. */
const MAX_OBJECT_TAGS = 10;
const MAX_TAG_KEY_CHARACTERS = 128;
const MAX_TAG_VALUE_CHARACTERS = 256;

/** Letters, digits and spaces of any script, and a few signs. */
const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/**
 * Refuses an x-amz-tagging that holds no tags S3 takes: it is read like a query. Throws InvalidArgument for what is no query (a pair without
 * a key, or with two equals signs) or names a key twice, BadRequest for more than ten tags, InvalidTag for a key or value that cannot be.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html
 */
export function checkTaggingHeader(header: string): void {
  const tags = new Map<string, string>();
  for (const pair of header.split("&")) {
    if (pair === "") continue;
    const equals = pair.indexOf("=");
    if (equals === 0 || pair.includes("=", equals + 1)) throw unreadable(header, `holds ${quoted(pair)}, no key with one value`);
    const key = decode(equals < 0 ? pair : pair.slice(0, equals), header);
    if (tags.has(key)) throw unreadable(header, `names the key ${quoted(key)} twice`);
    tags.set(key, equals < 0 ? "" : decode(pair.slice(equals + 1), header));
  }
  if (tags.size > MAX_OBJECT_TAGS) {
    throw new S3Error("BadRequest", {
      message: `Object tags cannot be greater than ${MAX_OBJECT_TAGS}`,
      explanation: `x-amz-tagging holds ${tags.size} tags; an object has ${MAX_OBJECT_TAGS} at most.`,
    });
  }
  for (const [key, value] of tags) checkTag(key, value);
}

function checkTag(key: string, value: string): void {
  if (key.startsWith("aws:")) {
    throw invalidTag(
      "Your TagKey cannot be prefixed with aws:",
      key,
      undefined,
      `The key ${quoted(key)} begins with "aws:", which is reserved.`,
    );
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

function decode(text: string, header: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw unreadable(header, "is not percent-encoded UTF-8");
  }
}

function unreadable(header: string, problem: string): S3Error {
  return invalidArgument("x-amz-tagging", header, {
    message:
      "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
    explanation: `x-amz-tagging is ${quoted(header)}, which ${problem}; it has the form key=value&key2=value2.`,
  });
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
