import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { lentBytes } from "../../../src/protocol/Payload.ts";
import { describeBucket, findBucket } from "../../../src/store/buckets/buckets.ts";
import type { MetadataEngine } from "../../../src/store/metadata/MetadataEngine.ts";
import { openContent, writeContent } from "../../../src/store/objects/content.ts";
import * as objects from "../../../src/store/objects/objects.ts";
import { shownVersionId } from "../../../src/store/objects/versionIds.ts";
import type { VersionPageItem } from "../../../src/store/objects/versionListing.ts";
import { pageOfVersions } from "../../../src/store/objects/versionListing.ts";
import type { BucketRecord, VersioningStatus } from "../../../src/store/records/BucketRecord.ts";
import type { ObjectRecord } from "../../../src/store/records/ObjectRecord.ts";
import { PLAIN_OBJECT } from "../../../src/store/records/ObjectRecord.ts";
import { replaying } from "../checkedStore.ts";
import type { TestStore } from "../testStore.ts";
import { BUCKET, openTestStore, source } from "../testStore.ts";

/** One version as a simple model sees it: newest first in a list of its key. */
interface ModelVersion {
  readonly id: string;
  /** `undefined` for a delete marker. */
  readonly text: string | undefined;
  held: boolean;
}

const KEYS = ["a", "a/b", "a/c/d", "a\u0000", "b", "ключ/1", "ключ/2"] as const;
const NO_CONDITIONS = { ifMatch: undefined, ifNoneMatch: undefined };
const UNKNOWN_ID = "A".repeat(32);

type Step =
  | { readonly kind: "put"; readonly key: string; readonly large: boolean }
  | { readonly kind: "copy"; readonly key: string; readonly from: string; readonly which: number }
  | { readonly kind: "delete"; readonly key: string }
  | { readonly kind: "deleteMany"; readonly of: readonly (readonly [key: string, which: number])[] }
  | { readonly kind: "hold"; readonly key: string; readonly which: number; readonly held: boolean }
  | { readonly kind: "versioning"; readonly status: VersioningStatus }
  | { readonly kind: "clock"; readonly byMs: number };

const key = fc.constantFrom(...KEYS);
/** -1: no version at all; otherwise one of the key's, counted round and round, or one that there is not. */
const which = fc.integer({ min: -1, max: 6 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("put" as const), key, large: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("copy" as const), key, from: key, which }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("delete" as const), key }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("deleteMany" as const), of: fc.array(fc.tuple(key, which), { maxLength: 6 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("hold" as const), key, which, held: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("versioning" as const),
      status: fc.constantFrom("Enabled" as const, "Suspended" as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("clock" as const), byMs: fc.integer({ min: -5, max: 5 }) }) },
);

/** A store, and what ought to be in it. */
class Pair {
  readonly store: TestStore;
  readonly #model = new Map<string, ModelVersion[]>();
  #bucket: BucketRecord = BUCKET;
  #texts = 0;

  constructor(store: TestStore) {
    this.store = store;
  }

  async take(one: Step): Promise<void> {
    switch (one.kind) {
      case "put":
        return this.#put(one.key, one.large);
      case "copy":
        return this.#copy(one.key, one.from, one.which);
      case "delete":
        return this.#delete([[one.key, -1]]);
      case "deleteMany":
        return one.of.length === 0 ? undefined : this.#delete(one.of);
      case "hold":
        return this.#hold(one.key, one.which, one.held);
      case "versioning":
        await describeBucket(this.store, this.#bucket, (bucket) => ({ ...bucket, versioning: one.status }));
        this.#bucket = (await findBucket(this.store, BUCKET.name))!;
        return;
      case "clock":
        this.store.nowMs += one.byMs;
    }
  }

  #versions(of: string): ModelVersion[] {
    const versions = this.#model.get(of) ?? [];
    this.#model.set(of, versions);
    return versions;
  }

  /** The id that a step names: of a version there is, of none, or none at all. */
  #idOf(of: string, index: number): string | undefined {
    if (index < 0) return undefined;
    return [...this.#versions(of).map(({ id }) => id), "null", UNKNOWN_ID][index % (this.#versions(of).length + 2)];
  }

