/**
 * `npm run bench:versions`: does a page, a GET or a PUT cost more when a key has very many versions, and very many delete markers lie in
 * the bucket? Fills a small store and a large one without HTTP, through Holdfast's own engine, then measures both in turn through HTTP.
 */
import { tmpdir } from "node:os";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { closeStore, openStore } from "../src/server/openStore.ts";
import { createBucket } from "../src/store/buckets/buckets.ts";
import { DataFolder } from "../src/store/folder/dataFolder.ts";
import type { Change } from "../src/store/metadata/MetadataEngine.ts";
import { newVersionId } from "../src/store/objects/versionIds.ts";
import type { BucketRecord } from "../src/store/records/BucketRecord.ts";
import type { ObjectRecord } from "../src/store/records/ObjectRecord.ts";
import { objectRow, PLAIN_OBJECT } from "../src/store/records/ObjectRecord.ts";
import { put } from "../src/store/records/Row.ts";
import { versionRow } from "../src/store/records/versionRows.ts";
import type { Store } from "../src/store/Store.ts";
import { FIRST_USER_NAME } from "../src/store/accounts/accountForms.ts";
import { addAccount } from "../src/store/accounts/accounts.ts";
import { OptionError, positive, runCommand, whole } from "./command.ts";
import type { GrowthRow, SizedServer } from "./growth.ts";
import { growthTable, measureGrowth } from "./growth.ts";
import { shareProcessors } from "./processors.ts";
import { writeSection } from "./record.ts";
import { KEYS, REGION, startHoldfast } from "./servers.ts";
import { markdownTable, plainTable } from "./table.ts";

const FEW_VERSIONS = 1_000;
const BUCKET = "bench-versions";
/** The key of very many versions. */
const HOT = "hot";
/** Objects of one version each, half of them before all else and half behind it, as a page of objects finds them. */
const PLAIN_OBJECTS = 1_000;
const PLACES = 100;
const PAGE_VERSIONS = 1_000;
const ROWS_PER_COMMIT = 5_000;
const MAP_SIZE_BYTES = 256 * 1024 ** 3;
const DURABILITY = "synced";

const HELP = `npm run bench:versions -- [options]

  --versions N     versions of one key in the large store, and delete markers of as many other keys (default 1,000,000); the small one has
                   ${FEW_VERSIONS.toLocaleString("en")} of each
  --seconds N      how long each row runs on each store in each round (default 1)
  --rounds N       rounds, interleaved (default 5)
  --record         writes the table of docs/performance.md
`;

interface VersionsOptions {
  readonly versions: number;
  readonly seconds: number;
  readonly rounds: number;
  readonly record: boolean;
}

function parseOptions(args: string[]): VersionsOptions | undefined {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  let values;
  try {
    values = parseArgs({ args, options: { versions: text, seconds: text, rounds: text, record: flag, help: flag } }).values;
  } catch (cause) {
    throw new OptionError(cause instanceof Error ? cause.message : String(cause));
  }
  if (values.help === true) return undefined;
  return {
    versions: whole("versions", values.versions ?? "1000000"),
    seconds: positive("seconds", values.seconds ?? "1"),
    rounds: whole("rounds", values.rounds ?? "5"),
    record: values.record === true,
  };
}

const plainKey = (index: number): string => `${index % 2 === 0 ? "a" : "z"}${String(index).padStart(4, "0")}`;
const deletedKey = (index: number): string => `deleted/${String(index).padStart(10, "0")}`;

/** The same for the same place, so that requests can name it. */
function versionIdAt(sequence: number): string {
  return newVersionId(sequence, { realNowMs: 0, newId: () => String(sequence) });
}

function versionAt(bucket: BucketRecord, sequence: number, isDeleteMarker: boolean): ObjectRecord {
  return {
    lastModifiedMs: bucket.createdAtMs + sequence,
    sizeBytes: 0,
    etag: isDeleteMarker ? "" : "d41d8cd98f00b204e9800998ecf8427e",
    storageClass: "STANDARD",
    ownerId: bucket.ownerId,
    ownerName: bucket.ownerName,
    content: { kind: "empty" },
    checksum: isDeleteMarker ? undefined : { algorithm: "CRC32", type: "FULL_OBJECT", value: "AAAAAA==" },
    system: {},
    user: [],
    partsCount: 0,
    ...PLAIN_OBJECT,
    versionId: versionIdAt(sequence),
    sequence,
    isDeleteMarker,
    restore: undefined,
  };
}

/** All rows of the bucket: versions of one key, as many delete markers, each of a key of its own, and some objects. */
function* rowsOf(bucket: BucketRecord, versions: number): Generator<Change, void> {
  for (let index = 0; index < PLAIN_OBJECTS; index++)
    yield put(objectRow(bucket.id, plainKey(index)), versionAt(bucket, 1, false));
  for (let index = 0; index < versions; index++) {
    yield put(versionRow(bucket.id, deletedKey(index), 1), versionAt(bucket, 1, true));
  }
  yield put(objectRow(bucket.id, HOT), versionAt(bucket, versions, false));
  for (let sequence = versions - 1; sequence > 0; sequence--) {
    yield put(versionRow(bucket.id, HOT, sequence), versionAt(bucket, sequence, false));
  }
}

