/** A whole run of mutations, on any repository that is laid out as this one. */
import { createHash } from "node:crypto";
import { readFileSync, realpathSync } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SourceFile } from "../checks/SourceFile.ts";
import { measureCoverage } from "./Coverage.ts";
import { filesAt } from "./filesAt.ts";
import type { Judgement } from "./judge.ts";
import { judgeMutants } from "./judge.ts";
import type { Mutant } from "./Mutant.ts";
import { describeMutant } from "./Mutant.ts";
import { mutantsOf } from "./mutantsOf.ts";
import type { MutateOptions } from "./options.ts";
import { removeFolder } from "./removeFolder.ts";
import { reportLines, roomOf, roomScores } from "./report.ts";

/** Where a run happens and whom it tells. */
export interface MutateSurroundings {
  /** The repository: sources in src, tests in test. */
  readonly root: string;
  /** Ends the run; what is known by then is reported. */
  readonly signal: AbortSignal;
  readonly print: (line: string) => void;
  readonly progress: (line: string) => void;
  /** Longest run of a test file that took so long unmutated. */
  readonly limitMs?: (durationMs: number) => number;
}

/** Progress is told after so many mutants. */
const PROGRESS_MUTANTS = 20;
/** A test file may take this many times what it took unmutated … */
const LIMIT_FACTOR = 5;
/** … and this much more: neighbours on the machine come and go, and a late test must not count as one that hangs. */
const LIMIT_EXTRA_MS = 10_000;

/** Runs, prints and resolves with the exit code. Throws `OptionError` for paths that hold no source. */
export async function mutate(options: MutateOptions, surroundings: MutateSurroundings): Promise<number> {
  const { signal, print } = surroundings;
  const root = realpathSync(surroundings.root);
  const all = options.paths.flatMap((path) => sourcesAt(root, path)).flatMap((file) => mutantsOf(file));
  const mutants = options.sample === undefined ? all : sampleOf(all, options.sample, options.seed);
  if (options.list) {
    for (const mutant of mutants) print(describeMutant(mutant));
    return 0;
  }
  const judgements = await judgeAll(mutants, options, { ...surroundings, root });
  const scores = roomScores(all, judgements);
  for (const line of reportLines(scores, judgements, options.sample !== undefined && !signal.aborted)) print(line);
  if (options.jsonPath !== undefined)
    await writeFile(options.jsonPath, `${JSON.stringify(judgements.map(flat), undefined, 2)}\n`);
  if (signal.aborted) print(`Stopped after ${judgements.length} of ${mutants.length} mutants.`);
  return signal.aborted || scores.some(({ judged, percent }) => judged > 0 && percent < options.minimum) ? 1 : 0;
}

async function judgeAll(
  mutants: readonly Mutant[],
  { jobs, tests }: MutateOptions,
  surroundings: MutateSurroundings,
): Promise<Judgement[]> {
  const { root, signal, progress } = surroundings;
  const folder = await mkdtemp(join(realpathSync(tmpdir()), "holdfast-mutate-"));
  try {
    const measuring = (test: string): void => progress(`measuring what ${test} runs`);
    const coverage = await measureCoverage({ root, tests, folder, jobs, signal, progress: measuring });
    let judged = 0;
    let survived = 0;
    const count = ({ verdict }: Judgement): void => {
      judged += 1;
      if (verdict === "survived" || verdict === "unreached") survived += 1;
      if (judged % PROGRESS_MUTANTS === 0) progress(`${judged} of ${mutants.length} mutants, ${survived} not noticed`);
    };
    const limitMs = surroundings.limitMs ?? ((durationMs) => durationMs * LIMIT_FACTOR + LIMIT_EXTRA_MS);
    return await judgeMutants(mutants, coverage, { root, folder, jobs, signal, limitMs, progress: count });
  } finally {
    await removeFolder(folder);
  }
}

/** The sources of a file or folder; generated ones aside. */
function sourcesAt(root: string, path: string): SourceFile[] {
  const files = filesAt(root, path, ".ts").map((name) => new SourceFile(name, readFileSync(join(root, name), "utf8")));
  return files.filter((file) => !file.isGenerated);
}

/** So many mutants of each room, in order of their places. Larger samples of a seed hold its smaller ones. */
function sampleOf(mutants: readonly Mutant[], size: number, seed: number): Mutant[] {
  const draw = (mutant: Mutant): string =>
    createHash("sha256")
      .update(`${seed} ${describeMutant(mutant)}`)
      .digest("hex");
  const byRoom = Map.groupBy(mutants.keys(), (index) => roomOf(mutants[index]!.path));
  const drawn = [...byRoom.values()].flatMap((indexes) => {
    const inOrder = indexes.map((index) => ({ index, lot: draw(mutants[index]!) })).toSorted((a, b) => (a.lot < b.lot ? -1 : 1));
    return inOrder.slice(0, size).map(({ index }) => index);
  });
  return drawn.toSorted((a, b) => a - b).map((index) => mutants[index]!);
}

function flat({ mutant, verdict, test }: Judgement): Record<string, unknown> {
  return { ...mutant, verdict, test };
}
