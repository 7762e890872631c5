import { accountIdOf } from "../store/accounts/accountIds.ts";
import type { BucketLogging } from "../store/buckets/logging.ts";
import type { BucketRecord } from "../store/records/BucketRecord.ts";

const MILLISECONDS_PER_DAY = 86_400_000;

/**
 * The day whose requests a log may hold, as the beginning of it in milliseconds since 1970, for a request of this time; `undefined` where a log
 * may hold those of any time.
 */
export function dayOfLog({ keyFormat }: BucketLogging, timeMs: number): number | undefined {
  // S3's default is EventTime.
  if (keyFormat?.kind !== "partitioned" || keyFormat.dateSource === "DeliveryTime") return undefined;
  return timeMs - (timeMs % MILLISECONDS_PER_DAY);
}

/** What the key of a log is made of. */
export interface LogKeyParts {
  readonly source: BucketRecord;
  readonly logging: BucketLogging;
  /** When it is delivered, or the day of its requests. */
  readonly timeMs: number;
  /** Letters and digits that no other log of this time has. */
  readonly unique: string;
}

/**
 * The key of a log, in the format that the source's logging asks for.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PartitionedPrefix.html
 */
export function logKey({ source, logging, timeMs, unique }: LogKeyParts): string {
  const { targetPrefix, keyFormat } = logging;
  const [date, time] = new Date(timeMs).toISOString().slice(0, 19).split("T") as [string, string];
  const name = `${date}-${time.replaceAll(":", "-")}-${unique}`;
  if (keyFormat?.kind !== "partitioned") return `${targetPrefix}${name}`;
  return `${targetPrefix}${accountIdOf(source.ownerId)}/${source.region}/${source.name}/${date.replaceAll("-", "/")}/${name}`;
}
