import { quoted } from "../../errors/quoted.ts";
import { invalidArgument } from "../../errors/invalidArgument.ts";
import type { S3Error } from "../../errors/S3Error.ts";
import type { Tag } from "../../store/records/ObjectRecord.ts";
import { checkTags, OBJECT_TAGS } from "./tags.ts";

/**
 * The tags of x-amz-tagging, which is read like a query; none where it was not sent. Throws InvalidArgument for what is no query (a pair
 * without a key, or with two equals signs) or names a key twice, and as `checkTags`.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html
 */
export function taggingHeader(header: string | undefined): readonly Tag[] {
  if (header === undefined || header === "") return [];
  const tags = new Map<string, string>();
  for (const pair of header.split("&")) {
    if (pair === "") continue;
    const equals = pair.indexOf("=");
    if (equals === 0 || pair.includes("=", equals + 1)) throw unreadable(header, `holds ${quoted(pair)}, no key with one value`);
    const key = decode(equals < 0 ? pair : pair.slice(0, equals), header);
    if (tags.has(key)) throw unreadable(header, `names the key ${quoted(key)} twice`);
    tags.set(key, equals < 0 ? "" : decode(pair.slice(equals + 1), header));
  }
  const found = [...tags];
  checkTags(found, OBJECT_TAGS);
  return found;
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
