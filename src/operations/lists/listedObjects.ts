import type { CommonPrefix, Object as ListedObject } from "../../protocol/generated/types.ts";
import type { VersionPage } from "../../store/objects/versionListing.ts";
import type { ObjectPage, ObjectPageItem } from "../../store/objects/listing.ts";
import { actingOwnerId } from "../../store/buckets/ownership.ts";
import type { BucketRecord } from "../../store/records/BucketRecord.ts";
import type { ObjectSummary } from "../../store/records/ObjectRecord.ts";
import { listedRestore } from "../objects/storageClasses.ts";
import type { RequestContext } from "../RequestContext.ts";

/** Most keys and common prefixes a page of objects shows, and how many it shows when nothing is asked. */
export const MAX_KEYS_PER_PAGE = 1_000;

/** The time at which a list shows what became of restores, in milliseconds since 1970; `undefined` where that is not asked for. */
export function restoresShownAt(
  { OptionalObjectAttributes: optional }: { readonly OptionalObjectAttributes?: readonly string[] | undefined },
  { nowMs }: Pick<RequestContext, "nowMs">,
): number | undefined {
  return optional?.includes("RestoreStatus") === true ? nowMs : undefined;
}

/**
 * The members by which every list shows an object; its owner only where it is said in which bucket it is, its restore where it is said when
 * (`restoresShownAt`).
 */
export function summaryMembers(
  object: ObjectSummary,
  ownedIn: BucketRecord | undefined,
  restoresAtMs: number | undefined,
): Omit<ListedObject, "Key"> {
  const members: Omit<ListedObject, "Key"> = {
    LastModified: new Date(object.lastModifiedMs),
    ETag: `"${object.etag}"`,
    Size: object.sizeBytes,
    StorageClass: object.storageClass,
  };
  if (object.checksumAlgorithm !== undefined) {
    members.ChecksumAlgorithm = [object.checksumAlgorithm];
    members.ChecksumType = object.checksumType;
  }
  if (ownedIn !== undefined) members.Owner = { ID: actingOwnerId(ownedIn, object) };
  const restore = restoresAtMs === undefined ? undefined : listedRestore(object, restoresAtMs);
  if (restore !== undefined) members.RestoreStatus = restore;
  return members;
}

/** The objects of a page of ListObjects or ListObjectsV2; the rest as for `summaryMembers`. */
export function listedObjects(
  page: ObjectPage,
  encode: (text: string) => string,
  ownedIn: BucketRecord | undefined,
  restoresAtMs: number | undefined,
): ListedObject[] {
  const listed: ListedObject[] = [];
  for (const item of page.items) {
    if ("key" in item) listed.push({ Key: encode(item.key), ...summaryMembers(item.object, ownedIn, restoresAtMs) });
  }
  return listed;
}

/** The common prefixes of a page. */
export function listedPrefixes(page: Pick<ObjectPage | VersionPage, "items">, encode: (text: string) => string): CommonPrefix[] {
  const listed: CommonPrefix[] = [];
  for (const item of page.items) if ("commonPrefix" in item) listed.push({ Prefix: encode(item.commonPrefix) });
  return listed;
}

/** The header by which lists of objects, like HeadBucket, tell where their bucket is. */
export function regionHeader(bucket: BucketRecord): Readonly<Record<string, string>> {
  return { "x-amz-bucket-region": bucket.region };
}

/** What the next page begins after; `undefined` on the last page. */
export function endOf(page: ObjectPage): string | undefined {
  const last: ObjectPageItem | undefined = page.more ? page.items.at(-1) : undefined;
  if (last === undefined) return undefined;
  return "commonPrefix" in last ? last.commonPrefix : last.key;
}

/** A member that is there only when it says something. */
export function unlessEmpty(text: string | undefined, encode: (text: string) => string): string | undefined {
  return text === undefined || text === "" ? undefined : encode(text);
}
