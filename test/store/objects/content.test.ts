import assert from "node:assert/strict";
import { test } from "node:test";
import { crc32 } from "node:zlib";
import fc from "fast-check";
import { BlobDamagedError } from "../../../src/store/blobs/BlobEngine.ts";
import type { NamedBytes } from "../../../src/store/objects/content.ts";
import {
  ContentDamagedError,
  ContentGoneError,
  INLINE_LIMIT_BYTES,
  openContent,
  shareContent,
  stretches,
  withFreshContent,
  writeBlob,
  writeContent,
} from "../../../src/store/objects/content.ts";
import { namedBlobRow } from "../../../src/store/records/blobRows.ts";
import { contentRow } from "../../../src/store/records/ContentRecord.ts";
import { recordChecksum } from "../../../src/store/records/recordChecksum.ts";
import { inlineRow } from "../../../src/store/records/inlineBytes.ts";
import { mark, put } from "../../../src/store/records/Row.ts";
import { UnreadableRecordError } from "../../../src/store/records/UnreadableRecordError.ts";
import * as objects from "../../../src/store/objects/objects.ts";
import type { Store } from "../../../src/store/Store.ts";
import { readRow } from "../../../src/store/transact.ts";
import { collectBytes, patternBytes } from "../blobs/blobs.suite.ts";
import { expectLoose } from "../checkedStore.ts";
import {
  commit,
  copyObject,
  deleteObject,
  nameContent,
  objectRecord,
  openTestStore,
  putObject,
  source,
  targetOf,
} from "../testStore.ts";

async function read(store: Store, object: NamedBytes, start: number, end: number): Promise<Buffer> {
  const { source: body, sizeBytes } = await openContent(store, object, start, end);
  assert.equal(sizeBytes, end - start);
  return Buffer.isBuffer(body) ? body : collectBytes(body);
}

