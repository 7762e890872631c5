import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import fc from "fast-check";
import { LmdbMetadataEngine } from "../../../../src/store/metadata/lmdb/LmdbMetadataEngine.ts";
import { MemoryMetadataEngine } from "../../../../src/store/metadata/memory/MemoryMetadataEngine.ts";
import type { Change, MetadataEngine, PagePlan } from "../../../../src/store/metadata/MetadataEngine.ts";
import {
  MAX_PAST_COMMITS,
  MAX_PAST_MS,
  MAX_PAST_SIZE_BYTES,
  RememberingEngine,
} from "../../../../src/store/metadata/past/RememberingEngine.ts";
import { newFolder } from "../../../newFolder.ts";
import { metadataSuite } from "../metadata.suite.ts";

metadataSuite("RememberingEngine", async () => new RememberingEngine(new MemoryMetadataEngine(), () => 0));
// With nothing remembered, the past is the present.
metadataSuite("PastEngine", async () => {
  const engine = new MemoryMetadataEngine();
  return new RememberingEngine(engine, () => 0).asOf(1, engine);
});

let folders = 0;
metadataSuite("PastEngine on disk", async () => {
  const engine = await LmdbMetadataEngine.open({
    path: join(folder, String(folders++)),
    durability: "written",
    mapSizeBytes: 2 ** 30,
  });
  opened.push(engine);
  return new RememberingEngine(engine, () => 0).asOf(1, engine);
});
const opened: LmdbMetadataEngine[] = [];
let folder = "";
before(async () => (folder = await mkdtemp(join(tmpdir(), "holdfast-past-"))));
after(async () => {
  for (const engine of opened) await engine.close();
  await rm(folder, { recursive: true, force: true });
});

const bytes = (text: string): Buffer => Buffer.from(text, "latin1");
const commit = (engine: MetadataEngine, changes: readonly Change[]): Promise<undefined> =>
  engine.transact({ keys: [] }, () => ({ changes, result: undefined }));
const everything = { start: bytes("\0"), end: bytes("\xff"), limit: 1_000 };
const NO_COMMITS = { transact: () => Promise.reject(new Error("nobody commits")) };

/** All that can be read of an index, in three ways. */
async function shown(engine: MetadataEngine, keys: readonly string[], plans: readonly PagePlan[]): Promise<unknown> {
  const { values, ranges } = await engine.read({ keys: keys.map(bytes), ranges: [everything, { ...everything, limit: 3 }] });
  const pages = await engine.pages(plans);
  const text = (value: Uint8Array | undefined): string | undefined => value && Buffer.from(value).toString("latin1");
  return {
    values: values.map(text),
    ranges: ranges.map((entries) => entries.map(({ key, value }) => [text(key), text(value)])),
    pages: pages.map(({ items, more }) => ({
      more,
      items: items.map((item) => ("commonPrefix" in item ? text(item.commonPrefix) : [text(item.key), text(item.value)])),
    })),
  };
}

const KEYS = ["ta", "ta/1", "ta/2", "tb", "tb/1", "tc", "td/1", "td/2/3"];
const change = fc.record({ key: fc.constantFrom(...KEYS), value: fc.option(fc.constantFrom("1", "2", "3"), { nil: undefined }) });
const plannedPage = fc.record({
  prefix: fc.constantFrom("", "a", "d/"),
  delimiter: fc.constantFrom("", "/"),
  after: fc.constantFrom("", "a", "a/1", "b/"),
  limit: fc.integer({ min: 1, max: 5 }),
});

test("RememberingEngine: as of any time, an index reads as a copy that was made then", async () => {
  const history = fc.array(fc.array(change, { maxLength: 5 }), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(history, fc.array(plannedPage, { minLength: 1, maxLength: 3 }), async (commits, plans) => {
      let nowMs = 0;
      const engine = new MemoryMetadataEngine();
      const remembering = new RememberingEngine(engine, () => nowMs);
      const copies: MemoryMetadataEngine[] = [];
      for (const changes of commits) {
        nowMs += 1;
        await commit(
          remembering,
          changes.map(({ key, value }) => ({ key: bytes(key), value: value === undefined ? undefined : bytes(value) })),
        );
        copies.push(engine.fork());
      }
      const asked = plans.map((plan) => ({
        ...{ base: bytes("t"), prefix: bytes(plan.prefix), delimiter: bytes(plan.delimiter) },
        ...{ after: bytes(plan.after), limit: plan.limit },
      }));
      for (const [index, copy] of copies.entries()) {
        const past = remembering.asOf(index + 1, NO_COMMITS);
        assert.deepEqual(await shown(past, KEYS, asked), await shown(copy, KEYS, asked), `as of ${index + 1}`);
      }
    }),
  );
});

