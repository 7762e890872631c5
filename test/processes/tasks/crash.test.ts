import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { FileBlobEngine } from "../../../src/store/blobs/files/FileBlobEngine.ts";
import { openContent } from "../../../src/store/objects/content.ts";
import { DataFolder } from "../../../src/store/folder/dataFolder.ts";
import { LmdbMetadataEngine } from "../../../src/store/metadata/lmdb/LmdbMetadataEngine.ts";
import { namedBlobRow } from "../../../src/store/records/blobRows.ts";
import { readRow } from "../../../src/store/transact.ts";
import { collect, DEAD_BLOB_GRACE_MS } from "../../../src/tasks/collect.ts";
import { judgeSuspects } from "../../../src/tasks/judgeSuspects.ts";
import { scrub } from "../../../src/tasks/scrub.ts";
import { collectBytes, patternBytes } from "../../store/blobs/blobs.suite.ts";
import type { TestStore } from "../../store/testStore.ts";
import { checkNames } from "../../store/checkedStore.ts";
import { objectRecord, openUncheckedStore } from "../../store/testStore.ts";
import type { Known, Step } from "./histories.ts";
import { adopt, afterStep, NO_HISTORIES } from "./histories.ts";
import { storedHistories } from "./storedHistories.ts";

const CRASHES = 4;
/** Printed before the first kill amid changes of versions, two for each; as many more before each further one. */
const LINES_OF_STEPS = 250;
/** As in the writer's program: its seeds are this far apart. */
const WRITERS = 8;
const WRITER_PROGRAM = fileURLToPath(new URL("crashingWriter.ts", import.meta.url));
const VERSIONS_PROGRAM = fileURLToPath(new URL("crashingVersions.ts", import.meta.url));

const scratch = mkdtempSync(join(tmpdir(), "holdfast-crash-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

/** What the killed process had acknowledged, by key: the newest one. */
type Acknowledged = Map<string, { readonly seed: number; readonly sizeBytes: number }>;

/** Lets a program run until it has printed so many lines, and kills it amid what comes next. */
async function crash(program: string, path: string, lines: number, onLine: (words: string[]) => void): Promise<void> {
  const child = spawn(process.execPath, [program, path], { stdio: ["ignore", "pipe", "inherit"] });
  const gone = new Promise((resolve) => child.once("exit", resolve));
  let count = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    onLine(line.split(" "));
    if (++count === lines) child.kill("SIGKILL");
  }
  await gone;
  assert.ok(count >= lines, `the program ended by itself after ${count} lines`);
}

async function readBack(store: TestStore, key: string): Promise<Buffer> {
  const record = await objectRecord(store, key);
  assert.ok(record !== undefined, `${key} is lost`);
  const { source } = await openContent(store, record, 0, record.sizeBytes);
  return Buffer.isBuffer(source) ? source : collectBytes(source);
}

async function checkAcknowledged(store: TestStore, acknowledged: Acknowledged): Promise<void> {
  for (const [key, { seed, sizeBytes }] of acknowledged) {
    const bytes = await readBack(store, key);
    // The writer's next write, of the same size, may have been committed without being acknowledged any more.
    const allowed = key.endsWith("/same") ? [seed, seed + WRITERS] : [seed];
    assert.ok(
      allowed.some((written) => bytes.equals(patternBytes(sizeBytes, written))),
      `${key} holds other bytes`,
    );
  }
}

/** Starts as the server does after a crash, and looks at everything. Resolves with how many orphans were removed. */
async function checkStore(path: string, check: (store: TestStore) => Promise<void>): Promise<number> {
  const folder = await DataFolder.open(path);
  const store = await openUncheckedStore({
    metadata: await LmdbMetadataEngine.open({ path: folder.metadataPath, durability: "written", mapSizeBytes: 64 * 1024 * 1024 }),
    blobs: await FileBlobEngine.open({ path: folder.blobsPath, durability: "written", run: folder.run }),
  });
  const signal = new AbortController().signal;
  const { orphansRemoved } = await judgeSuspects(store, { signal });
  await checkNames(store);
  await check(store);
  const collector = {
    signal,
    onFailure: assert.fail,
    pause: async () => undefined,
  };
  await collect(store, collector);
  store.nowMs += DEAD_BLOB_GRACE_MS + 1;
  await collect(store, collector);
  for await (const id of store.blobs.suspects({ all: true })) {
    assert.notEqual(await readRow(store, namedBlobRow(id)), undefined, `blob ${id} is an orphan`);
  }
  await checkNames(store);
  await scrub(store, {
    signal,
    onDamage: ({ object, problems }) => assert.fail(`${object?.key}: ${problems.join()}`),
    onProgress: () => undefined,
  });
  await store.blobs.close();
  await store.metadata.close();
  folder.close();
  return orphansRemoved;
}

test(`a process killed amid writes, ${CRASHES} times: what it acknowledged is there and whole, and no orphan stays`, async (t) => {
  const path = join(scratch, "data");
  const acknowledged: Acknowledged = new Map();
  for (let round = 1; round <= CRASHES; round++) {
    await crash(WRITER_PROGRAM, path, round * 17, ([key, seed, sizeBytes]) => {
      acknowledged.set(key!, { seed: Number(seed), sizeBytes: Number(sizeBytes) });
    });
    const orphansRemoved = await checkStore(path, (store) => checkAcknowledged(store, acknowledged));
    t.diagnostic(`${orphansRemoved} orphans removed`);
  }
});

test(`a process killed amid changes of versions, ${CRASHES} times: every version is there or gone as was acknowledged, in order`, async (t) => {
  const path = join(scratch, "versions");
  const buckets = new Map<string, Known>();
  for (let round = 1; round <= CRASHES; round++) {
    await crash(VERSIONS_PROGRAM, path, round * LINES_OF_STEPS, ([bucket, what, ...rest]) => {
      const known = buckets.get(bucket!) ?? { acknowledged: NO_HISTORIES, begun: undefined };
      buckets.set(bucket!, known);
      const said = JSON.parse(rest.join(" ")) as unknown;
      if (what === "begun") known.begun = said as Step;
      else {
        known.acknowledged = afterStep(known.acknowledged, known.begun!, said as string[]);
        known.begun = undefined;
      }
    });
    const orphansRemoved = await checkStore(path, async (store) => {
      for (const [name, known] of buckets) adopt(known, await storedHistories(store, name), `after kill ${round}, ${name}`);
    });
    const versions = [...buckets.values()].flatMap(({ acknowledged }) => [...acknowledged.keys.values()].flat());
    t.diagnostic(`${versions.length} versions of ${buckets.size} buckets, ${orphansRemoved} orphans removed`);
  }
});
