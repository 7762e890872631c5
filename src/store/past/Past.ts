import { RememberedPolicies } from "../accounts/RememberedPolicies.ts";
import { ParsedSettings } from "../buckets/ParsedSettings.ts";
import type { Store } from "../Store.ts";
import type { RememberingEngine } from "./RememberingEngine.ts";

/** What a store remembers of how it was: for servers that may tell it, as S3 told it once, to who asks too soon after a write. */
export class Past {
  readonly #engine: RememberingEngine;

  constructor(engine: RememberingEngine) {
    this.#engine = engine;
  }

  /**
   * The store as it was at a time, as far as it remembers: `MAX_PAST_MS` at most, and what went through this process. Its commits go to `store`
   * as it is. What was parsed of it is kept apart from what is parsed of the present.
   */
  storeAsOf(store: Store, timeMs: number): Store {
    const metadata = this.#engine.asOf(timeMs, store.metadata);
    return { ...store, metadata, settings: new ParsedSettings(), policies: new RememberedPolicies() };
  }
}
