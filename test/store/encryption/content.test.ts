import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ContentDamagedError, openContent, writeBlob } from "../../../src/store/objects/content.ts";
import { storedSize } from "../../../src/store/encryption/chunkCipher.ts";
import { OPENED_KEY_TERM_MS } from "../../../src/store/encryption/OpenedKeys.ts";
import { seal } from "../../../src/store/encryption/sealing.ts";
import type { ContentRecord } from "../../../src/store/records/ContentRecord.ts";
import { contentRow } from "../../../src/store/records/ContentRecord.ts";
import { inlineRow } from "../../../src/store/records/inlineBytes.ts";
import type { ObjectRecord } from "../../../src/store/records/ObjectRecord.ts";
import { objectRow } from "../../../src/store/records/ObjectRecord.ts";
import { put } from "../../../src/store/records/Row.ts";
import { readRow } from "../../../src/store/transact.ts";
import { scrub } from "../../../src/tasks/scrub.ts";
import { collectBytes, patternBytes } from "../blobs/blobs.suite.ts";
import type { TestStore } from "../testStore.ts";
import { BUCKET, commit, objectRecord, source } from "../testStore.ts";
import { expectLoose } from "../checkedStore.ts";
import { customerKey, encryptedStore, ENGINES, putEncrypted, readEncrypted, WISHES } from "./EncryptedStore.ts";

const CHUNK = 256 * 1024;
const DAMAGED = { name: "EncryptionDamagedError" };
const CUSTOMER = customerKey("k");
const MANAGED = { kind: "AES256" } as const;

function contentIdOf({ content }: ObjectRecord): string {
  assert.notEqual(content.kind, "empty");
  return (content as { id: string }).id;
}

async function contentOf(store: TestStore, key: string): Promise<ContentRecord> {
  return (await readRow(store, contentRow(contentIdOf((await objectRecord(store, key))!))))!;
}

async function storedBytes(store: TestStore, blob: string): Promise<Buffer> {
  return collectBytes(await store.blobs.open(blob, 0, await store.blobs.verify(blob)));
}

/** Puts other bytes in the place of a content's first blob, as one who can write to the folder may: with checksums that fit. */
async function replaceBlob(store: TestStore, key: string, bytes: Buffer): Promise<void> {
  const record = (await objectRecord(store, key))!;
  const content = await contentOf(store, key);
  const { blob, changes } = await writeBlob(store, source(bytes));
  const segments = content.segments.map((segment) => ({ ...segment, salt: segment.salt ?? segment.blob, blob: blob! }));
  await commit(store, [...changes, put(contentRow(contentIdOf(record)), { ...content, segments })]);
}

