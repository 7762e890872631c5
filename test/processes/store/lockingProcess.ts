/**
 * A process that ends, or does not, while it holds the write lock of an index: `node lockingProcess.ts <folder> <task>`. Tasks: `exit`
 * exits while it decides, `throw` has an exception that nobody catches while a commit waits for its turn, `late` exits as soon as it has
 * decided, `hold` decides without end, `write` commits until it is killed.
 */
import { writeSync } from "node:fs";
import { LmdbMetadataEngine } from "../../../src/store/metadata/lmdb/LmdbMetadataEngine.ts";
import { WriteLockWatch } from "../../../src/store/metadata/lmdb/WriteLockWatch.ts";

const LOOK_INTERVAL_MS = 10;

const [path, task] = process.argv.slice(2) as [string, string];
const engine = await LmdbMetadataEngine.open({ path, durability: "synced", mapSizeBytes: 2 ** 30 });

function stand(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

const decideWith = (work: () => void): Promise<undefined> =>
  engine.transact({ keys: [] }, () => {
    work();
    return { changes: [{ key: Buffer.from("key"), value: Buffer.from("undecided") }], result: undefined };
  });

const tasks: Readonly<Record<string, () => void>> = {
  exit: () => void decideWith(() => process.exit(3)),
  throw: () => {
    void decideWith(() => undefined);
    // In the turn in which the commit is begun, and behind that.
    setImmediate(() => {
      // Another thread takes the lock, and waits for this one.
      const watch = new WriteLockWatch(path);
      while (watch.holder() === undefined) stand(LOOK_INTERVAL_MS);
      throw new Error("nobody catches this");
    });
  },
  late: () => void decideWith(() => queueMicrotask(() => process.exit(3))),
  hold: () =>
    void decideWith(() => {
      writeSync(1, "held\n");
      stand(Infinity);
    }),
  write: () => {
    writeSync(1, "writing\n");
    void (async () => {
      for (;;) await decideWith(() => undefined);
    })();
  },
};
tasks[task]!();
