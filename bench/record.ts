import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Baseline } from "./baseline.ts";
import type { Series } from "./chart.ts";
import { chart } from "./chart.ts";
import type { Results, RowResult } from "./report.ts";
import { otherTable, ratiosOf, rowTable, startText } from "./report.ts";
import type { Table } from "./table.ts";
import { figure, markdownTable, replaceMarked } from "./table.ts";

const DOCS = join(import.meta.dirname, "..", "docs");
const PAGE = join(DOCS, "performance.md");
const CHART = join(DOCS, "throughput.svg");

/** Makes a run the one later runs are compared with, and puts its tables and chart into docs/performance.md. */
export function record(
  results: Results,
  { main, floor, baselinePath }: { readonly main: string; readonly floor: string; readonly baselinePath: string },
  lines: readonly Series[],
): void {
  const baseline: Baseline = { conditions: results.conditions, ratios: ratiosOf(results, main, floor) };
  writeFileSync(baselinePath, `${JSON.stringify(baseline, undefined, 2)}\n`);
  writeFileSync(CHART, chart("Requests per second by concurrency, objects of 4 KiB", lines));
  const rows = results.rows.map((row) => ({ ...row, servers: withoutSettings(row.servers, main) }));
  writeSection("rows", `${conditionsText(results)}\n${markdownTable(rowTable(rows, main))}`);
  writeSection("memory and start", `${markdownTable(otherTable(results))}\n${startText(results.start)}`);
  writeSection("durability", markdownTable(durabilityTable(results, main)));
  process.stdout.write(`Recorded: ${baselinePath}, docs/performance.md, docs/throughput.svg\n`);
}

/** Puts text where docs/performance.md has a place for it. */
export function writeSection(name: string, text: string): void {
  writeFileSync(PAGE, replaceMarked(readFileSync(PAGE, "utf8"), name, text));
}

function conditionsText({ conditions, measuredAt, node, rounds, seconds, processors }: Results): string {
  const day = measuredAt.slice(0, 10);
  return `${day}, Node ${node}, durability \`${conditions.durability}\`, ${rounds} rounds of ${seconds} s. ${processors}\n`;
}

/** The other durability settings have a table of their own. */
function withoutSettings(servers: RowResult["servers"], main: string): RowResult["servers"] {
  return Object.fromEntries(Object.entries(servers).filter(([name]) => !name.startsWith(`${main} `)));
}

/** The writing rows under each durability setting. */
function durabilityTable({ rows, conditions: { durability: setting } }: Results, main: string): Table {
  const settings = [...new Set(rows.flatMap((row) => Object.keys(row.servers)))].filter((name) => name.startsWith(`${main} `));
  const names = [main, ...settings];
  const lines = rows
    .filter((row) => settings.some((name) => row.servers[name] !== undefined))
    .map((row) => [
      `${row.title} ×${row.inFlight}`,
      ...names.flatMap((name) => [figure(row.servers[name]?.perSecond), figure(row.servers[name]?.p50Ms)]),
    ]);
  const titles = [setting, ...settings.map((name) => name.slice(main.length + 1))];
  return { head: ["work ×in flight", ...titles.flatMap((title) => [`\`${title}\` /s`, "p50 ms"])], rows: lines };
}
