import type { BucketContext } from "../../src/operations/RequestContext.ts";
import type { BucketRecord } from "../../src/store/records/BucketRecord.ts";
import type { ObjectRecord } from "../../src/store/records/ObjectRecord.ts";
import { objectRow } from "../../src/store/records/ObjectRecord.ts";
import { put } from "../../src/store/records/Row.ts";
import type { Store } from "../../src/store/Store.ts";
import { bucketIn, contextFor, memoryStore, NOW_MS, OWNER } from "./contextFor.ts";
import { PLAIN_OBJECT, UNVERSIONED } from "../../src/store/records/ObjectRecord.ts";

/** What the lists' tests need: a bucket with objects of given keys. */

export const ETAG = "d41d8cd98f00b204e9800998ecf8427e";

/** Puts objects without bytes under the keys, each with the members given. */
export async function putKeys(
  store: Store,
  bucket: BucketRecord,
  keys: readonly string[],
  members: Partial<ObjectRecord> = {},
): Promise<void> {
  const record: ObjectRecord = {
    lastModifiedMs: NOW_MS,
    sizeBytes: 3,
    etag: ETAG,
    ...UNVERSIONED,
    ...PLAIN_OBJECT,
    storageClass: "STANDARD",
    ownerId: OWNER.canonicalId,
    ownerName: OWNER.displayName,
    content: { kind: "empty" },
    checksum: undefined,
    system: {},
    user: [],
    partsCount: 0,
    ...members,
  };
  await store.metadata.transact({ keys: [] }, () => ({
    changes: keys.map((key) => put(objectRow(bucket.id, key), record)),
    result: undefined,
  }));
}

/** A context in a bucket that holds objects of these keys. */
export async function contextWith(keys: readonly string[]): Promise<BucketContext> {
  const store = memoryStore();
  const bucket = await bucketIn(store);
  await putKeys(store, bucket, keys);
  return contextFor({ store, bucket });
}

/** The keys of listed objects or versions. */
export function keysOf(listed: readonly { readonly Key?: string | undefined }[] | undefined): (string | undefined)[] {
  return (listed ?? []).map((item) => item.Key);
}

/** The listed common prefixes. */
export function prefixesOf(listed: readonly { readonly Prefix?: string | undefined }[] | undefined): (string | undefined)[] {
  return (listed ?? []).map((item) => item.Prefix);
}

export const AWKWARD_KEYS: readonly string[] = ["a b", "a+b", "a/(1)!'*~.txt", "a//b", "100%", "ключ/\u{1F600}", "\u0001\n"];
