/**
 * A second process on the index of a test: `node lmdbProcess.ts <folder> <task>`. Tasks: `count` adds 1 to a counter 100 times, `fill`
 * writes until there is no room, `hold` writes without end until it is killed.
 */
import { LmdbMetadataEngine } from "../../../../src/store/metadata/lmdb/LmdbMetadataEngine.ts";
import { StorageFullError } from "../../../../src/errors/StorageFullError.ts";

const [path, task] = process.argv.slice(2) as [string, string];
const engine = await LmdbMetadataEngine.open({ path, durability: "synced", mapSizeBytes: 2 ** 30 });

async function count(): Promise<void> {
  const key = Buffer.from("counter");
  for (let round = 0; round < 100; round++) {
    await engine.transact({ keys: [key] }, ({ values }) => {
      const before = values[0] === undefined ? 0 : Number(Buffer.from(values[0]));
      return { changes: [{ key, value: Buffer.from(String(before + 1)) }], result: undefined };
    });
  }
}

const putLarge = (index: number): Promise<undefined> =>
  engine.transact({ keys: [] }, () => ({
    changes: [
      { key: Buffer.from(`a${index}`), value: Buffer.alloc(60_000, index) },
      { key: Buffer.from(`b${index}`), value: Buffer.alloc(60_000, index) },
    ],
    result: undefined,
  }));

/** The parent limits the size of files; the signal that comes with it must not end us. */
async function fill(): Promise<void> {
  process.on("SIGXFSZ", () => undefined);
  let written = 0;
  const report = { written, full: false, halves: 0, readable: false };
  try {
    for (; written < 1_000; written++) await putLarge(written);
  } catch (failure) {
    // A limit of the file size cuts writes short as a full disk does, but leaves room on the disk: LMDB then says EIO.
    report.full = failure instanceof StorageFullError || (failure as { code?: unknown }).code === 5;
  }
  report.written = written;
  const last = engine.read({
    keys: [`a${written - 1}`, `b${written - 1}`, `a${written}`, `b${written}`].map((key) => Buffer.from(key)),
  }).values;
  report.readable = last[0]?.length === 60_000 && last[1]?.length === 60_000;
  report.halves = last.slice(2).filter((value) => value !== undefined).length;
  // Room is made by removing; the freed pages serve the next write.
  const removals = Array.from({ length: written }, (_, index) => [`a${index}`, `b${index}`]).flat();
  await engine.transact({ keys: [] }, () => ({
    changes: removals.map((key) => ({ key: Buffer.from(key), value: undefined })),
    result: undefined,
  }));
  for (let index = 0; index < 3; index++)
    await engine.transact({ keys: [] }, () => ({
      changes: [{ key: Buffer.from("again"), value: Buffer.alloc(60_000, 1) }],
      result: undefined,
    }));
  console.log(JSON.stringify(report));
}

async function hold(): Promise<void> {
  for (let index = 0; ; index++) {
    await Promise.all(Array.from({ length: 8 }, (_, writer) => putLarge((8 * index + writer) % 64)));
    if (index === 2) console.log("ready");
  }
}

await { count, fill, hold }[task]!();
await engine.close();
