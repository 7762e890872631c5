import { accountIdOf } from "../../src/store/accounts/accountIds.ts";
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { describeBucket } from "../../src/store/buckets/buckets.ts";
import { FileBlobEngine } from "../../src/store/blobs/files/FileBlobEngine.ts";
import { addFaultRules } from "../../src/store/faults/faultRules.ts";
import { writeBlob } from "../../src/store/objects/content.ts";
import { deadBlobRow, namedBlobRow } from "../../src/store/records/blobRows.ts";
import { bucketRow } from "../../src/store/records/BucketRecord.ts";
import type { CompletedUploadRecord } from "../../src/store/records/CompletedUploadRecord.ts";
import { completedUploadRow } from "../../src/store/records/CompletedUploadRecord.ts";
import { contentRow } from "../../src/store/records/ContentRecord.ts";
import { faultCountsRow, faultRuleRow, FAULTS_ROW } from "../../src/store/records/FaultRuleRecord.ts";
import { inlineRow } from "../../src/store/records/inlineBytes.ts";
import type { ContentLocation, ObjectRecord } from "../../src/store/records/ObjectRecord.ts";
import { objectRow } from "../../src/store/records/ObjectRecord.ts";
import { accountRow } from "../../src/store/records/AccountRecord.ts";
import { partRow } from "../../src/store/records/PartRecord.ts";
import { readLeaseRow } from "../../src/store/records/ReadLeaseRecord.ts";
import type { Row } from "../../src/store/records/Row.ts";
import { put, remove } from "../../src/store/records/Row.ts";
import { settingRow } from "../../src/store/records/SettingRecord.ts";
import { uploadRow } from "../../src/store/records/UploadRecord.ts";
import { accessKeyRow } from "../../src/store/records/AccessKeyRecord.ts";
import { versionRow } from "../../src/store/records/versionRows.ts";
import { readRow } from "../../src/store/transact.ts";
import type { Damage, ScrubProgress } from "../../src/tasks/scrub.ts";
import { scrub } from "../../src/tasks/scrub.ts";
import { patternBytes } from "../store/blobs/blobs.suite.ts";
import { expectLoose } from "../store/checkedStore.ts";
import type { TestStore } from "../store/testStore.ts";
import { BUCKET, commit, flipBit, copyObject, objectRecord, openTestStore, putObject, source } from "../store/testStore.ts";
import { PLAIN_OBJECT } from "../../src/store/records/ObjectRecord.ts";

