import type { Soon } from "./metadata/MetadataEngine.ts";

/** Goes on with a value: at once when it is at hand, and when it has come otherwise. */
export function whenHere<Value, Result>(value: Soon<Value>, then: (value: Value) => Soon<Result>): Soon<Result> {
  return value instanceof Promise ? value.then(then) : then(value);
}

/** All of several values: at once when every one is at hand, and when the last has come otherwise. */
export function allHere<Value>(values: readonly Soon<Value>[]): Soon<readonly Value[]> {
  return values.some((value) => value instanceof Promise) ? Promise.all(values) : (values as readonly Value[]);
}
