import type { Soon } from "./metadata/MetadataEngine.ts";

/** Goes on with a value: at once when it is at hand, and when it has come otherwise. */
export function whenHere<Value, Result>(value: Soon<Value>, then: (value: Value) => Result): Soon<Result> {
  return value instanceof Promise ? value.then(then) : then(value);
}
