/** One small fault put into one source file. A suite that holds the behaviour fails with it. */
export interface Mutant {
  /** Path in the repository, with "/". */
  readonly path: string;
  /** Offsets of what is replaced, in UTF-16 code units. */
  readonly start: number;
  readonly end: number;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** What stands in the file. */
  readonly before: string;
  /** What stands there instead. */
  readonly after: string;
}

/** Text shown of each side of a mutant. */
const MAX_SHOWN_CHARACTERS = 70;

/** A mutant as reports name it: `path:line:column before → after`. */
export function describeMutant({ path, line, column, before, after }: Mutant): string {
  return `${path}:${line}:${column} ${shown(before)} → ${shown(after)}`;
}

/** The whole file with the fault in it. */
export function mutatedText({ start, end, after }: Mutant, text: string): string {
  return text.slice(0, start) + after + text.slice(end);
}

function shown(code: string): string {
  const line = code.replaceAll(/\s+/g, " ");
  if (line === "") return "(removed)";
  return line.length <= MAX_SHOWN_CHARACTERS ? line : `${line.slice(0, MAX_SHOWN_CHARACTERS)}…`;
}
