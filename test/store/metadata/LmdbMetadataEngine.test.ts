import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { StorageFullError } from "../../../src/errors/StorageFullError.ts";
import { LmdbMetadataEngine } from "../../../src/store/metadata/lmdb/LmdbMetadataEngine.ts";
import { READ_LEASE_INTERVAL_MS } from "../../../src/store/ReadLeases.ts";
import { addAccount } from "../../../src/store/accounts/accounts.ts";
import { collect, DEAD_BLOB_GRACE_MS } from "../../../src/tasks/collect.ts";
import { deleteObject, openUncheckedStore, putObject } from "../testStore.ts";
import { metadataSuite } from "./metadata.suite.ts";

/** Before this is changed, read what became of the native cursors: `src/store/metadata/lmdb/nativeCursors.ts` says what is relied on. */
const RELIED_ON = "3.5.6";
const MAP_SIZE_BYTES = 2 ** 30;
const LOOKED_AT_LEAST_EACH_MS = 100;

let folder = "";
let names = 0;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "holdfast-lmdb-"));
});
after(() => rm(folder, { recursive: true, force: true }));

const newPath = (): string => join(folder, `index.${names++}`);
const open = (path: string): Promise<LmdbMetadataEngine> =>
  LmdbMetadataEngine.open({ path, durability: "synced", mapSizeBytes: MAP_SIZE_BYTES });
const text = (engine: LmdbMetadataEngine, key: string): string | undefined => {
  const value = engine.read({ keys: [Buffer.from(key)] }).values[0];
  return value === undefined ? undefined : Buffer.from(value).toString();
};
const commit = (engine: LmdbMetadataEngine, key: string, value: string): Promise<undefined> =>
  engine.transact({ keys: [] }, () => ({ changes: [{ key: Buffer.from(key), value: Buffer.from(value) }], result: undefined }));

metadataSuite("LmdbMetadataEngine", () => open(newPath()));

test("LmdbMetadataEngine: what was committed is there after closing and opening, with either durability", async () => {
  const path = newPath();
  for (const durability of ["written", "synced", "written"] as const) {
    const engine = await LmdbMetadataEngine.open({ path, durability, mapSizeBytes: MAP_SIZE_BYTES });
    await commit(engine, durability, "there");
    await engine.close();
  }
  const engine = await open(path);
  assert.deepEqual([text(engine, "written"), text(engine, "synced")], ["there", "there"]);
  await engine.close();
});

test("LmdbMetadataEngine: closing waits for what was asked before, and refuses what comes after", async () => {
  const path = newPath();
  const engine = await open(path);
  const written = commit(engine, "late", "kept");
  await engine.close();
  await written;
  await assert.rejects(commit(engine, "later", "lost"), /closed/);
  const again = await open(path);
  assert.deepEqual([text(again, "late"), text(again, "later")], ["kept", undefined]);
  await again.close();
});

test("LmdbMetadataEngine: a key too long for the index refuses its decision as a whole, beside others that succeed", async () => {
  const engine = await open(newPath());
  const tooLong = engine.transact({ keys: [] }, () => ({
    changes: [
      { key: Buffer.from("first"), value: Buffer.from("half") },
      { key: Buffer.alloc(1979, "k"), value: Buffer.from("long") },
    ],
    result: undefined,
  }));
  const outcomes = await Promise.allSettled([commit(engine, "before", "1"), tooLong, commit(engine, "after", "1")]);
  assert.deepEqual(
    outcomes.map((outcome) => outcome.status),
    ["fulfilled", "rejected", "fulfilled"],
  );
  assert.equal(text(engine, "first"), undefined);
  await engine.transact({ keys: [] }, () => ({
    changes: [{ key: Buffer.alloc(1978, "k"), value: Buffer.from("fits") }],
    result: undefined,
  }));
  assert.equal(text(engine, "k".repeat(1978)), "fits");
  await engine.close();
});

