import assert from "node:assert/strict";
import { fstatSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { TestContext } from "node:test";
import { DIRECT_MIN_SIZE_BYTES } from "../../../src/store/blobs/files/directWrites.ts";
import { FileBlobEngine } from "../../../src/store/blobs/files/FileBlobEngine.ts";
import { patternBytes } from "./blobs.suite.ts";

const scratch = mkdtempSync(join(tmpdir(), "holdfast-syncs-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

/** What was put on disk since it was last asked, each file or folder by its number. */
class Syncs {
  readonly #seen: bigint[] = [];

  static async watch(t: TestContext): Promise<Syncs> {
    const syncs = new Syncs();
    const folder = await open(scratch);
    const handles = Object.getPrototypeOf(folder) as FileHandle;
    await folder.close();
    for (const name of ["sync", "datasync"] as const) {
      const { [name]: sync } = handles;
      t.mock.method(handles, name, async function (this: FileHandle): Promise<void> {
        await sync.call(this);
        syncs.#seen.push(fstatSync(this.fd, { bigint: true }).ino);
      });
    }
    return syncs;
  }

  get count(): number {
    return this.#seen.length;
  }

  /** Whether all of these were. Begins anew. */
  take(...paths: readonly string[]): boolean {
    const seen = new Set(this.#seen.splice(0));
    return paths.every((path) => seen.has(statSync(path, { bigint: true }).ino));
  }
}

for (const [what, sizeBytes, forecastBytes] of [
  ["small", 10, 10],
  ["of another size than forecast", 10, 20],
  ["large", DIRECT_MIN_SIZE_BYTES + 10, DIRECT_MIN_SIZE_BYTES + 10],
  ["empty", 0, 0],
] as const) {
  test(`FileBlobEngine: a synced blob is on disk, with all that leads to it, before it is finished: ${what}`, async (t) => {
    const syncs = await Syncs.watch(t);
    const path = mkdtempSync(join(scratch, "synced-"));
    const engine = await FileBlobEngine.open({ path, durability: "synced", run: "run1" });
    for (let blob = 0; blob < 2; blob++) {
      const writer = await engine.create(forecastBytes);
      const [generation, number] = writer.id.split("-") as [string, string];
      // The generation and its mark are the first blob's.
      if (blob === 0) assert.ok(syncs.take(path, join(path, "open")));
      await writer.write(patternBytes(sizeBytes));
      await writer.finish();
      assert.ok(syncs.take(join(path, generation), join(path, generation, number)));
    }
    await engine.close();
  });
}

test("FileBlobEngine: with durability written nobody waits for the disk", async (t) => {
  const syncs = await Syncs.watch(t);
  const path = mkdtempSync(join(scratch, "written-"));
  const engine = await FileBlobEngine.open({ path, durability: "written", run: "run1" });
  for (const forecastBytes of [10, 20, DIRECT_MIN_SIZE_BYTES]) {
    const writer = await engine.create(forecastBytes);
    await writer.write(patternBytes(10));
    await writer.finish();
  }
  assert.equal(syncs.count, 0);
  await engine.close();
});

test("FileBlobEngine: an engine through which no blob was finished leaves no folder", async () => {
  const path = mkdtempSync(join(scratch, "empty-"));
  const engine = await FileBlobEngine.open({ path, durability: "synced", run: "run1" });
  await (await engine.create(10)).abort();
  await engine.close();
  assert.deepEqual(readdirSync(path), ["open"]);
});