const folder = mkdtempSync(join(tmpdir(), "holdfast-scrub-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const LARGE = patternBytes(300_000);
const signal = new AbortController().signal;

async function runScrub(store: TestStore): Promise<{ damages: Damage[]; figures: ScrubProgress; reports: number }> {
  const damages: Damage[] = [];
  let reports = 0;
  const figures = await scrub(store, { signal, onDamage: (damage) => damages.push(damage), onProgress: () => reports++ });
  return { damages, figures, reports };
}

async function blobOf(store: TestStore, location: ContentLocation): Promise<string> {
  assert.ok(location.kind === "content");
  return (await readRow(store, contentRow(location.id)))!.segments[0]!.blob;
}

async function putPart(store: TestStore, key: string): Promise<string> {
  const upload = {
    uploadId: "upload",
    key,
    initiatedAtMs: 1,
    storageClass: "STANDARD",
    ownerId: "o",
    ownerName: "O",
    initiatorId: "o",
    initiatorName: "O",
    system: {},
    user: [],
    checksumAlgorithm: undefined,
    ...PLAIN_OBJECT,
    checksumType: undefined,
    begunOn: undefined,
  };
  const { blob, changes, sizeBytes } = await writeBlob(store, source(LARGE));
  const part = { partNumber: 3, sizeBytes, etag: "0", lastModifiedMs: 1, blob, checksum: undefined, cipher: undefined };
  await commit(store, [...changes, put(uploadRow(BUCKET.id, key, "upload"), upload), put(partRow("upload", 3), part)]);
  return blob!;
}

test("scrub: a whole store is walked to its last byte", async () => {
  const store = await openTestStore();
  for (let object = 0; object < 150; object++) await putObject(store, `small/${object}`, patternBytes(object));
  await putObject(store, "large", LARGE);
  await putPart(store, "under way");
  const { damages, figures, reports } = await runScrub(store);
  assert.deepEqual(damages, []);
  const sizeBytes = (149 * 150) / 2 + 2 * LARGE.length;
  assert.deepEqual(figures, { buckets: 1, objects: 151, parts: 1, sizeBytes, damaged: 0 });
  assert.ok(reports > 3);
});

test("scrub: damage is told by bucket and key: inline bytes, files, parts, missing rows", async () => {
  const path = join(folder, "damage");
  const blobs = await FileBlobEngine.open({ path, durability: "written", run: "run1" });
  const store = await openTestStore({ blobs });
  expectLoose(store);
  const flip = (blob: string): void => {
    const file = join(path, ...blob.split("-"));
    const bytes = readFileSync(file);
    bytes[bytes.length - 100]! ^= 4;
    writeFileSync(file, bytes);
  };
  await putObject(store, "a whole", LARGE);
  const inline = (await putObject(store, "b inline", patternBytes(50))).location as { id: string };
  await flipBit(store, inlineRow(inline.id).key, 160);
  const gone = (await putObject(store, "c gone", patternBytes(50))).location as { id: string };
  await commit(store, [remove(inlineRow(gone.id))]);
  const { location } = await putObject(store, "d flipped", LARGE);
  flip(await blobOf(store, location));
  await copyObject(store, "d flipped", "e copy of flipped/\u{1f980}");
  const missing = await blobOf(store, (await putObject(store, "f missing", LARGE)).location);
  await blobs.remove(missing);
  const unnamed = await blobOf(store, (await putObject(store, "g unnamed", LARGE)).location);
  await commit(store, [remove(namedBlobRow(unnamed))]);
  flip(await putPart(store, "h under way"));
  const { damages, figures } = await runScrub(store);
  assert.deepEqual(
    damages.map(({ object }) => [object?.bucket, object?.key, object?.part?.partNumber]),
    [
      [BUCKET.name, "b inline", undefined],
      [BUCKET.name, "c gone", undefined],
      [BUCKET.name, "d flipped", undefined],
      [BUCKET.name, "e copy of flipped/\u{1f980}", undefined],
      [BUCKET.name, "f missing", undefined],
      [BUCKET.name, "g unnamed", undefined],
      [BUCKET.name, "h under way", 3],
    ],
  );
  assert.equal(figures.damaged, 7);
  const problems = damages.map((damage) => damage.problems.join());
  for (const [index, words] of [
    /checksum/,
    /nothing is stored/,
    /checksum/,
    /checksum/,
    /missing/,
    /not entered/,
    /checksum/,
  ].entries()) {
    assert.match(problems[index]!, words);
  }
  await blobs.close();
});

const COMPLETED: CompletedUploadRecord = {
  bucketId: BUCKET.id,
  key: "k",
  etag: "0",
  checksum: undefined,
  completedAtMs: 1,
  versionId: undefined,
  encryption: undefined,
};

test("scrub: a record that cannot be read is named by what it is of, or by its row, and the rest is looked at", async () => {
  const store = await openTestStore();
  expectLoose(store);
  const other = { ...BUCKET, name: "other", id: "ffffffffffffffff" };
  const row = objectRow(other.id, "of an unreadable bucket");
  for (const key of ["damaged", "large", "whole"]) await putObject(store, key, key === "large" ? LARGE : patternBytes(9));
  const { content } = (await readRow(store, objectRow(BUCKET.id, "large")))!;
  const contentId = (content as { id: string }).id;
  await putPart(store, "under way");
  const dead = { diedAtMs: 1, contentId };
  const user = { accountId: accountIdOf("o"), canonicalId: "o", displayName: "O", createdAtMs: 1 };
  const key = { ...user, accessKeyId: "AK", secretAccessKey: "s", userId: undefined, userName: undefined, disabled: false };
  await commit(store, [
    put(bucketRow(other.name), other),
    put(row, { ...(await readRow(store, objectRow(BUCKET.id, "whole")))!, sizeBytes: 8 }),
    put(settingRow(BUCKET.id, "cors"), { document: "{}" }),
    put(accessKeyRow("AK"), key),
    put(accountRow("O"), { ...user, email: undefined, keptKeyId: undefined }),
    put(completedUploadRow("done"), COMPLETED),
    put(deadBlobRow("b-1"), dead),
    put(readLeaseRow("process"), { readingSinceMs: undefined, contents: [], expiresAtMs: 1 }),
  ]);
  const flipped = [
    bucketRow(other.name),
    objectRow(BUCKET.id, "damaged"),
    contentRow(contentId),
    uploadRow(BUCKET.id, "under way", "upload"),
    partRow("upload", 3),
    settingRow(BUCKET.id, "cors"),
    accessKeyRow("AK"),
    accountRow("O"),
    completedUploadRow("done"),
    deadBlobRow("b-1"),
    readLeaseRow("process"),
  ];
  for (const [index, { key: damaged }] of flipped.entries()) await flipBit(store, damaged, 8 + index);
  const { damages, figures } = await runScrub(store);
  const shown = damages.map(
    ({ object, problems }) => `${object?.bucket} ${object?.key} ${object?.part?.partNumber}: ${problems.join()}`,
  );
  const unreadable = (name: string): string => `the record ${name} does not match its checksum`;
  const elsewhere = "undefined undefined undefined";
  assert.deepEqual(
    shown.toSorted(),
    [
      `${BUCKET.name} damaged undefined: ${unreadable(`objects/${BUCKET.id}/damaged`)}`,
      `${BUCKET.name} large undefined: ${unreadable(`contents/${contentId}`)}`,
      `${BUCKET.name} under way 3: ${unreadable("parts/upload/3")}`,
      `${other.id} of an unreadable bucket undefined: the object's record says 8 bytes, and inline/${await inlineId(store, row)} has 9`,
      `${elsewhere}: ${unreadable("buckets/other")}`,
      `${elsewhere}: ${unreadable("completedUploads/done")}`,
      `${elsewhere}: ${unreadable("deadBlobs/b-1")}`,
      `${elsewhere}: ${unreadable("accounts/O")}`,
      `${elsewhere}: ${unreadable("readLeases/process")}`,
      `${elsewhere}: ${unreadable(`settings/${BUCKET.id}/cors`)}`,
      `${elsewhere}: ${unreadable(`uploads/${BUCKET.id}/under way/upload`)}`,
      `${elsewhere}: ${unreadable("accessKeys/AK")}`,
    ].toSorted(),
  );
  assert.equal(figures.damaged, shown.length);
  assert.equal(figures.objects, 4);
});

test("scrub: rules of planned faults, their counts and their state are looked at", async () => {
  const store = await openTestStore();
  await addFaultRules(store, [{ id: "slow", stem: "", document: "{}" }]);
  assert.deepEqual((await runScrub(store)).damages, []);
  for (const { key } of [FAULTS_ROW, faultRuleRow("slow"), faultCountsRow("slow")]) await flipBit(store, key, 8);
  const { damages } = await runScrub(store);
  assert.deepEqual(
    damages.flatMap(({ problems }) => problems),
    ["faults/", "faultRules/slow", "faultCounts/slow"].map((name) => `the record ${name} does not match its checksum`),
  );
});

async function inlineId(store: TestStore, row: Row<ObjectRecord>): Promise<string> {
  return ((await readRow(store, row))!.content as { id: string }).id;
}

test("scrub: older versions are looked at, and damage of one is told with its version id", async () => {
  const store = await openTestStore();
  expectLoose(store);
  await describeBucket(store, BUCKET, (bucket) => ({ ...bucket, versioning: "Enabled" }));
  await putObject(store, "key", Buffer.alloc(100, 1));
  const { content, versionId, sequence } = (await objectRecord(store, "key"))!;
  await putObject(store, "key", LARGE);
  assert.deepEqual((await runScrub(store)).damages, []);
  assert.ok(content.kind === "inline");
  await flipBit(store, inlineRow(content.id).key, 160);
  const object = { bucket: BUCKET.name, key: "key", versionId, part: undefined };
  const { damages, figures } = await runScrub(store);
  assert.deepEqual([damages.map((damage) => damage.object), figures.objects], [[object], 2]);
  await flipBit(store, versionRow(BUCKET.id, "key", sequence).key, 80);
  const [unreadable] = (await runScrub(store)).damages;
  assert.deepEqual(unreadable!.object, { ...object, versionId: undefined });
  assert.match(unreadable!.problems[0]!, /^the record versions\/0123456789abcdef\/key\/\d{16} does not match its checksum$/);
});

test("scrub: what is overwritten while it is looked at is no damage", async () => {
  const store = await openTestStore();
  expectLoose(store);
  const { location } = await putObject(store, "key", LARGE);
  const { verify } = store.blobs;
  const blob = await blobOf(store, location);
  store.blobs.verify = async (id) => {
    if (id === blob) {
      await putObject(store, "key", patternBytes(10));
      await store.blobs.remove(blob);
    }
    return verify.call(store.blobs, id);
  };
  assert.deepEqual((await runScrub(store)).damages, []);
});

test("scrub: an abort ends it early", async () => {
  const store = await openTestStore();
  await putObject(store, "key", LARGE);
  const figures = await scrub(store, { signal: AbortSignal.abort(), onDamage: () => assert.fail(), onProgress: () => undefined });
  assert.equal(figures.objects, 0);
});
