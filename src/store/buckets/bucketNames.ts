import { quoted } from "../../errors/quoted.ts";
import { S3Error } from "../../errors/S3Error.ts";

const MIN_NAME_CHARACTERS = 3;
const MAX_NAME_CHARACTERS = 63;
/** Buckets made before 2018 in us-east-1 could be called so: a request for one is answered NoSuchBucket, not InvalidBucketName. */
const LEGACY_NAME_FORM = /^[A-Za-z0-9._-]{3,255}$/;

const RESERVED_PREFIXES = ["xn--", "sthree-", "amzn-s3-demo-"];
const RESERVED_SUFFIXES = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"];
/** Names of account regional namespaces, which only their account may take: …-<account>-<region>-an. */
const ACCOUNT_REGIONAL_FORM = /-\d{12}-[a-z0-9-]+-an$/;

/** What S3 asks of the name of a general purpose bucket: the broken rule as a part of a sentence, or `undefined`. */
export function brokenNameRule(name: string): string | undefined {
  if (name.length < MIN_NAME_CHARACTERS || name.length > MAX_NAME_CHARACTERS) {
    return `its length is ${name.length}, and ${MIN_NAME_CHARACTERS} to ${MAX_NAME_CHARACTERS} characters are allowed`;
  }
  if (!/^[a-z0-9.-]*$/.test(name)) return "only lower-case letters, digits, periods and hyphens are allowed";
  if (!/^[a-z0-9].*[a-z0-9]$/.test(name)) return "it must begin and end with a letter or digit";
  if (name.includes("..")) return "two periods must not stand side by side";
  if (/^\d+\.\d+\.\d+\.\d+$/.test(name)) return "it must not look like an IP address";
  const prefix = RESERVED_PREFIXES.find((reserved) => name.startsWith(reserved));
  if (prefix !== undefined) return `the beginning "${prefix}" is reserved`;
  const suffix = RESERVED_SUFFIXES.find((reserved) => name.endsWith(reserved));
  if (suffix !== undefined) return `the ending "${suffix}" is reserved`;
  if (ACCOUNT_REGIONAL_FORM.test(name)) return "the ending -<account>-<region>-an is reserved for account regional namespaces";
  return undefined;
}

/**
 * Refuses names that a new bucket cannot have with InvalidBucketName.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
export function checkNewBucketName(name: string): void {
  const rule = brokenNameRule(name);
  if (rule !== undefined) throw invalidBucketName(name, `${quoted(name)} cannot name a new bucket: ${rule}.`);
}

/** False for names that no bucket of any age can have. */
export function isPossibleBucketName(name: string): boolean {
  return LEGACY_NAME_FORM.test(name);
}

/** Refuses names that no bucket of any age can have, with InvalidBucketName; for requests to existing buckets. */
export function checkBucketName(name: string): void {
  if (isPossibleBucketName(name)) return;
  throw invalidBucketName(
    name,
    `No bucket can be called ${quoted(name)}: ${brokenNameRule(name) ?? "it breaks the naming rules"}.`,
  );
}

function invalidBucketName(name: string, explanation: string): S3Error {
  return new S3Error("InvalidBucketName", { details: [["BucketName", name]], explanation });
}
