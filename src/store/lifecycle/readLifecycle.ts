import { parsedSetting } from "../buckets/settings.ts";
import type { Soon } from "../metadata/MetadataEngine.ts";
import type { BucketRecord } from "../records/BucketRecord.ts";
import type { Tag } from "../records/ObjectRecord.ts";
import type { Store } from "../Store.ts";
import type { Lifecycle, LifecycleFilter, LifecycleMoment, LifecycleRule, TransitionMinimum } from "./LifecycleRule.ts";

/** The word under which a bucket's lifecycle is stored, for ever. */
export const LIFECYCLE_KIND = "lifecycle";

/** What a bucket has that was not told anything else. */
export const DEFAULT_TRANSITION_MINIMUM: TransitionMinimum = "all_storage_classes_128K";

interface StoredMoment {
  readonly Days?: number;
  /** As ISO 8601 writes it. */
  readonly Date?: string;
}

interface StoredSizes {
  readonly ObjectSizeGreaterThan?: number;
  readonly ObjectSizeLessThan?: number;
}

interface StoredTag {
  readonly Key: string;
  readonly Value: string;
}

interface StoredFilter extends StoredSizes {
  readonly Prefix?: string;
  readonly Tag?: StoredTag;
  readonly And?: StoredSizes & { readonly Prefix?: string; readonly Tags?: readonly StoredTag[] };
}

interface StoredRule {
  readonly ID: string;
  readonly Status: string;
  /** The older form, which has no Filter. */
  readonly Prefix?: string;
  readonly Filter?: StoredFilter;
  readonly Expiration?: StoredMoment & { readonly ExpiredObjectDeleteMarker?: boolean };
  readonly NoncurrentVersionExpiration?: { readonly NoncurrentDays: number; readonly NewerNoncurrentVersions?: number };
  readonly AbortIncompleteMultipartUpload?: { readonly DaysAfterInitiation: number };
  readonly Transitions?: readonly (StoredMoment & { readonly StorageClass: string })[];
  readonly NoncurrentVersionTransitions?: readonly {
    readonly NoncurrentDays: number;
    readonly NewerNoncurrentVersions?: number;
    readonly StorageClass: string;
  }[];
}

/** The document that is stored: what GetBucketLifecycleConfiguration shows, in JSON. */
interface StoredLifecycle {
  readonly Rules: readonly StoredRule[];
  readonly TransitionDefaultMinimumObjectSize: string;
}

/** A bucket's lifecycle; `undefined` where it has none. Read and parsed once for each revision of the bucket's settings. */
export function readLifecycle(store: Store, bucket: BucketRecord): Soon<Lifecycle | undefined> {
  return parsedSetting(store, bucket, LIFECYCLE_KIND, parseLifecycle);
}

/** Reads the stored document of a lifecycle that was checked before it was stored. */
export function parseLifecycle(document: string): Lifecycle {
  const { Rules, TransitionDefaultMinimumObjectSize } = JSON.parse(document) as StoredLifecycle;
  return { rules: Rules.map(ruleOf), transitionMinimum: TransitionDefaultMinimumObjectSize as TransitionMinimum };
}

function ruleOf(rule: StoredRule): LifecycleRule {
  const { NoncurrentVersionExpiration: noncurrent, Transitions = [], NoncurrentVersionTransitions = [] } = rule;
  return {
    id: rule.ID,
    isEnabled: rule.Status === "Enabled",
    filter: filterOf(rule),
    expiration: expirationIn(rule),
    noncurrentExpiration: noncurrent && { days: noncurrent.NoncurrentDays, newer: noncurrent.NewerNoncurrentVersions ?? 0 },
    abortUploadsAfterDays: rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation,
    transitions: Transitions.map((transition) => ({ at: momentOf(transition)!, storageClass: transition.StorageClass })),
    noncurrentTransitions: NoncurrentVersionTransitions.map((transition) => ({
      days: transition.NoncurrentDays,
      newer: transition.NewerNoncurrentVersions ?? 0,
      storageClass: transition.StorageClass,
    })),
  };
}

function filterOf({ Prefix, Filter = {} }: StoredRule): LifecycleFilter {
  const { Tag: tag, And } = Filter;
  const { ObjectSizeGreaterThan, ObjectSizeLessThan } = And ?? Filter;
  const tags = And?.Tags ?? (tag === undefined ? [] : [tag]);
  return {
    prefix: Prefix ?? (And ?? Filter).Prefix ?? "",
    tags: tags.map(({ Key, Value }): Tag => [Key, Value]),
    sizeGreaterThan: ObjectSizeGreaterThan,
    sizeLessThan: ObjectSizeLessThan,
  };
}

function expirationIn({ Expiration = {} }: StoredRule): LifecycleRule["expiration"] {
  return Expiration.ExpiredObjectDeleteMarker === true ? { kind: "lonelyMarkers" } : momentOf(Expiration);
}

/** `undefined` of an expiration that says no moment: one whose ExpiredObjectDeleteMarker is false does nothing. */
function momentOf({ Days, Date: date }: StoredMoment): LifecycleMoment | undefined {
  if (date !== undefined) return { kind: "date", atMs: Date.parse(date) };
  return Days === undefined ? undefined : { kind: "days", days: Days };
}
