import type { Row, Rows } from "./Row.ts";
import { presence } from "./Row.ts";
import { nameInKey, namedKey, tableRange, TABLES } from "./tables.ts";

/** Queue: a deleted bucket of which rows are still there: uploads that were under way, and settings. */
export function deletedBucketRow(bucketId: string): Row<true> {
  return { key: namedKey(TABLES.deletedBuckets, bucketId), codec: presence };
}

/** Queue: the ids of such buckets. */
export function deletedBuckets(limit: number): Rows<string> {
  return { ...tableRange(TABLES.deletedBuckets), limit, decode: ({ key }) => nameInKey(key) };
}
