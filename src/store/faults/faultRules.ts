import type { Change, Soon } from "../metadata/MetadataEngine.ts";
import {
  faultCounts,
  faultCountsRow,
  faultRuleIds,
  faultRuleRow,
  faultRules,
  FAULTS_ROW,
  NO_FAULT_COUNTS,
} from "../records/FaultRuleRecord.ts";
import { put, remove } from "../records/Row.ts";
import { whenHere } from "../soon.ts";
import type { Store } from "../Store.ts";
import { readRows, transact } from "../transact.ts";

/** Rules of planned faults, which a store keeps as texts: what they mean, it does not know. */

/** Most rules of a store. */
export const MAX_FAULT_RULES = 1_000;

/** Why rules cannot be added. */
export type FaultRulesReason = "idTaken" | "tooMany";

/** Thrown for rules that cannot be added; the message says why. */
export class FaultRulesError extends Error {
  override readonly name = "FaultRulesError";
  readonly reason: FaultRulesReason;

  constructor(reason: FaultRulesReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** A rule to be stored. */
export interface FaultRuleText {
  /** Its id; `undefined` to have one made of the stem. */
  readonly id: string | undefined;
  readonly stem: string;
  readonly document: string;
}

/** A rule that is stored. */
export interface StoredFaultRule {
  readonly id: string;
  readonly document: string;
}

/** Rules in their order, and which state of them this is. */
export interface FaultRulesState {
  readonly revision: string;
  readonly rules: readonly StoredFaultRule[];
}

/**
 * Adds rules behind those that are there, or instead of all of them. Those without an id get the stem and the first number that is free:
 * "SlowDown-1". Resolves with the ids, in order. Throws `FaultRulesError`; then nothing has changed.
 */
export function addFaultRules(
  store: Store,
  added: readonly FaultRuleText[],
  { replaces = false }: { readonly replaces?: boolean } = {},
): Promise<readonly string[]> {
  return transact(store, { faults: FAULTS_ROW, ids: faultRuleIds(MAX_FAULT_RULES) }, ({ faults, ids }, at) => {
    const kept = replaces ? [] : ids;
    const rules = kept.length + added.length;
    if (rules > MAX_FAULT_RULES)
      throw new FaultRulesError(
        "tooMany",
        `There would be ${rules} rules, and ${MAX_FAULT_RULES} is the most that a store keeps.`,
      );
    const names = namesOf(added, kept);
    const sequence = faults?.nextSequence ?? 0;
    const changes: Change[] = replaces ? removals(ids) : [];
    for (const [index, { document }] of added.entries()) {
      const id = names[index]!;
      changes.push(put(faultRuleRow(id), { sequence: sequence + index, document }), put(faultCountsRow(id), NO_FAULT_COUNTS));
    }
    changes.push(put(FAULTS_ROW, { revision: at.newId(), rules, nextSequence: sequence + added.length }));
    return { changes, result: names };
  });
}

function namesOf(added: readonly FaultRuleText[], kept: readonly string[]): readonly string[] {
  const taken = new Set(kept);
  for (const { id } of added) {
    if (id === undefined) continue;
    if (taken.has(id))
      throw new FaultRulesError("idTaken", `There is a rule "${id}" already; remove it first, or use another id.`);
    taken.add(id);
  }
  // Where a stem's numbers go on: rules of one stem would be counted through again and again.
  const next = new Map<string, number>();
  return added.map(({ id, stem }) => {
    if (id !== undefined) return id;
    let number = next.get(stem) ?? 1;
    while (taken.has(`${stem}-${number}`)) number += 1;
    next.set(stem, number + 1);
    taken.add(`${stem}-${number}`);
    return `${stem}-${number}`;
  });
}

function removals(ids: readonly string[]): Change[] {
  return ids.flatMap((id) => [remove(faultRuleRow(id)), remove(faultCountsRow(id))]);
}

/** Removes a rule; resolves with whether it was there. */
export function removeFaultRule(store: Store, id: string): Promise<boolean> {
  return transact(store, { faults: FAULTS_ROW, rule: faultRuleIdIfThere(id) }, ({ faults, rule }, at) => {
    if (faults === undefined || rule.length === 0) return { changes: [], result: false };
    const now = { ...faults, revision: at.newId(), rules: faults.rules - 1 };
    return { changes: [...removals([id]), put(FAULTS_ROW, now)], result: true };
  });
}

/** Looks whether a rule is there, and not at what it says: a damaged one can be removed. */
function faultRuleIdIfThere(id: string): ReturnType<typeof faultRuleIds> {
  const { key } = faultRuleRow(id);
  return { ...faultRuleIds(1), start: key, end: Buffer.concat([key, Buffer.of(0)]) };
}

/** Removes every rule; resolves with how many there were. */
export function clearFaultRules(store: Store): Promise<number> {
  return transact(store, { faults: FAULTS_ROW, ids: faultRuleIds(MAX_FAULT_RULES) }, ({ faults, ids }, at) => {
    if (faults === undefined || ids.length === 0) return { changes: [], result: 0 };
    return {
      changes: [...removals(ids), put(FAULTS_ROW, { ...faults, revision: at.newId(), rules: 0 })],
      result: ids.length,
    };
  });
}

/** The rules, in their order. */
export function readFaultRules(store: Store): Soon<FaultRulesState> {
  return whenHere(readRows(store, { faults: FAULTS_ROW, rules: faultRules(MAX_FAULT_RULES) }), ({ faults, rules }) => ({
    revision: faults?.revision ?? "",
    rules: rules.toSorted((one, other) => one.sequence - other.sequence).map(({ id, document }) => ({ id, document })),
  }));
}

/** A rule, and how often it has matched requests, and struck them. */
export interface CountedFaultRule extends StoredFaultRule {
  readonly matched: number;
  readonly struck: number;
}

/** The rules, in their order, with their counts. */
export async function listFaultRules(store: Store): Promise<readonly CountedFaultRule[]> {
  const wanted = { rules: faultRules(MAX_FAULT_RULES), counts: faultCounts(MAX_FAULT_RULES) };
  const { rules, counts } = await readRows(store, wanted);
  // Every rule has its row of counts, under the same id.
  return rules
    .map((rule, index) => ({ ...rule, counts: counts[index] ?? NO_FAULT_COUNTS }))
    .toSorted((one, other) => one.sequence - other.sequence)
    .map(({ id, document, counts: { matched, struck } }) => ({ id, document, matched, struck }));
}
