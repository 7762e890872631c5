import assert from "node:assert/strict";
import { test } from "node:test";
import { successorOfPrefix } from "../../../src/store/metadata/byteOrder.ts";
import type { IndexCursor } from "../../../src/store/metadata/local/pageOf.ts";
import { pageOf } from "../../../src/store/metadata/local/pageOf.ts";
import { MemoryMetadataEngine } from "../../../src/store/metadata/memory/MemoryMetadataEngine.ts";
import type { Entry, Page, PagePlan, ReadResult, ReadSet } from "../../../src/store/metadata/MetadataEngine.ts";
import { pageOfObjects } from "../../../src/store/objects/listing.ts";
import type { NewObject } from "../../../src/store/objects/KeyHistory.ts";
import { historyRows } from "../../../src/store/objects/KeyHistory.ts";
import * as objects from "../../../src/store/objects/objects.ts";
import { newVersionId } from "../../../src/store/objects/versionIds.ts";
import type { VersionPage, VersionPagePlan } from "../../../src/store/objects/versionListing.ts";
import { pageOfVersions } from "../../../src/store/objects/versionListing.ts";
import type { BucketRecord } from "../../../src/store/records/BucketRecord.ts";
import { bucketRow } from "../../../src/store/records/BucketRecord.ts";
import type { ObjectRecord } from "../../../src/store/records/ObjectRecord.ts";
import { objectRow, PLAIN_OBJECT } from "../../../src/store/records/ObjectRecord.ts";
import { put } from "../../../src/store/records/Row.ts";
import { versionRow } from "../../../src/store/records/versionRows.ts";
import type { TestStore } from "../testStore.ts";
import { BUCKET, commit, openUncheckedStore, targetOf } from "../testStore.ts";

const FEW_VERSIONS = 2_000;
const MANY_VERSIONS = 8 * FEW_VERSIONS;
const PAGE_VERSIONS = 1_000;
/** A page merges two lists, each of which looks at one row more than it shows, and may look up where it goes on. */
const MAX_ROWS_OF_PAGE: number = PAGE_VERSIONS + 20;
/** For pages that show a few items. */
const MAX_ROWS_OF_FEW = 40;
/** For two reads by id, a put, two deletions and the search for a delete marker. */
const MAX_ROWS_OF_CHANGES = 40;

const VERSIONED: BucketRecord = { ...BUCKET, versioning: "Enabled" };
/** The key of very many versions. */
const HOT = "dir/hot";
/** Keys of one version each. */
const FEW_KEYS = ["a", "dir/later", "zoo"];
const hiddenKey = (index: number): string => `hidden/${String(index).padStart(6, "0")}`;

const NEW_OBJECT: NewObject = {
  ownerId: BUCKET.ownerId,
  ownerName: BUCKET.ownerName,
  lastModifiedMs: 1,
  sizeBytes: 0,
  etag: "0",
  storageClass: "STANDARD",
  checksum: undefined,
  system: {},
  user: [],
  partsCount: 0,
  ...PLAIN_OBJECT,
};
const NO_POWERS = { ifMatch: undefined, bypassesGovernance: false, hasSecondFactor: false };

/** The rows of an index that are looked at: those that are read, and those that a page moves to. */
class CountingEngine extends MemoryMetadataEngine {
  rows = 0;

  override read(readSet: ReadSet): ReadResult {
    const found = super.read(readSet);
    this.rows += found.values.length;
    for (const range of found.ranges) this.rows += range.length;
    return found;
  }

  override pages(plans: readonly PagePlan[]): Page[] {
    return plans.map((plan) => pageOf(new ReadingCursor(this), plan));
  }
}

/** Reads one row for each move. */
class ReadingCursor implements IndexCursor {
  readonly #engine: CountingEngine;
  #end: Uint8Array = Buffer.of(0xff);
  #entry: Entry | undefined;
  readonly keyStart = 0;

  constructor(engine: CountingEngine) {
    this.#engine = engine;
  }

  get key(): Buffer {
    return this.#entry!.key as Buffer;
  }

  get value(): Uint8Array {
    return this.#entry!.value;
  }

  get memory(): Buffer {
    return this.key;
  }

  get keyEnd(): number {
    return this.key.length;
  }

  seek(key: Uint8Array, end: Uint8Array | undefined): boolean {
    this.#end = end ?? Buffer.of(0xff);
    return this.#standAt(key);
  }

  skip(sizeBytes: number): boolean {
    return this.#standAt(successorOfPrefix(this.key.subarray(0, sizeBytes))!);
  }

  next(): boolean {
    return this.#standAt(Buffer.concat([this.key, Buffer.of(0)]));
  }

  #standAt(start: Uint8Array): boolean {
    this.#entry = this.#engine.read({ keys: [], ranges: [{ start, end: this.#end, limit: 1 }] }).ranges[0]![0];
    return this.#entry !== undefined;
  }
}

/** A bucket of so many versions of one key, and as many keys that a delete marker hides. */
interface FilledStore {
  readonly store: TestStore;
  readonly engine: CountingEngine;
  readonly count: number;
  /** Ids of the key's older versions, the newest first. */
  readonly ids: readonly string[];
}

