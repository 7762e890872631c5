import type { Page, PagePlan, Soon } from "../metadata/MetadataEngine.ts";
import type { BucketRecord } from "../records/BucketRecord.ts";
import { bucketRow, buckets } from "../records/BucketRecord.ts";
import type { ObjectSummary, SummaryDetail } from "../records/ObjectRecord.ts";
import { decodeObjectSummary, keyOfObject, objectBase } from "../records/ObjectRecord.ts";
import { whenHere } from "../soon.ts";
import type { Store } from "../Store.ts";
import { readRows } from "../transact.ts";

/** Where a page of objects begins, and how it folds. */
export interface ObjectPagePlan {
  readonly prefix: string;
  /** Keys that share a beginning up to this text behind the prefix fold into one item; "" folds nothing. */
  readonly delimiter: string;
  /** Only items after this key or common prefix; "" begins at the beginning. */
  readonly after: string;
  readonly limit: number;
  readonly detail: SummaryDetail;
}

/** An item of a page of objects. */
export type ObjectPageItem = { readonly key: string; readonly object: ObjectSummary } | { readonly commonPrefix: string };

/** A page of items in byte order, and whether more follow. */
export interface ObjectPage {
  readonly items: readonly ObjectPageItem[];
  readonly more: boolean;
}

const NO_OBJECTS: ObjectPage = { items: [], more: false };

/**
 * A page of a bucket's objects. A common prefix shows only if it is greater than `after`, as S3 has it: one that `after` lies in was
 * shown before.
 */
export function pageOfObjects(store: Store, bucket: BucketRecord, plan: ObjectPagePlan): Soon<ObjectPage> {
  // S3 says of a page of nothing that nothing follows it.
  if (plan.limit === 0) return NO_OBJECTS;
  return whenHere(store.metadata.pages([objectPagePlan(bucket, plan)]), ([found]) => decodedPage(found!, plan));
}

/** Such a page, as engines want it. */
export function objectPagePlan(bucket: BucketRecord, plan: Omit<ObjectPagePlan, "detail">): PagePlan {
  return {
    base: objectBase(bucket.id),
    prefix: Buffer.from(plan.prefix),
    delimiter: Buffer.from(plan.delimiter),
    after: Buffer.from(plan.after),
    limit: plan.limit,
  };
}

function decodedPage({ items, more }: Page, { detail }: ObjectPagePlan): ObjectPage {
  return {
    items: items.map((item) =>
      "commonPrefix" in item
        ? { commonPrefix: keyOfObject(item.commonPrefix) }
        : { key: keyOfObject(item.key), object: decodeObjectSummary(item.value, item.key, detail) },
    ),
    more,
  };
}

/** Rows of the bucket table read at once: it holds the buckets of every owner. */
const BUCKETS_PER_READ = 1_000;

/** Which buckets to show. */
export interface BucketPagePlan {
  readonly ownerId: string;
  readonly prefix: string;
  /** Only buckets of this region; `undefined`: of any. */
  readonly region: string | undefined;
  /** Only buckets after this name; "" begins at the beginning. */
  readonly afterName: string;
  readonly limit: number;
}

/** A page of an owner's buckets by name, and whether more follow. */
export async function pageOfBuckets(
  store: Store,
  plan: BucketPagePlan,
): Promise<{ readonly buckets: readonly BucketRecord[]; readonly more: boolean }> {
  const shown: BucketRecord[] = [];
  let start = bucketRow(plan.afterName >= plan.prefix ? `${plan.afterName}\0` : plan.prefix).key;
  for (;;) {
    const { found } = await readRows(store, { found: { ...buckets(BUCKETS_PER_READ), start } });
    for (const bucket of found) {
      if (!bucket.name.startsWith(plan.prefix)) return { buckets: shown, more: false };
      if (bucket.ownerId !== plan.ownerId || (plan.region !== undefined && bucket.region !== plan.region)) continue;
      if (shown.length === plan.limit) return { buckets: shown, more: true };
      shown.push(bucket);
    }
    const last = found.at(-1);
    if (last === undefined || found.length < BUCKETS_PER_READ) return { buckets: shown, more: false };
    start = bucketRow(`${last.name}\0`).key;
  }
}
