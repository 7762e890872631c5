import { createHash } from "node:crypto";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { DataKey } from "../../../src/store/encryption/DataKey.ts";
import type { CustomerKey, EncryptionWish } from "../../../src/store/encryption/EncryptionWish.ts";
import { seal, unseal } from "../../../src/store/encryption/sealing.ts";
import { FileBlobEngine } from "../../../src/store/blobs/files/FileBlobEngine.ts";
import { LmdbMetadataEngine } from "../../../src/store/metadata/lmdb/LmdbMetadataEngine.ts";
import { openContent, writeContent } from "../../../src/store/objects/content.ts";
import * as objects from "../../../src/store/objects/objects.ts";
import type { ObjectRecord } from "../../../src/store/records/ObjectRecord.ts";
import { PLAIN_OBJECT } from "../../../src/store/records/ObjectRecord.ts";
import { newFolder } from "../../newFolder.ts";
import { collectBytes } from "../blobs/blobs.suite.ts";
import type { TestStore } from "../testStore.ts";
import { BUCKET, objectRecord, openTestStore, openUncheckedStore, source, targetOf } from "../testStore.ts";

/** The engines that encrypted objects are tried on. */
export const ENGINES = ["memory", "files"] as const;

/** A store on engines in memory, or on those of a folder. */
export async function encryptedStore(t: TestContext, engines: (typeof ENGINES)[number]): Promise<TestStore> {
  if (engines === "memory") return openTestStore();
  const path = newFolder(t);
  const metadata = await LmdbMetadataEngine.open({ path: join(path, "index"), durability: "written", mapSizeBytes: 2 ** 28 });
  const blobs = await FileBlobEngine.open({ path: join(path, "blobs"), durability: "written", run: "run" });
  t.after(async () => {
    await blobs.close();
    await metadata.close();
  });
  return openUncheckedStore({ metadata, blobs });
}

/** A customer's key, made of a letter. */
export function customerKey(letter: string): CustomerKey {
  const bytes = Buffer.alloc(32, letter);
  return { bytes, md5: createHash("md5").update(bytes).digest("base64") };
}

/** Every way to be encrypted. */
export const WISHES: readonly EncryptionWish[] = [
  { kind: "AES256" },
  { kind: "aws:kms", keyId: undefined, context: { of: "a\ntest" }, bucketKey: false },
  { kind: "aws:kms", keyId: undefined, context: {}, bucketKey: true },
  { kind: "aws:kms:dsse", keyId: undefined, context: {}, bucketKey: false },
  { kind: "customer", key: customerKey("k") },
];

/** Puts an object, encrypted as wished. */
export async function putEncrypted(store: TestStore, key: string, bytes: Buffer, wish: EncryptionWish): Promise<ObjectRecord> {
  const sealed = await seal(store, wish, { bucket: BUCKET, key });
  const written = await writeContent(store, source(bytes), store.nowMs, { dataKey: sealed?.dataKey });
  const described = {
    ...PLAIN_OBJECT,
    ownerId: BUCKET.ownerId,
    ownerName: BUCKET.ownerName,
    lastModifiedMs: store.clock(),
    sizeBytes: written.sizeBytes,
    etag: "0",
    storageClass: "STANDARD",
    checksum: undefined,
    system: {},
    user: [],
    partsCount: 0,
    encryption: sealed?.encryption,
  };
  return objects.putObject(store, targetOf(key), described, written);
}

/** The data key of an object. */
export async function dataKeyOf(
  store: TestStore,
  key: string,
  record: ObjectRecord,
  customer?: CustomerKey,
): Promise<DataKey | undefined> {
  return record.encryption && (await unseal(store, record.encryption, { bucket: BUCKET, key }, customer));
}

/** Bytes of an object, all of them unless said. */
export async function readEncrypted(
  store: TestStore,
  key: string,
  { customer, start = 0, end }: { customer?: CustomerKey | undefined; start?: number; end?: number } = {},
): Promise<Buffer> {
  const record = (await objectRecord(store, key))!;
  const dataKey = await dataKeyOf(store, key, record, customer);
  const { source: bytes } = await openContent(store, record, start, end ?? record.sizeBytes, dataKey);
  return Buffer.isBuffer(bytes) ? Buffer.from(bytes) : collectBytes(bytes);
}
