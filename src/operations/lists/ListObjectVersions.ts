import { on } from "../../access/Permission.ts";
import { quoted } from "../../errors/quoted.ts";
import { invalidArgument } from "../../errors/invalidArgument.ts";
import type { ListObjectVersionsRequest, ObjectVersion } from "../../protocol/generated/types.ts";
import type { ObjectPage } from "../../store/objects/listing.ts";
import { pageOfObjects } from "../../store/objects/listing.ts";
import { endOf, listedPrefixes, MAX_KEYS_PER_PAGE, summaryMembers, unlessEmpty } from "./listedObjects.ts";
import { urlEncoder } from "./listEncoding.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";
import { checkVersionIdMarker, NULL_VERSION } from "../objects/versionIds.ts";

/**
 * Lists the versions of a bucket's objects. A bucket without versioning has one of each, with the version id "null".
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
 */
export const ListObjectVersions: Operation<"ListObjectVersions"> = operation({
  name: "ListObjectVersions",
  permissions: on.bucket("s3:ListBucketVersions"),
  resource: "bucket",
  async handle(input, context) {
    checkMarkers(input);
    const encode = urlEncoder(input.EncodingType);
    const limit = versionsLimit(input.MaxKeys);
    const { Prefix: prefix = "", Delimiter: delimiter = "", KeyMarker: keyMarker = "" } = input;
    // With one version a key, whatever version of it is named, the page goes on behind the key.
    const plan = { prefix, delimiter, after: keyMarker, limit, withOwner: true };
    const page = await pageOfObjects(context.store, context.bucket, plan);
    const last = page.more ? page.items.at(-1) : undefined;
    return {
      output: {
        Name: context.bucket.name,
        Prefix: encode(prefix),
        KeyMarker: encode(keyMarker),
        VersionIdMarker: input.VersionIdMarker ?? "",
        NextKeyMarker: unlessEmpty(endOf(page), encode),
        NextVersionIdMarker: last !== undefined && "key" in last ? NULL_VERSION : undefined,
        MaxKeys: limit,
        Delimiter: unlessEmpty(delimiter, encode),
        EncodingType: input.EncodingType,
        IsTruncated: page.more,
        Versions: listedVersions(page, encode),
        CommonPrefixes: listedPrefixes(page, encode),
      },
    };
  },
});

function listedVersions(page: ObjectPage, encode: (text: string) => string): ObjectVersion[] {
  return page.items.flatMap((item) =>
    "key" in item
      ? [{ Key: encode(item.key), VersionId: NULL_VERSION, IsLatest: true, ...summaryMembers(item.object, true) }]
      : [],
  );
}

function checkMarkers({ KeyMarker: keyMarker, VersionIdMarker: marker }: ListObjectVersionsRequest): void {
  if (marker === undefined) return;
  const problem =
    keyMarker === undefined || keyMarker === ""
      ? "A version-id marker cannot be specified without a key marker."
      : marker === ""
        ? "A version-id marker cannot be empty."
        : undefined;
  if (problem === undefined) return checkVersionIdMarker(marker);
  throw invalidArgument("version-id-marker", marker, {
    message: problem,
    explanation:
      `version-id-marker is ${quoted(marker)} and key-marker ${quoted(keyMarker ?? "")}; send both, as NextKeyMarker and ` +
      "NextVersionIdMarker of the page before, or key-marker alone.",
  });
}

function versionsLimit(asked: number | undefined): number {
  if (asked === undefined || asked >= 0) return Math.min(asked ?? MAX_KEYS_PER_PAGE, MAX_KEYS_PER_PAGE);
  throw invalidArgument("max-keys", undefined, {
    message: "max-keys cannot be negative",
    explanation: `max-keys is ${asked}; a page of a list has 0 to ${MAX_KEYS_PER_PAGE} items.`,
  });
}
