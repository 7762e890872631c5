import type { Soon } from "../metadata/MetadataEngine.ts";
import type { Grant } from "../records/Acl.ts";
import type { BucketRecord } from "../records/BucketRecord.ts";
import type { Store } from "../Store.ts";
import { deleteSetting, parsedSetting, putSetting } from "./settings.ts";

/** The word under which a bucket's logging is stored, for ever. */
const LOGGING_KIND = "logging";

/** Which day a log's key names: that of the requests in it, or that of its delivery. */
export type PartitionDateSource = "EventTime" | "DeliveryTime";

/**
 * Where the requests to a bucket are logged.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_LoggingEnabled.html
 */
export interface BucketLogging {
  readonly targetBucket: string;
  /** With what the keys of logs begin; may be empty. */
  readonly targetPrefix: string;
  /** What others than the target bucket's owner may do with the logs, as it was put; `undefined` where nothing was said of it. */
  readonly grants?: readonly Grant[];
  /** How the keys go on; `undefined` where nothing was said of it, which is what "simple" is too. */
  readonly keyFormat?: { readonly kind: "simple" } | { readonly kind: "partitioned"; readonly dateSource?: PartitionDateSource };
}

/** Where a bucket's requests are logged; `undefined`: nowhere. Read and parsed once for each revision of the bucket's settings. */
export function findLogging(store: Store, bucket: BucketRecord): Soon<BucketLogging | undefined> {
  return parsedSetting(store, bucket, LOGGING_KIND, (document) => JSON.parse(document) as BucketLogging);
}

/** Has a bucket's requests logged, or no longer. Throws NoSuchBucket. */
export function setLogging(store: Store, bucket: BucketRecord, logging: BucketLogging | undefined): Promise<void> {
  if (logging === undefined) return deleteSetting(store, bucket, LOGGING_KIND);
  return putSetting(store, bucket, LOGGING_KIND, JSON.stringify(logging));
}
