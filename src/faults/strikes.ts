import { createHash } from "node:crypto";
import type { FaultActionOf, FaultRule, FaultSubject } from "./FaultRule.ts";

/** How often a rule has matched and struck, the match in question included. */
export interface FaultTally {
  /** Which match it is, counted from 1. */
  readonly matchNumber: number;
  /** How often the rule has struck before. */
  readonly struck: number;
  /** Requests that a budget has let go on within the same second; 0 for rules without a budget. */
  readonly passed: number;
}

/** Whether a match of a rule is struck. A function of the rule and the tally alone. */
export function strikes({ id, chance, action }: Pick<FaultRule, "id" | "chance" | "action">, tally: FaultTally): boolean {
  const { nth, every, probability, seed = 0, times } = chance;
  const { matchNumber, struck, passed } = tally;
  if (times !== undefined && struck >= times) return false;
  if (nth !== undefined && !nth.includes(matchNumber)) return false;
  if (every !== undefined && matchNumber % every !== 0) return false;
  if (probability !== undefined && draw(seed, id, matchNumber) >= probability) return false;
  return action.kind !== "slowDown" || passed >= action.requestsPerSecond;
}

/** How many bytes of a hash a number is made of. */
const DRAWN_SIZE_BYTES = 6;

/** A number from 0 up to 1, always the same one for a match of a rule under a seed. */
export function draw(seed: number, id: string, matchNumber: number): number {
  const digest = createHash("sha256").update(`${seed} ${id} ${matchNumber}`).digest();
  return digest.readUIntBE(0, DRAWN_SIZE_BYTES) / 2 ** (8 * DRAWN_SIZE_BYTES);
}

/** The name of the budget that a request is counted in, 16 hexadecimal digits; `undefined` for rules without one. */
export function budgetOf({ action }: Pick<FaultRule, "action">, subject: FaultSubject): string | undefined {
  if (action.kind !== "slowDown") return undefined;
  return createHash("sha256").update(placeOf(action.per, subject)).digest("hex").slice(0, BUDGET_DIGITS);
}

const BUDGET_DIGITS = 16;

function placeOf(per: FaultActionOf<"slowDown">["per"], { bucket = "", key, prefix = "" }: FaultSubject): string {
  if (per === "rule") return "";
  if (per === "bucket") return bucket;
  const path = key ?? prefix;
  return `${bucket}/${path.slice(0, path.lastIndexOf("/") + 1)}`;
}
