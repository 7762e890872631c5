import { randomBytes } from "node:crypto";
import type { BlobEngine } from "../../src/store/blobs/BlobEngine.ts";
import { MemoryBlobEngine } from "../../src/store/blobs/memory/MemoryBlobEngine.ts";
import type { Change, MetadataEngine } from "../../src/store/metadata/MetadataEngine.ts";
import { createStore } from "../../src/store/createStore.ts";
import { MemoryMetadataEngine } from "../../src/store/metadata/memory/MemoryMetadataEngine.ts";
import type { ContentSource, WrittenContent } from "../../src/store/objects/content.ts";
import { writeContent } from "../../src/store/objects/content.ts";
import type { NewObject } from "../../src/store/objects/KeyHistory.ts";
import * as objects from "../../src/store/objects/objects.ts";
import type { BucketRecord } from "../../src/store/records/BucketRecord.ts";
import { bucketRow, PLAIN_BUCKET } from "../../src/store/records/BucketRecord.ts";
import type { ObjectRecord } from "../../src/store/records/ObjectRecord.ts";
import { PLAIN_OBJECT } from "../../src/store/records/ObjectRecord.ts";
import { put } from "../../src/store/records/Row.ts";
import type { Store } from "../../src/store/Store.ts";
import { checkAtEnd, replaying } from "./checkedStore.ts";

/** The bucket in which the tests of content and tasks keep their objects. */
export const BUCKET: BucketRecord = {
  name: "bucket",
  id: "0123456789abcdef",
  region: "us-east-1",
  ownerId: "o",
  ownerName: "O",
  createdAtMs: 1,
  configurationRevision: 0,
  ...PLAIN_BUCKET,
};

/** A store whose clock stands still until it is set. */
export interface TestStore extends Store {
  nowMs: number;
}

/** A store in memory, or on the engines given, with a bucket in it; looked at when the test ends (see `checkedStore.ts`). */
export async function openTestStore(engines: { metadata?: MetadataEngine; blobs?: BlobEngine } = {}): Promise<TestStore> {
  const store = await openUncheckedStore({ ...engines, metadata: engines.metadata ?? replaying(new MemoryMetadataEngine()) });
  checkAtEnd(store);
  return store;
}

/** The same, for programs that are no tests and for engines that are closed when the test ends. */
export async function openUncheckedStore(engines: { metadata: MetadataEngine; blobs?: BlobEngine }): Promise<TestStore> {
  const { metadata, blobs = new MemoryBlobEngine() } = engines;
  const time = { nowMs: 1_800_000_000_000 };
  const engineStore = createStore({ metadata, blobs, clock: () => time.nowMs, randomBytes });
  const store: TestStore = Object.defineProperty(Object.assign(engineStore, time), "nowMs", {
    get: () => time.nowMs,
    set(nowMs: number) {
      time.nowMs = nowMs;
    },
  });
  await commit(store, [put(bucketRow(BUCKET.name), BUCKET)]);
  return store;
}

/** Bytes as a request would bring them: in pieces that are the consumer's until it asks for the next one. */
export function source(bytes: Buffer, pieceSizeBytes: number = 64 * 1024): ContentSource {
  return {
    sizeBytes: bytes.length,
    async *[Symbol.asyncIterator]() {
      for (let at = 0; at < bytes.length; at += pieceSizeBytes) yield* lent(bytes.subarray(at, at + pieceSizeBytes));
    },
  };
}

/** A piece whose memory goes away when the next one is asked for. */
export function* lent(bytes: Buffer): Generator<Buffer, void> {
  const piece = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(piece);
  yield piece;
  piece.buffer.transfer();
}

/** Commits changes that ask no questions. */
export async function commit(store: Store, changes: readonly Change[]): Promise<void> {
  await store.metadata.transact({ keys: [] }, () => ({ changes, result: undefined }));
}

/** Flips a bit of the value of a row, as a disk may. */
export async function flipBit(store: Store, key: Uint8Array, bit: number): Promise<void> {
  const { values } = await store.metadata.read({ keys: [key] });
  const value = Buffer.from(values[0]!);
  value[bit >> 3]! ^= 1 << (bit & 7);
  await commit(store, [{ key, value }]);
}

/** The record of an object. */
export async function objectRecord(store: Store, key: string): Promise<ObjectRecord | undefined> {
  return objects.findObject(store, BUCKET, key);
}

/** Where an object is to be, whatever is there. */
export function targetOf(key: string): objects.ObjectTarget {
  return {
    bucket: BUCKET,
    key,
    conditions: { ifMatch: undefined, ifNoneMatch: undefined },
    existedBefore: false,
    nowMs: 1_800_000_000_000,
  };
}

function described(store: Store, sizeBytes: number): NewObject {
  return {
    ownerId: BUCKET.ownerId,
    ownerName: BUCKET.ownerName,
    lastModifiedMs: store.clock(),
    sizeBytes,
    etag: "0",
    storageClass: "STANDARD",
    checksum: undefined,
    system: {},
    user: [],
    partsCount: 0,
    ...PLAIN_OBJECT,
  };
}

/** Stores an object as PutObject does. */
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
  const abandon = async (): Promise<void> => undefined;
  await objects.putObject(store, targetOf(key), described(store, written.sizeBytes), { abandon, ...written });
}

/** Copies an object as CopyObject does. */
export async function copyObject(store: Store, from: string, to: string): Promise<void> {
  const object = (await objectRecord(store, from))!;
  await objects.copyObject(store, targetOf(to), described(store, object.sizeBytes), object);
}

/** Removes an object as DeleteObject does. */
export async function deleteObject(store: Store, key: string): Promise<void> {
  await objects.deleteObject(
    store,
    BUCKET,
    { key, versionId: undefined, ifMatch: undefined, bypassesGovernance: false, hasSecondFactor: false },
    store.clock(),
  );
}
