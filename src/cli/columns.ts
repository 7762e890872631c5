/** Width of text where the terminal does not say, in characters. */
const USUAL_WIDTH = 100;
/** No text is made narrower than this, in characters. */
const LOWEST_WIDTH = 60;
/** No text is made wider than this, in characters, for wider lines are hard to read. */
const HIGHEST_WIDTH = 120;

/** How wide text may be here, in characters. */
export function width(): number {
  return Math.min(HIGHEST_WIDTH, Math.max(LOWEST_WIDTH, process.stdout.columns ?? USUAL_WIDTH));
}

/** Text behind a beginning, in lines as wide as the terminal; those below the first are indented as far, or by `indent`. Ends with a line break. */
export function wrapped(text: string, beginning: string, indent: string = " ".repeat(beginning.length)): string {
  let line = beginning;
  let isEmpty = true;
  let whole = "";
  for (const word of text.split(" ")) {
    if (!isEmpty && line.length + 1 + word.length > width()) {
      whole += `${line}\n`;
      line = indent;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return `${whole}${line}\n`;
}

/** Rows as lines with their columns below each other; the last column is cut where a terminal is too narrow for it. */
export function listed(rows: readonly (readonly string[])[]): string {
  const columns = rows[0]?.length ?? 0;
  const widths = Array.from({ length: columns - 1 }, (_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) => {
      const line = row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd();
      return process.stdout.isTTY && line.length > width() ? `${line.slice(0, width() - 1)}…\n` : `${line}\n`;
    })
    .join("");
}
