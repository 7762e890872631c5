import type { ResourceReading } from "./conditionKeys/ConditionKey.ts";
import { readingsOf } from "./readings.ts";
import type { NamedPolicy } from "./policies/Verdict.ts";
import { isPublic } from "./policies/isPublic.ts";
import { parseBucketPolicy } from "./policies/parseBucketPolicy.ts";
import type { BucketRecord } from "../store/records/BucketRecord.ts";
import { parsedSetting } from "../store/buckets/settings.ts";
import type { Soon } from "../store/metadata/MetadataEngine.ts";
import type { Store } from "../store/Store.ts";

/** The word under which a bucket's policy is stored, for ever. */
export const BUCKET_POLICY_KIND = "policy";

/** A bucket's policy as decisions need it. */
export interface BucketPolicy extends NamedPolicy {
  /** Whether S3 calls it public. */
  readonly isPublic: boolean;
  /** What it takes to ask it about an object or about the bucket. */
  readonly readings: ReadonlySet<ResourceReading>;
}

/** Reads a bucket's policy, which was checked when it was put. Throws MalformedPolicy for one that is none. */
export function bucketPolicyOf(text: string, bucketName: string): BucketPolicy {
  const policy = parseBucketPolicy(text, bucketName);
  return { name: "the bucket policy", policy, isPublic: isPublic(policy), readings: readingsOf(text) };
}

/** The policy of a bucket, if it has one; read and parsed once for each revision of its settings. */
export function findBucketPolicy(store: Store, bucket: BucketRecord): Soon<BucketPolicy | undefined> {
  return parsedSetting(store, bucket, BUCKET_POLICY_KIND, (text) => bucketPolicyOf(text, bucket.name));
}
