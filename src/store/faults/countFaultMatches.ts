import type { FaultBudget, FaultCountsRecord } from "../records/FaultRuleRecord.ts";
import { faultCountsRow, FAULTS_ROW } from "../records/FaultRuleRecord.ts";
import { put } from "../records/Row.ts";
import type { Store } from "../Store.ts";
import { transact } from "../transact.ts";

/** Most budgets of a rule that are remembered within a second; the one used first makes room. */
export const MAX_FAULT_BUDGETS = 100;

/** How often a rule has matched and struck, and what of its budget is used. */
export interface FaultMatchTally {
  /** Which match it is, counted from 1. */
  readonly matchNumber: number;
  /** How often the rule has struck before. */
  readonly struck: number;
  /** Requests that the budget has let go on within the same second; 0 without a budget. */
  readonly passed: number;
}

/** A match of a rule that is to be counted. */
export interface FaultMatchToCount {
  readonly id: string;
  /** The name of the budget that the request is counted in, if the rule has budgets. */
  readonly budget: string | undefined;
  /** Whether this match is struck; pure, for it may be asked again. */
  readonly strikes: (tally: FaultMatchTally) => boolean;
}

/** A rule that strikes. */
export interface FaultStrike {
  readonly id: string;
  readonly matchNumber: number;
}

const SECOND_MS = 1_000;

/**
 * Counts the matches of a request at a time, in one commit, and resolves with those that are struck. Nothing is counted, and `undefined`
 * comes, when the rules are no longer those of the revision.
 */
export function countFaultMatches(
  store: Store,
  revision: string,
  nowMs: number,
  matches: readonly FaultMatchToCount[],
): Promise<readonly FaultStrike[] | undefined> {
  const second = Math.floor(nowMs / SECOND_MS);
  const rows = matches.map(({ id }) => faultCountsRow(id));
  return transact(store, { faults: FAULTS_ROW, counts: rows }, ({ faults, counts }) => {
    if (faults?.revision !== revision) return { changes: [], result: undefined };
    const struck: FaultStrike[] = [];
    const changes = matches.map((match, index) => {
      const { counts: after, strikes } = counted(match, counts[index]!, second);
      if (strikes) struck.push({ id: match.id, matchNumber: after.matched });
      return put(rows[index]!, after);
    });
    return { changes, result: struck };
  });
}

function counted(
  { budget, strikes }: FaultMatchToCount,
  before: FaultCountsRecord,
  second: number,
): { readonly counts: FaultCountsRecord; readonly strikes: boolean } {
  // Requests begin in one order and are counted in another.
  const isSameSecond = second === before.second || second === before.second - 1;
  const used = isSameSecond ? before.budgets : [];
  const passed = used.find(({ name }) => name === budget)?.passed ?? 0;
  const matched = before.matched + 1;
  const isStruck = strikes({ matchNumber: matched, struck: before.struck, passed });
  const counts = { ...before, matched, struck: before.struck + (isStruck ? 1 : 0) };
  if (budget === undefined) return { counts, strikes: isStruck };
  const budgets = isStruck ? used : withUse(used, { name: budget, passed: passed + 1 });
  return { counts: { ...counts, second: isSameSecond ? before.second : second, budgets }, strikes: isStruck };
}

function withUse(budgets: readonly FaultBudget[], use: FaultBudget): readonly FaultBudget[] {
  const known = budgets.findIndex(({ name }) => name === use.name);
  return known === -1 ? [...budgets.slice(1 - MAX_FAULT_BUDGETS), use] : budgets.with(known, use);
}
