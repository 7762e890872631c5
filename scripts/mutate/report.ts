import type { Judgement, Verdict } from "./judge.ts";
import { describeMutant } from "./Mutant.ts";
import type { Mutant } from "./Mutant.ts";

/** What a room's tests notice. */
export interface RoomScore {
  readonly room: string;
  /** Mutants the room has. */
  readonly mutants: number;
  /** Of these, how many were judged. */
  readonly judged: number;
  readonly verdicts: Readonly<Record<Verdict, number>>;
  /** Percentage of those judged that a test noticed; NaN if none was. */
  readonly percent: number;
}

/** Standard deviations that hold 95 of 100 samples. */
const DEVIATIONS_95 = 1.96;

/** The first folder below src, or the file there. */
export function roomOf(path: string): string {
  return path.split("/").slice(0, 2).join("/");
}

/** The score of each room, by name. */
export function roomScores(mutants: readonly Mutant[], judgements: readonly Judgement[]): RoomScore[] {
  const rooms = [...new Set(mutants.map(({ path }) => roomOf(path)))].toSorted();
  return rooms.map((room) => {
    const verdicts = { noticed: 0, timeout: 0, survived: 0, unreached: 0 };
    const judged = judgements.filter(({ mutant }) => roomOf(mutant.path) === room);
    for (const { verdict } of judged) verdicts[verdict] += 1;
    const percent = (100 * (verdicts.noticed + verdicts.timeout)) / judged.length;
    return {
      room,
      mutants: mutants.filter(({ path }) => roomOf(path) === room).length,
      judged: judged.length,
      verdicts,
      percent,
    };
  });
}

/** What a run found: the mutants nobody noticed, then the score of each room. `isSample`: those judged were chosen by chance. */
export function reportLines(scores: readonly RoomScore[], judgements: readonly Judgement[], isSample: boolean): string[] {
  const survivors = judgements.flatMap(({ mutant, verdict }) => {
    if (verdict === "noticed" || verdict === "timeout") return [];
    return [`${describeMutant(mutant)}${verdict === "unreached" ? "   (no test runs it)" : ""}`];
  });
  return [...survivors, ...scores.filter(({ judged }) => judged > 0).map((score) => scoreLine(score, isSample))];
}

function scoreLine({ room, mutants, judged, verdicts, percent }: RoomScore, isSample: boolean): string {
  const { noticed, timeout, survived, unreached } = verdicts;
  const of =
    judged === mutants ? `all ${mutants} mutants` : `${isSample ? "a sample of" : "the first"} ${judged} of ${mutants} mutants`;
  const [low, high] = interval(percent / 100, judged);
  const range = judged === mutants || !isSample ? "" : ` (with 95 % confidence, ${low} % to ${high} % of all)`;
  return `${room}: ${percent.toFixed(1)} % noticed of ${of}${range}: ${noticed} fail a test, ${timeout} hang one, ${survived} pass all, ${unreached} are run by none`;
}

/** Wilson's interval of a share seen in a sample, in whole percents. */
function interval(share: number, size: number): [low: number, high: number] {
  const square = DEVIATIONS_95 ** 2 / size;
  const middle = (share + square / 2) / (1 + square);
  const half = (DEVIATIONS_95 * Math.sqrt((share * (1 - share)) / size + square / (4 * size))) / (1 + square);
  return [Math.floor(100 * (middle - half)), Math.ceil(100 * (middle + half))];
}