for (const [sizeBytes, kind] of [
  [0, "empty"],
  [1, "inline"],
  [65_536, "inline"],
  [65_537, "content"],
  [700_000, "content"],
] as const) {
  test(`writeContent: ${sizeBytes} bytes are kept ${kind}, and read back once committed`, async () => {
    const store = await openTestStore();
    const bytes = patternBytes(sizeBytes);
    const written = await writeContent(store, source(bytes, 10_000), store.nowMs);
    assert.equal(written.location.kind, kind);
    assert.equal(written.sizeBytes, sizeBytes);
    const object = { content: written.location, sizeBytes };
    if (kind !== "empty") await assert.rejects(openContent(store, object, 0, sizeBytes), ContentGoneError);
    await nameContent(store, "key", written);
    assert.ok((await read(store, object, 0, sizeBytes)).equals(bytes));
    const [start, end] = [Math.floor(sizeBytes / 3), Math.ceil(sizeBytes / 2)];
    assert.ok((await read(store, object, start, end)).equals(bytes.subarray(start, end)));
    assert.equal(store.readers.count, 0);
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

test("writeContent: a source that has fewer bytes than announced is kept with what came", async () => {
  const store = await openTestStore();
  // No object is made of them.
  expectLoose(store);
  for (const [announced, actual, kind] of [
    [10, 0, "empty"],
    [10, 9, "inline"],
    [65_536, 1, "inline"],
    [65_537, 0, "content"],
    [65_537, 1, "content"],
    [5_000_000, 700_000, "content"],
  ] as const) {
    const bytes = patternBytes(actual);
    const written = await writeContent(store, { ...source(bytes, 10_000), sizeBytes: announced }, store.nowMs);
    assert.deepEqual([written.location.kind, written.sizeBytes], [kind, actual]);
    const object = { content: written.location, sizeBytes: actual };
    await commit(store, written.changes);
    assert.deepEqual(await read(store, object, 0, actual), bytes);
  }
});

test("writeContent: a source that has more bytes than announced is refused", async () => {
  const store = await openTestStore();
  for (const [announced, actual] of [
    [0, 1],
    [10, 11],
  ] as const) {
    await assert.rejects(writeContent(store, { ...source(patternBytes(actual)), sizeBytes: announced }, store.nowMs), RangeError);
  }
});

test("writeBlob: a source that has bytes, and announced none, is refused", async () => {
  const store = await openTestStore();
  await assert.rejects(writeBlob(store, { ...source(patternBytes(1)), sizeBytes: 0 }), RangeError);
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
  assert.deepEqual(small.changes, [mark(namedBlobRow(small.blob!))]);
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
  const segments = parts.map(({ blob, sizeBytes }) => ({ blob: blob!, sizeBytes, salt: undefined }));
  const location = { kind: "content", id: "of-several" } as const;
  const changes = [
    ...parts.flatMap((part) => part.changes),
    put(contentRow(location.id), { references: 1, segments, parts: [], cipher: undefined }),
  ];
  await nameContent(store, "key", { location, sizeBytes: whole.length, changes });
  const object = { content: location, sizeBytes: whole.length };
  for (const start of [0, 1, 2, 300_001, 300_008, whole.length - 1]) {
    for (const end of [start + 1, 300_001, 300_009, whole.length]) {
      if (end > start)
        assert.ok((await read(store, object, start, end)).equals(whole.subarray(start, end)), `${start} to ${end}`);
    }
  }
});

test("openContent: no bytes of a large object are none, and nobody reads on", async () => {
  const store = await openTestStore();
  await putObject(store, "key", patternBytes(100_000));
  const object = (await objectRecord(store, "key"))!;
  assert.ok((await read(store, object, 50_000, 50_000)).equals(Buffer.alloc(0)));
  assert.equal(store.readers.count, 0);
});

test("stretches: cover exactly the range asked for, in order", () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 6 });
  fc.assert(
    fc.property(sizes, fc.nat(50), fc.nat(50), (sizesBytes, from, length) => {
      const segments = sizesBytes.map((sizeBytes, index) => ({ blob: `${index}`, sizeBytes, salt: undefined }));
      const bytes = segments.flatMap(({ blob, sizeBytes }) => Array.from({ length: sizeBytes }, (_, at) => `${blob}:${at}`));
      const found = stretches({ references: 1, segments, parts: [], cipher: undefined }, from, from + length);
      const covered = found.flatMap(({ blob, start, end }) =>
        Array.from({ length: end - start }, (_, at) => `${blob}:${start + at}`),
      );
      assert.deepEqual(covered, bytes.slice(from, from + length));
    }),
  );
});

test("stretches: none is empty, and blobs that the range only touches are left alone", () => {
  const segments = [3, 0, 4, 5].map((sizeBytes, index) => ({ blob: `${index}`, sizeBytes, salt: undefined }));
  const blobs = (start: number, end: number): string[] =>
    stretches({ references: 1, segments, parts: [], cipher: undefined }, start, end).map(({ blob }) => blob);
  assert.deepEqual(blobs(0, 3), ["0"]);
  assert.deepEqual(blobs(3, 7), ["2"]);
  assert.deepEqual(blobs(2, 8), ["0", "2", "3"]);
  for (const at of [0, 3, 12, 20]) assert.deepEqual(blobs(at, at), []);
});