async function fill(data: string, versions: number): Promise<void> {
  const folder = await DataFolder.open(data);
  const store = await openStore(folder, { durability: "written", mapSizeBytes: MAP_SIZE_BYTES });
  try {
    const { canonicalId: ownerId, displayName: ownerName } = await addAccount(store, { name: FIRST_USER_NAME, ...KEYS });
    const owned = { name: BUCKET, region: REGION, ownerId, ownerName, createdAtMs: store.clock() };
    const bucket = await createBucket(store, { ...owned, versioning: "Enabled" });
    let changes: Change[] = [];
    for (const change of rowsOf(bucket, versions)) {
      changes.push(change);
      if (changes.length < ROWS_PER_COMMIT) continue;
      await commit(store, changes);
      changes = [];
    }
    await commit(store, changes);
  } finally {
    await closeStore(store);
    folder.close();
  }
}

async function commit(store: Store, changes: readonly Change[]): Promise<void> {
  await store.metadata.transact({ keys: [] }, () => ({ changes, result: undefined }));
}

function versionRows(): readonly GrowthRow[] {
  const path = `/${BUCKET}`;
  const hot = `${path}/${HOT}`;
  const versionsPage = { versions: "", "max-keys": String(PAGE_VERSIONS) };
  // In the upper half, so that a whole page follows in the small store too.
  const place = (size: number, index: number): number => Math.ceil(size / 2) + Math.floor(((size / 2 - 1) * index) / PLACES);
  return [
    { title: "ListObjectVersions, first page", inFlight: 4, plan: () => ({ method: "GET", path, query: versionsPage }) },
    {
      title: "ListObjectVersions, amid the versions",
      inFlight: 4,
      plan: (size, index) => ({
        method: "GET",
        path,
        query: { ...versionsPage, "key-marker": HOT, "version-id-marker": versionIdAt(place(size, index)) },
      }),
    },
    {
      title: "ListObjectVersions, amid the markers",
      inFlight: 4,
      plan: (size, index) => ({ method: "GET", path, query: { ...versionsPage, "key-marker": deletedKey(place(size, index)) } }),
    },
    { title: "ListObjectsV2", inFlight: 4, plan: () => ({ method: "GET", path, query: { "list-type": "2" } }) },
    { title: "GET", inFlight: 32, plan: () => ({ method: "GET", path: hot }) },
    {
      title: "GET of a version",
      inFlight: 32,
      plan: (size, index) => ({ method: "GET", path: hot, query: { versionId: versionIdAt(place(size, index)) } }),
    },
    // Last, for each adds a version.
    { title: "PUT over it", inFlight: 32, plan: () => ({ method: "PUT", path: hot, body: [] }) },
  ];
}

async function run(options: VersionsOptions): Promise<void> {
  const sizes = [FEW_VERSIONS, options.versions];
  const processors = shareProcessors(1);
  const folder = await mkdtemp(join(tmpdir(), "holdfast-bench-versions-"));
  const servers: SizedServer[] = [];
  const rows: string[][] = [];
  try {
    for (const size of sizes) {
      const data = join(folder, String(size));
      const startedAt = performance.now();
      await fill(data, size);
      process.stderr.write(
        `filled ${size.toLocaleString("en")} of each in ${Math.ceil((performance.now() - startedAt) / 1000)} s\n`,
      );
      const plan = {
        name: String(size),
        data,
        durability: DURABILITY,
        workers: undefined,
        processors: processors.servers,
      } as const;
      servers.push({ server: await startHoldfast(plan), size });
    }
    for (const row of versionRows()) rows.push(await measureGrowth(row, servers, { ...options, places: PLACES }));
  } finally {
    for (const { server } of servers) await server.process?.stop();
    await rm(folder, { recursive: true, force: true });
  }
  const table = growthTable(rows, "of each", sizes);
  const note =
    `So many versions of one key, and so many delete markers of other keys, in one bucket with ${PLAIN_OBJECTS.toLocaleString("en")} other ` +
    `objects. Pages of ${PAGE_VERSIONS.toLocaleString("en")} items; objects without bytes, filled through the store's engine, not through S3; ` +
    `measured through S3, durability ${DURABILITY}, ${options.rounds} rounds of ${options.seconds} s. ${processors.note}\n`;
  process.stdout.write(`\n${plainTable(table)}\n${note}`);
  if (options.record) writeSection("versions", `${markdownTable(table)}\n${note}`);
}

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  if (options === undefined) process.stdout.write(HELP);
  else await run(options);
}

runCommand(main, HELP);
