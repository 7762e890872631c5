import type { NewFaultRule } from "../../../faults/FaultRule.ts";
import { FaultRuleError } from "../../../faults/FaultRule.ts";
import { MAX_SCENARIO_RULES, readFaultRule } from "../../../faults/readFaultRule.ts";

/** Reads one rule, or several under `rules`. Throws `FaultRuleError`. */
export function readNewRules(document: unknown): readonly NewFaultRule[] {
  if (typeof document !== "object" || document === null || !("rules" in document)) return [readFaultRule(document)];
  const { rules, ...others } = document;
  const [other] = Object.keys(others);
  if (other !== undefined) throw new FaultRuleError(`${other} means nothing beside rules, which are added by themselves.`);
  if (!Array.isArray(rules) || rules.length === 0 || rules.length > MAX_SCENARIO_RULES) {
    throw new FaultRuleError(`rules has to be a list of 1 to ${MAX_SCENARIO_RULES} rules.`);
  }
  return rules.map((rule, index) => readFaultRule(rule, `rules[${index}]`));
}