test("LmdbMetadataEngine: walks find the longest keys, and begin and end at longer ones", async () => {
  const engine = await open(newPath());
  const longest = `${"k".repeat(1977)}/`;
  await engine.transact({ keys: [] }, () => ({
    changes: ["k", longest, "l"].map((key) => ({ key: Buffer.from(key), value: Buffer.from(key) })),
    result: undefined,
  }));
  const walk = (start: string, end: string): number[] =>
    engine
      .read({ keys: [], ranges: [{ start: Buffer.from(start), end: Buffer.from(end), limit: 9 }] })
      .ranges[0]!.map(({ key, value }) => (Buffer.compare(key, value) === 0 ? key.length : -1));
  assert.deepEqual(walk("a", "z"), [1, 1978, 1]);
  assert.deepEqual(walk(longest, `${longest}\0`), [1978]);
  assert.deepEqual(walk(`${longest}\0`, "z"), [1]);
  assert.deepEqual(walk("a", `${longest}\0`.repeat(5)), [1, 1978]);
  assert.deepEqual(walk("", longest), [1]);
  const nothing = Buffer.alloc(0);
  const [page] = engine.pages([
    { base: Buffer.from("k"), prefix: nothing, delimiter: Buffer.from("/"), after: nothing, limit: 9 },
  ]);
  assert.deepEqual(
    page!.items.map((item) => ("commonPrefix" in item ? `${item.commonPrefix.length} folded` : item.key.length)),
    [1, "1978 folded"],
  );
  await engine.close();
});

test("LmdbMetadataEngine: pages and ranges between commits hold no old pages", async () => {
  const engine = await open(newPath());
  const nothing = Buffer.alloc(0);
  const plan = {
    base: nothing,
    prefix: nothing,
    delimiter: Buffer.from("/"),
    after: nothing,
    limit: 9,
  };
  const overwrite = async (round: number): Promise<void> => {
    await commit(engine, "a/b", String(round % 10).repeat(500_000));
    assert.equal(engine.pages([plan])[0]!.items.length, 1);
    const [entry] = engine.read({ keys: [], ranges: [{ start: Buffer.from("a"), end: Buffer.from("b"), limit: 1 }] }).ranges[0]!;
    assert.equal(entry?.value[0], 0x30 + (round % 10));
    // The end of a turn, at which snapshots are given back.
    await new Promise((resolve) => setTimeout(resolve, 1));
  };
  for (let round = 0; round < 10; round++) await overwrite(round);
  const { sizeBytes } = engine.statistics();
  for (let round = 10; round < 60; round++) await overwrite(round);
  assert.ok(engine.statistics().sizeBytes <= sizeBytes + 1_000_000, `${engine.statistics().sizeBytes} after ${sizeBytes} bytes`);
  await engine.close();
});

test("LmdbMetadataEngine: indexes that are open side by side keep their walks apart", async () => {
  const engines = await Promise.all([open(newPath()), open(newPath())]);
  await Promise.all(engines.map((engine, index) => commit(engine, `only/${index}`, String(index))));
  const seen = engines.map(
    (engine) => engine.read({ keys: [], ranges: [{ start: Buffer.from("a"), end: Buffer.from("z"), limit: 9 }] }).ranges[0]!,
  );
  assert.deepEqual(
    seen.map((entries) => entries.map(({ key, value }) => `${Buffer.from(key).toString()}=${Buffer.from(value).toString()}`)),
    [["only/0=0"], ["only/1=1"]],
  );
  await Promise.all(engines.map((engine) => engine.close()));
});

test("nativeCursors: what lmdb-js does not promise is relied on of the one release that package.json names", async () => {
  const read = async (path: string): Promise<{ version: string; dependencies: { lmdb: string } }> =>
    JSON.parse(await readFile(new URL(path, import.meta.url), "utf8"));
  const { dependencies } = await read("../../../package.json");
  const { version } = await read("../../../node_modules/lmdb/package.json");
  assert.deepEqual([dependencies.lmdb, version], [RELIED_ON, RELIED_ON]);
});

test("LmdbMetadataEngine: a closed index refuses to be read", async () => {
  const engine = await open(newPath());
  await engine.close();
  const nothing = Buffer.alloc(0);
  const range = { start: Buffer.from("a"), end: Buffer.from("z"), limit: 1 };
  assert.throws(() => engine.read({ keys: [], ranges: [range] }), /closed/);
  const plan = { base: nothing, prefix: nothing, delimiter: nothing, after: nothing, limit: 9 };
  assert.throws(() => engine.pages([plan]), /closed/);
});