  /** A new version on top; `id` is what the store said. */
  #add(of: string, id: string, text: string | undefined): void {
    const versions = this.#versions(of);
    if (this.#bucket.versioning !== "Enabled") {
      assert.equal(id, "null");
      const before = versions.findIndex((one) => one.id === "null");
      if (before >= 0) versions.splice(before, 1);
    } else assert.ok(id.length === 32 && !versions.some((one) => one.id === id), id);
    versions.unshift({ id, text, held: false });
  }

  #target(of: string): objects.ObjectTarget {
    return { bucket: this.#bucket, key: of, conditions: NO_CONDITIONS, existedBefore: false, nowMs: this.store.nowMs };
  }

  #described(sizeBytes: number) {
    const plain = { storageClass: "STANDARD", checksum: undefined, system: {}, user: [], partsCount: 0, ...PLAIN_OBJECT };
    const { ownerId, ownerName } = this.#bucket;
    return { ...plain, ownerId, ownerName, lastModifiedMs: this.store.nowMs, sizeBytes, etag: "0" };
  }

  async #put(of: string, large: boolean): Promise<void> {
    const text = `${this.#texts++} ${large ? "x".repeat(65_537) : ""}`;
    const written = await writeContent(this.store, source(Buffer.from(text)), this.store.nowMs);
    const record = await objects.putObject(this.store, this.#target(of), this.#described(Buffer.byteLength(text)), written);
    this.#add(of, record.versionId ?? "null", text);
    assert.equal(shownVersionId(this.#bucket, record), this.#bucket.versioning && this.#versions(of)[0]!.id);
  }

  async #copy(to: string, from: string, index: number): Promise<void> {
    const id = this.#idOf(from, index);
    const record = await this.#find(from, id);
    const model = this.#versions(from).find((one, place) => (id === undefined ? place === 0 : one.id === id));
    assert.equal(record === undefined || record.isDeleteMarker, model?.text === undefined);
    if (record === undefined || record.isDeleteMarker) return;
    const copy = await objects.copyObject(this.store, this.#target(to), this.#described(record.sizeBytes), record);
    this.#add(to, copy.versionId ?? "null", model!.text);
  }

  #find(of: string, id: string | undefined): Promise<ObjectRecord | undefined> | ObjectRecord | undefined {
    return id === undefined
      ? objects.findObject(this.store, this.#bucket, of)
      : objects.findVersion(this.store, this.#bucket, of, id);
  }

  async #delete(of: readonly (readonly [key: string, which: number])[]): Promise<void> {
    const deletions = of.map(([name, index]) => ({
      key: name,
      versionId: this.#idOf(name, index),
      ifMatch: undefined,
      bypassesGovernance: false,
      hasSecondFactor: false,
    }));
    const results = await objects.deleteObjects(this.store, this.#bucket, deletions, this.store.nowMs);
    for (const [index, { key: name, versionId }] of deletions.entries()) {
      const result = results[index]!;
      const versions = this.#versions(name);
      if (versionId === undefined && this.#bucket.versioning !== undefined) {
        assert.ok("marker" in result);
        this.#add(name, result.marker!.versionId ?? "null", undefined);
        continue;
      }
      const place = versions.findIndex(({ id }) => id === (versionId ?? "null"));
      if (versions[place]?.held === true) {
        assert.ok("code" in result && result.code === "AccessDenied");
        continue;
      }
      assert.ok("gone" in result);
      assert.equal(result.gone !== undefined, place >= 0);
      if (place >= 0) assert.equal(result.gone!.isDeleteMarker, versions.splice(place, 1)[0]!.text === undefined);
    }
  }

  /** Held versions need versioning: without it, deleting overwrites nothing that could be held. */
  async #hold(of: string, index: number, held: boolean): Promise<void> {
    if (this.#bucket.versioning !== "Enabled") return;
    const id = this.#idOf(of, index);
    const version = this.#versions(of).find((one, place) => (id === undefined ? place === 0 : one.id === id));
    let seen: ObjectRecord | undefined;
    await objects.describeVersion(this.store, this.#bucket, { key: of, versionId: id }, (record) => {
      seen = record;
      return { ...record!, legalHold: held ? "ON" : "OFF" };
    });
    assert.equal(seen === undefined, id === undefined ? version?.text === undefined : version === undefined);
    if (seen !== undefined) version!.held = held;
  }

  /** Throws unless the store holds what the model says, however it is asked. */
  async check(limit: number, delimiter: string): Promise<void> {
    for (const of of KEYS) await this.#checkKey(of);
    assert.deepEqual(await this.#listed(limit, delimiter), this.#expected(delimiter));
  }

  async #checkKey(of: string): Promise<void> {
    const versions = this.#versions(of);
    const [newest] = versions;
    const current = await objects.findObject(this.store, this.#bucket, of);
    assert.equal(
      current === undefined ? undefined : (current.versionId ?? "null"),
      newest?.text === undefined ? undefined : newest.id,
    );
    const marker = await objects.findDeleteMarker(this.store, this.#bucket, of);
    const isHidden = newest !== undefined && newest.text === undefined;
    assert.equal(marker === undefined ? undefined : (marker.versionId ?? "null"), isHidden ? newest.id : undefined);
    for (const { id, text, held } of versions) {
      const record = (await objects.findVersion(this.store, this.#bucket, of, id))!;
      assert.deepEqual(
        [record.versionId ?? "null", record.isDeleteMarker, record.legalHold === "ON"],
        [id, text === undefined, held],
      );
      if (text !== undefined) assert.equal(await this.#read(record), text);
    }
    assert.equal(await objects.findVersion(this.store, this.#bucket, of, UNKNOWN_ID), undefined);
    if (!versions.some(({ id }) => id === "null")) {
      assert.equal(await objects.findVersion(this.store, this.#bucket, of, "null"), undefined);
    }
  }

  async #read(object: ObjectRecord): Promise<string> {
    const { source: bytes } = await openContent(this.store, object, 0, object.sizeBytes);
    if (Buffer.isBuffer(bytes)) return bytes.toString();
    let text = "";
    for await (const piece of bytes) text += lentBytes(piece).toString();
    return text;
  }

  /** All pages, one behind the other. */
  async #listed(limit: number, delimiter: string): Promise<string[]> {
    const shown: string[] = [];
    let keyMarker = "";
    let versionIdMarker: string | undefined;
    for (;;) {
      const plan = { prefix: "", delimiter, keyMarker, versionIdMarker, limit };
      const { items, more } = await pageOfVersions(this.store, this.#bucket, plan);
      assert.ok(items.length === limit || (!more && items.length < limit));
      shown.push(...items.map(nameOf));
      if (!more) return shown;
      const last = items.at(-1)!;
      keyMarker = "commonPrefix" in last ? last.commonPrefix : last.key;
      versionIdMarker = "commonPrefix" in last ? undefined : (last.version.versionId ?? "null");
    }
  }

  #expected(delimiter: string): string[] {
    const inOrder = [...this.#model].toSorted(([one], [other]) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
    const names = inOrder.flatMap(([name, versions]) => {
      if (versions.length === 0) return [];
      const end = delimiter === "" ? -1 : name.indexOf(delimiter);
      if (end >= 0) return [`${name.slice(0, end + delimiter.length)} …`];
      return versions.map(({ id, text }, place) => `${name} ${id} ${text === undefined ? "deleted" : "object"} ${place === 0}`);
    });
    return [...new Set(names)];
  }
}

function nameOf(item: VersionPageItem): string {
  if ("commonPrefix" in item) return `${item.commonPrefix} …`;
  const { versionId = "null", isDeleteMarker } = item.version;
  return `${item.key} ${versionId} ${isDeleteMarker ? "deleted" : "object"} ${item.isLatest}`;
}

/** Holds the rules of versioning, on any engine, against a model that is nothing but lists. */
export function versionsSuite(name: string, fresh: () => Promise<MetadataEngine>, numRuns: number): void {
  test(`versions on ${name}: whatever is put, copied, deleted, held, enabled and suspended, what a simple model says is left`, async () => {
    const steps = fc.array(step, { maxLength: 40, size: "max" });
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: 1, max: 5 }), fc.constantFrom("", "/", "/c"), async (taken, limit, delimiter) => {
        const pair = new Pair(await openTestStore({ metadata: replaying(await fresh()) }));
        for (const one of taken) {
          await pair.take(one);
          await pair.check(limit, delimiter);
        }
      }),
      { numRuns },
    );
  });
}
