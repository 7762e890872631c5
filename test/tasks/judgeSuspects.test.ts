import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { FileBlobEngine } from "../../src/store/blobs/files/FileBlobEngine.ts";
import { deadBlobChanges, writeBlob, writeContent } from "../../src/store/objects/content.ts";
import { judgeSuspects } from "../../src/tasks/judgeSuspects.ts";
import { collectIds, patternBytes } from "../store/blobs/blobs.suite.ts";
import { commit, flipBit, nameContent, openTestStore, putObject, source } from "../store/testStore.ts";
import { expectLoose } from "../store/checkedStore.ts";
import { deadBlobRow } from "../../src/store/records/blobRows.ts";

const folder = mkdtempSync(join(tmpdir(), "holdfast-judge-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const LARGE = patternBytes(100_000);
const signal = new AbortController().signal;

function openBlobs(name: string, run: string): Promise<FileBlobEngine> {
  return FileBlobEngine.open({ path: join(folder, name), durability: "written", run });
}

test("judgeSuspects: orphans of a run that was cut short go; named, dead and present ones stay", async () => {
  const cutShort = await openBlobs("a", "run1");
  const before = await openTestStore({ blobs: cutShort });
  const named = await putObject(before, "key", LARGE);
  const dead = (await writeBlob(before, source(LARGE))).blob!;
  await commit(before, deadBlobChanges(dead, "", before.nowMs));
  for (let orphan = 0; orphan < 300; orphan++) await writeBlob(before, source(Buffer.from("orphan")));
  const blobs = await openBlobs("a", "run2");
  const store = await openTestStore({ blobs, metadata: before.metadata });
  const underWay = await writeContent(store, source(LARGE), store.nowMs);
  assert.deepEqual(await judgeSuspects(store, { signal }), { judged: 302, orphansRemoved: 300 });
  assert.deepEqual(await judgeSuspects(store, { signal }), { judged: 0, orphansRemoved: 0 });
  await nameContent(store, "new", underWay);
  assert.equal((await collectIds(blobs.suspects({ all: true }))).length, 3);
  assert.ok((await collectIds(blobs.suspects({ all: true }))).includes(dead));
  assert.equal(named.sizeBytes, LARGE.length);
  assert.deepEqual(await judgeSuspects(store, { signal, all: true }), { judged: 3, orphansRemoved: 0 });
  await blobs.close();
  await cutShort.close();
});

test("judgeSuspects: a blob in the queue of the dead is the collector's, also when its row cannot be read", async () => {
  const cutShort = await openBlobs("c", "run1");
  const before = await openTestStore({ blobs: cutShort });
  expectLoose(before);
  const dead = (await writeBlob(before, source(LARGE))).blob!;
  await commit(before, deadBlobChanges(dead, "", before.nowMs));
  await flipBit(before, deadBlobRow(dead).key, 20);
  const blobs = await openBlobs("c", "run2");
  const store = await openTestStore({ blobs, metadata: before.metadata });
  expectLoose(store);
  assert.deepEqual(await judgeSuspects(store, { signal }), { judged: 1, orphansRemoved: 0 });
  await blobs.close();
  await cutShort.close();
});

test("judgeSuspects: after an abort the next start judges again", async () => {
  const cutShort = await openBlobs("b", "run1");
  const before = await openTestStore({ blobs: cutShort });
  for (let orphan = 0; orphan < 3; orphan++) await writeBlob(before, source(LARGE));
  const blobs = await openBlobs("b", "run2");
  const store = await openTestStore({ blobs, metadata: before.metadata });
  assert.deepEqual(await judgeSuspects(store, { signal: AbortSignal.abort() }), { judged: 0, orphansRemoved: 0 });
  assert.deepEqual(await judgeSuspects(store, { signal }), { judged: 3, orphansRemoved: 3 });
  await blobs.close();
  await cutShort.close();
});
