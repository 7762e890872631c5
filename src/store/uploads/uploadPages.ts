import type { BucketRecord } from "../records/BucketRecord.ts";
import type { PartRecord } from "../records/PartRecord.ts";
import { partRow, partsOf } from "../records/PartRecord.ts";
import type { UploadRecord } from "../records/UploadRecord.ts";
import {
  commonPrefixOfUploads,
  encodeUploadKeyPrefix,
  uploadBase,
  uploadCodec,
  uploadPosition,
} from "../records/UploadRecord.ts";
import { MAX_PART_NUMBER } from "./multipart.ts";
import type { Store } from "../Store.ts";
import { readRows } from "../transact.ts";

/** A page of an upload's parts in order of their numbers, and whether more follow. */
export async function pageOfParts(
  store: Store,
  uploadId: string,
  afterPartNumber: number,
  limit: number,
): Promise<{ readonly parts: readonly PartRecord[]; readonly more: boolean }> {
  const start = partRow(uploadId, Math.min(afterPartNumber, MAX_PART_NUMBER) + 1).key;
  const { parts } = await readRows(store, { parts: { ...partsOf(uploadId, limit + 1), start } });
  return { parts: parts.slice(0, limit), more: parts.length > limit };
}

/** Where a page of uploads begins, and how it folds. */
export interface UploadPagePlan {
  readonly prefix: string;
  readonly delimiter: string;
  /** Only uploads of later keys, and, with `afterUploadId`, later uploads of this key. "" begins at the beginning. */
  readonly afterKey: string;
  readonly afterUploadId: string;
  readonly limit: number;
}

/** An item of a page of uploads. */
type UploadPageItem = { readonly upload: UploadRecord } | { readonly commonPrefix: string };

/** A page of uploads and common prefixes, and whether more follow. */
export interface UploadPage {
  readonly items: readonly UploadPageItem[];
  readonly more: boolean;
}

/** A page of a bucket's uploads, by key and then by time of initiation. */
export async function pageOfUploads(store: Store, bucket: BucketRecord, plan: UploadPagePlan): Promise<UploadPage> {
  // As of objects: nothing follows a page of nothing.
  if (plan.limit === 0) return { items: [], more: false };
  const page = await store.metadata.page({
    base: uploadBase(bucket.id),
    prefix: encodeUploadKeyPrefix(plan.prefix),
    delimiter: encodeUploadKeyPrefix(plan.delimiter),
    keyTerminator: 0,
    after: plan.afterKey === "" ? new Uint8Array() : uploadPosition(plan.afterKey, plan.afterUploadId),
    skipCommonPrefixOfAfter: true,
    limit: plan.limit,
  });
  const items = page.items.map((item) =>
    "commonPrefix" in item
      ? { commonPrefix: commonPrefixOfUploads(item.commonPrefix) }
      : { upload: uploadCodec.decode(item.value) },
  );
  return { items, more: page.more };
}
