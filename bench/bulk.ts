import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { closeStore, openStore } from "../src/server/openStore.ts";
import { createBucket } from "../src/store/buckets/buckets.ts";
import type { ContentSource } from "../src/store/objects/content.ts";
import { writeContent } from "../src/store/objects/content.ts";
import { DataFolder } from "../src/store/folder/dataFolder.ts";
import type { Change } from "../src/store/metadata/MetadataEngine.ts";
import type { BucketRecord } from "../src/store/records/BucketRecord.ts";
import { objectRow } from "../src/store/records/ObjectRecord.ts";
import { put } from "../src/store/records/Row.ts";
import type { Store } from "../src/store/Store.ts";
import { FIRST_USER_NAME } from "../src/store/accounts/accountForms.ts";
import { addAccount } from "../src/store/accounts/accounts.ts";
import { KEYS, REGION } from "./servers.ts";
import { PLAIN_OBJECT, UNVERSIONED } from "../src/store/records/ObjectRecord.ts";

/** Objects stored by one commit. */
const OBJECTS_PER_COMMIT = 5_000;
const MAP_SIZE_BYTES = 256 * 1024 ** 3;

/** What to fill a bucket with. */
export interface BulkPlan {
  readonly data: string;
  readonly bucket: string;
  readonly objects: number;
  readonly sizeBytes: number;
  /** The key of an object; keys rise with the index. */
  key(index: number): string;
  /** Hears how many objects are stored, after each commit. */
  onProgress(stored: number): void;
}

/**
 * Fills a bucket of a folder that no server uses, through the store's own engine and records but without HTTP, signatures and hashing
 * of each object: all hold the same bytes. Begun and not finished, it goes on where it stopped. Resolves with the objects it stored.
 */
export async function fillBulk(plan: BulkPlan): Promise<number> {
  const folder = await DataFolder.open(plan.data);
  const store = await openStore(folder, { durability: "synced", mapSizeBytes: MAP_SIZE_BYTES });
  try {
    const user = await addAccount(store, { name: FIRST_USER_NAME, ...KEYS });
    const bucket = await createBucket(store, {
      name: plan.bucket,
      region: REGION,
      ownerId: user.canonicalId,
      ownerName: user.displayName,
      createdAtMs: store.clock(),
    });
    const present = await countPresent(store, bucket, plan);
    for (let first = present; first < plan.objects; first += OBJECTS_PER_COMMIT) {
      const end = Math.min(first + OBJECTS_PER_COMMIT, plan.objects);
      await storeObjects(store, bucket, plan, first, end);
      plan.onProgress(end);
    }
    return plan.objects - present;
  } finally {
    await closeStore(store);
    folder.close();
  }
}

/** Objects are stored in order, many in each commit: the first one missing is found by halving. */
async function countPresent(store: Store, bucket: BucketRecord, plan: BulkPlan): Promise<number> {
  let low = 0;
  let high = plan.objects;
  while (low < high) {
    const middle = (low + high) >> 1;
    const { values } = await store.metadata.read({ keys: [objectRow(bucket.id, plan.key(middle)).key] });
    if (values[0] === undefined) high = middle;
    else low = middle + 1;
  }
  return low;
}

async function storeObjects(store: Store, bucket: BucketRecord, plan: BulkPlan, first: number, end: number): Promise<void> {
  const bytes = Buffer.alloc(plan.sizeBytes, "holdfast ");
  const source: ContentSource = {
    sizeBytes: bytes.length,
    async *[Symbol.asyncIterator]() {
      if (bytes.length > 0) yield bytes;
    },
  };
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(bytes));
  const nowMs = store.clock();
  const object = {
    lastModifiedMs: nowMs,
    sizeBytes: bytes.length,
    etag: createHash("md5").update(bytes).digest("hex"),
    storageClass: "STANDARD",
    ownerId: bucket.ownerId,
    ownerName: bucket.ownerName,
    checksum: { algorithm: "CRC32", type: "FULL_OBJECT", value: checksum.toString("base64") },
    system: {},
    user: [],
    partsCount: 0,
    ...UNVERSIONED,
    ...PLAIN_OBJECT,
  } as const;
  const changes: Change[] = [];
  for (let index = first; index < end; index += 1) {
    const written = await writeContent(store, source, nowMs);
    changes.push(...written.changes, put(objectRow(bucket.id, plan.key(index)), { ...object, content: written.location }));
  }
  await store.metadata.transact({ keys: [] }, () => ({ changes, result: undefined }));
}
