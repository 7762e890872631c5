import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { FileBlobEngine } from "../../src/store/blobs/files/FileBlobEngine.ts";
import { writeBlob } from "../../src/store/objects/content.ts";
import { namedBlobRow } from "../../src/store/records/blobRows.ts";
import { contentRow, inlineRow } from "../../src/store/records/ContentRecord.ts";
import type { ContentLocation } from "../../src/store/records/ObjectRecord.ts";
import { partRow } from "../../src/store/records/PartRecord.ts";
import { put, remove } from "../../src/store/records/Row.ts";
import { uploadRow } from "../../src/store/records/UploadRecord.ts";
import { readRow } from "../../src/store/transact.ts";
import type { Damage, ScrubProgress } from "../../src/tasks/scrub.ts";
import { scrub } from "../../src/tasks/scrub.ts";
import { patternBytes } from "../store/blobs/blobs.suite.ts";
import { expectLoose } from "../store/checkedStore.ts";
import type { TestStore } from "../store/testStore.ts";
import { BUCKET, commit, copyObject, openTestStore, putObject, source } from "../store/testStore.ts";

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
    checksumType: undefined,
    begunOn: undefined,
  };
  const { blob, changes, sizeBytes } = await writeBlob(store, source(LARGE));
  const part = { partNumber: 3, sizeBytes, etag: "0", lastModifiedMs: 1, blob, checksum: undefined };
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
  const row = Buffer.from((await readRow(store, inlineRow(inline.id)))!);
  row[20]! ^= 1;
  await commit(store, [put(inlineRow(inline.id), row)]);
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
    damages.map(({ bucket, key, part }) => [bucket, key, part?.partNumber]),
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
  for (const [index, words] of [/checksum/, /missing/, /checksum/, /checksum/, /missing/, /not entered/, /checksum/].entries()) {
    assert.match(problems[index]!, words);
  }
  await blobs.close();
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
