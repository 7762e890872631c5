import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { readRow } from "../../../src/store/transact.ts";
import { bucketRow } from "../../../src/store/records/BucketRecord.ts";
import { put as putRow } from "../../../src/store/records/Row.ts";
import { LIFECYCLE_RUN_ROW } from "../../../src/store/records/LifecycleRunRecord.ts";
import { newFolder } from "../../newFolder.ts";
import { checkNames } from "../../store/checkedStore.ts";
import type { TestStore } from "../../store/testStore.ts";
import { BUCKET, commit } from "../../store/testStore.ts";
import { begin, DAY_MS, drop, NOON_MS, put, setRules, setVersioning, shown } from "../../tasks/lifecycle/agingStore.ts";
import { openAgingFolder } from "./agingFolder.ts";

const PROGRAM = fileURLToPath(new URL("crashingLifecycle.ts", import.meta.url));
const OBJECTS = 150;
/** Printed before each kill. */
const LINES = 130;
const LARGE = Buffer.alloc(128 * 1024);

/** Opens the store of a folder for some work, as nobody else has it. */
async function onStore<Result>(path: string, work: (store: TestStore) => Promise<Result>): Promise<Result> {
  const { store, close } = await openAgingFolder(path, NOON_MS);
  try {
    return await work(store);
  } finally {
    await close();
  }
}

/** Runs the program to its end, or until it has printed so many lines. Resolves with what it printed. */
async function runProgram(path: string, nowMs: number, lines = Infinity): Promise<readonly string[]> {
  const child = spawn(process.execPath, [PROGRAM, path, String(nowMs)], { stdio: ["ignore", "pipe", "inherit"] });
  const gone = new Promise((resolve) => child.once("exit", resolve));
  const printed: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    printed.push(line);
    if (printed.length === lines) child.kill("SIGKILL");
  }
  await gone;
  return printed;
}

test("lifecycle: whatever it is killed amid, the next start does the rest, and nothing else", async (t) => {
  const path = join(newFolder(t), "data");
  await onStore(path, async (store) => {
    await commit(store, [putRow(bucketRow(BUCKET.name), BUCKET)]);
    await setVersioning(store, "Enabled");
    await setRules(
      store,
      { Filter: { Prefix: "old" }, Expiration: { Days: 9 }, Transitions: [{ Days: 5, StorageClass: "GLACIER" }] },
      {
        Filter: { Prefix: "gone" },
        Expiration: { ExpiredObjectDeleteMarker: true },
        NoncurrentVersionExpiration: { NoncurrentDays: 5 },
      },
      { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 5 } },
    );
    for (let index = 0; index < OBJECTS; index++) {
      const name = String(index).padStart(4, "0");
      await put(store, `old${name}`, index % 50 === 0 ? { bytes: LARGE } : {});
      await put(store, `gone${name}`);
      await drop(store, `gone${name}`);
      await put(store, `kept${name}`);
    }
    for (let index = 0; index < 10; index++) await begin(store, `upload${index}`);
  });
  const nowMs = NOON_MS + 20 * DAY_MS;
  const done = new Set<string>();
  let looked = 0;
  for (let kill = 0; looked === 0; kill++) {
    assert.ok(kill < 30, "it does not come to an end");
    const printed = await runProgram(path, nowMs, LINES);
    for (const line of printed) {
      const [what, count] = line.split(" ");
      if (what === "end") looked = Number(count);
      // What was told of was committed, and so is not done again.
      else assert.ok(!done.has(line), `${line}, again`);
      done.add(line);
    }
    await onStore(path, checkNames);
  }
  // The last start has not begun at the beginning.
  assert.ok(looked < OBJECTS * 3, `${looked} looked at`);
  const found = await onStore(path, async (store) => {
    assert.ok((await readRow(store, LIFECYCLE_RUN_ROW))!.endedAtMs > 0);
    return shown(store);
  });
  const wanted = Array.from({ length: OBJECTS }, (_, index) => {
    const name = String(index).padStart(4, "0");
    return [
      [`kept${name}`, "STANDARD"],
      [`old${name}`, `- ${index % 50 === 0 ? "GLACIER" : "STANDARD"}`],
    ];
  });
  assert.deepEqual(found, Object.fromEntries(wanted.flat()));
});
