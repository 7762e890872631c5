import { resourceLike } from "./arnPatterns.ts";
import type { PolicyRequest } from "./PolicyRequest.ts";
import type { TextTest } from "./Template.ts";

/** The resources that a statement is about, or that it is not about. */
export class ResourceSet {
  readonly #isNegated: boolean;
  readonly #tests: readonly TextTest[];

  constructor(written: readonly string[], isNegated: boolean, variables: boolean) {
    this.#isNegated = isNegated;
    this.#tests = written.map((pattern) => resourceLike(pattern, variables));
  }

  /** True when the request's resource is one that a statement is about. */
  has(request: PolicyRequest): boolean {
    for (const test of this.#tests) if (test(request.resource, request)) return !this.#isNegated;
    return this.#isNegated;
  }
}
