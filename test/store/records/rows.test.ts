import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { deadBlobRow, deadBlobs, namedBlobRow } from "../../../src/store/records/blobRows.ts";
import { bucketRow, buckets } from "../../../src/store/records/BucketRecord.ts";
import { completedUploadRow, completedUploads } from "../../../src/store/records/CompletedUploadRecord.ts";
import { contentRow, releaseRow, releases } from "../../../src/store/records/ContentRecord.ts";
import { inlineRow } from "../../../src/store/records/inlineBytes.ts";
import { deletedBucketRow, deletedBuckets } from "../../../src/store/records/deletedBucketRows.ts";
import { keyOfObject, objectRow, objectsOf } from "../../../src/store/records/ObjectRecord.ts";
import { accountRow, accounts } from "../../../src/store/records/AccountRecord.ts";
import { faultCounts, faultCountsRow, faultRuleRow, faultRules, FAULTS_ROW } from "../../../src/store/records/FaultRuleRecord.ts";
import { groupRow } from "../../../src/store/records/GroupRecord.ts";
import {
  attachmentRow,
  attachmentsOf,
  identitiesRow,
  idHolderRow,
  keyOwnerRow,
  keyOwnersOf,
  keyUseRow,
  membershipRow,
  membershipsOf,
} from "../../../src/store/records/identityRows.ts";
import { inlinePolicyRow, inlineRange, policyRow, policyVersionRow } from "../../../src/store/records/PolicyRecord.ts";
import { roleRow } from "../../../src/store/records/RoleRecord.ts";
import { userRow } from "../../../src/store/records/UserRecord.ts";
import { partRow, partsOf } from "../../../src/store/records/PartRecord.ts";
import { put } from "../../../src/store/records/Row.ts";
import { rowInWords } from "../../../src/store/records/rowInWords.ts";
import { settingKindsOf, settingRow } from "../../../src/store/records/SettingRecord.ts";
import { rangeInAccount, tableRange, TABLES } from "../../../src/store/records/tables.ts";
import { keyBehindUpload, uploadInKey } from "../../../src/store/records/uploadKeys.ts";
import * as uploads from "../../../src/store/records/UploadRecord.ts";
import { accessKeyRow, accessKeys } from "../../../src/store/records/AccessKeyRecord.ts";
import { anyCharacter } from "../../anyCharacter.ts";

const NUMBER = "123456789012";
const BUCKET_ID = "00ff00ff00ff00ff";
const text = fc.string({ unit: anyCharacter, maxLength: 12 });
const inside = (key: Buffer, { start, end }: { start: Uint8Array; end: Uint8Array }): boolean =>
  Buffer.compare(start, key) <= 0 && Buffer.compare(key, end) < 0;
const sign = (left: Uint8Array, right: Uint8Array): number => Buffer.compare(left, right);
const objectKey = (bucketId: string, key: string): Buffer => objectRow(bucketId, key).key;
const uploadKey = (bucketId: string, key: string, uploadId: string): Buffer => uploads.uploadRow(bucketId, key, uploadId).key;
const partKey = (uploadId: string, partNumber: number): Buffer => partRow(uploadId, partNumber).key;

test("rows: every key lies in the range of its table and in no other's", () => {
  const tables = [
    [bucketRow("b").key, buckets(1)],
    [objectKey(BUCKET_ID, "\u{10FFFF}"), objectsOf(BUCKET_ID, 1)],
    [uploadKey(BUCKET_ID, "\u{10FFFF}", "f"), uploads.uploadsOf(BUCKET_ID, 1)],
    [partKey("u", 65_535), partsOf("u", 1)],
    [inlineRow("i").key, tableRange(TABLES.inlines)],
    [contentRow("c").key, tableRange(TABLES.contents)],
    [namedBlobRow("b").key, tableRange(TABLES.namedBlobs)],
    [releaseRow({ contentId: "c", unique: "1" }).key, releases(1)],
    [deadBlobRow("b").key, deadBlobs(1)],
    [completedUploadRow("u").key, completedUploads(1)],
    [uploads.abandonedUploadRow("u").key, uploads.abandonedUploads(1)],
    [accessKeyRow("AK").key, accessKeys(1)],
    [accountRow("admin").key, accounts(1)],
    [deletedBucketRow(BUCKET_ID).key, deletedBuckets(1)],
    [settingRow(BUCKET_ID, "cors").key, settingKindsOf(BUCKET_ID, 1)],
    [idHolderRow(NUMBER).key, tableRange(TABLES.idHolders)],
    [identitiesRow(NUMBER).key, tableRange(TABLES.identities)],
    [userRow(NUMBER, "ann").key, rangeInAccount(TABLES.users, NUMBER)],
    [groupRow(NUMBER, "ann").key, rangeInAccount(TABLES.groups, NUMBER)],
    [roleRow(NUMBER, "ann").key, rangeInAccount(TABLES.roles, NUMBER)],
    [policyRow(NUMBER, "ann").key, rangeInAccount(TABLES.policies, NUMBER)],
    [policyVersionRow("ANPA", 1).key, tableRange(TABLES.policyVersions)],
    [inlinePolicyRow("AIDA", "p").key, inlineRange("AIDA")],
    [attachmentRow(NUMBER, "ANPA", "user", "ann").key, attachmentsOf(NUMBER, "ANPA")],
    [membershipRow("AGPA", "ann").key, membershipsOf("AGPA")],
    [keyOwnerRow("AIDA", "HF").key, keyOwnersOf("AIDA")],
    [keyUseRow("HF").key, tableRange(TABLES.keyUses)],
    [FAULTS_ROW.key, tableRange(TABLES.faults)],
    [faultRuleRow("SlowDown-1").key, faultRules(1)],
    [faultCountsRow("SlowDown-1").key, faultCounts(1)],
  ] as const;
  for (const [key] of tables) assert.equal(tables.filter(([, range]) => inside(key, range)).length, 1);
  for (const [key, range] of tables) assert.ok(inside(key, range));
});

