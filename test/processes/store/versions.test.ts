import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createBucket, describeBucket } from "../../../src/store/buckets/buckets.ts";
import { LmdbMetadataEngine } from "../../../src/store/metadata/lmdb/LmdbMetadataEngine.ts";
import { versionsOf } from "../../../src/store/records/versionRows.ts";
import { objectsOf } from "../../../src/store/records/ObjectRecord.ts";
import { readRows } from "../../../src/store/transact.ts";
import { newFolder } from "../../newFolder.ts";
import { checkNames } from "../../store/checkedStore.ts";
import { BUCKET, openUncheckedStore } from "../../store/testStore.ts";
import type { Changed } from "../tasks/storedHistories.ts";

const PROGRAM = join(import.meta.dirname, "versionsProcess.ts");
const PROCESSES = 3;
/** Of each of a process's writers. */
const STEPS = 100;
const NAME = "shared";
/** Longer than a step takes, so that many are taken with each status of the bucket's versioning. */
const STATUS_INTERVAL_MS = 15;
/** Begins the line that tells what a process changed. */
const CHANGED = "changed ";
const ALL = 1_000_000;

/** Runs one of the programs; `onBegun` hears when it begins to write. */
async function changes(path: string, onBegun: () => void): Promise<Changed> {
  const child = spawn(process.execPath, [PROGRAM, path, NAME, String(STEPS)], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit");
  let changed: Changed | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === "begun") onBegun();
    // Besides, the reporter of tests says that there were none.
    if (line.startsWith(CHANGED)) changed = JSON.parse(line.slice(CHANGED.length)) as Changed;
  }
  const [code] = (await ended) as [number | null];
  assert.equal(code, 0, "a process that got an error exits with another code");
  return changed!;
}

test("versions: processes that change the same keys while versioning is enabled and suspended lose none, and none twice", async (t) => {
  const folder = newFolder(t);
  const path = join(folder, "index");
  const metadata = await LmdbMetadataEngine.open({ path, durability: "written", mapSizeBytes: 2 ** 28 });
  const store = await openUncheckedStore({ metadata });
  const bucket = await createBucket(store, { ...BUCKET, name: NAME });
  let begun = 0;
  let isOver = false;
  const all = Promise.all(Array.from({ length: PROCESSES }, () => changes(path, () => void begun++))).finally(
    () => (isOver = true),
  );
  for (let turn = 0; !isOver; turn++) {
    await sleep(STATUS_INTERVAL_MS);
    // Never had versioning until everybody writes.
    if (begun < PROCESSES) turn = 0;
    else await describeBucket(store, bucket, (one) => ({ ...one, versioning: turn % 3 === 0 ? "Suspended" : "Enabled" }));
  }
  const changed = await all;
  const made = changed.flatMap((one) => one.made);
  const gone = changed.flatMap((one) => one.gone);
  assert.equal(new Set(made).size, made.length, "no id is made twice");
  assert.equal(new Set(gone).size, gone.length, "nothing goes twice");
  const { current, older } = await readRows(store, { current: objectsOf(bucket.id, ALL), older: versionsOf(bucket.id, ALL) });
  const found = [...current, ...older].flatMap(({ versionId }) => versionId ?? []);
  assert.deepEqual(found.toSorted(), made.filter((id) => !gone.includes(id)).toSorted());
  await checkNames(store);
  await metadata.close();
  t.diagnostic(`${made.length} versions made, ${gone.length} of them deleted`);
});
