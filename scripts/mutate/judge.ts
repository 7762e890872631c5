/** Runs tests against mutants until one notices. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { TestCoverage } from "./Coverage.ts";
import { covers } from "./Coverage.ts";
import { inParallel } from "./inParallel.ts";
import type { Mutant } from "./Mutant.ts";
import { mutatedText } from "./Mutant.ts";
import { removeFolder } from "./removeFolder.ts";
import { runTest } from "./runTest.ts";

/** What the tests made of a mutant: one failed, one did not end, all passed, or none runs the place. */
export type Verdict = "noticed" | "timeout" | "survived" | "unreached";

/** A mutant and what became of it. */
export interface Judgement {
  readonly mutant: Mutant;
  readonly verdict: Verdict;
  /** The test file that noticed. */
  readonly test: string | undefined;
}

/** Where and how to judge. */
export interface JudgeOptions {
  readonly root: string;
  /** A folder for temporary files. */
  readonly folder: string;
  readonly jobs: number;
  readonly signal: AbortSignal;
  /** Longest run of a test file that took so long unmutated. */
  readonly limitMs: (durationMs: number) => number;
  /** Is told of each mutant once it is judged. */
  readonly progress: (judgement: Judgement) => void;
}

/** Judges mutants, in their order. Stopped by the signal, it resolves with what it has. */
export async function judgeMutants(
  mutants: readonly Mutant[],
  coverage: readonly TestCoverage[],
  options: JudgeOptions,
): Promise<Judgement[]> {
  const judgements: (Judgement | undefined)[] = [];
  /** How often each test file noticed a mutant of a source: those go first. */
  const noticed = new Map<string, number>();
  await inParallel(mutants.entries(), options.jobs, async ([index, mutant]) => {
    if (options.signal.aborted) return;
    const priority = ({ test }: TestCoverage): number => noticed.get(`${mutant.path} ${test}`) ?? 0;
    const tests = coverage
      .filter((entry) => covers(entry, mutant.path, mutant.start))
      .toSorted((a, b) => priority(b) - priority(a) || a.durationMs - b.durationMs);
    const judgement = await judge(mutant, tests, options, join(options.folder, `mutant-${index}`));
    if (judgement === undefined) return;
    if (judgement.test !== undefined) {
      const key = `${mutant.path} ${judgement.test}`;
      noticed.set(key, (noticed.get(key) ?? 0) + 1);
    }
    judgements[index] = judgement;
    options.progress(judgement);
  });
  return judgements.filter((judgement) => judgement !== undefined);
}

/** `undefined`: stopped before it was known. */
async function judge(
  mutant: Mutant,
  tests: readonly TestCoverage[],
  { root, signal, limitMs, folder: shared }: JudgeOptions,
  folder: string,
): Promise<Judgement | undefined> {
  if (tests.length === 0) return { mutant, verdict: "unreached", test: undefined };
  const source = mutatedText(mutant, await readFile(join(root, mutant.path), "utf8"));
  const mutantFile = JSON.stringify({ url: pathToFileURL(join(root, mutant.path)).href, source });
  // Compiled code is kept by what it was compiled from, from run to run: a third of most runs is compilation.
  const environment = { NODE_COMPILE_CACHE: join(shared, "compiled") };
  for (const [index, { test, durationMs }] of tests.entries()) {
    const run = join(folder, String(index));
    await mkdir(run, { recursive: true });
    await writeFile(join(run, "mutant.json"), mutantFile);
    const outcome = await runTest({ root, test, folder: run, limitMs: limitMs(durationMs), signal, environment });
    await removeFolder(run);
    if (signal.aborted) return undefined;
    if (outcome !== "passed") return { mutant, verdict: outcome === "failed" ? "noticed" : "timeout", test };
  }
  return { mutant, verdict: "survived", test: undefined };
}
