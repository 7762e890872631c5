import { laterKey } from "../metadata/byteOrder.ts";
import type { BucketRecord } from "../records/BucketRecord.ts";
import type { PartRecord } from "../records/PartRecord.ts";
import { partRow, partsOf } from "../records/PartRecord.ts";
import type { UploadRecord } from "../records/UploadRecord.ts";
import { keyBehindUpload } from "../records/uploadKeys.ts";
import { uploadsOf } from "../records/UploadRecord.ts";
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

/**
 * A page of a bucket's uploads, by key and then by time of initiation. A common prefix shows only if `afterKey` does not lie under it, as
 * of objects.
 */
export async function pageOfUploads(store: Store, bucket: BucketRecord, plan: UploadPagePlan): Promise<UploadPage> {
  // As of objects: nothing follows a page of nothing.
  if (plan.limit === 0) return { items: [], more: false };
  const rows = uploadsOf(bucket.id, plan.delimiter === "" ? plan.limit + 1 : FOLDED_ROWS_PER_READ, plan.prefix);
  const behind = (key: string, uploadId: string): Uint8Array => {
    const commonPrefix = commonPrefixOf(key, plan);
    return commonPrefix === undefined ? keyBehindUpload(bucket.id, key, uploadId) : uploadsOf(bucket.id, 0, commonPrefix).end;
  };
  let start = plan.afterKey === "" ? rows.start : laterKey(rows.start, behind(plan.afterKey, plan.afterUploadId));
  const items: UploadPageItem[] = [];
  let shown: string | undefined;
  for (;;) {
    const { uploads } = await readRows(store, { uploads: { ...rows, start } });
    for (const upload of uploads) {
      const commonPrefix = commonPrefixOf(upload.key, plan);
      if (commonPrefix !== undefined && commonPrefix === shown) continue;
      if (items.length === plan.limit) return { items, more: true };
      items.push(commonPrefix === undefined ? { upload } : { commonPrefix });
      shown = commonPrefix;
    }
    const last = uploads.at(-1);
    if (last === undefined || uploads.length < rows.limit) return { items, more: false };
    start = behind(last.key, last.uploadId);
  }
}

/** Rows read at once where they fold: a read that ends under a common prefix goes on behind it, so that a page costs what it shows. */
const FOLDED_ROWS_PER_READ = 16;

/** The common prefix that a key folds into, its delimiter included. */
function commonPrefixOf(key: string, { prefix, delimiter }: UploadPagePlan): string | undefined {
  if (delimiter === "" || !key.startsWith(prefix)) return undefined;
  const at = key.indexOf(delimiter, prefix.length);
  return at === -1 ? undefined : key.slice(0, at + delimiter.length);
}
