import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { deadBlobCodec } from "../../../src/store/records/blobRows.ts";
import { bucketCodec } from "../../../src/store/records/BucketRecord.ts";
import { completedUploadCodec } from "../../../src/store/records/CompletedUploadRecord.ts";
import { contentCodec } from "../../../src/store/records/ContentRecord.ts";
import { faultCountsCodec, faultRuleCodec, faultsCodec } from "../../../src/store/records/FaultRuleRecord.ts";
import { FieldReader, FieldWriter } from "../../../src/store/records/fields.ts";
import { groupCodec } from "../../../src/store/records/GroupRecord.ts";
import { identitiesCodec, idHolderCodec, keyUseCodec } from "../../../src/store/records/identityRows.ts";
import { policyCodec, policyDocumentCodec } from "../../../src/store/records/PolicyRecord.ts";
import { roleCodec } from "../../../src/store/records/RoleRecord.ts";
import { userCodec } from "../../../src/store/records/UserRecord.ts";
import { mfaDeviceCodec } from "../../../src/store/records/MfaDeviceRecord.ts";
import type { Restore } from "../../../src/store/records/restoreFields.ts";
import type { ObjectRecord } from "../../../src/store/records/ObjectRecord.ts";
import { decodeObjectSummary, objectCodec } from "../../../src/store/records/ObjectRecord.ts";
import { accountCodec } from "../../../src/store/records/AccountRecord.ts";
import { keyRingCodec } from "../../../src/store/records/KeyRingRecord.ts";
import { partCodec } from "../../../src/store/records/PartRecord.ts";
import { accountBlockCodec, EVERYTHING_BLOCKED } from "../../../src/store/records/PublicAccessBlock.ts";
import { readLeaseCodec } from "../../../src/store/records/ReadLeaseRecord.ts";
import { recordChecksum } from "../../../src/store/records/recordChecksum.ts";
import type { Codec } from "../../../src/store/records/Row.ts";
import { sealingKeyCodec } from "../../../src/store/records/SealingKeyRecord.ts";
import { settingCodec } from "../../../src/store/records/SettingRecord.ts";
import { testClockCodec } from "../../../src/store/records/TestClockRecord.ts";
import { UnreadableRecordError } from "../../../src/store/records/UnreadableRecordError.ts";
import { uploadCodec } from "../../../src/store/records/UploadRecord.ts";
import type { Grantee } from "../../../src/store/records/Acl.ts";
import { accessKeyCodec } from "../../../src/store/records/AccessKeyRecord.ts";
import * as samples from "./samples.ts";
import { FORMAT_1, FORMAT_2, KEY } from "./writtenSamples.ts";
import { UNVERSIONED } from "../../../src/store/records/ObjectRecord.ts";
import { nullVersionCodec } from "../../../src/store/records/versionRows.ts";
import { anyCharacter } from "../../anyCharacter.ts";

const CODECS = {
  BUCKET: bucketCodec,
  CONFIGURED_BUCKET: bucketCodec,
  MFA_BUCKET: bucketCodec,
  SETTING: settingCodec,
  READ_LEASE: readLeaseCodec,
  NAMING_LEASE: readLeaseCodec,
  DEAD_BLOB: deadBlobCodec,
  DEAD_CONTENT_BLOB: deadBlobCodec,
  DEAD_PART_BLOB: deadBlobCodec,
  INLINE_OBJECT: objectCodec,
  MULTIPART_OBJECT: objectCodec,
  EMPTY_OBJECT: objectCodec,
  CONTENT: contentCodec,
  UPLOAD: uploadCodec,
  UPLOAD_ON_OBJECT: uploadCodec,
  UPLOAD_ON_NOTHING: uploadCodec,
  PART: partCodec,
  COMPLETED: completedUploadCodec,
  USER: accessKeyCodec,
  DISABLED_USER: accessKeyCodec,
  OWNER: accountCodec,
  FIRST_OWNER: accountCodec,
  MFA_DEVICE: mfaDeviceCodec,
  SEALING_KEY: sealingKeyCodec,
  KEY_RING: keyRingCodec,
  TEST_CLOCK: testClockCodec,
  VERSION: objectCodec,
  DELETE_MARKER: objectCodec,
  NULL_PLACE: nullVersionCodec,
  LOCKED_BUCKET: bucketCodec,
  YEARS_BUCKET: bucketCodec,
  TAGGED_UPLOAD: uploadCodec,
  COMPLETED_VERSION: completedUploadCodec,
  SHARED_BUCKET: bucketCodec,
  UNCONTROLLED_BUCKET: bucketCodec,
  SHARED_OBJECT: objectCodec,
  SHARED_UPLOAD: uploadCodec,
  ACCOUNT_BLOCK: accountBlockCodec,
  NAMED_ACCOUNT: accountCodec,
  USERS_KEY: accessKeyCodec,
  USER_IN_ACCOUNT: userCodec,
  GROUP: groupCodec,
  ROLE: roleCodec,
  POLICY: policyCodec,
  INLINE_POLICY: policyDocumentCodec,
  ID_HOLDER: idHolderCodec,
  IDENTITIES: identitiesCodec,
  KEY_USE: keyUseCodec,
  USERS_MFA_DEVICE: mfaDeviceCodec,
  ENCRYPTED_OBJECT: objectCodec,
  ENCRYPTED_UPLOAD: uploadCodec,
  ENCRYPTED_CONTENT: contentCodec,
  ENCRYPTED_PART: partCodec,
  FAULTS: faultsCodec,
  FAULT_RULE: faultRuleCodec,
  FAULT_COUNTS: faultCountsCodec,
} as unknown as Readonly<Record<keyof typeof FORMAT_2, Codec<unknown, Buffer>>>;

