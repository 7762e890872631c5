import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { BlobDamagedError } from "../../../src/store/blobs/BlobEngine.ts";
import {
  ContentGoneError,
  INLINE_LIMIT_BYTES,
  InlineDamagedError,
  MAX_READ_ATTEMPTS,
  openContent,
  stretches,
  unpackInline,
  withFreshContent,
  writeBlob,
  writeContent,
} from "../../../src/store/objects/content.ts";
import { namedBlobRow } from "../../../src/store/records/blobRows.ts";
import { contentRow, inlineRow } from "../../../src/store/records/ContentRecord.ts";
import type { ContentLocation } from "../../../src/store/records/ObjectRecord.ts";
import { put } from "../../../src/store/records/Row.ts";
import type { Store } from "../../../src/store/Store.ts";
import { readRow } from "../../../src/store/transact.ts";
import { collectBytes, patternBytes } from "../blobs/blobs.suite.ts";
import { expectLoose } from "../checkedStore.ts";
import { commit, copyObject, deleteObject, nameContent, objectRecord, openTestStore, putObject, source } from "../testStore.ts";

async function read(store: Store, location: ContentLocation, start: number, end: number): Promise<Buffer> {
  const { source: body, sizeBytes } = await openContent(store, location, start, end);
  assert.equal(sizeBytes, end - start);
  return Buffer.isBuffer(body) ? body : collectBytes(body);
}

for (const [sizeBytes, kind] of [
  [0, "empty"],
  [1, "inline"],
  [INLINE_LIMIT_BYTES, "inline"],
  [INLINE_LIMIT_BYTES + 1, "content"],
  [700_000, "content"],
] as const) {
  test(`writeContent: ${sizeBytes} bytes are kept ${kind}, and read back once committed`, async () => {
    const store = await openTestStore();
    const bytes = patternBytes(sizeBytes);
    const written = await writeContent(store, source(bytes, 10_000), store.nowMs);
    assert.equal(written.location.kind, kind);
    assert.equal(written.sizeBytes, sizeBytes);
    if (kind !== "empty") await assert.rejects(openContent(store, written.location, 0, sizeBytes), ContentGoneError);
    await nameContent(store, "key", written);
    assert.ok((await read(store, written.location, 0, sizeBytes)).equals(bytes));
    const [start, end] = [Math.floor(sizeBytes / 3), Math.ceil(sizeBytes / 2)];
    assert.ok((await read(store, written.location, start, end)).equals(bytes.subarray(start, end)));
    assert.equal(store.readers.oldestStartedAtMs(), undefined);
  });
}

test("writeContent: a source that fails leaves nothing behind", async () => {
  const store = await openTestStore();
  for (const sizeBytes of [1000, INLINE_LIMIT_BYTES + 1000]) {
    const broken = {
      sizeBytes,
      async *[Symbol.asyncIterator]() {
        yield patternBytes(500);
        throw new Error("BadDigest");
      },
    };
    await assert.rejects(writeContent(store, broken, store.nowMs), /BadDigest/);
  }
  assert.deepEqual(await store.blobs.statistics(), { blobs: 0, sizeBytes: 0 });
});

test("writeContent: a source that breaks its word about its size is refused", async () => {
  const store = await openTestStore();
  for (const [announced, actual] of [
    [0, 1],
    [10, 9],
    [10, 11],
  ] as const) {
    await assert.rejects(writeContent(store, { ...source(patternBytes(actual)), sizeBytes: announced }, store.nowMs), RangeError);
  }
});

test("writeContent: what is abandoned is gone", async () => {
  const store = await openTestStore();
  for (const sizeBytes of [0, 10, 100_000])
    await (await writeContent(store, source(patternBytes(sizeBytes)), store.nowMs)).abandon();
  assert.deepEqual(await store.blobs.statistics(), { blobs: 0, sizeBytes: 0 });
});

test("writeBlob: a part is a blob whatever its size, and nothing when it is empty", async () => {
  const store = await openTestStore();
  const empty = await writeBlob(store, source(Buffer.alloc(0)));
  assert.deepEqual([empty.blob, empty.sizeBytes, empty.changes], [undefined, 0, []]);
  const small = await writeBlob(store, source(patternBytes(5)));
  assert.equal(small.sizeBytes, 5);
  assert.deepEqual(small.changes, [put(namedBlobRow(small.blob!), true)]);
  await small.abandon();
});

test("writeContent: later content sorts behind earlier", async () => {
  const store = await openTestStore();
  const ids: string[] = [];
  for (const nowMs of [1, 255, 1_800_000_000_000, 9_000_000_000_000]) {
    const { location } = await writeContent(store, source(patternBytes(10)), nowMs);
    assert.ok(location.kind === "inline");
    ids.push(location.id);
  }
  assert.deepEqual(ids, ids.toSorted());
  assert.equal(new Set(ids.map((id) => id.slice(12))).size, ids.length);
});

