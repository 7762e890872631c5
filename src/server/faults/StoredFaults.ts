import type { FaultRule, FaultSubject, PlannedFault } from "../../faults/FaultRule.ts";
import { matches } from "../../faults/matches.ts";
import { budgetOf, strikes } from "../../faults/strikes.ts";
import { countFaultMatches } from "../../store/faults/countFaultMatches.ts";
import { readFaultRules } from "../../store/faults/faultRules.ts";
import type { Soon } from "../../store/metadata/MetadataEngine.ts";
import { FAULTS_ROW } from "../../store/records/FaultRuleRecord.ts";
import { whenHere } from "../../store/soon.ts";
import type { Store } from "../../store/Store.ts";
import { readRow } from "../../store/transact.ts";
import type { FaultPlans } from "../Service.ts";
import { storedRule } from "./storedRules.ts";

/** Rules of one revision, read. */
interface KnownRules {
  readonly revision: string;
  readonly rules: readonly FaultRule[];
}

const NONE: readonly PlannedFault[] = [];

/**
 * The faults that the rules of stores plan. One for each process: it remembers the rules that it read last, and asks for their revision
 * with each request, so a change counts in every process from its next request on.
 */
export class StoredFaults implements FaultPlans {
  #known: KnownRules = { revision: "", rules: [] };

  plan(store: Store, subject: FaultSubject): Soon<readonly PlannedFault[]> {
    return whenHere(readRow(store, FAULTS_ROW), (faults) => {
      if (faults === undefined || faults.rules === 0) return NONE;
      if (faults.revision !== this.#known.revision) return this.#readAndPlan(store, subject);
      return this.#planWith(this.#known, store, subject);
    });
  }

  async #readAndPlan(store: Store, subject: FaultSubject): Promise<readonly PlannedFault[]> {
    const { revision, rules } = await readFaultRules(store);
    // Lists of the rules say which ones cannot be read; requests go on without them.
    this.#known = { revision, rules: rules.flatMap((rule) => storedRule(rule).rule ?? []) };
    return this.#planWith(this.#known, store, subject);
  }

  #planWith({ revision, rules }: KnownRules, store: Store, subject: FaultSubject): Soon<readonly PlannedFault[]> {
    const matched = rules.filter((rule) => matches(rule, subject));
    return matched.length === 0 ? NONE : this.#count(revision, matched, store, subject);
  }

  async #count(
    revision: string,
    matched: readonly FaultRule[],
    store: Store,
    subject: FaultSubject,
  ): Promise<readonly PlannedFault[]> {
    const counted = await countFaultMatches(
      store,
      revision,
      subject.nowMs,
      matched.map((rule) => ({
        id: rule.id,
        budget: budgetOf(rule, subject),
        strikes: (tally) => strikes(rule, tally),
      })),
    );
    // The rules have changed in between.
    if (counted === undefined) return this.plan(store, subject);
    return counted.map(({ id, matchNumber }) => ({ rule: matched.find((rule) => rule.id === id)!, matchNumber }));
  }
}