test("rows: keys are the bytes that stores hold", () => {
  assert.equal(bucketRow("photos").key.toString("latin1"), "\x01photos");
  assert.equal(objectKey("6162636465666768", "a/\u00e9").toString("latin1"), "\x02abcdefgha/\xc3\xa9");
  assert.equal(uploadKey("6162636465666768", "a/\0", "0f").toString("latin1"), "\x03abcdefghb0\x01\x000f");
  assert.equal(partKey("0f", 258).toString("latin1"), "\x040f\0\x01\x02");
  assert.equal(inlineRow("0f").key.toString("latin1"), "\x050f");
  assert.equal(contentRow("0f").key.toString("latin1"), "\x060f");
  assert.equal(namedBlobRow("b-1").key.toString("latin1"), "\x07b-1");
  assert.equal(releaseRow({ contentId: "0f", unique: "a1" }).key.toString("latin1"), "\x080f\0a1");
  assert.equal(deadBlobRow("b-1").key.toString("latin1"), "\x09b-1");
  assert.equal(completedUploadRow("0f").key.toString("latin1"), "\x0a0f");
  assert.equal(uploads.abandonedUploadRow("0f").key.toString("latin1"), "\x0b0f");
  assert.equal(accessKeyRow("AK").key.toString("latin1"), "\x0cAK");
  assert.equal(accountRow("admin").key.toString("latin1"), "\x10admin");
  assert.equal(deletedBucketRow("0f").key.toString("latin1"), "\x0d0f");
  assert.equal(settingRow("6162636465666768", "cors").key.toString("latin1"), "\x0eabcdefghcors");
  assert.equal(idHolderRow("Ann@X.example").key.toString("latin1"), "\x15ann@x.example");
  assert.equal(identitiesRow(NUMBER).key.toString("latin1"), "\x16123456789012");
  assert.equal(userRow(NUMBER, "Ann").key.toString("latin1"), "\x17123456789012ann");
  assert.equal(groupRow(NUMBER, "Ann").key.toString("latin1"), "\x18123456789012ann");
  assert.equal(roleRow(NUMBER, "Ann").key.toString("latin1"), "\x19123456789012ann");
  assert.equal(policyRow(NUMBER, "Ann").key.toString("latin1"), "\x1a123456789012ann");
  assert.equal(policyVersionRow("ANPA", 12).key.toString("latin1"), "\x1bANPAv12");
  assert.equal(inlinePolicyRow("AIDA", "Own").key.toString("latin1"), "\x1cAIDAOwn");
  assert.equal(attachmentRow(NUMBER, "ANPA", "userBoundary", "Ann").key.toString("latin1"), "\x1d123456789012ANPA/vann");
  assert.equal(membershipRow("AGPA", "Ann").key.toString("latin1"), "\x1eAGPAann");
  assert.equal(keyOwnerRow("AIDA", "HF").key.toString("latin1"), "\x1fAIDA/HF");
  assert.equal(keyUseRow("HF").key.toString("latin1"), "\x22HF");
  assert.equal(FAULTS_ROW.key.toString("latin1"), "\x25");
  assert.equal(faultRuleRow("SlowDown-1").key.toString("latin1"), "\x26SlowDown-1");
  assert.equal(faultCountsRow("SlowDown-1").key.toString("latin1"), "\x27SlowDown-1");
});

