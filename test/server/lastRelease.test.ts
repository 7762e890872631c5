import assert from "node:assert/strict";
import { cp, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { closeStore, openStore } from "../../src/server/openStore.ts";
import { describeBucket, findBucket } from "../../src/store/buckets/buckets.ts";
import { DataFolder, DataFolderFormatError } from "../../src/store/folder/dataFolder.ts";
import { openContent, writeContent } from "../../src/store/objects/content.ts";
import { findObject, findVersion, putObject } from "../../src/store/objects/objects.ts";
import { pageOfVersions } from "../../src/store/objects/versionListing.ts";
import type { BucketRecord } from "../../src/store/records/BucketRecord.ts";
import type { ObjectRecord } from "../../src/store/records/ObjectRecord.ts";
import { PLAIN_OBJECT } from "../../src/store/records/ObjectRecord.ts";
import type { Store } from "../../src/store/Store.ts";
import { pageOfParts, pageOfUploads } from "../../src/store/uploads/uploadPages.ts";
import { findAccessKey, listAccounts } from "../../src/store/accounts/accounts.ts";
import { collect } from "../../src/tasks/collect.ts";
import { scrub } from "../../src/tasks/scrub.ts";
import { newFolder } from "../newFolder.ts";
import { source } from "../store/testStore.ts";

/**
 * A folder that version 0.1 wrote, ended in good order a moment after an overwrite, a deletion, an abort and the end of a bucket: with objects
 * of every form, an upload under way, and two users.
 */
const WRITTEN_BY_0_1: string = join(import.meta.dirname, "..", "store", "folder", "written-by-0.1");

const MAP_SIZE_BYTES = 2 ** 30;

async function copied(t: TestContext): Promise<string> {
  const path = join(newFolder(t), "data");
  await cp(WRITTEN_BY_0_1, path, { recursive: true });
  return path;
}

async function opened(path: string): Promise<{ store: Store; close: () => Promise<void> }> {
  const folder = await DataFolder.open(path);
  const store = await openStore(folder, { durability: "written", mapSizeBytes: MAP_SIZE_BYTES });
  const close = async (): Promise<void> => {
    await closeStore(store);
    folder.close();
  };
  return { store, close };
}

async function read(store: Store, object: ObjectRecord): Promise<string> {
  const { source: bytes } = await openContent(store, object, 0, object.sizeBytes);
  if (Buffer.isBuffer(bytes)) return bytes.toString();
  let text = "";
  for await (const piece of bytes) text += Buffer.from(piece as Buffer).toString();
  return text;
}

/** What the objects of that folder hold: numbered lines of 16 bytes. */
const lines = (sizeBytes: number): string =>
  Array.from({ length: Math.ceil(sizeBytes / 16) }, (_, index) => `${String(index).padStart(15, "0")}\n`)
    .join("")
    .slice(0, sizeBytes);

const OBJECTS: Readonly<Record<string, string>> = {
  copy: lines(70_000),
  empty: "",
  "folder/ключ 🗝": "a key beyond ASCII",
  large: lines(70_000),
  multipart: lines(3_000),
  overwritten: "the newer one",
  small: "a small object",
};

test("data folder of 0.1: everything in it is there and whole, and scrub finds nothing", async (t) => {
  const { store, close } = await opened(await copied(t));
  const bucket = (await findBucket(store, "kept"))!;
  for (const [key, text] of Object.entries(OBJECTS)) {
    const object = (await findObject(store, bucket, key))!;
    assert.equal(await read(store, object), text, key);
    assert.deepEqual([object.versionId, object.sequence, object.tags, object.legalHold], [undefined, 0, [], undefined]);
  }
  const small = (await findObject(store, bucket, "small"))!;
  assert.deepEqual([small.system.contentType, small.system.cacheControl], ["text/plain", "no-store"]);
  assert.deepEqual(small.user.toSorted(), [
    ["colour", "blue"],
    ["name", "ZoÃ«"],
  ]);
  assert.equal((await findObject(store, bucket, "large"))!.storageClass, "STANDARD_IA");
  const { items } = await pageOfUploads(store, bucket, { prefix: "", delimiter: "", afterKey: "", afterUploadId: "", limit: 9 });
  const [upload] = items.flatMap((item) => ("upload" in item ? [item.upload] : []));
  assert.deepEqual([items.length, upload!.key, upload!.tags], [1, "under way", []]);
  assert.equal((await pageOfParts(store, upload!.uploadId, 0, 9)).parts[0]!.sizeBytes, 2_000);
  assert.deepEqual(
    (await listAccounts(store)).map(({ account }) => account.displayName),
    ["admin", "mary"],
  );
  assert.equal((await findAccessKey(store, "FIXTUREFIXTUREFIXTUR"))!.secretAccessKey, "f".repeat(40));
  const damaged: unknown[] = [];
  const progress = await scrub(store, {
    signal: new AbortController().signal,
    onDamage: (damage) => damaged.push(damage),
    onProgress: () => undefined,
  });
  assert.deepEqual([damaged, progress.objects, progress.parts], [[], Object.keys(OBJECTS).length, 2]);
  await close();
});

async function putText(store: Store, bucket: BucketRecord, key: string, text: string): Promise<ObjectRecord> {
  const written = await writeContent(store, source(Buffer.from(text)), store.clock());
  const target = { bucket, key, conditions: { ifMatch: undefined, ifNoneMatch: undefined }, existedBefore: false };
  const object = { storageClass: "STANDARD", checksum: undefined, system: {}, user: [], partsCount: 0, ...PLAIN_OBJECT };
  const { ownerId, ownerName } = bucket;
  const described = { ...object, ownerId, ownerName, lastModifiedMs: store.clock(), sizeBytes: text.length, etag: "0" };
  return putObject(store, { ...target, nowMs: store.clock() }, described, written);
}

test("data folder of 0.1: its objects become older versions, and what was given up before is collected", async (t) => {
  const path = await copied(t);
  const first = await opened(path);
  const kept = (await findBucket(first.store, "kept"))!;
  const bucket = await describeBucket(first.store, kept, (record) => ({ ...record, versioning: "Enabled" }));
  for (const key of ["large", "small"]) await putText(first.store, bucket, key, "new");
  await first.close();
  const { store, close } = await opened(path);
  const plan = { prefix: "", delimiter: "", keyMarker: "", versionIdMarker: undefined, limit: 99 };
  const { items } = await pageOfVersions(store, bucket, plan);
  assert.equal(items.length, Object.keys(OBJECTS).length + 2);
  for (const key of ["large", "small"]) {
    assert.equal(await read(store, (await findVersion(store, bucket, key, "null"))!), OBJECTS[key]);
    assert.equal(await read(store, (await findObject(store, bucket, key))!), "new");
  }
  // A minute passes before each round.
  let aheadMs = 0;
  const clock = (): number => Date.now() + aheadMs;
  const later = { ...store, clock, realClock: clock };
  for (let round = 0; round < 3; round++) {
    aheadMs += 60_000;
    await collect(later, {
      signal: new AbortController().signal,
      onFailure: (_, cause) => assert.fail(String(cause)),
      pause: async () => undefined,
    });
  }
  // Two of 70,000 bytes are one content; the parts of the finished upload and of the one under way.
  const blobs: string[] = [];
  for await (const id of store.blobs.suspects({ all: true })) blobs.push(id);
  assert.equal(blobs.length, 3);
  await close();
});

test("data folder of 0.1: a server makes it one of its own, before which commands leave it alone, and 0.1 knows it for newer", async (t) => {
  const path = await copied(t);
  const format = () => readFile(join(path, "format"), "utf8");
  const before = [await format(), (await readdir(path)).join()];
  await assert.rejects(
    DataFolder.join(path),
    /has layout 1, and this version writes layout 4. Start a server of this version on it once/,
  );
  assert.deepEqual([await format(), (await readdir(path)).join()], before);
  (await DataFolder.open(path)).close();
  assert.deepEqual(JSON.parse(await format()), { format: 4, heldStore: true });
  await DataFolder.join(path);
});

test("DataFolder: a layout of a later version is left as it is, with a word of what to do", async (t) => {
  const path = await copied(t);
  const before = await readFile(join(path, "format"), "utf8");
  const names = await readdir(path);
  const { writeFile } = await import("node:fs/promises");
  await writeFile(join(path, "format"), before.replace(/"format":\d+/, '"format":99'));
  await assert.rejects(DataFolder.open(path), (error) => {
    assert.ok(error instanceof DataFolderFormatError);
    assert.match(
      error.message,
      /has layout 99; this version reads layouts up to 4\. Use the version of Holdfast that wrote it, or a newer one/,
    );
    return true;
  });
  assert.deepEqual(
    (await readdir(path)).filter((name) => name !== "lock"),
    names,
  );
});