async function filled(count: number): Promise<FilledStore> {
  const engine = new CountingEngine();
  const store = await openUncheckedStore({ metadata: engine });
  const versions = Array.from({ length: count }, (_, index) => versionAt(count - index, false));
  const [current, ...older] = versions;
  const changes = [put(bucketRow(BUCKET.name), VERSIONED), put(objectRow(BUCKET.id, HOT), current!)];
  for (const version of older) changes.push(put(versionRow(BUCKET.id, HOT, version.sequence), version));
  for (let index = 0; index < count; index++) {
    for (const version of [versionAt(2, true), versionAt(1, false)]) {
      changes.push(put(versionRow(BUCKET.id, hiddenKey(index), version.sequence), version));
    }
  }
  for (const key of FEW_KEYS) changes.push(put(objectRow(BUCKET.id, key), versionAt(1, false)));
  await commit(store, changes);
  return { store, engine, count, ids: older.map(({ versionId }) => versionId!) };
}

function versionAt(sequence: number, isDeleteMarker: boolean): ObjectRecord {
  const versionId = newVersionId(sequence, { realNowMs: 0, newId: () => String(sequence) });
  return {
    ...NEW_OBJECT,
    ownerId: "o",
    ownerName: "O",
    content: { kind: "empty" },
    versionId,
    sequence,
    isDeleteMarker,
    restore: undefined,
  };
}

/** One of few versions, and one of many; what tests do to one they do to the other. */
const stores: readonly FilledStore[] = await Promise.all([FEW_VERSIONS, MANY_VERSIONS].map(filled));

/** Does something to both stores, and compares how many rows each looked at. */
async function costs(maxRows: number, work: (store: FilledStore) => Promise<unknown>): Promise<void> {
  const counts: number[] = [];
  for (const one of stores) {
    one.engine.rows = 0;
    await work(one);
    counts.push(one.engine.rows);
  }
  const [few, many] = counts;
  assert.equal(many, few, "rows among many versions, and among few");
  assert.ok(few! <= maxRows, `${few} rows, of ${maxRows} at most`);
}

function page({ store }: FilledStore, from: Partial<VersionPagePlan> = {}): Promise<VersionPage> {
  const first = { prefix: "", delimiter: "", keyMarker: "", versionIdMarker: undefined, limit: PAGE_VERSIONS };
  return pageOfVersions(store, VERSIONED, { ...first, ...from });
}

test("pageOfVersions: a page costs the page, among however many versions of one key and however many delete markers", async () => {
  const places: ((filledStore: FilledStore) => Partial<VersionPagePlan>)[] = [
    () => ({}),
    ({ ids }) => ({ keyMarker: HOT, versionIdMarker: ids[ids.length >> 1] }),
    ({ count }) => ({ keyMarker: hiddenKey(count >> 1) }),
    ({ count }) => ({ keyMarker: hiddenKey(count >> 1), versionIdMarker: versionAt(2, true).versionId }),
  ];
  for (const place of places) {
    await costs(MAX_ROWS_OF_PAGE, async (one) => {
      const { items, more } = await page(one, place(one));
      assert.deepEqual([items.length, more], [PAGE_VERSIONS, true]);
    });
  }
});

test("pageOfVersions: a page passes over what folds into a common prefix, and over what lies behind its own prefix", async () => {
  await costs(MAX_ROWS_OF_FEW, async (one) => {
    const { items } = await page(one, { delimiter: "/" });
    assert.deepEqual(
      items.map((item) => ("commonPrefix" in item ? item.commonPrefix : item.key)),
      ["a", "dir/", "hidden/", "zoo"],
    );
    assert.equal((await page(one, { prefix: "zoo" })).items.length, 1);
    assert.equal((await page(one, { keyMarker: HOT, prefix: "dir/" })).items.length, 1);
  });
});

test("pageOfObjects: a page looks at current objects alone", async () => {
  await costs(MAX_ROWS_OF_FEW, async ({ store }) => {
    for (const delimiter of ["", "/"]) {
      const plan = { prefix: "", delimiter, after: "", limit: PAGE_VERSIONS, detail: "plain" } as const;
      const { items } = await pageOfObjects(store, VERSIONED, plan);
      assert.deepEqual(
        items.map((item) => ("commonPrefix" in item ? item.commonPrefix : item.key)),
        delimiter === "" ? ["a", HOT, "dir/later", "zoo"] : ["a", "dir/", "zoo"],
      );
    }
  });
});

test("historyRows: a decision reads one older version more than it may take away", () => {
  assert.equal(historyRows(VERSIONED, HOT).older!.limit, 1);
  assert.equal(
    historyRows(VERSIONED, HOT, { versionIds: [newVersionId(1, { realNowMs: 1, newId: () => "id" }), "null"] }).older!.limit,
    3,
  );
  assert.equal(historyRows(BUCKET, HOT).older, undefined);
});

test("objects: to find, put, delete and take away one of very many versions costs what it costs of few", async () => {
  await costs(MAX_ROWS_OF_CHANGES, async ({ store, ids }) => {
    const oldest = ids.at(-1)!;
    assert.equal((await objects.findVersion(store, VERSIONED, HOT, oldest))!.versionId, oldest);
    assert.equal(await objects.findVersion(store, VERSIONED, HOT, "null"), undefined);
    const target = { ...targetOf(HOT), bucket: VERSIONED };
    const nothing = { location: { kind: "empty" }, sizeBytes: 0, changes: [], abandon: async () => undefined } as const;
    await objects.putObject(store, target, NEW_OBJECT, nothing);
    for (const versionId of [oldest, undefined]) {
      await objects.deleteObject(store, VERSIONED, { key: HOT, versionId, ...NO_POWERS }, store.nowMs);
    }
    assert.equal((await objects.findDeleteMarker(store, VERSIONED, HOT))!.isDeleteMarker, true);
    assert.equal(await objects.findVersion(store, VERSIONED, HOT, oldest), undefined);
  });
});