for (const engines of ENGINES) {
  test(`Encrypted content: comes back, is nowhere in clear, and is scrubbed without any key (${engines})`, async (t) => {
    const store = await encryptedStore(t, engines);
    for (const [number, wish] of WISHES.entries()) {
      for (const sizeBytes of [0, 1, 4_096, 65_536, 65_537, CHUNK - 16, CHUNK - 15, 700_000]) {
        const key = `${number}/${sizeBytes}`;
        const bytes = patternBytes(sizeBytes);
        const { encryption, content } = await putEncrypted(store, key, bytes, wish);
        assert.equal(encryption?.kind, wish.kind);
        assert.deepEqual(await readEncrypted(store, key, { customer: wish.kind === "customer" ? CUSTOMER : undefined }), bytes);
        if (content.kind === "inline") {
          const { bytes: stored } = (await readRow(store, inlineRow(content.id)))!;
          assert.equal(stored.length, sizeBytes + 16 * encryption.layers);
          assert.ok(sizeBytes < 16 || !stored.includes(bytes.subarray(0, 16)));
        } else if (content.kind === "content") {
          const { segments, cipher } = await contentOf(store, key);
          const stored = await storedBytes(store, segments[0]!.blob);
          assert.equal(stored.length, storedSize(cipher, sizeBytes));
          for (let at = 0; at + 16 <= sizeBytes; at += 4_096) assert.ok(!stored.includes(bytes.subarray(at, at + 16)));
        }
      }
    }
    const damaged: unknown[] = [];
    const found = await scrub(store, {
      signal: new AbortController().signal,
      onDamage: (damage) => damaged.push(damage),
      onProgress: () => undefined,
    });
    assert.deepEqual([damaged, found.objects], [[], WISHES.length * 8]);
  });

  test(`Encrypted content: any range is the range of what was written (${engines})`, async (t) => {
    const store = await encryptedStore(t, engines);
    const bytes = patternBytes(3 * CHUNK + 17);
    await putEncrypted(store, "one", bytes, MANAGED);
    await putEncrypted(store, "two", bytes, { kind: "aws:kms:dsse", keyId: undefined, context: {}, bucketKey: false });
    const edges = [0, 1, 2, 3].flatMap((chunk) => [-33, -32, -17, -16, -1, 0, 1].map((beside) => chunk * CHUNK + beside));
    const places = fc.oneof(
      fc.constantFrom(...edges.filter((place) => place >= 0 && place <= bytes.length)),
      fc.nat(bytes.length),
    );
    await fc.assert(
      fc.asyncProperty(places, places, fc.constantFrom("one", "two"), async (one, other, key) => {
        const [start, end] = [Math.min(one, other), Math.max(one, other)];
        assert.deepEqual(await readEncrypted(store, key, { start, end }), bytes.subarray(start, end));
      }),
      { numRuns: 60 },
    );
  });

  test(`Encrypted content: changed, swapped and missing bytes are damage, whatever their checksums say (${engines})`, async (t) => {
    const store = await encryptedStore(t, engines);
    if (engines === "memory") expectLoose(store);
    const bytes = patternBytes(3 * CHUNK);
    const chunks = (stored: Buffer): Buffer[] => {
      return Array.from({ length: Math.ceil(stored.length / CHUNK) }, (_, at) => stored.subarray(at * CHUNK, (at + 1) * CHUNK));
    };
    const faults: readonly [string, (stored: Buffer[]) => Buffer][] = [
      ["a flipped bit", (all) => flipped(Buffer.concat(all), 5)],
      [
        "a flipped bit in the last tag",
        (all) => flipped(Buffer.concat(all), all.flat().reduce((sum, one) => sum + one.length, 0) - 1),
      ],
      ["two chunks changed places", ([first, second, ...rest]) => Buffer.concat([second!, first!, ...rest])],
      ["a chunk came twice", ([first, , ...rest]) => Buffer.concat([first!, first!, ...rest])],
    ];
    for (const [name, fault] of faults) {
      const { sizeBytes } = await putEncrypted(store, name, bytes, MANAGED);
      const { segments } = await contentOf(store, name);
      await replaceBlob(store, name, fault(chunks(await storedBytes(store, segments[0]!.blob))));
      await assert.rejects(readEncrypted(store, name), DAMAGED, name);
      assert.equal(sizeBytes, bytes.length);
    }
    // Cut off behind whole chunks, with every record saying so.
    const record = await putEncrypted(store, "cut", bytes, MANAGED);
    const content = await contentOf(store, "cut");
    const [first] = chunks(await storedBytes(store, content.segments[0]!.blob));
    const cut = CHUNK - 16;
    const salt = content.segments[0]!.blob;
    await replaceBlob(store, "cut", first!);
    const { blob } = (await contentOf(store, "cut")).segments[0]!;
    await commit(store, [
      put(contentRow(contentIdOf(record)), { ...content, segments: [{ blob, sizeBytes: cut, salt }] }),
      put(objectRow(BUCKET.id, "cut"), { ...record, sizeBytes: cut }),
    ]);
    await assert.rejects(readEncrypted(store, "cut"), DAMAGED);
  });
}

function flipped(bytes: Buffer, at: number): Buffer {
  bytes[at]! ^= 1;
  return bytes;
}

test("Encrypted content: what stands in another object's place opens nothing", async (t) => {
  const store = await encryptedStore(t, "memory");
  expectLoose(store);
  const [small, large] = [patternBytes(100), patternBytes(CHUNK)];
  for (const [key, bytes] of [
    ["small a", small],
    ["small b", small],
    ["large a", large],
    ["large b", large],
  ] as const) {
    await putEncrypted(store, key, bytes, MANAGED);
    await readEncrypted(store, key);
  }
  const [a, b] = [(await objectRecord(store, "small a"))!, (await objectRecord(store, "small b"))!];
  const inline = (record: ObjectRecord) => inlineRow(contentIdOf(record));
  await commit(store, [put(inline(a), (await readRow(store, inline(b)))!)]);
  await assert.rejects(readEncrypted(store, "small a"), DAMAGED);
  // A whole record, which opened its own object a moment ago.
  await commit(store, [put(objectRow(BUCKET.id, "small a"), b)]);
  await assert.rejects(readEncrypted(store, "small a"), DAMAGED);
  const [c, d] = [(await objectRecord(store, "large a"))!, (await objectRecord(store, "large b"))!];
  await commit(store, [put(contentRow(contentIdOf(c)), await contentOf(store, "large b"))]);
  await assert.rejects(readEncrypted(store, "large a"), DAMAGED);
  await commit(store, [put(objectRow(BUCKET.id, "large a"), d)]);
  await assert.rejects(readEncrypted(store, "large a"), DAMAGED);
  assert.deepEqual(await readEncrypted(store, "large b"), large);
});

