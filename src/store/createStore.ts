import { ParsedSettings } from "./buckets/ParsedSettings.ts";
import { ReadLeases } from "./ReadLeases.ts";
import type { Store } from "./Store.ts";

/** A store on its engines; what it keeps in memory begins empty. */
export function createStore(parts: Pick<Store, "metadata" | "blobs" | "clock" | "randomBytes">): Store {
  return { ...parts, readers: new ReadLeases(parts), settings: new ParsedSettings() };
}
