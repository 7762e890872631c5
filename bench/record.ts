import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { answers } from "./answers.ts";
import type { Baseline } from "./baseline.ts";
import { chart } from "./chart.ts";
import type { Results, RowResult } from "./report.ts";
import { otherTable, peersOf, peerTable, ratiosOf, rowTable, startText } from "./report.ts";
import type { Table } from "./table.ts";
import { figure, markdownTable, replaceMarked } from "./table.ts";

const DOCS = join(import.meta.dirname, "..", "docs");
const PAGE = join(DOCS, "performance.md");
const CHART_FILE = "throughput.svg";
const CHART_TEXT = `### By concurrency

![Requests per second by concurrency](${CHART_FILE})

With one request in flight a synced PUT waits for the disk. With many, the writes that arrive while one commit is being synced share the
next, so that throughput grows until the processor is full.
`;

/**
 * Makes a run the one later runs are compared with, and puts its answers, tables and chart into docs/performance.md: all of one run. What
 * the run did not measure, such as peers or the chart's lines, stands there no longer.
 */
export function record(
  results: Results,
  { main, floor, baselinePath }: { readonly main: string; readonly floor: string; readonly baselinePath: string },
): void {
  const baseline: Baseline = { conditions: results.conditions, ratios: ratiosOf(results, main, floor) };
  writeFileSync(baselinePath, `${JSON.stringify(baseline, undefined, 2)}\n`);
  const rows = results.rows.map((row) => ({ ...row, servers: ownAndFloor(row.servers, main, floor) }));
  const peers = peersOf(results, main, floor);
  writeSection("answers", answers(results, { main, floor, peers }));
  writeSection(
    "peers",
    peers.length === 0 ? "This run had no other servers beside it.\n" : markdownTable(peerTable(results, main, peers)),
  );
  writeSection("rows", `${conditionsText(results)}\n${markdownTable(rowTable(rows, main))}`);
  writeSection("memory and start", `${markdownTable(otherTable(results))}\n${startText(results.start)}`);
  writeSection("durability", markdownTable(durabilityTable(results, main)));
  writeChart(results);
  process.stdout.write(
    `Recorded: ${baselinePath}, docs/performance.md${results.lines === undefined ? "" : `, docs/${CHART_FILE}`}\n`,
  );
}

/** Puts text where docs/performance.md has a place for it. */
export function writeSection(name: string, text: string): void {
  writeFileSync(PAGE, replaceMarked(readFileSync(PAGE, "utf8"), name, text));
}

function writeChart({ lines }: Results): void {
  const path = join(DOCS, CHART_FILE);
  if (lines === undefined) rmSync(path, { force: true });
  else writeFileSync(path, chart("Requests per second by concurrency, objects of 4 KiB", lines));
  writeSection("chart", lines === undefined ? "" : CHART_TEXT);
}

function conditionsText({ conditions, measuredAt, node, rounds, seconds, processors }: Results): string {
  const day = measuredAt.slice(0, 10);
  return `${day}, Node ${node}, durability \`${conditions.durability}\`, ${rounds} rounds of ${seconds} s. ${processors}\n`;
}

/** The other durability settings and other makers' servers have tables of their own. */
function ownAndFloor(servers: RowResult["servers"], main: string, floor: string): RowResult["servers"] {
  return Object.fromEntries(Object.entries(servers).filter(([name]) => name === main || name === floor));
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
