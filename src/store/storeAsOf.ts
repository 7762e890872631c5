import { RememberedPolicies } from "./accounts/RememberedPolicies.ts";
import { ParsedSettings } from "./buckets/ParsedSettings.ts";
import type { RememberingMetadataEngine } from "./metadata/MetadataEngine.ts";
import type { Store } from "./Store.ts";

/**
 * A store as it was at a time, as far as `past`, its index, remembers. Its commits go to `store` as it is. What was parsed of it is kept apart from what is parsed of the present.
 */
export function storeAsOf(store: Store, past: RememberingMetadataEngine, timeMs: number): Store {
  const metadata = past.asOf(timeMs, store.metadata);
  return { ...store, metadata, settings: new ParsedSettings(), policies: new RememberedPolicies() };
}