/** A view into a larger buffer, and no Buffer: engines may hand out either. */
function padded(bytes: Buffer): Uint8Array {
  const larger = new Uint8Array(bytes.length + 2);
  larger.set(bytes, 1);
  return larger.subarray(1, -1);
}

for (const [name, frozen] of Object.entries(FORMAT_1) as [keyof typeof FORMAT_1, string][]) {
  const bytes = Buffer.from(frozen, "base64");
  const { decode } = CODECS[name];

  test(`records: ${name} of format 1 decodes as it was written, whatever its key`, () => {
    for (const key of [KEY, Buffer.of(1)]) {
      assert.deepEqual(decode(bytes, key), samples[name]);
      assert.deepEqual(decode(padded(bytes), key), samples[name]);
    }
  });

  test(`records: ${name} of format 1 that is cut off is refused`, () => {
    assert.throws(() => decode(bytes.subarray(0, -1), KEY), UnreadableRecordError);
  });
}

for (const [name, { encode, decode }] of Object.entries(CODECS) as [keyof typeof FORMAT_2, Codec<unknown, Buffer>][]) {
  const record = samples[name];
  const frozen = Buffer.from(FORMAT_2[name], "base64");

  test(`records: ${name} is written as format 2 wrote it, and decodes as it was written`, () => {
    assert.equal(encode(record, KEY).toString("base64"), FORMAT_2[name]);
    assert.deepEqual(decode(frozen, KEY), record);
    assert.deepEqual(decode(padded(frozen), padded(KEY)), record);
  });

  test(`records: ${name} with any flipped bit, of it or of its key, or under another key, is refused`, () => {
    for (let bit = 0; bit < frozen.length * 8; bit++) {
      assert.throws(() => decode(flipped(frozen, bit), KEY), UnreadableRecordError, `bit ${bit}`);
    }
    for (let bit = 0; bit < KEY.length * 8; bit++) {
      assert.throws(() => decode(frozen, flipped(KEY, bit)), /does not match its checksum/, `bit ${bit} of the key`);
    }
    assert.throws(() => decode(frozen, Buffer.concat([KEY, Buffer.of(0)])), UnreadableRecordError);
  });

  test(`records: ${name} cut off anywhere, or of an unknown format, is refused`, () => {
    for (let sizeBytes = 0; sizeBytes < frozen.length; sizeBytes++) {
      assert.throws(() => decode(frozen.subarray(0, sizeBytes), KEY), UnreadableRecordError, `${sizeBytes} bytes`);
    }
    assert.throws(() => decode(Buffer.concat([Buffer.of(3), frozen.subarray(1)]), KEY), /the unknown format 3/);
  });

  test(`records: ${name} with fields of a later version decodes without them`, () => {
    const later = new FieldWriter();
    later.integer(1_000, 2 ** 50);
    later.text(1_001, "later");
    later.id(1_002, "abcd");
    const fields = Buffer.concat([frozen.subarray(0, -4), later.finish(KEY).subarray(1, -4)]);
    const checksum = Buffer.alloc(4);
    checksum.writeInt32LE(recordChecksum(KEY, fields, 0, fields.length));
    assert.deepEqual(decode(Buffer.concat([fields, checksum]), KEY), record);
  });
}

function flipped(bytes: Buffer, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[bit >> 3]! ^= 1 << (bit & 7);
  return copy;
}

test("records: a record of format 1 with any flipped bit is read or refused, and nothing else", () => {
  for (const [name, bytes] of Object.entries(FORMAT_1) as [keyof typeof FORMAT_1, string][]) {
    const frozen = Buffer.from(bytes, "base64");
    for (let bit = 0; bit < frozen.length * 8; bit++) {
      try {
        CODECS[name].decode(flipped(frozen, bit), KEY);
      } catch (error) {
        assert.ok(error instanceof UnreadableRecordError, `${name}, bit ${bit}: ${String(error)}`);
      }
    }
  }
});

/** True for what a record has where nothing was written: nothing, or the value that takes no room. */
function isLeast(value: unknown): boolean {
  if (value === EVERYTHING_BLOCKED) return true;
  if (typeof value !== "object" || value === null)
    return [undefined, 0, "", false, "STANDARD", "BucketOwnerEnforced"].some((least) => least === value);
  return Object.values(value).every((member) => member === "empty" || isLeast(member));
}

