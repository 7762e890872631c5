import { randomBytes } from "node:crypto";
import type { BlobEngine } from "../../src/store/blobs/BlobEngine.ts";
import { MemoryBlobEngine } from "../../src/store/blobs/memory/MemoryBlobEngine.ts";
import type { ContentSource, WrittenContent } from "../../src/store/objects/content.ts";
import { releaseChanges, writeContent } from "../../src/store/objects/content.ts";
import type { Change, MetadataEngine } from "../../src/store/metadata/MetadataEngine.ts";
import { MemoryMetadataEngine } from "../../src/store/metadata/memory/MemoryMetadataEngine.ts";
import { ReaderRegistry } from "../../src/store/ReaderRegistry.ts";
import { decodeObjectRecord, encodeBucketRecord, encodeObjectRecord } from "../../src/store/records/codecs.ts";
import { bucketKey, objectKey } from "../../src/store/records/keys.ts";
import type { ObjectRecord } from "../../src/store/records/ObjectRecord.ts";
import type { Store } from "../../src/store/Store.ts";

/** The bucket in which the tests of content and tasks keep their objects. */
export const BUCKET = {
  name: "bucket",
  id: "0123456789abcdef",
  region: "us-east-1",
  ownerId: "o",
  ownerName: "O",
  createdAtMs: 1,
};

/** A store whose clock stands still until it is set. */
export interface TestStore extends Store {
  nowMs: number;
}

/** A store in memory, or on the engines given, with a bucket in it. */
export async function openTestStore(engines: { metadata?: MetadataEngine; blobs?: BlobEngine } = {}): Promise<TestStore> {
  const store: TestStore = {
    metadata: engines.metadata ?? new MemoryMetadataEngine(),
    blobs: engines.blobs ?? new MemoryBlobEngine(),
    readers: new ReaderRegistry(),
    nowMs: 1_800_000_000_000,
    clock: () => store.nowMs,
    randomBytes,
  };
  await commit(store, [{ key: bucketKey(BUCKET.name), value: encodeBucketRecord(BUCKET) }]);
  return store;
}

/** Bytes as a request would bring them, in pieces. */
export function source(bytes: Buffer, pieceSizeBytes: number = 64 * 1024): ContentSource {
  return {
    sizeBytes: bytes.length,
    async *[Symbol.asyncIterator]() {
      for (let at = 0; at < bytes.length; at += pieceSizeBytes) yield bytes.subarray(at, at + pieceSizeBytes);
    },
  };
}

/** Commits changes that ask no questions. */
export async function commit(store: Store, changes: readonly Change[]): Promise<void> {
  await store.metadata.transact({ keys: [] }, () => ({ changes, result: undefined }));
}

/** One value, or what is missing. */
export async function readRow(store: Store, key: Uint8Array): Promise<Uint8Array | undefined> {
  return (await store.metadata.read({ keys: [key] })).values[0];
}

/** The record of an object. */
export async function objectRecord(store: Store, key: string): Promise<ObjectRecord | undefined> {
  const row = await readRow(store, objectKey(BUCKET.id, key));
  return row === undefined ? undefined : decodeObjectRecord(row);
}

/** Stores an object as PutObject does, without its rules. */
export async function putObject(store: Store, key: string, bytes: Buffer): Promise<WrittenContent> {
  const written = await writeContent(store, source(bytes), store.clock());
  await nameContent(store, key, written);
  return written;
}

/** The commit of a PutObject: names new content, gives up the old. */
export async function nameContent(
  store: Store,
  key: string,
  written: Pick<WrittenContent, "location" | "sizeBytes" | "changes">,
): Promise<void> {
  const row = objectKey(BUCKET.id, key);
  const record: ObjectRecord = {
    lastModifiedMs: store.clock(),
    sizeBytes: written.sizeBytes,
    etag: "0",
    storageClass: "STANDARD",
    ownerId: BUCKET.ownerId,
    ownerName: BUCKET.ownerName,
    content: written.location,
    checksum: undefined,
    system: {},
    user: [],
    partsCount: 0,
  };
  await store.metadata.transact({ keys: [row] }, ({ values }) => {
    const old = values[0] === undefined ? [] : releaseChanges(store, decodeObjectRecord(values[0]).content);
    return { changes: [...old, ...written.changes, { key: row, value: encodeObjectRecord(record) }], result: undefined };
  });
}

/** Removes an object as DeleteObject does. */
export async function deleteObject(store: Store, key: string): Promise<void> {
  const row = objectKey(BUCKET.id, key);
  await store.metadata.transact({ keys: [row] }, ({ values }) => {
    const old = values[0] === undefined ? [] : releaseChanges(store, decodeObjectRecord(values[0]).content);
    return { changes: [...old, { key: row, value: undefined }], result: undefined };
  });
}
