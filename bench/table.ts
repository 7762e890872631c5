/** A table: its first column is text, the others are figures. */
export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A table for the terminal: columns as wide as their widest cell, figures to the right. */
export function plainTable({ head, rows }: Table): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join("  ")
      .trimEnd();
  return [head, ...rows].map((row) => `${line(row)}\n`).join("");
}

/** The same table in Markdown. */
export function markdownTable({ head, rows }: Table): string {
  const line = (row: readonly string[]): string => `| ${row.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`;
  return line(head) + line(head.map((_, column) => (column === 0 ? "---" : "---:"))) + rows.map(line).join("");
}

/**
 * Puts text between the markers `<!-- NAME -->` and `<!-- /NAME -->` of a page, in place of what stood there.
 * Throws when the page has no such markers.
 */
export function replaceMarked(page: string, name: string, text: string): string {
  const start = `<!-- ${name} -->\n`;
  const end = `<!-- /${name} -->`;
  const from = page.indexOf(start);
  const to = page.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`the page has no place for "${name}"`);
  return `${page.slice(0, from + start.length)}\n${text}\n${page.slice(to)}`;
}

/** A figure with about three digits, thousands set apart. */
export function figure(value: number | undefined): string {
  if (value === undefined) return "–";
  if (value === 0) return "0";
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : value >= 0.01 ? 2 : 4;
  return value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/**
 * One figure divided by another as the reader would divide them: by what {@link figure} shows of each, so that columns agree. `undefined`
 * where either is missing or the divisor shows as zero.
 */
export function quotient(value: number | undefined, divisor: number | undefined): number | undefined {
  if (value === undefined || divisor === undefined) return undefined;
  const [shown, by] = [value, divisor].map((each) => Number(figure(each).replaceAll(",", ""))) as [number, number];
  return by === 0 ? undefined : shown / by;
}

/** Bytes as people read them. */
export function sizeText(bytes: number | undefined): string {
  if (bytes === undefined) return "–";
  if (bytes >= 1024 * 1024) return `${figure(bytes / 1024 / 1024)} MiB`;
  return bytes >= 1024 ? `${figure(bytes / 1024)} KiB` : `${Math.round(bytes)} B`;
}
