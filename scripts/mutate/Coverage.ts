/** What each test file runs of the sources, measured once and kept until one of the files changes that the test loads. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join, posix, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { filesAt } from "./filesAt.ts";
import { inParallel } from "./inParallel.ts";
import { removeFolder } from "./removeFolder.ts";
import { runTest } from "./runTest.ts";

/** What is known of one test file. */
export interface TestCoverage {
  /** Path in the repository, with "/". */
  readonly test: string;
  /** How long it took when it was measured. */
  readonly durationMs: number;
  /** Hashes of the files of the repository that it loads, by path. */
  readonly files: Readonly<Record<string, string>>;
  /** Of these, for the product's: starts and ends of what ran, in turn, ascending. */
  readonly ran: Readonly<Record<string, readonly number[]>>;
}

/** The suites that take too long to be run for a mutant. */
const SLOW_SUITES = /^test\/(?:long|interop|soap|web)\//;
/** No honest test file takes this long, however busy the machine. */
const MEASURED_LIMIT_MS = 300_000;
/** One that fails by chance, on a busy machine, would lose the whole run. */
const MEASURED_TRIES = 2;
/** Kept from run to run, beside what Node keeps. */
const CACHE = ".cache/mutate/coverage.json";

/** What V8 writes of a process. Ranges lie in each other, outer ones first; the innermost one counts. */
interface ProcessCoverage {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly {
      readonly ranges: readonly { readonly startOffset: number; readonly endOffset: number; readonly count: number }[];
    }[];
  }[];
}

/** Where and how to measure. */
export interface CoverageOptions {
  readonly root: string;
  /** Files and folders of tests. */
  readonly tests: readonly string[];
  /** A folder for temporary files. */
  readonly folder: string;
  readonly jobs: number;
  readonly signal: AbortSignal;
  /** Is told of each test file before it is measured. */
  readonly progress: (test: string) => void;
}

/** Measures test files, or remembers them. Throws if one fails again and again: then nothing can be learned from it. */
export async function measureCoverage(options: CoverageOptions): Promise<TestCoverage[]> {
  const { root, jobs } = options;
  const cachePath = join(root, CACHE);
  const cached = existsSync(cachePath) ? (JSON.parse(await readFile(cachePath, "utf8")) as TestCoverage[]) : [];
  const known = new Map(cached.filter((entry) => isCurrent(root, entry)).map((entry) => [entry.test, entry]));
  const tests = options.tests.flatMap((path) => filesAt(root, path, ".test.ts")).filter((path) => !SLOW_SUITES.test(path));
  const missing = tests.filter((test) => !known.has(test));
  try {
    await inParallel(missing.entries(), jobs, async ([index, test]) => {
      if (options.signal.aborted) return;
      options.progress(test);
      const measured = await measure(options, test, join(options.folder, `coverage-${index}`), MEASURED_TRIES);
      if (measured !== undefined) known.set(test, measured);
    });
  } finally {
    // One test that fails, or a run that is stopped, does not lose what the others have shown.
    if (missing.length > 0) await writeCache(cachePath, [...known.values()]);
  }
  return tests.flatMap((test) => known.get(test) ?? []);
}

/** True if a test runs the place at an offset of a source. */
export function covers({ ran }: TestCoverage, path: string, offset: number): boolean {
  const ranges = ran[path] ?? [];
  return ranges.some((start, index) => index % 2 === 0 && start <= offset && offset < ranges[index + 1]!);
}

function isCurrent(root: string, { files }: TestCoverage): boolean {
  return Object.entries(files).every(([path, hash]) => hashOf(root, path) === hash);
}

function hashOf(root: string, path: string): string | undefined {
  const full = join(root, path);
  return existsSync(full) ? createHash("sha256").update(readFileSync(full)).digest("base64url") : undefined;
}

async function measure(options: CoverageOptions, test: string, folder: string, tries: number): Promise<TestCoverage | undefined> {
  const { root, signal } = options;
  const results = join(folder, "v8");
  const startedAtMs = performance.now();
  const environment = { NODE_V8_COVERAGE: results };
  const outcome = await runTest({ root, test, folder, limitMs: MEASURED_LIMIT_MS, signal, environment });
  const durationMs = performance.now() - startedAtMs;
  if (signal.aborted) return undefined;
  if (outcome !== "passed") {
    if (tries > 1) return measure(options, test, `${folder}-again`, tries - 1);
    throw new Error(`${test} does not pass as it is: ${outcome}`);
  }
  const files: Record<string, string> = {};
  const ran: Record<string, number[]> = {};
  for (const name of await readdir(results)) {
    const { result } = JSON.parse(await readFile(join(results, name), "utf8")) as ProcessCoverage;
    for (const { url, functions } of result) {
      const path = pathOf(root, url);
      const hash = path === undefined ? undefined : hashOf(root, path);
      if (path === undefined || hash === undefined) continue;
      files[path] = hash;
      if (path.startsWith("src/")) ran[path] = union(ran[path] ?? [], rangesThatRan(functions.flatMap(({ ranges }) => ranges)));
    }
  }
  await removeFolder(folder);
  return { test, durationMs, files, ran };
}

/** The path in the repository of a module of it. */
function pathOf(root: string, url: string): string | undefined {
  if (!url.startsWith("file:")) return undefined;
  const path = relative(root, fileURLToPath(url)).split(sep).join(posix.sep);
  return path.startsWith("..") || path.startsWith("node_modules/") ? undefined : path;
}

/** Flattens ranges that lie in each other: what the innermost range around it says has run. */
function rangesThatRan(ranges: ProcessCoverage["result"][number]["functions"][number]["ranges"]): number[] {
  const nested = ranges.toSorted((a, b) => a.startOffset - b.startOffset || b.endOffset - a.endOffset);
  const open: { endOffset: number; count: number }[] = [];
  const ran: number[] = [];
  let at = 0;
  const advance = (to: number): void => {
    if (to > at && (open.at(-1)?.count ?? 0) > 0) append(ran, at, to);
    at = Math.max(at, to);
  };
  const closeUntil = (offset: number): void => {
    while (open.length > 0 && open.at(-1)!.endOffset <= offset) {
      advance(open.at(-1)!.endOffset);
      open.pop();
    }
  };
  for (const range of nested) {
    closeUntil(range.startOffset);
    advance(range.startOffset);
    open.push(range);
  }
  closeUntil(Number.POSITIVE_INFINITY);
  return ran;
}

/** What is in one or the other list of ranges. */
function union(a: readonly number[], b: readonly number[]): number[] {
  const starts = [...a, ...b].flatMap((start, index, all) => (index % 2 === 0 ? [{ start, end: all[index + 1]! }] : []));
  const merged: number[] = [];
  for (const { start, end } of starts.toSorted((x, y) => x.start - y.start)) append(merged, start, end);
  return merged;
}

/** Adds a range that begins no earlier than the last one. */
function append(ranges: number[], start: number, end: number): void {
  const last = ranges.at(-1);
  if (last !== undefined && start <= last) ranges[ranges.length - 1] = Math.max(last, end);
  else ranges.push(start, end);
}

/** Written beside and then renamed, so that whoever reads sees one state or the other. */
async function writeCache(path: string, entries: readonly TestCoverage[]): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const written = `${path}.${process.pid}`;
  await writeFile(written, JSON.stringify(entries));
  await rename(written, path);
}
