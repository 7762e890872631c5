import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MAX_SEMI_SPACE_SIZE_MIB } from "../src/server/workers/youngGeneration.ts";
import type { Durability } from "../src/store/durability.ts";
import { listenerOf, MeasuredProcess } from "./processes.ts";
import type { Target } from "./presign.ts";

/** A server that takes part in a run. */
export interface MeasuredServer {
  readonly name: string;
  readonly target: Target;
  readonly kind: "holdfast" | "floor" | "peer";
  /** Of the process whose family is measured; `undefined`: it cannot be seen from here. */
  readonly pid: number | undefined;
  /** Set for servers that this run has started. */
  readonly process: MeasuredProcess | undefined;
  /** True when the wide bucket was filled before the start, without HTTP. */
  readonly hasWide: boolean;
}

/** The keys of every server that this run starts. */
export const KEYS: { readonly accessKeyId: string; readonly secretAccessKey: string } = {
  accessKeyId: "BENCHBENCHBENCHBENCH",
  secretAccessKey: "b".repeat(40),
};
/** The region signed for everywhere. */
export const REGION = "us-east-1";
/** The name of the floor in tables and results. */
export const FLOOR = "node:http";

/** Tells of every collection, on standard output, and changes nothing else. */
const COUNT_ALLOCATIONS = "--trace-gc-nvp";
const ROOT = join(import.meta.dirname, "..");
const HOLDFAST_LISTENS = /listens on http:\/\/127\.0\.0\.1:(\d+)[^]*first-bucket/;
const FLOOR_LISTENS = /listening on (\d+)/;

/** How Holdfast is started. */
export interface HoldfastPlan {
  readonly name: string;
  /** "peer" for one that is only there to be compared with. */
  readonly kind?: "holdfast" | "peer";
  /** The checkout whose sources run. Default: this one. */
  readonly checkout?: string;
  readonly data: string;
  /** Its wide bucket is there already. Default: false. */
  readonly hasWide?: boolean;
  readonly durability: Durability;
  /** `undefined`: as many as Holdfast chooses. */
  readonly workers: number | undefined;
  readonly processors: readonly number[] | undefined;
  /** Node's own options. Default: those that count allocations. */
  readonly flags?: readonly string[];
  /** Holdfast's options besides. */
  readonly args?: readonly string[];
}

/** What `npm start` gives to Node besides. */
const NPM_START_OPTIONS: readonly string[] = [`--max-semi-space-size=${MAX_SEMI_SPACE_SIZE_MIB}`];

/** Starts Holdfast as its README does, on a free port. */
export async function startHoldfast(plan: HoldfastPlan): Promise<MeasuredServer & { readonly process: MeasuredProcess }> {
  const { name, kind = "holdfast", checkout = ROOT, hasWide = false } = plan;
  const keys = { HOLDFAST_ACCESS_KEY_ID: KEYS.accessKeyId, HOLDFAST_SECRET_ACCESS_KEY: KEYS.secretAccessKey };
  const env = { NODE_COMPILE_CACHE: join(checkout, ".cache"), ...keys };
  const args = ["serve", "--port", "0", "--region", REGION, "--data", plan.data, "--durability", plan.durability];
  if (plan.workers !== undefined) args.push("--workers", String(plan.workers));
  args.push(...(plan.args ?? []));
  const flags = [...NPM_START_OPTIONS, ...(plan.flags ?? [COUNT_ALLOCATIONS])];
  const command = [...flags, join(checkout, "src", "main.ts"), ...args];
  const running = await MeasuredProcess.start(command, { processors: plan.processors, env, ready: HOLDFAST_LISTENS });
  return { ...started(name, kind, running, HOLDFAST_LISTENS), hasWide };
}

/**
 * Starts and stops a Holdfast: what Node makes of the sources is kept for later ones, but not for others of V8's options. To make it takes time,
 * and memory that a process does not give back.
 */
export async function warm(plan: HoldfastPlan): Promise<void> {
  const { process } = await startHoldfast(plan);
  await process.stop();
}

/** Starts the floor: `bench/rawServer.ts`. */
export async function startFloor(
  processors: readonly number[] | undefined,
): Promise<MeasuredServer & { readonly process: MeasuredProcess }> {
  const command = [COUNT_ALLOCATIONS, join(import.meta.dirname, "rawServer.ts")];
  const running = await MeasuredProcess.start(command, { processors, ready: FLOOR_LISTENS });
  return started(FLOOR, "floor", running, FLOOR_LISTENS);
}

/** Another S3 server, started by somebody else. Its CPU time is measured if it runs here under the same user. */
export function peer(name: string, url: URL, keys: { accessKeyId: string; secretAccessKey: string }): MeasuredServer {
  const port = Number(url.port || 80);
  const target = { name, host: url.hostname, port, region: REGION, ...keys };
  const local = url.hostname === "127.0.0.1" || url.hostname === "localhost";
  return { name, kind: "peer", target, pid: local ? listenerOf(port) : undefined, process: undefined, hasWide: false };
}

/** A folder for the time of a piece of work; it goes however this process ends. */
export async function withFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "holdfast-bench-"));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  try {
    return await work(folder);
  } finally {
    process.off("exit", remove);
    remove();
  }
}

function started(
  name: string,
  kind: MeasuredServer["kind"],
  running: MeasuredProcess,
  ready: RegExp,
): MeasuredServer & { readonly process: MeasuredProcess } {
  const port = Number(ready.exec(running.announcement)![1]);
  const target = { name, host: "127.0.0.1", port, region: REGION, ...KEYS };
  return { name, kind, target, pid: running.pid, process: running, hasWide: false };
}
