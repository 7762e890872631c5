import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { FileBlobEngine } from "../../../src/store/blobs/files/FileBlobEngine.ts";
import { ClassedBlobEngine } from "../../../src/store/blobs/folders/ClassedBlobEngine.ts";
import { MemoryMetadataEngine } from "../../../src/store/metadata/memory/MemoryMetadataEngine.ts";
import { changeStorageClass } from "../../../src/store/objects/changeStorageClass.ts";
import type { ContentRecord } from "../../../src/store/records/ContentRecord.ts";
import { contentRow } from "../../../src/store/records/ContentRecord.ts";
import type { ObjectRecord } from "../../../src/store/records/ObjectRecord.ts";
import { put } from "../../../src/store/records/Row.ts";
import { readRow } from "../../../src/store/transact.ts";
import { collect, DEAD_BLOB_GRACE_MS } from "../../../src/tasks/collect.ts";
import { newFolder } from "../../newFolder.ts";
import { DAY_MS, NOON_MS, runTold, setRules } from "../../tasks/lifecycle/agingStore.ts";
import { patternBytes } from "../blobs/blobs.suite.ts";
import type { TestStore } from "../testStore.ts";
import { BUCKET, commit, objectRecord, openUncheckedStore } from "../testStore.ts";
import { customerKey, putEncrypted, readEncrypted, WISHES } from "./EncryptedStore.ts";

/** Encrypted bytes that change their folder with their object's class. Nobody who moves them has a key. */

const MANAGED = { kind: "AES256" } as const;
/** Several chunks, the last of which is not full. */
const SIZE_BYTES = 700_000;
const IN_GLACIER = /^-cold0001-/;

interface Moving {
  readonly store: TestStore;
  /** Where the blobs of GLACIER lie, and all others. */
  readonly coldFolder: string;
  readonly mainFolder: string;
}

/** A store in folders, in which GLACIER has one of its own. */
async function opened(t: TestContext): Promise<Moving> {
  const [mainFolder, coldFolder] = [newFolder(t), newFolder(t)];
  const main = await FileBlobEngine.open({ path: mainFolder, durability: "written", run: "run" });
  const cold = await FileBlobEngine.open({ path: coldFolder, durability: "written", run: "run" });
  const blobs = new ClassedBlobEngine(main, [{ tag: "cold0001", classes: ["GLACIER"], engine: cold }]);
  t.after(() => blobs.close());
  const store = await openUncheckedStore({ metadata: new MemoryMetadataEngine(), blobs });
  store.nowMs = NOON_MS;
  return { store, mainFolder, coldFolder };
}

/** The files of blobs in a folder. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const kept = await Promise.all(paths.map(async (path) => ((await readFile(path)).includes("HFBLOB") ? path : undefined)));
  return kept.filter((path) => path !== undefined);
}

/** Removes the bytes that no object names any more. */
async function removeDead(store: TestStore): Promise<void> {
  const options = { signal: AbortSignal.timeout(10_000), onFailure: assert.fail, pause: async () => undefined };
  await collect(store, options);
  store.nowMs += DEAD_BLOB_GRACE_MS + 1;
  await collect(store, options);
}

async function change(store: TestStore, key: string, storageClass: string): Promise<ObjectRecord | undefined> {
  return changeStorageClass(store, BUCKET, { key, record: (await objectRecord(store, key))! }, storageClass);
}

async function contentOf(store: TestStore, key: string): Promise<{ readonly id: string; readonly content: ContentRecord }> {
  const { content } = (await objectRecord(store, key))!;
  assert.equal(content.kind, "content");
  const { id } = content as { id: string };
  return { id, content: (await readRow(store, contentRow(id)))! };
}