test("Encrypted content: parts of an object cannot change places, nor stand for one another", async (t) => {
  const store = await encryptedStore(t, "memory");
  expectLoose(store);
  const sealed = (await seal(store, MANAGED, { bucket: BUCKET, key: "parts" }))!;
  const bytes = [patternBytes(70_000, 1), patternBytes(70_000, 2)];
  const written = [];
  for (const [index, part] of bytes.entries()) {
    written.push(await writeBlob(store, source(part), { dataKey: sealed.dataKey, partNumber: index + 1 }));
  }
  const segments = written.map(({ blob, sizeBytes }) => ({ blob: blob!, sizeBytes, salt: undefined }));
  const parts = [1, 2].map((partNumber) => ({ partNumber, sizeBytes: 70_000, checksum: undefined }));
  const content: ContentRecord = { references: 1, segments, parts, cipher: written[0]!.cipher };
  const object = { content: { kind: "content", id: "parts" } as const, sizeBytes: 140_000, encryption: sealed.encryption };
  const read = async (record: ContentRecord): Promise<Buffer> => {
    await commit(store, [put(contentRow("parts"), record)]);
    const { source: found } = await openContent(store, object, 0, object.sizeBytes, sealed.dataKey);
    return Buffer.isBuffer(found) ? found : collectBytes(found);
  };
  await commit(
    store,
    written.flatMap(({ changes }) => changes),
  );
  assert.deepEqual(await read(content), Buffer.concat(bytes));
  const turned = segments.toReversed();
  await assert.rejects(read({ ...content, segments: turned }), DAMAGED);
  await assert.rejects(read({ ...content, segments: turned, parts: parts.toReversed() }), DAMAGED);
  await assert.rejects(read({ ...content, segments: [segments[0]!, segments[0]!] }), DAMAGED);
  await assert.rejects(read({ ...content, cipher: undefined }), ContentDamagedError);
});

test("Encrypted content: a blob that lies under another id is read by the id it was written under", async (t) => {
  const store = await encryptedStore(t, "memory");
  expectLoose(store);
  const bytes = patternBytes(CHUNK + 5);
  await putEncrypted(store, "moved", bytes, MANAGED);
  const { segments } = await contentOf(store, "moved");
  await replaceBlob(store, "moved", await storedBytes(store, segments[0]!.blob));
  assert.deepEqual(await readEncrypted(store, "moved"), bytes);
});

test("Encrypted content: a customer's key opens what it sealed, and no other key does", async (t) => {
  const store = await encryptedStore(t, "memory");
  await putEncrypted(store, "key", patternBytes(10), { kind: "customer", key: CUSTOMER });
  assert.deepEqual(await readEncrypted(store, "key", { customer: CUSTOMER }), patternBytes(10));
  const wrong = { code: "AccessDenied", status: 403 };
  await assert.rejects(readEncrypted(store, "key", { customer: customerKey("x") }), wrong);
  await assert.rejects(readEncrypted(store, "key", { customer: { ...customerKey("x"), md5: CUSTOMER.md5 } }), wrong);
});

test("Encrypted content: the service is asked for a bucket's key once, and again after minutes; for others each time", async (t) => {
  const store = await encryptedStore(t, "memory");
  const { service } = store.keys;
  const asked = { made: 0, opened: 0 };
  const counting = {
    resolve: service.resolve.bind(service),
    generateDataKey: (...given: Parameters<typeof service.generateDataKey>) => {
      asked.made += 1;
      return service.generateDataKey(...given);
    },
    decrypt: (...given: Parameters<typeof service.decrypt>) => {
      asked.opened += 1;
      return service.decrypt(...given);
    },
  };
  const counted = Object.assign(store, { keys: { ...store.keys, service: counting } });
  const wish = (bucketKey: boolean) => ({ kind: "aws:kms", keyId: undefined, context: {}, bucketKey }) as const;
  for (const key of ["a", "b", "c"]) await putEncrypted(counted, key, Buffer.from(key), wish(true));
  for (const key of ["a", "b", "c"]) assert.equal((await readEncrypted(counted, key)).toString(), key);
  assert.deepEqual(asked, { made: 1, opened: 1 });
  store.nowMs += OPENED_KEY_TERM_MS;
  await putEncrypted(counted, "d", Buffer.from("d"), wish(true));
  await readEncrypted(counted, "a");
  assert.deepEqual(asked, { made: 2, opened: 2 });
  for (const key of ["e", "f"]) await putEncrypted(counted, key, Buffer.from(key), wish(false));
  for (const key of ["e", "e"]) await readEncrypted(counted, key);
  assert.deepEqual(asked, { made: 4, opened: 4 });
});

test("Encrypted content: a lost master key, and a seal that is not whole or of other layers, are damage", async (t) => {
  const store = await encryptedStore(t, "memory");
  expectLoose(store);
  const record = await putEncrypted(store, "key", patternBytes(10), MANAGED);
  for (const encryption of [
    { ...record.encryption!, keyName: "another" },
    { ...record.encryption!, sealedKey: record.encryption!.sealedKey.subarray(1) },
    { ...record.encryption!, layers: 2 as const },
  ]) {
    await commit(store, [put(objectRow(BUCKET.id, "key"), { ...record, encryption })]);
    await assert.rejects(readEncrypted(store, "key"), DAMAGED);
  }
});
