import type { RequestRecord } from "../RequestRecord.ts";
import type { ExplainedFault } from "./Explained.ts";
import { stepsNamed, text } from "./facts.ts";

/** Facts of a fault that say which it was, and not what it did. */
const NAMES: ReadonlySet<string> = new Set(["rule", "action", "stage", "scenario", "matchNumber"]);

/** Stages of faults, in words. */
const STAGES: ReadonlyMap<string, string> = new Map([
  ["beforeAuthentication", "before anybody asked who sent the request"],
  ["beforeExecution", "before the operation ran: nothing was done"],
  ["afterCommit", "after the operation had been done and before its answer: what it did is there"],
  ["sending", "while the answer was sent: what the operation did is there"],
  ["receiving", "while the body was received"],
]);

/** The planned faults that struck a request. */
export function faultsOf(record: RequestRecord): readonly ExplainedFault[] {
  const faults = new Map<string, ExplainedFault>((record.faults ?? []).map((id) => [id, { id }]));
  for (const { facts } of stepsNamed(record, "planned fault")) {
    const id = text(facts?.["rule"]);
    if (facts === undefined || id === undefined) continue;
    const scenario = text(facts["scenario"]);
    faults.set(id, { id, did: didOf(facts), ...(scenario !== undefined && { scenario }) });
  }
  return [...faults.values()];
}

function didOf(facts: Readonly<Record<string, unknown>>): string {
  const values = Object.entries(facts).filter(([name, value]) => !NAMES.has(name) && value !== undefined);
  const told = values.map(([name, value]) => `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`);
  const stage = STAGES.get(text(facts["stage"]) ?? "") ?? text(facts["stage"]);
  return [text(facts["action"]) ?? "something", ...(told.length > 0 ? [`(${told.join(", ")})`] : []), stage ?? ""]
    .join(" ")
    .trimEnd();
}

/** What a planned fault means for who sees it, and what to do. */
export function explainFaults(faults: readonly ExplainedFault[]): {
  readonly why: readonly string[];
  readonly change: readonly string[];
} {
  return {
    why: faults.map(({ id, did, scenario }) => {
      const whose = scenario === undefined ? "" : ` of scenario ${scenario}`;
      return `This was a planned fault: rule ${id}${whose}${did === undefined ? "" : ` did ${did}`}.`;
    }),
    change: [
      "Nothing is wrong with the request: the fault is there to see what the client does with it.",
      'To end it: "holdfast fault list" shows the rules, "holdfast fault clear" takes them away; without --faults none strikes.',
    ],
  };
}
