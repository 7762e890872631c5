import { Glob } from "./Glob.ts";
import type { Piece } from "./Piece.ts";
import { readTemplate } from "./Template.ts";

/** The actions that a statement is about, or that it is not about. Upper and lower case make no difference. */
export class ActionSet {
  /** As the policy has them. */
  readonly written: readonly string[];
  /** True for `NotAction`. */
  readonly isNegated: boolean;
  readonly #all: boolean;
  readonly #exact: ReadonlySet<string>;
  readonly #globs: readonly Glob[];

  constructor(written: readonly string[], isNegated: boolean) {
    this.written = written;
    this.isNegated = isNegated;
    this.#all = written.includes("*");
    const patterns = written.map((action) => action.toLowerCase());
    this.#exact = new Set(patterns.filter((pattern) => !/[*?]/.test(pattern)));
    this.#globs = patterns.filter((pattern) => /[*?]/.test(pattern)).map(actionGlob);
  }

  /** True when a statement that names these is about an action, given in lower case. */
  has(action: string): boolean {
    return this.#lists(action) !== this.isNegated;
  }

  #lists(action: string): boolean {
    if (this.#all || this.#exact.has(action)) return true;
    for (const glob of this.#globs) if (glob.matches(action)) return true;
    return false;
  }
}

/** An action with wildcards, in lower case. */
export function actionGlob(pattern: string): Glob {
  return new Glob(readTemplate(pattern, { variables: false, wildcards: true }) as readonly Piece[]);
}
