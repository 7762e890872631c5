import type { FaultRule, NewFaultRule, Scenario } from "../../faults/FaultRule.ts";
import { FaultRuleError } from "../../faults/FaultRule.ts";
import { faultIdStem, faultRuleText, readFaultRule } from "../../faults/readFaultRule.ts";
import type { FaultRuleText, StoredFaultRule } from "../../store/faults/faultRules.ts";
import { addFaultRules, listFaultRules } from "../../store/faults/faultRules.ts";
import type { Store } from "../../store/Store.ts";

/** Rules of planned faults between what they mean and where they are kept. Removing and clearing them is the store's alone. */

/** Adds rules behind those of a store; resolves with them and their ids. Throws `FaultRulesError`. */
export function addFaults(store: Store, rules: readonly NewFaultRule[]): Promise<readonly FaultRule[]> {
  return added(store, rules, false);
}

/** Makes the rules of a scenario a store's only ones; resolves with them and their ids. Throws `FaultRulesError`. */
export function applyScenario(store: Store, { rules }: Scenario): Promise<readonly FaultRule[]> {
  return added(store, rules, true);
}

async function added(store: Store, rules: readonly NewFaultRule[], replaces: boolean): Promise<readonly FaultRule[]> {
  const ids = await addFaultRules(store, rules.map(textOf), { replaces });
  return rules.map((rule, index) => ({ ...rule, id: ids[index]! }));
}

function textOf(rule: NewFaultRule): FaultRuleText {
  return { id: rule.id, stem: faultIdStem(rule), document: faultRuleText(rule) };
}

/** A rule of a store with its counts. */
export interface ListedFault {
  readonly id: string;
  /** `undefined` for one that this version cannot read, which strikes nothing. */
  readonly rule: FaultRule | undefined;
  /** What keeps it from being read. */
  readonly problem: string | undefined;
  readonly matched: number;
  readonly struck: number;
}

/** The rules of a store, in their order. */
export async function listFaults(store: Store): Promise<readonly ListedFault[]> {
  const rules = await listFaultRules(store);
  return rules.map(({ id, document, matched, struck }) => ({ id, ...storedRule({ id, document }), matched, struck }));
}

/** A rule as it is kept. A later version may have written what this one cannot read. */
export function storedRule({ id, document }: StoredFaultRule): Pick<ListedFault, "rule" | "problem"> {
  try {
    return { rule: { ...readFaultRule(JSON.parse(document)), id }, problem: undefined };
  } catch (cause) {
    if (!(cause instanceof FaultRuleError || cause instanceof SyntaxError)) throw cause;
    return { rule: undefined, problem: cause.message };
  }
}