test("openContent: bytes of several blobs come as one, in any range", async () => {
  const store = await openTestStore();
  const sizes = [1, 300_000, 7, 262_144, 90_000];
  const parts = await Promise.all(sizes.map((sizeBytes, index) => writeBlob(store, source(patternBytes(sizeBytes, index + 1)))));
  const whole = Buffer.concat(sizes.map((sizeBytes, index) => patternBytes(sizeBytes, index + 1)));
  const segments = parts.map(({ blob, sizeBytes }) => ({ blob: blob!, sizeBytes }));
  const location = { kind: "content", id: "of-several" } as const;
  const changes = [
    ...parts.flatMap((part) => part.changes),
    put(contentRow(location.id), { references: 1, segments, parts: [] }),
  ];
  await nameContent(store, "key", { location, sizeBytes: whole.length, changes });
  for (const start of [0, 1, 2, 300_001, 300_008, whole.length - 1]) {
    for (const end of [start + 1, 300_001, 300_009, whole.length]) {
      if (end > start)
        assert.ok((await read(store, location, start, end)).equals(whole.subarray(start, end)), `${start} to ${end}`);
    }
  }
});

test("stretches: cover exactly the range asked for, in order", () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 6 });
  fc.assert(
    fc.property(sizes, fc.nat(50), fc.nat(50), (sizesBytes, from, length) => {
      const segments = sizesBytes.map((sizeBytes, index) => ({ blob: `${index}`, sizeBytes }));
      const bytes = segments.flatMap(({ blob, sizeBytes }) => Array.from({ length: sizeBytes }, (_, at) => `${blob}:${at}`));
      const found = stretches({ references: 1, segments, parts: [] }, from, from + length);
      const covered = found.flatMap(({ blob, start, end }) =>
        Array.from({ length: end - start }, (_, at) => `${blob}:${start + at}`),
      );
      assert.deepEqual(covered, bytes.slice(from, from + length));
    }),
  );
});

test("openContent: a reader is known until its stream ends, fails, or is left", async () => {
  const store = await openTestStore();
  const written = await putObject(store, "key", patternBytes(600_000));
  for (const steps of [0, 1, 99]) {
    const { source: stream } = await openContent(store, written.location, 0, 600_000);
    assert.equal(store.readers.oldestStartedAtMs(), store.nowMs);
    const iterator = (stream as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
    for (let step = 0; step < steps; step++) await iterator.next();
    await iterator.return?.();
    assert.equal(store.readers.oldestStartedAtMs(), undefined);
  }
});

test("openContent: content that ends too early is damage, and no reader stays behind", async () => {
  const store = await openTestStore();
  expectLoose(store);
  const written = await putObject(store, "key", patternBytes(100_000));
  await assert.rejects(openContent(store, written.location, 0, 100_001), BlobDamagedError);
  for await (const id of store.blobs.suspects({ all: true })) await store.blobs.remove(id);
  await assert.rejects(openContent(store, written.location, 0, 100_000), BlobDamagedError);
  assert.equal(store.readers.oldestStartedAtMs(), undefined);
});

test("openContent: any flipped byte of an inline row is found", async () => {
  const store = await openTestStore();
  const written = await putObject(store, "key", patternBytes(100));
  const [{ key, value }] = written.changes as [{ key: Uint8Array; value: Uint8Array }];
  for (let at = 0; at < value.length; at++) {
    const damaged = Buffer.from(value);
    damaged[at]! ^= 1 << (at % 8);
    await commit(store, [{ key, value: damaged }]);
    await assert.rejects(openContent(store, written.location, 0, 100), InlineDamagedError, `byte ${at}`);
  }
  assert.throws(() => unpackInline("x", Buffer.alloc(3)), InlineDamagedError);
});

test("copyObject: a copy counts a reference, or doubles inline bytes under a name of its own", async () => {
  const store = await openTestStore();
  for (const sizeBytes of [0, 10, 100_000]) {
    await putObject(store, "from", patternBytes(sizeBytes));
    await copyObject(store, "from", "to");
    const [from, to] = [(await objectRecord(store, "from"))!.content, (await objectRecord(store, "to"))!.content];
    if (from.kind === "content") assert.equal((await readRow(store, contentRow(from.id)))?.references, 2);
    assert.equal(to.kind, from.kind);
    assert.equal(from.kind !== "inline" || to.kind !== "inline" || from.id === to.id, from.kind !== "inline");
    await deleteObject(store, "from");
    assert.deepEqual(await read(store, to, 0, sizeBytes), patternBytes(sizeBytes));
    if (from.kind === "inline") assert.equal(await readRow(store, inlineRow(from.id)), undefined);
  }
});

test("withFreshContent: reads again when content is gone, a bounded number of times, and only then", async () => {
  let attempts = 0;
  const gone = (until: number) => async (): Promise<string> => {
    if (++attempts < until) throw new ContentGoneError({ kind: "inline", id: "x" });
    return "read";
  };
  assert.equal(await withFreshContent(gone(3)), "read");
  assert.equal(attempts, 3);
  attempts = 0;
  await assert.rejects(withFreshContent(gone(Infinity)), ContentGoneError);
  assert.equal(attempts, MAX_READ_ATTEMPTS);
  attempts = 0;
  await assert.rejects(
    withFreshContent(async () => {
      attempts++;
      throw new Error("other");
    }),
    /other/,
  );
  assert.equal(attempts, 1);
});
