/**
 * `npm run bench:scale`: does a page, a PUT, a GET or a start cost more when the store is large? Fills a small store and a large one
 * without HTTP, through Holdfast's own engine, then measures both in turn through HTTP. `--help` lists the options.
 */
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fillBulk } from "./bulk.ts";
import { OptionError, positive, runCommand, whole } from "./command.ts";
import type { GrowthRow, SizedServer } from "./growth.ts";
import { growthTable, measureGrowth } from "./growth.ts";
import { shareProcessors } from "./processors.ts";
import { writeSection } from "./record.ts";
import { startHoldfast } from "./servers.ts";
import { median } from "./statistics.ts";
import { figure, markdownTable, plainTable } from "./table.ts";

const SMALL_STORE_OBJECTS = 10_000;
const PREFIXES = 100;
const BUCKET = "bench-scale";
const PLACES = 20_000;
const PAGE_KEYS = 1_000;
const STARTS = 5;
const PROGRESS_INTERVAL_MS = 1_000;
const DURABILITY = "synced";

const HELP = `npm run bench:scale -- [options]

  --objects N      objects of the large store (default 10,000,000); the small one has ${SMALL_STORE_OBJECTS.toLocaleString("en")}
  --size BYTES     size of each object (default 64)
  --data FOLDER    where the stores are kept (default holdfast-scale in the system's temporary folder). They stay there: a fill that was
                   interrupted goes on where it stopped, and the next run finds it done
  --seconds N      how long each row runs on each store in each round (default 2)
  --rounds N       rounds, interleaved (default 5)
  --record         writes the table of docs/performance.md
`;

interface ScaleOptions {
  readonly objects: number;
  readonly sizeBytes: number;
  readonly data: string;
  readonly seconds: number;
  readonly rounds: number;
  readonly record: boolean;
}

/** A store of a size. */
interface ScaledStore {
  readonly data: string;
  readonly objects: number;
}

function parseOptions(args: string[]): ScaleOptions | undefined {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  const options = { objects: text, size: text, data: text, seconds: text, rounds: text, record: flag, help: flag };
  let values;
  try {
    values = parseArgs({ args, options }).values;
  } catch (cause) {
    throw new OptionError(cause instanceof Error ? cause.message : String(cause));
  }
  if (values.help === true) return undefined;
  return {
    objects: whole("objects", values.objects ?? "10000000"),
    sizeBytes: whole("size", values.size ?? "64"),
    data: values.data ?? join(tmpdir(), "holdfast-scale"),
    seconds: positive("seconds", values.seconds ?? "2"),
    rounds: whole("rounds", values.rounds ?? "5"),
    record: values.record === true,
  };
}

/** Keys rise with the index and are spread evenly over the prefixes. */
function keyOf(objects: number, index: number): string {
  const prefix = Math.floor((index * PREFIXES) / objects);
  return `d${String(prefix).padStart(5, "0")}/k${String(index).padStart(10, "0")}`;
}

function place(objects: number, index: number): number {
  return Math.floor((index * objects) / PLACES);
}

function scaleRows(sizeBytes: number): readonly GrowthRow[] {
  const body = [Buffer.alloc(sizeBytes, "holdfast ")];
  const pathOf = (objects: number, index: number): string => `/${BUCKET}/${keyOf(objects, place(objects, index))}`;
  const page = { "list-type": "2", "max-keys": String(PAGE_KEYS) };
  return [
    {
      title: "a page of 1,000 keys",
      inFlight: 4,
      plan(objects, index) {
        const after = Math.min(place(objects, index), objects - PAGE_KEYS - 1);
        return { method: "GET", path: `/${BUCKET}`, query: { ...page, "start-after": keyOf(objects, Math.max(after, 0)) } };
      },
    },
    {
      title: `a page of ${PREFIXES} prefixes`,
      inFlight: 4,
      plan: () => ({ method: "GET", path: `/${BUCKET}`, query: { ...page, delimiter: "/" } }),
    },
    { title: "PUT", inFlight: 32, plan: (objects, index) => ({ method: "PUT", path: pathOf(objects, index), body }) },
    { title: "GET", inFlight: 32, plan: (objects, index) => ({ method: "GET", path: pathOf(objects, index) }) },
  ];
}

async function fill({ data, objects }: ScaledStore, sizeBytes: number): Promise<void> {
  const startedAt = performance.now();
  let saidAt = startedAt;
  let first: number | undefined;
  await fillBulk({
    data,
    bucket: BUCKET,
    objects,
    sizeBytes,
    key: (index) => keyOf(objects, index),
    onProgress(stored) {
      first ??= stored;
      const now = performance.now();
      if (now - saidAt < PROGRESS_INTERVAL_MS) return;
      saidAt = now;
      const perSecond = ((stored - first) / (now - startedAt)) * 1000;
      const left = perSecond === 0 ? "" : `, ${Math.ceil((objects - stored) / perSecond)} s left`;
      process.stderr.write(`${stored.toLocaleString("en")} of ${objects.toLocaleString("en")} objects${left}\n`);
    },
  });
}

async function measureStarts(stores: readonly ScaledStore[], processors: readonly number[] | undefined): Promise<number[]> {
  const times = stores.map((): number[] => []);
  for (let start = 1; start <= STARTS; start += 1) {
    for (const [index, { data }] of stores.entries()) {
      const plan = { name: "start", data, durability: DURABILITY, workers: undefined, processors, flags: [] } as const;
      const { process: running } = await startHoldfast(plan);
      times[index]!.push(running.startedInMs);
      await running.stop();
    }
  }
  return times.map(median);
}

async function run(options: ScaleOptions): Promise<void> {
  const stores: readonly ScaledStore[] = [SMALL_STORE_OBJECTS, options.objects].map((objects) => ({
    objects,
    data: join(options.data, `${objects}-of-${options.sizeBytes}`),
  }));
  await mkdir(options.data, { recursive: true });
  const processors = shareProcessors(1);
  for (const store of stores) await fill(store, options.sizeBytes);
  const starts = await measureStarts(stores, processors.servers);
  const rows: string[][] = [];
  const servers: SizedServer[] = [];
  try {
    for (const { data, objects } of stores) {
      const plan = {
        name: String(objects),
        data,
        durability: DURABILITY,
        workers: undefined,
        processors: processors.servers,
      } as const;
      servers.push({ server: await startHoldfast(plan), size: objects });
    }
    const plan = { ...options, places: PLACES };
    for (const row of scaleRows(options.sizeBytes)) rows.push(await measureGrowth(row, servers, plan));
  } finally {
    for (const { server } of servers) await server.process?.stop();
  }
  rows.push(["start, ms", figure(starts[0]), figure(starts[1]), figure(starts[1]! / starts[0]!), "–", "–", "–"]);
  const table = growthTable(
    rows,
    "objects",
    stores.map(({ objects }) => objects),
  );
  const note =
    `Objects of ${options.sizeBytes} bytes, filled through the store's engine, not through S3; measured through S3, durability ${DURABILITY}, ` +
    `${options.rounds} rounds of ${options.seconds} s. PUTs overwrite objects; places are spread over the whole bucket. ${processors.note}\n`;
  process.stdout.write(`\n${plainTable(table)}\n${note}Stores kept in ${options.data}\n`);
  if (options.record) writeSection("growth", `${markdownTable(table)}\n${note}`);
}

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  if (options === undefined) process.stdout.write(HELP);
  else await run(options);
}

runCommand(main, HELP);
