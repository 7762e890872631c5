/** Tags by their keys, which are told apart in any case and kept as they were given. */
export type Tags = Readonly<Record<string, string>>;

/** The tags of a user or role. */
export function tagsOf(pairs: readonly (readonly [key: string, value: string])[]): Tags {
  return Object.fromEntries(pairs);
}

/** Tags with others that count before them: of two keys that differ in case alone, the later one is left. */
export function mergedTags(tags: Tags, others: Tags): Tags {
  const replaced = new Set(Object.keys(others).map((key) => key.toLowerCase()));
  const left = Object.entries(tags).filter(([key]) => !replaced.has(key.toLowerCase()));
  return left.length === 0 ? others : Object.fromEntries([...left, ...Object.entries(others)]);
}