for (const wish of WISHES) {
  const bucketKey = "bucketKey" in wish && wish.bucketKey ? ", with a bucket's key" : "";
  test(`changeStorageClass: bytes under ${wish.kind}${bucketKey} move to a class's folder and back, and stay what they are`, async (t) => {
    const { store, mainFolder, coldFolder } = await opened(t);
    const bytes = patternBytes(SIZE_BYTES);
    const customer = wish.kind === "customer" ? customerKey("k") : undefined;
    const before = await putEncrypted(store, "key", bytes, wish);
    const [stored] = await filesIn(mainFolder);
    const storedBytes = await readFile(stored!);
    const read = async (): Promise<void> => {
      assert.ok((await readEncrypted(store, "key", { customer })).equals(bytes));
      const range = await readEncrypted(store, "key", { customer, start: 262_000, end: 600_001 });
      assert.ok(range.equals(bytes.subarray(262_000, 600_001)));
    };
    await read();
    const cold = (await change(store, "key", "GLACIER"))!;
    assert.deepEqual(cold, { ...before, storageClass: "GLACIER", content: cold.content });
    assert.match((await contentOf(store, "key")).content.segments[0]!.blob, IN_GLACIER);
    await read();
    await removeDead(store);
    assert.deepEqual(await filesIn(mainFolder), []);
    const [moved, ...more] = await filesIn(coldFolder);
    assert.deepEqual(more, []);
    // Of the same bytes, encrypted as they were, and of nothing in clear.
    const movedBytes = await readFile(moved!);
    assert.equal(movedBytes.length, storedBytes.length);
    for (let at = 0; at < SIZE_BYTES; at += 65_536) assert.ok(!movedBytes.includes(bytes.subarray(at, at + 16)));
    assert.ok(movedBytes.includes(storedBytes.subarray(1_000, 2_000)));
    await read();
    await change(store, "key", "STANDARD");
    await removeDead(store);
    assert.deepEqual([(await filesIn(mainFolder)).length, await filesIn(coldFolder)], [1, []]);
    await read();
  });
}

test("changeStorageClass: encrypted bytes that are damaged on the disk stay where they are, with their object", async (t) => {
  const { store, mainFolder, coldFolder } = await opened(t);
  const record = await putEncrypted(store, "key", patternBytes(SIZE_BYTES), MANAGED);
  const [path] = await filesIn(mainFolder);
  const file = await readFile(path!);
  file[300_000]! ^= 1;
  await writeFile(path!, file);
  await assert.rejects(change(store, "key", "GLACIER"), { name: "BlobDamagedError" });
  assert.deepEqual(await objectRecord(store, "key"), record);
  assert.deepEqual(await filesIn(coldFolder), []);
});

test("Encrypted content: in a class's folder, another object's bytes and damaged ones are never taken for an object's own", async (t) => {
  const { store, coldFolder } = await opened(t);
  for (const [index, key] of ["one", "other"].entries()) {
    await putEncrypted(store, key, patternBytes(SIZE_BYTES, index), MANAGED);
    await change(store, key, "GLACIER");
  }
  const one = await contentOf(store, "one");
  const other = await contentOf(store, "other");
  // Each record has the other's blob, and its own name of the key.
  const swapped = (into: ContentRecord, from: ContentRecord): ContentRecord => ({
    ...into,
    segments: into.segments.map((segment, index) => ({ ...segment, blob: from.segments[index]!.blob })),
  });
  await commit(store, [
    put(contentRow(one.id), swapped(one.content, other.content)),
    put(contentRow(other.id), swapped(other.content, one.content)),
  ]);
  for (const key of ["one", "other"]) await assert.rejects(readEncrypted(store, key), { name: "EncryptionDamagedError" });
  await commit(store, [put(contentRow(one.id), one.content), put(contentRow(other.id), other.content)]);
  assert.ok((await readEncrypted(store, "one")).equals(patternBytes(SIZE_BYTES, 0)));
  for (const path of await filesIn(coldFolder)) {
    const file = await readFile(path);
    file[300_000]! ^= 1;
    await writeFile(path, file);
  }
  for (const key of ["one", "other"]) await assert.rejects(readEncrypted(store, key), { name: "EncryptionDamagedError" });
});

test("lifecycle: a transition moves encrypted bytes into the class's folder, where they are read as before", async (t) => {
  const { store, mainFolder, coldFolder } = await opened(t);
  await setRules(store, { Transitions: [{ Days: 1, StorageClass: "GLACIER" }] });
  const written = new Map<string, Buffer>();
  for (const [index, wish] of WISHES.entries()) {
    const key = `${wish.kind} ${index}`;
    written.set(key, patternBytes(SIZE_BYTES, index));
    await putEncrypted(store, key, written.get(key)!, wish);
  }
  store.nowMs += 2 * DAY_MS;
  assert.equal((await runTold(store)).length, written.size);
  await removeDead(store);
  assert.deepEqual([await filesIn(mainFolder), (await filesIn(coldFolder)).length], [[], written.size]);
  for (const [key, bytes] of written) {
    const customer = key.startsWith("customer") ? customerKey("k") : undefined;
    assert.equal((await objectRecord(store, key))!.storageClass, "GLACIER");
    assert.ok((await readEncrypted(store, key, { customer })).equals(bytes), key);
  }
});
