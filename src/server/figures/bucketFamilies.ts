import type { BucketCensus, BucketCounts, CountedKind } from "../../tasks/bucketCensus.ts";
import { family, familyIfAny, one } from "./families.ts";

/** Stands where a bucket's name does, for those that have no figures of their own: no bucket can be called so. */
const OTHER_BUCKETS = "(others)";
const MILLISECONDS_PER_SECOND = 1000;
const KINDS: readonly CountedKind[] = ["current", "noncurrent", "deleteMarker", "part"];

/** What is in the buckets. Their names are letters, digits and a few signs, so that nothing in them needs escaping. */
export function bucketFamilies({ startedAtMs, durationMs, buckets, largest, others }: BucketCensus): string[] {
  const all = others === undefined ? largest : [...largest, { name: OTHER_BUCKETS, counts: others }];
  const samples = (kinds: readonly CountedKind[], figure: (counts: BucketCounts[CountedKind]) => number): Map<string, number> =>
    new Map(
      all.flatMap(({ name, counts }) =>
        kinds.map((kind) => [`{bucket="${name}",kind="${kind}"}`, figure(counts[kind])] as const),
      ),
    );
  // A delete marker has no bytes.
  const withBytes = KINDS.filter((kind) => kind !== "deleteMarker");
  return [
    family("holdfast_buckets", "gauge", "Buckets.", one(buckets)),
    ...familyIfAny(
      "holdfast_bucket_objects",
      "gauge",
      "What is in each bucket; all kinds together are S3's NumberOfObjects.",
      samples(KINDS, ({ count }) => count),
    ),
    ...familyIfAny(
      "holdfast_bucket_bytes",
      "gauge",
      "Bytes in each bucket; all kinds together are S3's BucketSizeBytes.",
      samples(withBytes, ({ sizeBytes }) => sizeBytes),
    ),
    family(
      "holdfast_bucket_census_timestamp_seconds",
      "gauge",
      "When the counting of these began, in seconds since 1970.",
      one(startedAtMs / MILLISECONDS_PER_SECOND),
    ),
    family("holdfast_bucket_census_seconds", "gauge", "How long the counting took.", one(durationMs / MILLISECONDS_PER_SECOND)),
  ];
}
