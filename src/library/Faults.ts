import type { FaultAction, FaultChance, FaultMatch, FaultRule, FaultStage } from "../faults/FaultRule.ts";
import { FaultRuleError } from "../faults/FaultRule.ts";
import { MAX_SCENARIO_RULES, readFaultRule, readScenario } from "../faults/readFaultRule.ts";
import { openScenario } from "../server/faults/scenarioFile.ts";
import type { ListedFault } from "../server/faults/storedRules.ts";
import { addFaults, applyScenario, listFaults } from "../server/faults/storedRules.ts";
import { clearFaultRules, FaultRulesError, removeFaultRule } from "../store/faults/faultRules.ts";
import type { Store } from "../store/Store.ts";

/** A fault to be planned; what is left out is filled in. */
export interface NewFault {
  /** Default: made up of what it does, such as "SlowDown-1". */
  readonly id?: string;
  /** Default: every request of S3's API. */
  readonly match?: FaultMatch;
  /** Default: each request that matches. */
  readonly chance?: FaultChance;
  readonly action: FaultAction;
  /** Default: the first that the action can have. */
  readonly stage?: FaultStage;
}

/** Rules under one name, as files in `faults/` have them. */
export interface Scenario {
  readonly name: string;
  readonly description: string;
  /** For the rules that have a probability and no seed of their own. Default: 0. */
  readonly seed?: number;
  readonly rules: readonly NewFault[];
}

/** The planned faults of a server: rules in its store, each of which strikes from the next request on. They are part of the content. */
export class Faults {
  readonly #store: () => Store;
  readonly #areEnabled: boolean;

  constructor(store: () => Store, areEnabled: boolean) {
    this.#store = store;
    this.#areEnabled = areEnabled;
  }

  /**
   * Adds a rule, or several in one step, behind those that are there; resolves with it, or them, as they are now. Throws `TypeError` for a rule
   * that cannot be, `Error` on a server that was started without `faults`.
   */
  add(rule: NewFault): Promise<FaultRule>;
  add(rules: readonly NewFault[]): Promise<readonly FaultRule[]>;
  async add(given: NewFault | readonly NewFault[]): Promise<FaultRule | readonly FaultRule[]> {
    this.#checkEnabled("add");
    return explained(async () => {
      if (!isSeveral(given)) return (await addFaults(this.#store(), [readFaultRule(given)]))[0]!;
      if (given.length > MAX_SCENARIO_RULES)
        throw new FaultRuleError(`${MAX_SCENARIO_RULES} rules are the most that there may be.`);
      const rules = given.map((rule, index) => readFaultRule(rule, `[${index}]`));
      return rules.length === 0 ? [] : addFaults(this.#store(), rules);
    });
  }

  /**
   * Makes the rules of a scenario the only ones: one that Holdfast comes with, by its name, one in a file, by its path, or one that is given.
   * `seed` counts instead of the scenario's own. Throws as `add`.
   */
  async apply(scenario: string | Scenario, { seed }: { readonly seed?: number } = {}): Promise<readonly FaultRule[]> {
    this.#checkEnabled("apply");
    return explained(async () => {
      const read = typeof scenario === "string" ? await openScenario(scenario, seed) : readScenario(scenario, seed);
      return applyScenario(this.#store(), read);
    });
  }

  /** The rules, in their order, and how often each has matched requests and struck them. */
  async list(): Promise<readonly ListedFault[]> {
    return listFaults(this.#store());
  }

  /** Removes a rule; resolves with whether it was there. */
  async remove(id: string): Promise<boolean> {
    return removeFaultRule(this.#store(), id);
  }

  /** Removes every rule; resolves with how many there were. */
  async clear(): Promise<number> {
    return clearFaultRules(this.#store());
  }

  #checkEnabled(method: string): void {
    if (this.#areEnabled) return;
    throw new Error(`faults.${method}() needs a server on which faults may strike: start it with { faults: true }`);
  }
}

function isSeveral(given: NewFault | readonly NewFault[]): given is readonly NewFault[] {
  return Array.isArray(given);
}

/** What is wrong with rules is the caller's mistake, as with options. */
async function explained<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof FaultRuleError || cause instanceof FaultRulesError) throw new TypeError(cause.message, { cause });
    throw cause;
  }
}
