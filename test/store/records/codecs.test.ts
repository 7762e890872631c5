import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { bucketCodec } from "../../../src/store/records/BucketRecord.ts";
import { completedUploadCodec } from "../../../src/store/records/CompletedUploadRecord.ts";
import { contentCodec } from "../../../src/store/records/ContentRecord.ts";
import { FieldReader, FieldWriter, RecordFormatError } from "../../../src/store/records/fields.ts";
import type { ObjectRecord } from "../../../src/store/records/ObjectRecord.ts";
import { decodeObjectSummary, objectCodec } from "../../../src/store/records/ObjectRecord.ts";
import { ownerCodec } from "../../../src/store/records/OwnerRecord.ts";
import { partCodec } from "../../../src/store/records/PartRecord.ts";
import { readLeaseCodec } from "../../../src/store/records/ReadLeaseRecord.ts";
import type { Codec } from "../../../src/store/records/Row.ts";
import { settingCodec } from "../../../src/store/records/SettingRecord.ts";
import { uploadCodec } from "../../../src/store/records/UploadRecord.ts";
import { userCodec } from "../../../src/store/records/UserRecord.ts";
import * as samples from "./samples.ts";

const { FORMAT_1 } = samples;
const CODECS = [
  ["BUCKET", bucketCodec],
  ["CONFIGURED_BUCKET", bucketCodec],
  ["SETTING", settingCodec],
  ["READ_LEASE", readLeaseCodec],
  ["INLINE_OBJECT", objectCodec],
  ["MULTIPART_OBJECT", objectCodec],
  ["EMPTY_OBJECT", objectCodec],
  ["CONTENT", contentCodec],
  ["UPLOAD", uploadCodec],
  ["UPLOAD_ON_OBJECT", uploadCodec],
  ["UPLOAD_ON_NOTHING", uploadCodec],
  ["PART", partCodec],
  ["COMPLETED", completedUploadCodec],
  ["USER", userCodec],
  ["DISABLED_USER", userCodec],
  ["OWNER", ownerCodec],
  ["FIRST_OWNER", ownerCodec],
] as unknown as readonly (readonly [keyof typeof FORMAT_1, Codec<unknown, Buffer>])[];

for (const [name, { encode, decode }] of CODECS) {
  const record = samples[name];
  const frozen = Buffer.from(FORMAT_1[name], "base64");

  test(`records: ${name} of format 1 decodes as it was written`, () => {
    assert.deepEqual(decode(frozen), record);
    // Engines may hand out views into larger buffers, and plain Uint8Arrays.
    const padded = new Uint8Array(frozen.length + 2);
    padded.set(frozen, 1);
    assert.deepEqual(decode(padded.subarray(1, -1)), record);
  });

  test(`records: ${name} is written as format 1 wrote it`, () => {
    assert.equal(encode(record).toString("base64"), FORMAT_1[name]);
  });

  test(`records: ${name} with fields of a later version decodes without them`, () => {
    const later = new FieldWriter(1);
    later.integer(1_000, 2 ** 50);
    later.text(1_001, "later");
    later.id(1_002, "abcd");
    assert.deepEqual(decode(Buffer.concat([frozen, later.finish().subarray(1)])), record);
  });

  test(`records: ${name} of an unknown format, or cut off, is refused`, () => {
    const unknown = Buffer.from(frozen);
    unknown[0] = 2;
    assert.throws(() => decode(unknown), RecordFormatError);
    assert.throws(() => decode(Buffer.alloc(0)), RecordFormatError);
    assert.throws(() => decode(frozen.subarray(0, -1)), RecordFormatError);
  });
}

test("decodeObjectSummary: reads what listings show, the owner only when asked", () => {
  const object = samples.INLINE_OBJECT;
  const summary = {
    lastModifiedMs: object.lastModifiedMs,
    sizeBytes: object.sizeBytes,
    etag: object.etag,
    storageClass: "STANDARD",
    checksumAlgorithm: "CRC64NVME",
    checksumType: "FULL_OBJECT",
    ownerId: "",
  };
  const bytes = objectCodec.encode(object);
  assert.deepEqual(decodeObjectSummary(bytes, false), summary);
  assert.deepEqual(decodeObjectSummary(bytes, true), { ...summary, ownerId: object.ownerId });
});

test("records: any object survives encoding and decoding", () => {
  const text = fc.string({ unit: "binary", maxLength: 40 });
  const whole = fc.maxSafeNat();
  const record: fc.Arbitrary<ObjectRecord> = fc.record({
    lastModifiedMs: whole,
    sizeBytes: whole,
    etag: fc.oneof(text, fc.stringMatching(/^[0-9a-f]{32}$/)),
    storageClass: text,
    ownerId: text,
    ownerName: text,
    content: fc.oneof(
      fc.record({ kind: fc.constantFrom("inline" as const, "content" as const), id: text }, { noNullPrototype: true }),
      fc.constant({ kind: "empty" as const }),
    ),
    checksum: fc.constantFrom(undefined, samples.INLINE_OBJECT.checksum),
    system: fc.record({ contentType: text, expires: text }, { requiredKeys: [], noNullPrototype: true }),
    user: fc.array(fc.tuple(text, text), { maxLength: 5 }),
    partsCount: fc.nat(10_000),
  });
  fc.assert(
    fc.property(record, (object) => {
      assert.deepEqual(objectCodec.decode(objectCodec.encode(object)), { ...object });
    }),
    { numRuns: 200 },
  );
});

test("records: a record larger than any before it is written whole", () => {
  const parts = Array.from({ length: 10_000 }, (_, index) => ({
    partNumber: index + 1,
    sizeBytes: 2 ** 32,
    checksum: "A".repeat(44),
  }));
  const record = { references: 1, segments: [], parts };
  assert.deepEqual(contentCodec.decode(contentCodec.encode(record)), record);
});

test("FieldWriter: refuses numbers that would not come back", () => {
  for (const value of [-1, 0.5, Number.NaN, 2 ** 53]) assert.throws(() => new FieldWriter(1).integer(1, value), RangeError);
  const writer = new FieldWriter(1);
  writer.integer(1, Number.MAX_SAFE_INTEGER);
  const reader = new FieldReader(writer.finish(), 1);
  assert.deepEqual([reader.next(), reader.integer, reader.next()], [1, Number.MAX_SAFE_INTEGER, 0]);
});
