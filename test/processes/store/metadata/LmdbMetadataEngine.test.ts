import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { LmdbMetadataEngine } from "../../../../src/store/metadata/lmdb/LmdbMetadataEngine.ts";

const MAP_SIZE_BYTES = 2 ** 30;
const SCRIPT = new URL("lmdbProcess.ts", import.meta.url).pathname;
const run = promisify(execFile);

let folder = "";
let names = 0;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "holdfast-lmdb-"));
});
after(() => rm(folder, { recursive: true, force: true }));

const newPath = (): string => join(folder, `index.${names++}`);
const open = (path: string): Promise<LmdbMetadataEngine> =>
  LmdbMetadataEngine.open({ path, durability: "synced", mapSizeBytes: MAP_SIZE_BYTES });
const text = (engine: LmdbMetadataEngine, key: string): string | undefined => {
  const value = engine.read({ keys: [Buffer.from(key)] }).values[0];
  return value === undefined ? undefined : Buffer.from(value).toString();
};
const commit = (engine: LmdbMetadataEngine, key: string, value: string): Promise<undefined> =>
  engine.transact({ keys: [] }, () => ({ changes: [{ key: Buffer.from(key), value: Buffer.from(value) }], result: undefined }));

test("LmdbMetadataEngine: processes that share an index lose no update, and see each other's commits at once", async () => {
  const path = newPath();
  const engine = await open(path);
  await commit(engine, "counter", "0");
  const processes = [1, 2].map(() => run(process.execPath, [SCRIPT, path, "count"]));
  let ended = false;
  const others = Promise.all(processes).finally(() => (ended = true));
  let seen = 0;
  while (!ended) {
    const now = Number(text(engine, "counter"));
    assert.ok(now >= seen, `the counter went back from ${seen} to ${now}`);
    seen = await engine.transact({ keys: [Buffer.from("counter")] }, ({ values }) => {
      const value = Number(Buffer.from(values[0]!));
      return { changes: [{ key: Buffer.from("mine"), value: Buffer.from(String(value)) }], result: value };
    });
  }
  await others;
  assert.equal(text(engine, "counter"), "200");
  await engine.close();
});

test("LmdbMetadataEngine: a process killed while it writes leaves whole commits, and its lock is free", async () => {
  const path = newPath();
  const engine = await open(path);
  const writer = spawn(process.execPath, [SCRIPT, path, "hold"], { stdio: ["ignore", "pipe", "inherit"] });
  await once(writer.stdout, "data");
  writer.kill("SIGKILL");
  await once(writer, "exit");
  await commit(engine, "mine", "written");
  for (let index = 0; index < 64; index++) {
    const [first, second] = engine.read({ keys: [Buffer.from(`a${index}`), Buffer.from(`b${index}`)] }).values;
    assert.deepEqual([first?.length, first?.[0], first?.[59_999]], [second?.length, second?.[0], second?.[59_999]]);
  }
  assert.equal(text(engine, "mine"), "written");
  await engine.close();
});

test("LmdbMetadataEngine: without room a write is refused with StorageFullError, reads go on, and room made by removing is used", async () => {
  const limited = `ulimit -f 4096 && exec "${process.execPath}" "${SCRIPT}" "${newPath()}" fill`;
  const { stdout } = await run("bash", ["-c", limited]);
  const report = JSON.parse(stdout) as { written: number; full: boolean; halves: number; readable: boolean };
  assert.ok(report.written > 5 && report.written < 100, `written: ${report.written}`);
  assert.deepEqual({ ...report, written: 0 }, { written: 0, full: true, halves: 0, readable: true });
});
