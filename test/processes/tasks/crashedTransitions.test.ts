import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { closeStore, openStore } from "../../../src/server/openStore.ts";
import { DataFolder } from "../../../src/store/folder/dataFolder.ts";
import { openContent } from "../../../src/store/objects/content.ts";
import { deadBlobRow, namedBlobRow } from "../../../src/store/records/blobRows.ts";
import { contentRow } from "../../../src/store/records/ContentRecord.ts";
import { perhaps } from "../../../src/store/records/Row.ts";
import type { Store } from "../../../src/store/Store.ts";
import { readRow } from "../../../src/store/transact.ts";
import { collect } from "../../../src/tasks/collect.ts";
import { judgeSuspects } from "../../../src/tasks/judgeSuspects.ts";
import { scrub } from "../../../src/tasks/scrub.ts";
import { newFolder } from "../../newFolder.ts";
import { collectBytes, patternBytes } from "../../store/blobs/blobs.suite.ts";
import { objectRecord } from "../../store/testStore.ts";
import { MOVED_OBJECTS, MOVED_SIZE_BYTES } from "./movedObjects.ts";

const CRASHES = 4;
const PROGRAM = fileURLToPath(new URL("crashingTransitions.ts", import.meta.url));

/** Lets the program run until it has told of so many objects, and kills it amid what comes next. */
async function crash(data: string, cold: string, lines: number, said: Map<string, string>): Promise<void> {
  const child = spawn(process.execPath, [PROGRAM, data, cold], { stdio: ["ignore", "pipe", "inherit"] });
  const gone = new Promise((resolve) => child.once("exit", resolve));
  let count = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const [key, storageClass] = line.split(" ");
    said.set(key!, storageClass!);
    if (++count === lines) child.kill("SIGKILL");
  }
  await gone;
  assert.ok(count >= lines, `the program ended by itself after ${count} lines`);
}

async function checkObject(store: Store, key: string, seed: number): Promise<void> {
  const record = await objectRecord(store, key);
  assert.ok(record !== undefined, `${key} is lost`);
  const { source } = await openContent(store, record, 0, record.sizeBytes);
  const bytes = Buffer.isBuffer(source) ? source : await collectBytes(source);
  assert.ok(bytes.equals(patternBytes(MOVED_SIZE_BYTES, seed)), `${key} holds other bytes`);
  assert.equal(record.content.kind, "content");
  const content = await readRow(store, contentRow((record.content as { id: string }).id));
  for (const { blob } of content!.segments) {
    assert.equal(blob.startsWith("-"), record.storageClass === "GLACIER", `${key} is ${record.storageClass} and lies in ${blob}`);
  }
}

test(`a process killed amid transitions, ${CRASHES} times: every object is whole where its class lies, and no copy stays`, async (t) => {
  const root = newFolder(t);
  const [data, cold] = [join(root, "data"), join(root, "cold")];
  mkdirSync(cold);
  const said = new Map<string, string>();
  for (let round = 1; round <= CRASHES; round++) {
    await crash(data, cold, MOVED_OBJECTS + round * 7, said);
    const folder = await DataFolder.open(data);
    const options = {
      durability: "written",
      mapSizeBytes: 64 * 1024 * 1024,
      classFolders: new Map([["GLACIER", cold]]),
    } as const;
    const store = await openStore(folder, options);
    const { signal } = new AbortController();
    const { orphansRemoved } = await judgeSuspects(store, { signal });
    for (const key of said.keys()) await checkObject(store, key, Number(key.slice("object".length)) + 1);
    await collect(store, { signal, onFailure: assert.fail, pause: async () => undefined });
    for await (const id of store.blobs.suspects({ all: true })) {
      // What died less than a grace ago is the collector's still.
      const known = (await readRow(store, namedBlobRow(id))) ?? (await readRow(store, perhaps(deadBlobRow(id))));
      assert.notEqual(known, undefined, `blob ${id} is an orphan`);
    }
    const onDamage = ({ object, problems }: { object: unknown; problems: readonly string[] }): never =>
      assert.fail(`${JSON.stringify(object)}: ${problems.join()}`);
    const { objects } = await scrub(store, { signal, onDamage, onProgress: () => undefined });
    assert.equal(objects, said.size);
    await closeStore(store);
    folder.close();
    t.diagnostic(`${orphansRemoved} orphans removed`);
  }
  assert.equal(said.size, MOVED_OBJECTS);
});
