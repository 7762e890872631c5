/** A name of three letters or fewer may differ in one, one of six in two, and none in more than this. */
const MAX_CHANGES = 3;
const LETTERS_PER_CHANGE = 3;
/** So many letters say what was meant, where one name is the beginning of the other. */
const LEAST_BEGINNING = 3;

/** The name that `given` was most likely meant to be, if one is near. */
export function nearest(given: string, names: readonly string[]): string | undefined {
  let best: string | undefined;
  let fewest = Math.min(MAX_CHANGES, Math.max(1, Math.floor(given.length / LETTERS_PER_CHANGE))) + 1;
  for (const name of names) {
    const changes = distance(given.toLowerCase(), name.toLowerCase());
    if (changes < fewest) [best, fewest] = [name, changes];
  }
  return best;
}

/** The name that `given` was most likely meant to be: one that is near, or else one that begins alike. */
export function likely(given: string, names: readonly string[]): string | undefined {
  return nearest(given, names) ?? beginningAlike(given, names);
}

/** `; did you mean …?` with the name that was most likely meant, or a full stop when it is none of them. */
export function suggestion(given: string, names: readonly string[], show: (name: string) => string): string {
  const similar = likely(given, names);
  return similar === undefined ? "." : `; did you mean ${show(similar)}?`;
}

/** The name that is the beginning of `given`, or begins with it: of several, the shortest. */
function beginningAlike(given: string, names: readonly string[]): string | undefined {
  const word = given.toLowerCase();
  const alike = names.filter((name) => {
    const other = name.toLowerCase();
    const shorter = Math.min(word.length, other.length);
    return shorter >= LEAST_BEGINNING && (word.startsWith(other) || other.startsWith(word));
  });
  return alike.toSorted((one, other) => one.length - other.length)[0];
}

/** How many letters have to be put in, taken out, replaced, or swapped with their neighbour to make one word of the other. */
function distance(from: string, to: string): number {
  let before: number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const replaced = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const swapped = isSwap ? before[j - 2]! + 1 : Number.POSITIVE_INFINITY;
      next.push(Math.min(replaced, swapped, row[j]! + 1, next[j - 1]! + 1));
    }
    [before, row] = [row, next];
  }
  return row[to.length]!;
}
