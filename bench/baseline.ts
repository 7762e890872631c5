import { readFileSync } from "node:fs";

/** What ratios depend on: those of runs that differ here are not compared. */
export interface Conditions {
  readonly durability: string;
  /** "default": as many as Holdfast chose. */
  readonly workers: number | "default";
  readonly keys: number;
}

/** Ratios of one run against the floor of the same run, by row; more is better. Machines cancel out. */
export interface Baseline {
  readonly conditions: Conditions;
  readonly ratios: Readonly<Record<string, number>>;
}

/** A ratio that fell by this share of itself is worth a word. */
const SLOWDOWN_SHARE = 0.2;

const NEIGHBOURS = "A row that is slower while its CPU time is not has more often met a busy machine than a slower program.\n";

/** A row that got slower or faster against the floor than it was. */
export interface Movement {
  readonly row: string;
  readonly before: number;
  readonly after: number;
  /** Of the ratio before: -0.25 is a quarter slower. */
  readonly change: number;
}

/** The rows that moved by {@link SLOWDOWN_SHARE} or more, slowest first. Rows that one side lacks are not compared. */
export function movements(baseline: Baseline["ratios"], ratios: Baseline["ratios"]): readonly Movement[] {
  return Object.entries(ratios)
    .flatMap(([row, after]) => {
      const before = baseline[row];
      return before === undefined ? [] : [{ row, before, after, change: after / before - 1 }];
    })
    .filter(({ change }) => Math.abs(change) >= SLOWDOWN_SHARE)
    .toSorted((a, b) => a.change - b.change);
}

/** What the comparison says to people. */
export function comparisonText(baseline: Baseline | undefined, { conditions, ratios }: Baseline): string {
  if (baseline === undefined) return "No baseline to compare with; --record makes one.\n";
  const different = Object.entries(conditions).filter(([name, value]) => baseline.conditions[name as keyof Conditions] !== value);
  if (different.length > 0) {
    const parts = different.map(
      ([name, value]) => `${name} ${value} (baseline ${baseline.conditions[name as keyof Conditions]})`,
    );
    return `Not compared with the baseline, which was measured under other conditions: ${parts.join(", ")}.\n`;
  }
  const compared = Object.keys(ratios).filter((row) => baseline.ratios[row] !== undefined).length;
  const moved = movements(baseline.ratios, ratios);
  const slower = moved.filter(({ change }) => change < 0).length;
  const lines = moved.map(({ row, before, after, change }) => {
    const percent = `${change < 0 ? "−" : "+"}${Math.abs(change * 100).toFixed(0)} %`;
    return `  ${change < 0 ? "SLOWER" : "faster"}  ${row}: ${before.toFixed(3)} → ${after.toFixed(3)} of the floor (${percent})\n`;
  });
  return `Against the baseline: ${compared} ratios compared, ${slower} worse by ${SLOWDOWN_SHARE * 100} % or more.\n${lines.join("")}${
    slower > 0 ? NEIGHBOURS : ""
  }`;
}

/** Reads a baseline; `undefined` when there is none. Throws for a file that is no baseline. */
export function readBaseline(path: string): Baseline | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return undefined;
    throw cause;
  }
  const value = JSON.parse(text) as Partial<Baseline>;
  if (typeof value.conditions !== "object" || typeof value.ratios !== "object") throw new Error(`${path} is no baseline`);
  return { conditions: value.conditions, ratios: value.ratios };
}
