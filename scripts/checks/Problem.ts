/** One thing a check found wrong. */
export interface Problem {
  /** Path in the repository, with "/". */
  readonly path: string;
  /** From 1; 0 where the file as a whole is meant. */
  readonly line: number;
  /** What is wrong and, where it is not plain, what to do. */
  readonly message: string;
}

/** Problems in the order of their places, each as `path:line: message`. */
export function problemLines(problems: readonly Problem[]): string[] {
  return problems
    .toSorted((a, b) => (a.path === b.path ? a.line - b.line : a.path < b.path ? -1 : 1))
    .map(({ path, line, message }) => `${line === 0 ? path : `${path}:${line}`}: ${message}`);
}