test("rows: a bucket whose id ends in 0xFF keeps to itself", () => {
  const range = objectsOf("ffffffffffffffff", 1);
  assert.ok(inside(objectKey("ffffffffffffffff", "z"), range));
  assert.ok(!inside(uploadKey("0000000000000000", "a", "u"), range));
});

test("rows: objects and uploads sort as the UTF-8 of their S3 keys", () => {
  fc.assert(
    fc.property(text, text, (left, right) => {
      const order = sign(Buffer.from(left), Buffer.from(right));
      assert.equal(sign(objectKey(BUCKET_ID, left), objectKey(BUCKET_ID, right)), order);
      if (order !== 0) assert.equal(sign(uploadKey(BUCKET_ID, left, "f"), uploadKey(BUCKET_ID, right, "0")), order);
    }),
  );
});

test("rows: an upload lies among those of every beginning of its key, and of no other", () => {
  fc.assert(
    fc.property(text, text, (key, prefix) => {
      const row = uploadKey(BUCKET_ID, key, "f");
      const begins = Buffer.from(key).subarray(0, Buffer.byteLength(prefix)).equals(Buffer.from(prefix));
      assert.equal(inside(row, uploads.uploadsOf(BUCKET_ID, 1, prefix)), begins);
      assert.ok(inside(row, uploads.uploadsOf(BUCKET_ID, 1)));
    }),
  );
});

test("keyBehindUpload: behind one upload of a key, or behind all of them, and before those of any later key", () => {
  const behind = (key: string, id: string): Buffer => keyBehindUpload(BUCKET_ID, key, id);
  assert.ok(sign(behind("k", "5"), uploadKey(BUCKET_ID, "k", "5")) > 0);
  assert.ok(sign(behind("k", "5"), uploadKey(BUCKET_ID, "k", "50")) <= 0);
  assert.ok(sign(behind("k", ""), uploadKey(BUCKET_ID, "k", "f".repeat(60))) > 0);
  assert.ok(sign(behind("k", ""), uploadKey(BUCKET_ID, "k\0", "0")) < 0);
});

test("rows: parts sort by number, and one upload's id being the beginning of another's mixes nothing up", () => {
  const numbers = [1, 2, 9, 10, 255, 256, 10_000];
  const sorted = numbers.map((number) => partKey("u", number)).sort(sign);
  assert.deepEqual(
    sorted,
    numbers.map((number) => partKey("u", number)),
  );
  assert.ok(!inside(partKey("u1", 1), partsOf("u", 1)));
});

test("rows: names can be read back from keys", () => {
  const entry = (key: Buffer, value: Uint8Array = new Uint8Array(8)) => ({ key: new Uint8Array(key), value });
  assert.equal(keyOfObject(objectKey(BUCKET_ID, "a/b")), "a/b");
  assert.equal(settingKindsOf(BUCKET_ID, 1).decode(entry(settingRow(BUCKET_ID, "cors").key)), "cors");
  assert.equal(deletedBuckets(1).decode(entry(deletedBucketRow(BUCKET_ID).key)), BUCKET_ID);
  const dead = { diedAtMs: 7, contentId: "c1" };
  const { key: deadKey, value } = put(deadBlobRow("b-1"), dead);
  assert.deepEqual(deadBlobs(1).decode({ key: deadKey, value: value! }), { blob: "b-1", ...dead });
  const release = { contentId: "c1", unique: "x" };
  assert.deepEqual(releases(1).decode(entry(releaseRow(release).key)), release);
});

test("rows: an upload's key says which bucket, key and upload it is of", () => {
  fc.assert(
    fc.property(text, (key) => {
      const name = { bucketId: BUCKET_ID, key, uploadId: "0f".repeat(34) };
      assert.deepEqual(uploadInKey(uploadKey(BUCKET_ID, key, name.uploadId)), name);
      assert.deepEqual(uploadInKey(new Uint8Array(uploadKey(BUCKET_ID, key, name.uploadId))), name);
    }),
  );
});

test("rowInWords: a row is called by its table and its key", () => {
  for (const [key, words] of [
    [bucketRow("photos").key, "buckets/photos"],
    [objectKey(BUCKET_ID, "a/\u00e9"), `objects/${BUCKET_ID}/a/\u00e9`],
    [uploadKey(BUCKET_ID, "a/\u00e9", "0f"), `uploads/${BUCKET_ID}/a/\u00e9/0f`],
    [partKey("0f", 258), "parts/0f/258"],
    [inlineRow("0f").key, "inlines/0f"],
    [settingRow(BUCKET_ID, "cors").key, `settings/${BUCKET_ID}/cors`],
    [Buffer.from("\xffodd", "latin1"), "of no table/odd"],
    [Buffer.of(TABLES.uploads), "uploads///"],
    [Buffer.alloc(0), "of no table/"],
  ] as const) {
    assert.equal(rowInWords(key), words);
  }
});
