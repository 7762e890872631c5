import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryMetadataEngine } from "../../../src/store/metadata/memory/MemoryMetadataEngine.ts";
import { metadataSuite } from "./metadata.suite.ts";

metadataSuite("MemoryMetadataEngine", async () => new MemoryMetadataEngine());

const key = (text: string): Buffer => Buffer.from(text);
const commit = (engine: MemoryMetadataEngine, name: string, value: string | undefined): Promise<undefined> =>
  engine.transact({ keys: [] }, () => ({
    changes: [{ key: key(name), value: value === undefined ? undefined : key(value) }],
    result: undefined,
  }));
const text = (engine: MemoryMetadataEngine, name: string): string | undefined =>
  engine.read({ keys: [key(name)] }).values[0]?.toString();

test("MemoryMetadataEngine: a fork has everything, and neither side sees what the other writes afterwards", async () => {
  const original = new MemoryMetadataEngine();
  for (let index = 0; index < 500; index++) await commit(original, `k${index}`, "before");
  const fork = original.fork();
  await commit(original, "k1", "original");
  await commit(fork, "k1", "fork");
  await commit(fork, "k2", undefined);
  await commit(original, "new", "original");
  assert.deepEqual([text(original, "k1"), text(fork, "k1")], ["original", "fork"]);
  assert.deepEqual([text(original, "k2"), text(fork, "k2")], ["before", undefined]);
  assert.deepEqual([text(original, "new"), text(fork, "new")], ["original", undefined]);
  assert.deepEqual([original.statistics().entries, fork.statistics().entries], [501, 499]);
  await original.close();
  assert.deepEqual(original.statistics(), { sizeBytes: 0, entries: 0 });
  assert.equal(text(original, "k499"), undefined);
  assert.equal(text(fork, "k499"), "before");
});

test("MemoryMetadataEngine: size is that of keys and values, and returns to nothing", async () => {
  const engine = new MemoryMetadataEngine();
  await commit(engine, "abc", "12345");
  await commit(engine, "abc", "1");
  assert.deepEqual(engine.statistics(), { sizeBytes: 4, entries: 1 });
  await commit(engine, "abc", undefined);
  assert.deepEqual(engine.statistics(), { sizeBytes: 0, entries: 0 });
});
