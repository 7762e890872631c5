import { join } from "node:path";
import type { FaultCase, Seen } from "./faultCases.ts";

/** The page that tells what clients make of planned faults. */
export const SEEN_PAGE: string = join(import.meta.dirname, "..", "..", "docs", "faults-seen.md");

/** The rows of the page's table, each by the name of its case: cells without the blanks around them. */
export function seenRows(page: string): Map<string, readonly string[]> {
  const lines = page.split("\n").filter((line) => line.startsWith("|"));
  const cells = lines.slice(HEAD_LINES).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  return new Map(cells.map((row) => [row[0]!, row]));
}

/** The head of the table, and the line below it. */
const HEAD_LINES = 2;

/** A row: the case, what was asked for, and what each client told and how many requests that took. */
export function seenCells({ name, wish }: FaultCase, seen: readonly Seen[]): string[] {
  return [name, WISHES[wish], ...seen.map(({ told, requests }) => `${told} (${requests})`)];
}

const WISHES: Readonly<Record<FaultCase["wish"], string>> = {
  put: "PutObject",
  get: "GetObject",
  getNew: "GetObject, just written",
  head: "HeadObject",
  copy: "CopyObject",
  delete: "DeleteObjects",
};

/** The same as a line of the page. */
export function seenRow(fault: FaultCase, seen: readonly Seen[]): string {
  return `| ${seenCells(fault, seen).join(" | ")} |`;
}

/** The page with other rows in its table. */
export function withSeenRows(page: string, rows: readonly string[]): string {
  const lines = page.split("\n");
  const first = lines.findIndex((line) => line.startsWith("|"));
  const last = lines.findLastIndex((line) => line.startsWith("|"));
  return [...lines.slice(0, first + HEAD_LINES), ...rows, ...lines.slice(last + 1)].join("\n");
}
