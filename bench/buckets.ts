import type { BulkPlan } from "./bulk.ts";
import { fillBulk } from "./bulk.ts";
import { createBucket, sendAll } from "./fill.ts";
import type { MeasuredServer } from "./servers.ts";

/** Small objects have this many bytes. */
export const SMALL_SIZE_BYTES: number = 4 * 1024;
/** Large objects have this many bytes. */
export const LARGE_SIZE_BYTES: number = 64 * 1024 * 1024;
/** Small objects in the narrow bucket: 100 prefixes of 100. */
export const NARROW_KEYS = 10_000;
/** Large objects, used in turn. */
export const LARGE_KEYS = 4;
/** The object of 1 GiB is so many large ones long. */
const GIANT_LARGE_PIECES = 16;
const PREFIXES = 100;

/** The buckets of a run. */
export const BUCKETS = { narrow: "bench-narrow", wide: "bench-wide", scratch: "bench-scratch" } as const;

/** What a row needs to find on a server. */
export type Content = "narrow" | "wide" | "large" | "giant";

/** The bytes of a small object. */
export const smallBody: readonly Buffer[] = [Buffer.alloc(SMALL_SIZE_BYTES, "holdfast ")];
/** The bytes of a large object. */
export const largeBody: readonly Buffer[] = [Buffer.alloc(LARGE_SIZE_BYTES, "holdfast ")];

/** The path of a small object. */
export function narrowPath(index: number): string {
  return `/${BUCKETS.narrow}/${keyIn(index, NARROW_KEYS)}`;
}

/** A key of the wide bucket. */
export function wideKey(index: number, keys: number): string {
  return keyIn(index, keys);
}

/** The path of a large object. */
export function largePath(index: number): string {
  return `/${BUCKETS.scratch}/large/${index % LARGE_KEYS}`;
}

/** The path of the object of 1 GiB. */
export const GIANT_PATH: string = `/${BUCKETS.scratch}/giant`;

/** Keys of a bucket, spread evenly over its prefixes; they rise with the index. */
function keyIn(index: number, keys: number): string {
  const prefix = Math.floor((index * PREFIXES) / keys);
  return `d${String(prefix).padStart(5, "0")}/k${String(index).padStart(8, "0")}`;
}

/** The wide bucket is filled before Holdfast starts, without HTTP. */
export async function fillWideBulk(data: string, keys: number, onProgress: BulkPlan["onProgress"]): Promise<void> {
  const plan = {
    data,
    bucket: BUCKETS.wide,
    objects: keys,
    sizeBytes: 0,
    key: (index: number) => wideKey(index, keys),
    onProgress,
  };
  await fillBulk(plan);
}

/** Puts what rows need onto a server, through S3. */
export async function fillServer(server: MeasuredServer, needed: ReadonlySet<Content>, keys: number): Promise<void> {
  if (server.kind === "floor") return;
  for (const name of Object.values(BUCKETS)) await createBucket(server, name);
  if (needed.has("narrow")) {
    const plan = (index: number) => ({ method: "PUT", path: narrowPath(index), body: smallBody });
    await sendAll(server, { what: "small objects", count: NARROW_KEYS, plan });
  }
  if (needed.has("wide") && !server.hasWide) {
    const plan = (index: number) => ({ method: "PUT", path: `/${BUCKETS.wide}/${wideKey(index, keys)}` });
    await sendAll(server, { what: "objects of the wide bucket", count: keys, plan });
  }
  if (needed.has("large")) {
    const plan = (index: number) => ({ method: "PUT", path: largePath(index), body: largeBody });
    await sendAll(server, { what: "large objects", count: LARGE_KEYS, plan });
  }
  if (needed.has("giant")) {
    const body = Array.from({ length: GIANT_LARGE_PIECES }, () => largeBody[0]!);
    await sendAll(server, { what: "object of 1 GiB", count: 1, plan: () => ({ method: "PUT", path: GIANT_PATH, body }) });
  }
}
