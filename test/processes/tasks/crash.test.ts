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
import { objectRecord, openUncheckedStore } from "../../store/testStore.ts";

const CRASHES = 4;
/** As in the writer's program: its seeds are this far apart. */
const WRITERS = 8;
const WRITER_PROGRAM = fileURLToPath(new URL("crashingWriter.ts", import.meta.url));

const scratch = mkdtempSync(join(tmpdir(), "holdfast-crash-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

/** What the killed process had acknowledged, by key: the newest one. */
type Acknowledged = Map<string, { readonly seed: number; readonly sizeBytes: number }>;

/** Lets the writer run until it has acknowledged so many writes, and kills it amid the next ones. */
async function crash(path: string, writes: number, acknowledged: Acknowledged): Promise<void> {
  const child = spawn(process.execPath, [WRITER_PROGRAM, path], { stdio: ["ignore", "pipe", "inherit"] });
  const gone = new Promise((resolve) => child.once("exit", resolve));
  let count = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const [key, seed, sizeBytes] = line.split(" ");
    acknowledged.set(key!, { seed: Number(seed), sizeBytes: Number(sizeBytes) });
    if (++count === writes) child.kill("SIGKILL");
  }
  await gone;
  assert.ok(count >= writes, `the writer ended by itself after ${count} writes`);
}

async function readBack(store: TestStore, key: string): Promise<Buffer> {
  const record = await objectRecord(store, key);
  assert.ok(record !== undefined, `${key} is lost`);
  const { source } = await openContent(store, record.content, 0, record.sizeBytes);
  return Buffer.isBuffer(source) ? source : collectBytes(source);
}

/** Starts as the server does after a crash, and looks at everything. Resolves with how many orphans were removed. */
async function checkStore(path: string, acknowledged: Acknowledged): Promise<number> {
  const folder = await DataFolder.open(path);
  const store = await openUncheckedStore({
    metadata: await LmdbMetadataEngine.open({ path: folder.metadataPath, durability: "written", mapSizeBytes: 64 * 1024 * 1024 }),
    blobs: await FileBlobEngine.open({ path: folder.blobsPath, durability: "written", run: folder.run }),
  });
  const signal = new AbortController().signal;
  const { orphansRemoved } = await judgeSuspects(store, { signal });
  for (const [key, { seed, sizeBytes }] of acknowledged) {
    const bytes = await readBack(store, key);
    // The writer's next write, of the same size, may have been committed without being acknowledged any more.
    const allowed = key.endsWith("/same") ? [seed, seed + WRITERS] : [seed];
    assert.ok(
      allowed.some((written) => bytes.equals(patternBytes(sizeBytes, written))),
      `${key} holds other bytes`,
    );
  }
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
  await scrub(store, {
    signal,
    onDamage: ({ key, problems }) => assert.fail(`${key}: ${problems.join()}`),
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
    await crash(path, round * 17, acknowledged);
    t.diagnostic(`${await checkStore(path, acknowledged)} orphans removed`);
  }
});
