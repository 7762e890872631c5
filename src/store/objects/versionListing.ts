import type { Page, PageItem, PagePlan } from "../metadata/MetadataEngine.ts";
import type { BucketRecord } from "../records/BucketRecord.ts";
import type { ObjectSummary } from "../records/ObjectRecord.ts";
import { decodeObjectSummary, keyOfObject, objectRow } from "../records/ObjectRecord.ts";
import { BASE_SIZE_BYTES } from "../records/tables.ts";
import { shifted, wholeKey } from "../records/terminatedKeys.ts";
import { commonPrefixOfVersions, keyOfVersion, nullVersionRow, versionBase, versionPosition } from "../records/versionRows.ts";
import type { Store } from "../Store.ts";
import { readRows } from "../transact.ts";
import { objectPagePlan } from "./listing.ts";
import { NULL_VERSION_ID, sequenceOf } from "./versionIds.ts";

/**
 * Pages of the versions of a bucket's objects, delete markers among them: by key, of each the newest first. Current objects and older
 * versions lie in tables of their own, of which each page merges two, so that it costs the page, whatever the bucket holds.
 */

/** Where a page of versions begins, and how it folds. */
export interface VersionPagePlan {
  readonly prefix: string;
  /** Keys that share a beginning up to this text behind the prefix fold into one item; "" folds nothing. */
  readonly delimiter: string;
  /** Only keys after this one, and, with `versionIdMarker`, older versions of this key; "" begins at the beginning. */
  readonly keyMarker: string;
  /** `undefined` or the id of a version that may be gone by now. */
  readonly versionIdMarker: string | undefined;
  readonly limit: number;
  /** Default: "version". */
  readonly detail?: "version" | "restore";
}

/** An item of a page of versions. */
export type VersionPageItem =
  | { readonly key: string; readonly version: ObjectSummary; readonly isLatest: boolean }
  | { readonly commonPrefix: string };

/** A page of versions in order, and whether more follow. */
export interface VersionPage {
  readonly items: readonly VersionPageItem[];
  readonly more: boolean;
}

const NOTHING: Buffer = Buffer.alloc(0);
const NO_VERSIONS: VersionPage = { items: [], more: false };
/** In place of the sequence of a version: all of the key's come before. */
const NEWER_THAN_ALL = Infinity;

/** A page of a bucket's versions. */
export async function pageOfVersions(store: Store, bucket: BucketRecord, plan: VersionPagePlan): Promise<VersionPage> {
  // S3 says of a page of nothing that nothing follows it.
  if (plan.limit === 0) return NO_VERSIONS;
  const marker = await markerOf(store, bucket, plan);
  const [current, older, currentAtMarker, newestAtMarker] = await store.metadata.pages(enginePlans(bucket, plan, marker));
  const merged = new Merge(plan.limit);
  const objects = [
    ...(marker === undefined ? [] : objectBehind(plan, marker, currentAtMarker!)),
    ...current!.items.map(objectItem(plan)),
  ];
  const versions = older!.items.map(versionItem(plan));
  // What is newest of the marker's key may have been shown on the page before.
  const shown = marker === undefined ? undefined : newestBehind(plan, marker, currentAtMarker!, newestAtMarker!);
  merged.run(objects, versions, { key: marker?.key, newest: shown });
  return { items: merged.items, more: merged.isCut || current!.more || older!.more };
}

/** A key of which some versions have been shown. */
interface Marker {
  readonly key: string;
  /** Those from here on have. */
  readonly sequence: number;
}

/** Where the page goes on inside a key; `undefined` where it begins behind one. */
async function markerOf(store: Store, bucket: BucketRecord, plan: VersionPagePlan): Promise<Marker | undefined> {
  const { keyMarker: key, versionIdMarker: versionId, prefix, delimiter } = plan;
  if (versionId === undefined || !key.startsWith(prefix)) return undefined;
  // The whole common prefix that the key lies under was shown with it.
  if (delimiter !== "" && key.includes(delimiter, prefix.length)) return undefined;
  if (versionId !== NULL_VERSION_ID) return { key, sequence: sequenceOf(versionId) };
  const wanted = { object: objectRow(bucket.id, key), place: nullVersionRow(bucket.id, key) };
  const { object, place } = await readRows(store, wanted);
  if (object !== undefined && object.versionId === undefined) return { key, sequence: object.sequence };
  // Where it is gone, nobody knows what stood above it. Who deletes what pages show goes on with what is left.
  return { key, sequence: place?.sequence ?? NEWER_THAN_ALL };
}

