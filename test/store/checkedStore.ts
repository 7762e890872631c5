import assert from "node:assert/strict";
import { afterEach } from "node:test";
import type { BlobId } from "../../src/store/blobs/BlobEngine.ts";
import type { Decision, MetadataEngine, ReadResult, ReadSet } from "../../src/store/metadata/MetadataEngine.ts";
import { deadBlobs } from "../../src/store/records/blobRows.ts";
import type { ContentRecord } from "../../src/store/records/ContentRecord.ts";
import { contentCodec, releases } from "../../src/store/records/ContentRecord.ts";
import { objectCodec } from "../../src/store/records/ObjectRecord.ts";
import { partCodec } from "../../src/store/records/PartRecord.ts";
import { nameInKey, tableRange, TABLES } from "../../src/store/records/tables.ts";
import type { Store } from "../../src/store/Store.ts";
import { readRows } from "../../src/store/transact.ts";
import { checkHistories } from "./objects/checkHistories.ts";

/** More rows than any of these tests has. */
const ALL = 1_000_000;

const watched = new Set<Store>();
const unchecked = new WeakSet<Store>();

// For every test of the file that imports this: a hook made inside a test would be for its subtests only.
afterEach(async () => {
  const stores = [...watched].filter((one) => !unchecked.has(one));
  watched.clear();
  for (const one of stores) await checkNames(one);
});

/**
 * Looks at a store at the end of the test that opened it: each blob is named by a record, or dead; each name names a blob; contents are
 * referred to as often as they count; and the versions of each key belong together. {@link expectLoose} lets a store off.
 */
export function checkAtEnd(store: Store): void {
  watched.add(store);
}

/** For tests that make such a state themselves: rows or blobs without what belongs to them. */
export function expectLoose(store: Store): void {
  unchecked.add(store);
}

/** Throws unless every blob, every row of content and every version has its place. */
export async function checkNames(store: Store): Promise<void> {
  const all = <Record>(table: number, decode: (entry: { key: Uint8Array; value: Uint8Array }) => Record) => ({
    ...tableRange(table),
    limit: ALL,
    decode,
  });
  const found = await readRows(store, {
    current: all(TABLES.objects, ({ key, value }) => objectCodec.decode(value, key)),
    older: all(TABLES.versions, ({ key, value }) => objectCodec.decode(value, key)),
    parts: all(TABLES.parts, ({ key, value }) => partCodec.decode(value, key)),
    inlines: all(TABLES.inlines, ({ key }) => nameInKey(key)),
    contents: all(TABLES.contents, ({ key, value }) => ({ id: nameInKey(key), record: contentCodec.decode(value, key) })),
    namedRows: all(TABLES.namedBlobs, ({ key }) => nameInKey(key)),
    dead: deadBlobs(ALL),
    ended: releases(ALL),
  });
  await checkHistories(store);
  const objects = [...found.current, ...found.older];
  const inlineIds = objects.flatMap(({ content }) => (content.kind === "inline" ? [content.id] : []));
  assert.deepEqual(inlineIds.toSorted(), found.inlines.toSorted(), "inline rows, and the objects they belong to");
  const references = new Map<string, number>();
  const refer = (id: string): void => void references.set(id, (references.get(id) ?? 0) + 1);
  for (const { content } of objects) if (content.kind === "content") refer(content.id);
  for (const { contentId } of found.ended) refer(contentId);
  const counted = new Map(found.contents.map(({ id, record }) => [id, record.references]));
  assert.deepEqual(sorted(references), sorted(counted), "contents, and how many objects refer to them");
  const names = [...blobsOf(found.contents.map(({ record }) => record)), ...found.parts.flatMap(({ blob }) => blob ?? [])];
  assert.deepEqual(names.toSorted(), found.namedRows.toSorted(), "blobs that records name, and those entered as named");
  const stored: BlobId[] = [];
  for await (const id of store.blobs.suspects({ all: true })) stored.push(id);
  const dead = new Set(found.dead.map(({ blob }) => blob));
  assert.deepEqual(
    stored.filter((id) => !dead.has(id)).toSorted(),
    names.filter((id) => !dead.has(id)).toSorted(),
    "blobs that are not dead, and those that records name",
  );
  assert.deepEqual(
    names.filter((id) => dead.has(id)),
    [],
    "blobs that are named and dead",
  );
}

function blobsOf(contents: readonly ContentRecord[]): BlobId[] {
  return contents.flatMap(({ segments }) => segments.map(({ blob }) => blob));
}

function sorted(counts: ReadonlyMap<string, number>): (readonly [string, number])[] {
  return [...counts].toSorted(([one], [other]) => (one < other ? -1 : 1));
}

/** An engine on which every decision runs twice, as after a lost race, and must decide the same both times. */
export function replaying<Engine extends MetadataEngine>(engine: Engine): Engine {
  const { transact } = engine;
  engine.transact = <Result>(readSet: ReadSet, decide: (records: ReadResult) => Decision<Result>): Promise<Result> =>
    transact.call<MetadataEngine, [ReadSet, typeof decide], Promise<Result>>(engine, readSet, (records) => {
      const first = decide(records);
      assert.deepEqual(decide(records), first, "the same decision, run again");
      return first;
    });
  return engine;
}
