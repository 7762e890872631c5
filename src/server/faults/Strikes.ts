import type { FaultAction, FaultRule, FaultStage, PlannedFault } from "../../faults/FaultRule.ts";
import type { RequestLife } from "../requests/RequestLife.ts";

/** A rule whose action is of a kind. */
export type RuleOf<Kind extends FaultAction["kind"]> = FaultRule & {
  readonly action: Extract<FaultAction, { readonly kind: Kind }>;
};

/**
 * The faults that are planned for one request, and those that have struck it. The stations ask for what is planned where they are, carry it
 * out, and note it here: a fault that finds nothing to strike, such as a wrong checksum where an answer has none, leaves no trace.
 */
export class Strikes {
  /** The ids of the rules that have struck, each once, in the order in which they did. */
  readonly ids: string[] = [];
  readonly #rules: readonly FaultRule[];
  readonly #life: RequestLife;

  constructor(planned: readonly PlannedFault[], life: RequestLife) {
    this.#rules = planned.map(({ rule }) => rule);
    this.#life = life;
  }

  /** What is planned at a stage, in the order in which the rules were added. */
  at(stage: FaultStage): readonly FaultRule[] {
    return this.#rules.filter((rule) => rule.stage === stage);
  }

  /** What is planned of a kind, at whatever stage. */
  of<Kind extends FaultAction["kind"]>(kind: Kind): readonly RuleOf<Kind>[] {
    return this.#rules.filter((rule): rule is RuleOf<Kind> => rule.action.kind === kind);
  }

  /** How far the server's clock is ahead for whoever judges the request's time, in milliseconds. */
  get clockAheadMs(): number {
    let aheadMs = 0;
    for (const { action } of this.of("clock")) aheadMs += action.aheadMs;
    return aheadMs;
  }

  /** A rule strikes: the journal tells of it. */
  note({ id, action, stage }: FaultRule, facts: Readonly<Record<string, unknown>> = {}): void {
    if (!this.ids.includes(id)) this.ids.push(id);
    this.#life.note("planned fault", { rule: id, action: action.kind, stage, ...facts });
  }
}