test("RememberingEngine: more entries than are read at once come in order, with those of then among them", async () => {
  let nowMs = 0;
  const engine = new MemoryMetadataEngine();
  const remembering = new RememberingEngine(engine, () => nowMs);
  const name = (index: number): string => `t${String(index).padStart(4, "0")}`;
  const all = Array.from({ length: 500 }, (_, index) => ({ key: bytes(name(index)), value: bytes("then") }));
  await commit(remembering, all);
  const copy = engine.fork();
  nowMs = 2;
  await commit(remembering, [
    ...all.filter((_, index) => index % 7 === 0).map(({ key }) => ({ key, value: undefined })),
    ...all.filter((_, index) => index % 64 === 3).map(({ key }) => ({ key, value: bytes("now") })),
    { key: bytes("t0063x"), value: bytes("now") },
  ]);
  const keys = [name(0), name(3), "t0063x"];
  assert.deepEqual(await shown(remembering.asOf(1, NO_COMMITS), keys, []), await shown(copy, keys, []));
});

test("RememberingEngine: what a decision throws, and a decision without changes, is not remembered", async () => {
  let nowMs = 0;
  const remembering = new RememberingEngine(new MemoryMetadataEngine(), () => nowMs);
  await commit(remembering, [{ key: bytes("k"), value: bytes("1") }]);
  nowMs = 2;
  const failing = remembering.transact({ keys: [] }, () => {
    throw new Error("no");
  });
  await assert.rejects(failing, /no/);
  const { values } = await remembering.asOf(1, NO_COMMITS).read({ keys: [bytes("k")] });
  assert.equal(Buffer.from(values[0]!).toString(), "1");
});

test("RememberingEngine: the past is bounded by time, commits and bytes", async () => {
  let nowMs = 0;
  const remembering = new RememberingEngine(new MemoryMetadataEngine(), () => nowMs);
  const valueAsOf = async (timeMs: number): Promise<number> => {
    const { values } = await remembering.asOf(timeMs, NO_COMMITS).read({ keys: [bytes("k")] });
    return values[0]!.length;
  };
  const set = (value: Buffer): Promise<undefined> => commit(remembering, [{ key: bytes("k"), value }]);
  await set(Buffer.alloc(1));
  nowMs = 1;
  await set(Buffer.alloc(2));
  nowMs = MAX_PAST_MS + 1;
  await set(Buffer.alloc(3));
  assert.deepEqual([await valueAsOf(0), await valueAsOf(1)], [1, 2]);
  nowMs += 1;
  await set(Buffer.alloc(4));
  assert.equal(await valueAsOf(0), 2);
  for (let count = 0; count <= MAX_PAST_COMMITS; count += 1) await set(Buffer.alloc(5));
  assert.equal(await valueAsOf(0), 5);
  const half = MAX_PAST_SIZE_BYTES / 2;
  for (const sizeBytes of [half, half + 1, half + 2, 6]) await set(Buffer.alloc(sizeBytes));
  nowMs += 1;
  await set(Buffer.alloc(7));
  assert.equal(await valueAsOf(0), half + 2);
});

test("RememberingEngine: an index on disk remembers what decisions of one commit changed, each as it found it", async (t) => {
  let nowMs = 1;
  const engine = await LmdbMetadataEngine.open({ path: newFolder(t), durability: "synced", mapSizeBytes: 2 ** 30 });
  t.after(() => engine.close());
  const remembering = new RememberingEngine(engine, () => nowMs++);
  const set = (value: string): Promise<undefined> => commit(remembering, [{ key: bytes("k"), value: bytes(value) }]);
  await Promise.all(["1", "2", "3"].map(set));
  const values = [1, 2, 3].map((timeMs) => {
    const past = remembering.asOf(timeMs, NO_COMMITS);
    return Promise.resolve(past.read({ keys: [bytes("k")] })).then(({ values: [value] }) => Buffer.from(value!).toString());
  });
  assert.deepEqual(await Promise.all(values), ["1", "2", "3"]);
});