test("openContent: a reader is known until its stream ends, fails, or is left", async () => {
  const store = await openTestStore();
  await putObject(store, "key", patternBytes(600_000));
  const object = (await objectRecord(store, "key"))!;
  for (const steps of [0, 1, 99]) {
    const { source: stream } = await openContent(store, object, 0, 600_000);
    assert.equal(store.readers.count, 1);
    const iterator = (stream as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
    for (let step = 0; step < steps; step++) await iterator.next();
    await iterator.return?.();
    assert.equal(store.readers.count, 0);
  }
});

for (const sizeBytes of [0, 10, 100_000]) {
  test(`openContent: a record that says more or less than the ${sizeBytes} bytes stored is damage, whatever is asked for`, async () => {
    const store = await openTestStore();
    await putObject(store, "key", patternBytes(sizeBytes));
    const object = (await objectRecord(store, "key"))!;
    for (const said of [sizeBytes + 1, sizeBytes - 1, 2 * sizeBytes + 1]) {
      const wrong = { ...object, sizeBytes: said };
      const says = new RegExp(`says ${said} bytes, and .* has ${sizeBytes}$`);
      for (const end of [0, 1, sizeBytes]) {
        await assert.rejects(openContent(store, wrong, 0, end), says);
        await assert.rejects(openContent(store, wrong, 0, end), ContentDamagedError);
      }
      await assert.rejects(objects.copyObject(store, targetOf("copy"), object, wrong), ContentDamagedError);
      await assert.rejects(objects.readParts(store, wrong), ContentDamagedError);
    }
    assert.equal(await objectRecord(store, "copy"), undefined);
    assert.equal(store.readers.count, 0);
  });
}

test("openContent: a blob that is missing, or of another size than its record says, is damage, and no reader stays behind", async () => {
  const store = await openTestStore();
  expectLoose(store);
  await putObject(store, "key", patternBytes(100_000));
  const object = (await objectRecord(store, "key"))!;
  const row = contentRow((object.content as { id: string }).id);
  const record = (await readRow(store, row))!;
  const segments = [{ blob: record.segments[0]!.blob, sizeBytes: 99_999, salt: undefined }];
  await commit(store, [put(row, { ...record, segments })]);
  await assert.rejects(openContent(store, { ...object, sizeBytes: 99_999 }, 0, 1), BlobDamagedError);
  await commit(store, [put(row, record)]);
  for await (const id of store.blobs.suspects({ all: true })) await store.blobs.remove(id);
  await assert.rejects(openContent(store, object, 0, 100_000), BlobDamagedError);
  assert.equal(store.readers.count, 0);
});

test("readParts: a record that names other parts than its content has is damage", async () => {
  const store = await openTestStore();
  const { blob, changes, sizeBytes } = await writeBlob(store, source(patternBytes(10)));
  const segments = [{ blob: blob!, sizeBytes, salt: undefined }];
  const part = { partNumber: 1, sizeBytes, checksum: undefined };
  const row = contentRow("of-one");
  const location = { kind: "content", id: "of-one" } as const;
  await nameContent(store, "key", {
    location,
    sizeBytes,
    changes: [...changes, put(row, { references: 1, segments, parts: [part], cipher: undefined })],
  });
  const object = { ...(await objectRecord(store, "key"))!, partsCount: 1 };
  assert.deepEqual(await objects.readParts(store, object), [part]);
  assert.deepEqual(await objects.readParts(store, { ...object, partsCount: 0 }), []);
  const inline = { ...object, content: (await putObject(store, "inline", patternBytes(10))).location };
  await assert.rejects(objects.readParts(store, inline), /says 1 parts of 10 bytes.* has 0 of 0$/);
  await assert.rejects(objects.readParts(store, { ...object, partsCount: 2 }), /says 2 parts of 10 bytes.* has 1 of 10$/);
  await commit(store, [put(row, { references: 1, segments, parts: [{ ...part, sizeBytes: 9 }], cipher: undefined })]);
  await assert.rejects(objects.readParts(store, object), /says 1 parts of 10 bytes.* has 1 of 9$/);
});

test("openContent: any flipped byte of an inline row is found, and a row in another one's place", async () => {
  const store = await openTestStore();
  expectLoose(store);
  const written = await putObject(store, "key", patternBytes(100));
  const object = { content: written.location, sizeBytes: 100 };
  const [{ key, value }] = written.changes as [{ key: Uint8Array; value: Uint8Array }];
  for (let at = 0; at < value.length; at++) {
    const damaged = Buffer.from(value);
    damaged[at]! ^= 1 << (at % 8);
    await commit(store, [{ key, value: damaged }]);
    await assert.rejects(openContent(store, object, 0, 100), UnreadableRecordError, `byte ${at}`);
  }
  await commit(store, [{ key, value: value.subarray(0, 3) }]);
  await assert.rejects(openContent(store, object, 0, 100), /has only 3 bytes/);
  const other = { content: { kind: "inline", id: "other" }, sizeBytes: 100 } as const;
  await commit(store, [{ key: inlineRow("other").key, value }]);
  await assert.rejects(openContent(store, other, 0, 100), /inlines\/other does not match its checksum/);
});

test("openContent: inline rows of formats 1 and 2 are read, and damage to them is seen", async () => {
  const store = await openTestStore();
  expectLoose(store);
  const object = { content: { kind: "inline", id: "old" }, sizeBytes: 5 } as const;
  const { key } = inlineRow("old");
  for (const [format, sum] of [
    [1, crc32("hello")],
    [2, crc32("hello", recordChecksum(key, key, 0, 0) >>> 0)],
  ] as const) {
    const value = Buffer.concat([Buffer.of(format, 0, 0, 0, 0), Buffer.from("hello")]);
    value.writeUInt32BE(sum, 1);
    await commit(store, [{ key, value }]);
    assert.equal((await read(store, object, 0, 5)).toString(), "hello");
    value[7]! ^= 1;
    await commit(store, [{ key, value }]);
    await assert.rejects(openContent(store, object, 0, 5), UnreadableRecordError);
  }
});

test("copyObject: a copy counts a reference, or doubles inline bytes under a name of its own", async () => {
  const store = await openTestStore();
  for (const sizeBytes of [0, 10, 100_000]) {
    await putObject(store, "from", patternBytes(sizeBytes));
    await copyObject(store, "from", "to");
    const copy = (await objectRecord(store, "to"))!;
    const [from, to] = [(await objectRecord(store, "from"))!.content, copy.content];
    if (from.kind === "content") assert.equal((await readRow(store, contentRow(from.id)))?.references, 2);
    assert.equal(to.kind, from.kind);
    assert.equal(from.kind !== "inline" || to.kind !== "inline" || from.id === to.id, from.kind !== "inline");
    await deleteObject(store, "from");
    assert.deepEqual(await read(store, copy, 0, sizeBytes), patternBytes(sizeBytes));
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
  assert.equal(attempts, 8);
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

test("ContentGoneError: says where nothing is", () => {
  for (const [location, message] of [
    [{ kind: "inline", id: "x" }, "nothing is stored at inline/x"],
    [{ kind: "content", id: "y" }, "nothing is stored at content/y"],
    [{ kind: "empty" }, "nothing is stored at an empty location"],
  ] as const) {
    const { name, message: told } = new ContentGoneError(location);
    assert.deepEqual([name, told], ["ContentGoneError", message]);
  }
});

test("writeContent: a source without bytes may come in pieces without any", async () => {
  const store = await openTestStore();
  const empty = {
    sizeBytes: 0,
    async *[Symbol.asyncIterator]() {
      yield Buffer.alloc(0);
    },
  };
  assert.deepEqual((await writeContent(store, empty, store.nowMs)).location, { kind: "empty" });
  assert.equal((await writeBlob(store, empty)).blob, undefined);
});

test("shareContent: what was overwritten meanwhile is gone, wherever it lay, and nothing is always there", () => {
  const at = { realNowMs: 1, newId: () => "0".repeat(20) };
  const stored = { inline: undefined, content: undefined };
  for (const kind of ["inline", "content"] as const) {
    assert.throws(() => shareContent({ content: { kind, id: "x" }, sizeBytes: 1 }, stored, at), ContentGoneError);
  }
  assert.deepEqual(shareContent({ content: { kind: "empty" }, sizeBytes: 0 }, stored, at), {
    location: { kind: "empty" },
    changes: [],
  });
});