/** Current objects, older versions, and, at a marker, the current object and the newest older version of its key. */
function enginePlans(bucket: BucketRecord, plan: VersionPagePlan, marker: Marker | undefined): PagePlan[] {
  const { prefix, delimiter, keyMarker, limit } = plan;
  const current = objectPagePlan(bucket, { prefix, delimiter, after: keyMarker, limit });
  const older = {
    base: versionBase(bucket.id),
    prefix: shifted(prefix),
    delimiter: shifted(delimiter),
    after: keyMarker === "" ? NOTHING : positionBehind(bucket, keyMarker, marker),
    limit,
  };
  if (marker === undefined) return [current, older];
  const ofKey = { delimiter: NOTHING, after: NOTHING, limit: 1 };
  return [
    current,
    older,
    { ...ofKey, base: current.base, prefix: current.after },
    { ...ofKey, base: older.base, prefix: wholeKey(marker.key) },
  ];
}

function positionBehind({ id }: BucketRecord, key: string, marker: Marker | undefined): Buffer {
  if (marker === undefined) return versionPosition(id, key, 0);
  // All of the key's places come behind what they begin with.
  return marker.sequence === NEWER_THAN_ALL ? wholeKey(key) : versionPosition(id, key, marker.sequence);
}

/** An item of one of the two tables; `bytes` is what items are ordered by, the S3 key or the common prefix. */
interface Found {
  readonly name: string;
  readonly bytes: Buffer;
  /** `undefined` for a common prefix. */
  readonly version: ObjectSummary | undefined;
}

type Detailed = Pick<VersionPagePlan, "detail">;

function objectItem({ detail = "version" }: Detailed): (item: PageItem) => Found {
  return (item) => {
    const bytes = ("commonPrefix" in item ? item.commonPrefix : item.key).subarray(BASE_SIZE_BYTES);
    if ("commonPrefix" in item) return { name: keyOfObject(item.commonPrefix), bytes, version: undefined };
    return { name: keyOfObject(item.key), bytes, version: decodeObjectSummary(item.value, item.key, detail) };
  };
}

function versionItem({ detail = "version" }: Detailed): (item: PageItem) => Found {
  return (item) => {
    const name = "commonPrefix" in item ? commonPrefixOfVersions(item.commonPrefix) : keyOfVersion(item.key);
    const version = "commonPrefix" in item ? undefined : decodeObjectSummary(item.value, item.key, detail);
    return { name, bytes: Buffer.from(name), version };
  };
}

/** The current object of the marker's key, unless it has been shown: what was newer may be gone. */
function objectBehind(plan: Detailed, { key, sequence }: Marker, { items: [item] }: Page): Found[] {
  const found = item === undefined ? undefined : objectItem(plan)(item);
  return found?.name === key && found.version!.sequence < sequence ? [found] : [];
}

/** The place of the newest version of the marker's key. */
function newestBehind(plan: Detailed, { key }: Marker, { items: [object] }: Page, { items: [version] }: Page): number {
  const current = object === undefined ? undefined : objectItem(plan)(object);
  if (current?.name === key) return current.version!.sequence;
  return version === undefined ? 0 : versionItem(plan)(version).version!.sequence;
}

/** Merges the two lists of a page. */
class Merge {
  readonly items: VersionPageItem[] = [];
  /** True when not all of both found room. */
  isCut = false;
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  run(
    objects: readonly Found[],
    versions: readonly Found[],
    marker: { readonly key: string | undefined; readonly newest: number | undefined },
  ): void {
    let nextObject = 0;
    let nextVersion = 0;
    let latest: string | undefined = marker.key;
    for (;;) {
      const object = objects[nextObject];
      const version = versions[nextVersion];
      if (object === undefined && version === undefined) return;
      const order = compare(object, version);
      if (this.items.length === this.#limit) {
        this.isCut = true;
        return;
      }
      // Of one key, the current object is the newest version; and a common prefix may hold both.
      const found = order <= 0 ? object! : version!;
      if (order <= 0) nextObject += 1;
      if (order > 0 || (order === 0 && found.version === undefined)) nextVersion += 1;
      if (found.version === undefined) {
        this.items.push({ commonPrefix: found.name });
        continue;
      }
      const isLatest = found.name === marker.key ? found.version.sequence === marker.newest : found.name !== latest;
      latest = found.name;
      this.items.push({ key: found.name, version: found.version, isLatest });
    }
  }
}

function compare(object: Found | undefined, version: Found | undefined): number {
  if (object === undefined) return 1;
  if (version === undefined) return -1;
  return Buffer.compare(object.bytes, version.bytes);
}
