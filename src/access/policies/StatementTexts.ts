import type { Condition } from "./Condition.ts";

/** An element that lists patterns, and whether it is the one that means everything else. */
export interface Patterns {
  readonly written: readonly string[];
  readonly isNegated: boolean;
}

/** What a statement says, before it is made ready. */
export interface StatementTexts {
  readonly actions: Patterns;
  readonly resources: Patterns | undefined;
  readonly conditions: readonly Condition[];
}