test("LmdbMetadataEngine: an index that is damaged is an error to whoever reads there, and not an end of what there is", async () => {
  const path = newPath();
  const engine = await open(path);
  for (let row = 0; row < 20; row++) await commit(engine, `row${String(row).padStart(2, "0")}`, "x".repeat(1_000));
  await engine.close();
  // Its newest state names the root of the rows, a page that leads to others, of which the last is made one that there is none of.
  const bytes = await readFile(join(path, "data.mdb"));
  const states = [bytes.subarray(24), bytes.subarray(4096 + 24)].toSorted((a, b) => b.readUInt32LE(128) - a.readUInt32LE(128));
  const root = bytes.subarray(4096 * states[0]!.readUInt32LE(112));
  assert.equal(root[18], 1, "a page that leads to others");
  const last = root.readUInt16LE(20) / 2 - 1;
  root.writeUIntLE(2 ** 40, 24 + root.readUInt16LE(24 + 2 * last), 6);
  await writeFile(join(path, "data.mdb"), bytes);
  const damaged = await open(path);
  const nothing = Buffer.alloc(0);
  const range = { start: Buffer.from("row00"), end: Buffer.from("z"), limit: 99 };
  assert.equal(text(damaged, "row00")?.length, 1_000);
  assert.throws(() => damaged.read({ keys: [], ranges: [range] }), /MDB_PAGE_NOTFOUND/);
  assert.throws(() => damaged.read({ keys: [], ranges: [{ ...range, start: Buffer.from("row19") }] }), /MDB_PAGE_NOTFOUND/);
  const plan = { base: nothing, prefix: nothing, delimiter: nothing, after: nothing, limit: 99 };
  assert.throws(() => damaged.pages([plan]), /MDB_PAGE_NOTFOUND/);
  await damaged.close();
});

test("LmdbMetadataEngine: the map grows beyond what was set aside", async () => {
  const engine = await LmdbMetadataEngine.open({ path: newPath(), durability: "written", mapSizeBytes: 1024 * 1024 });
  for (let index = 0; index < 4; index++) await commit(engine, `k${index}`, String(index).repeat(700_000));
  assert.equal(text(engine, "k3")?.length, 700_000);
  assert.ok(engine.statistics().sizeBytes > 2 * 1024 * 1024);
  await engine.close();
});

test("LmdbMetadataEngine: while the reserve lacks more than there is, what makes the index larger is refused, and nothing else", async () => {
  let isLacking = false;
  const lacking = {
    get missingBytes(): number {
      return this.refill();
    },
    refill: (): number => (isLacking ? Number.MAX_SAFE_INTEGER : 0),
    giveToCommit: (): boolean => false,
    growFile: (): boolean => false,
  };
  const engine = await LmdbMetadataEngine.open({
    path: newPath(),
    durability: "written",
    mapSizeBytes: MAP_SIZE_BYTES,
    reserve: lacking,
  });
  const store = await openUncheckedStore({ metadata: engine });
  const put = (key: string, size: number): Promise<unknown> => putObject(store, key, Buffer.alloc(size, key));
  await put("inline", 1_000);
  await put("blob", 100_000);
  isLacking = true;
  // It is looked for now and then.
  await new Promise((resolve) => setTimeout(resolve, LOOKED_AT_LEAST_EACH_MS));
  await assert.rejects(put("empty".repeat(8), 0), StorageFullError);
  await assert.rejects(put("another", 1_000), StorageFullError);
  await assert.rejects(addAccount(store, { name: "ann" }), StorageFullError);
  await put("inline", 1_000);
  const leave = store.readers.enter("content");
  store.nowMs += READ_LEASE_INTERVAL_MS;
  await store.readers.renew();
  leave();
  await store.readers.renew();
  await deleteObject(store, "inline");
  await deleteObject(store, "blob");
  const options = { signal: new AbortController().signal, onFailure: assert.fail };
  await collect(store, options);
  store.nowMs += 2 * DEAD_BLOB_GRACE_MS;
  assert.equal((await collect(store, options)).blobsRemoved, 1);
  isLacking = false;
  await put("empty".repeat(8), 0);
  await engine.close();
});
