import type { Condition } from "./Condition.ts";
import type { Statement } from "./Policy.ts";

/** What a statement about the request's action came to. */
export type Outcome =
  | "allows"
  | "denies"
  | "allows the account of the caller, whose own policies have to allow it as well"
  | "denies, which the root of the owner's account may disregard"
  | "means others"
  | "is about other resources"
  | Condition;

/** What statements said, kept as it comes and told in words only to those who ask. */
export class Trace {
  readonly #entries: (readonly [policy: string, statement: Statement, outcome: Outcome])[] = [];
  readonly #remarks: string[] = [];

  add(policy: string, statement: Statement, outcome: Outcome): void {
    this.#entries.push([policy, statement, outcome]);
  }

  /** Adds what no statement says. */
  remark(text: string): void {
    this.#remarks.push(text);
  }

  /** In the order in which the statements were looked at. */
  reasons(): readonly string[] {
    return [
      ...this.#entries.map(([policy, statement, outcome]) => `${policy}, ${nameOf(statement)} ${tell(statement, outcome)}`),
      ...this.#remarks,
    ];
  }
}

function nameOf({ sid, place }: Statement): string {
  return sid === undefined || sid === "" ? `statement ${place}` : `statement ${JSON.stringify(sid)}`;
}

function tell({ effect }: Statement, outcome: Outcome): string {
  if (outcome === "means others" || outcome === "is about other resources") return `(${effect}) ${outcome}`;
  return typeof outcome === "string" ? outcome : `(${effect}) does not apply: ${outcome.written} does not hold`;
}
