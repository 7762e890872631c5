import { quoted } from "../../errors/quoted.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { SystemMetadata } from "../../store/records/metadataFields.ts";
import type { ObjectRecord } from "../../store/records/ObjectRecord.ts";
import { encodedWords } from "../../protocol/rest/encodedWords.ts";
import { isHeaderName, isHeaderValue } from "../../protocol/rest/headerTexts.ts";

/** Names and values of an object's x-amz-meta-* headers together, without the prefix and decoded, in bytes of UTF-8. */
const MAX_USER_METADATA_SIZE_BYTES = 2048;

/** What an object is when nobody says what it is. */
const DEFAULT_CONTENT_TYPE = "binary/octet-stream";

/** The members by which PutObject, CopyObject and CreateMultipartUpload bring metadata. */
export interface MetadataMembers {
  readonly CacheControl?: string | undefined;
  readonly ContentDisposition?: string | undefined;
  readonly ContentEncoding?: string | undefined;
  readonly ContentLanguage?: string | undefined;
  readonly ContentType?: string | undefined;
  readonly WebsiteRedirectLocation?: string | undefined;
  readonly Metadata?: Readonly<Record<string, string>> | undefined;
}

/**
 * The metadata a request gives its object. Throws MetadataTooLarge and InvalidRedirectLocation.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
 */
export function requestedMetadata(
  input: MetadataMembers & { readonly Expires?: string | undefined },
): Pick<ObjectRecord, "system" | "user"> {
  const contentType = input.ContentType ?? "";
  const system: Mutable<SystemMetadata> = { contentType: contentType === "" ? DEFAULT_CONTENT_TYPE : contentType };
  const contentEncoding = withoutTransferFraming(input.ContentEncoding);
  if (input.CacheControl !== undefined) system.cacheControl = input.CacheControl;
  if (input.ContentDisposition !== undefined) system.contentDisposition = input.ContentDisposition;
  if (contentEncoding !== undefined) system.contentEncoding = contentEncoding;
  if (input.ContentLanguage !== undefined) system.contentLanguage = input.ContentLanguage;
  if (input.Expires !== undefined) system.expires = input.Expires;
  const redirect = websiteRedirectLocation(input.WebsiteRedirectLocation);
  if (redirect !== undefined) system.websiteRedirectLocation = redirect;
  return { system, user: userMetadata(input.Metadata ?? {}) };
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Where a website endpoint sends who asks for the object. Throws InvalidRedirectLocation. */
export function websiteRedirectLocation(location: string | undefined): string | undefined {
  if (location === undefined || (/^(?:https?:\/)?\//.test(location) && isHeaderValue(location))) return location;
  throw new S3Error("InvalidRedirectLocation", {
    explanation: `x-amz-website-redirect-location is ${quoted(location)}; it must be a path from "/" or an http:// or https:// address.`,
  });
}

/** aws-chunked says how the body travelled, not what the object is: S3 does not keep it, and nothing where nothing else is said. */
function withoutTransferFraming(encoding: string | undefined): string | undefined {
  if (encoding === undefined || encoding === "") return undefined;
  if (!encoding.includes("aws-chunked")) return encoding;
  const kept = encoding
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "aws-chunked" && item !== "");
  return kept.length === 0 ? undefined : kept.join(",");
}

function userMetadata(sent: Readonly<Record<string, string>>): ObjectRecord["user"] {
  const user = Object.entries(sent).map(([name, value]) => [name.toLowerCase(), value] as const);
  const sizeBytes = user.reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value), 0);
  if (sizeBytes <= MAX_USER_METADATA_SIZE_BYTES) return user;
  throw new S3Error("MetadataTooLarge", {
    details: [
      ["Size", String(sizeBytes)],
      ["MaxSizeAllowed", String(MAX_USER_METADATA_SIZE_BYTES)],
    ],
    explanation: `The names and values of the x-amz-meta-* headers come to ${sizeBytes} bytes of UTF-8, names without that prefix; ${MAX_USER_METADATA_SIZE_BYTES} are possible.`,
  });
}

/** How reads show an object's metadata. */
export interface ShownMetadata extends MetadataMembers {
  readonly Metadata: Record<string, string>;
  /** How many entries no header can carry, of which a presigned query can bring any. */
  readonly MissingMeta: number | undefined;
  /** The header Expires as text. */
  readonly ExpiresString: string | undefined;
}

/** The members by which reads show an object's metadata. */
export function metadataMembers(object: ObjectRecord): ShownMetadata {
  const { system, user } = object;
  const entries = user.map(([name, value]) => [name, encodedWords(value)] as const);
  const sendable = entries.filter(([name, value]) => isHeaderName(name) && isHeaderValue(value));
  return {
    CacheControl: system.cacheControl,
    ContentDisposition: system.contentDisposition,
    ContentEncoding: system.contentEncoding,
    ContentLanguage: system.contentLanguage,
    ContentType: system.contentType,
    ExpiresString: system.expires,
    WebsiteRedirectLocation: system.websiteRedirectLocation,
    Metadata: Object.fromEntries(sendable),
    MissingMeta: sendable.length === entries.length ? undefined : entries.length - sendable.length,
  };
}
