import { on } from "../../access/Permission.ts";
import { quoted } from "../../errors/quoted.ts";
import { invalidArgument } from "../../errors/invalidArgument.ts";
import type { DeleteMarkerEntry, ListObjectVersionsRequest, ObjectVersion } from "../../protocol/generated/types.ts";
import type { VersionPage } from "../../store/objects/versionListing.ts";
import { pageOfVersions } from "../../store/objects/versionListing.ts";
import { NULL_VERSION_ID } from "../../store/objects/versionIds.ts";
import type { BucketRecord } from "../../store/records/BucketRecord.ts";
import type { ObjectSummary } from "../../store/records/ObjectRecord.ts";
import { actingOwnerId } from "../../store/buckets/ownership.ts";
import { listedPrefixes, MAX_KEYS_PER_PAGE, restoresShownAt, summaryMembers, unlessEmpty } from "./listedObjects.ts";
import { urlEncoder } from "./listEncoding.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";
import { checkVersionIdMarker } from "../objects/versionIds.ts";

/**
 * Lists the versions of a bucket's objects, and the markers of their deletions. A bucket without versioning has one version of each object,
 * with the id "null".
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
    const restoresAtMs = restoresShownAt(input, context);
    const detail = restoresAtMs === undefined ? "version" : "restore";
    const plan = { prefix, delimiter, keyMarker, versionIdMarker: input.VersionIdMarker, limit, detail } as const;
    const page = await pageOfVersions(context.store, context.bucket, plan);
    const last = page.more ? page.items.at(-1) : undefined;
    return {
      output: {
        Name: context.bucket.name,
        Prefix: encode(prefix),
        KeyMarker: encode(keyMarker),
        VersionIdMarker: input.VersionIdMarker ?? "",
        NextKeyMarker: last && encode("commonPrefix" in last ? last.commonPrefix : last.key),
        NextVersionIdMarker: last !== undefined && "key" in last ? shownId(last.version) : undefined,
        MaxKeys: limit,
        Delimiter: unlessEmpty(delimiter, encode),
        EncodingType: input.EncodingType,
        IsTruncated: page.more,
        Versions: listedVersions(context.bucket, page, encode, restoresAtMs),
        CommonPrefixes: listedPrefixes(page, encode),
      },
    };
  },
});

/** Versions and delete markers in one list, as they are on the wire. */
function listedVersions(
  bucket: BucketRecord,
  { items }: VersionPage,
  encode: (text: string) => string,
  restoresAtMs: number | undefined,
): (ObjectVersion | DeleteMarkerEntry)[] {
  const listed: (ObjectVersion | DeleteMarkerEntry)[] = [];
  for (const item of items) {
    if ("commonPrefix" in item) continue;
    const { version, isLatest: IsLatest } = item;
    const named = { Key: encode(item.key), VersionId: shownId(version), IsLatest };
    if (!version.isDeleteMarker) listed.push({ ...named, ...summaryMembers(version, bucket, restoresAtMs) });
    else listed.push({ ...named, LastModified: new Date(version.lastModifiedMs), Owner: { ID: actingOwnerId(bucket, version) } });
  }
  return listed;
}

function shownId({ versionId }: ObjectSummary): string {
  return versionId ?? NULL_VERSION_ID;
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
