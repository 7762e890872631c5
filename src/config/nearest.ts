/** More changes than this, and a name is another one rather than a misspelt one. */
const MAX_CHANGES = 3;

/** The name that `given` was most likely meant to be, if one is near. */
export function nearest(given: string, names: readonly string[]): string | undefined {
  let best: string | undefined;
  let fewest = MAX_CHANGES + 1;
  for (const name of names) {
    const changes = distance(given.toLowerCase(), name.toLowerCase());
    if (changes < fewest) [best, fewest] = [name, changes];
  }
  return best;
}

/** How many letters have to be put in, taken out or replaced to make one word of the other. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const replaced = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[to.length]!;
}