test("records: a record without any field has the least of everything", () => {
  for (const name of Object.keys(FORMAT_1) as (keyof typeof FORMAT_1)[]) {
    if (name === "DEAD_BLOB") continue; // it was no record then, but a number
    const record = CODECS[name].decode(Buffer.of(1), KEY) as object;
    assert.ok(isLeast(record), name);
    assert.deepEqual(Object.keys(record).toSorted(), Object.keys(samples[name]).toSorted(), name);
  }
  for (const detail of ["plain", "owner", "version"] as const) assert.ok(isLeast(decodeObjectSummary(Buffer.of(1), KEY, detail)));
  const begun = new FieldWriter();
  begun.id(2, "b");
  begun.integer(4, 7);
  assert.deepEqual(contentCodec.decode(begun.finish(KEY), KEY), {
    references: 0,
    segments: [{ blob: "b", sizeBytes: 0, salt: undefined }],
    parts: [{ partNumber: 7, sizeBytes: 0, checksum: undefined }],
    cipher: undefined,
  });
});

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
    ...UNVERSIONED,
  };
  const bytes = objectCodec.encode(object, KEY);
  assert.deepEqual(decodeObjectSummary(bytes, KEY, "plain"), summary);
  assert.deepEqual(decodeObjectSummary(bytes, KEY, "owner"), { ...summary, ownerId: object.ownerId });
  // Also damage behind what it reads.
  bytes[bytes.length - 6]! ^= 1;
  assert.throws(() => decodeObjectSummary(bytes, KEY, "plain"), UnreadableRecordError);
});

const anyRestore: fc.Arbitrary<Restore> = fc.record(
  {
    tier: fc.constantFrom(...(["Expedited", "Standard", "Bulk"] as const)),
    days: fc.nat(),
    requestedAtMs: fc.maxSafeNat(),
    completesAtMs: fc.maxSafeNat(),
    expiresAtMs: fc.maxSafeNat(),
  },
  { noNullPrototype: true },
);

test("records: any object survives encoding and decoding", () => {
  const text = fc.string({ unit: anyCharacter, maxLength: 40 });
  const whole = fc.maxSafeNat();
  const grantees: fc.Arbitrary<Grantee> = fc.oneof(
    fc.record({ kind: fc.constant("id" as const), id: text }, { noNullPrototype: true }),
    fc.record(
      {
        kind: fc.constant("group" as const),
        group: fc.constantFrom(...(["AllUsers", "AuthenticatedUsers", "LogDelivery"] as const)),
      },
      { noNullPrototype: true },
    ),
  );
  const permissions = fc.constantFrom(...(["FULL_CONTROL", "WRITE", "WRITE_ACP", "READ", "READ_ACP"] as const));
  const grants = fc.array(fc.record({ grantee: grantees, permission: permissions }, { noNullPrototype: true }), { maxLength: 5 });
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
    versionId: fc.option(text, { nil: undefined }),
    sequence: whole,
    isDeleteMarker: fc.boolean(),
    tags: fc.array(fc.tuple(text, text), { maxLength: 10 }),
    retentionMode: fc.constantFrom(undefined, "GOVERNANCE" as const, "COMPLIANCE" as const),
    retainUntilMs: whole,
    legalHold: fc.constantFrom(undefined, "ON" as const, "OFF" as const),
    acl: fc.option(fc.record({ ownerId: text, grants }, { noNullPrototype: true }), { nil: undefined }),
    restore: fc.option(anyRestore, { nil: undefined }),
    encryption: fc.constantFrom(undefined, samples.ENCRYPTED_OBJECT.encryption, samples.ENCRYPTED_UPLOAD.encryption),
  });
  fc.assert(
    fc.property(record, (drawn) => {
      const object = { ...drawn, acl: drawn.acl && { ...drawn.acl, ownerId: drawn.ownerId } };
      const bytes = objectCodec.encode(object, KEY);
      assert.deepEqual(objectCodec.decode(bytes, KEY), { ...object });
      const { versionId, sequence, isDeleteMarker, ownerId } = decodeObjectSummary(bytes, KEY, "version");
      assert.deepEqual(
        [versionId, sequence, isDeleteMarker, ownerId],
        [object.versionId, object.sequence, object.isDeleteMarker, object.ownerId],
      );
      const { restore } = decodeObjectSummary(bytes, KEY, "restore");
      assert.deepEqual(
        [restore?.completesAtMs, restore?.expiresAtMs],
        [object.restore?.completesAtMs, object.restore?.expiresAtMs],
      );
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
  const record = { references: 1, segments: [], parts, cipher: undefined };
  assert.deepEqual(contentCodec.decode(contentCodec.encode(record, KEY), KEY), record);
});

test("FieldWriter: refuses numbers that would not come back", () => {
  for (const value of [-1, 0.5, Number.NaN, 2 ** 53]) assert.throws(() => new FieldWriter().integer(1, value), RangeError);
  const writer = new FieldWriter();
  writer.integer(1, Number.MAX_SAFE_INTEGER);
  const reader = new FieldReader(writer.finish(KEY), KEY);
  assert.deepEqual([reader.next(), reader.integer, reader.next()], [1, Number.MAX_SAFE_INTEGER, 0]);
});
