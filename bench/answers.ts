import type { Results, RowResult } from "./report.ts";
import { MEMORY_CONNECTIONS } from "./report.ts";
import type { Table } from "./table.ts";
import { figure, markdownTable, quotient } from "./table.ts";

/** Whose figures are told, and beside whom. */
export interface Compared {
  readonly main: string;
  readonly floor: string;
  readonly peers: readonly string[];
}

/** What a reader in a hurry asks of a run, as a table of questions and answers in Markdown. */
export function answers(results: Results, compared: Compared): string {
  const { main, floor } = compared;
  const row = (id: string): RowResult | undefined => results.rows.find((each) => each.id === id);
  const own = (id: string) => row(id)?.servers[main];
  const rate = (id: string): string => `${figure(own(id)?.perSecond)}/s`;
  const speed = (id: string): string => `${figure(own(id)?.megabytesPerSecond)} MB/s`;
  const share = (id: string): string => figure(quotient(own(id)?.perSecond, row(id)?.servers[floor]?.perSecond));
  const memory = results.memory[main];
  const table: Table = {
    head: ["question", "answer, for one process on one processor"],
    rows: [
      [
        "Small objects (4 KiB)?",
        `PUT ${rate("put-4k")}, GET ${rate("get-4k")}, HEAD ${rate("head-4k")}, DELETE ${rate("delete")}`,
      ],
      ["Large objects (64 MiB)?", `written at ${speed("put-64m")}, read at ${speed("get-64m")}`],
      ["A page of 1,000 keys?", `${figure(own("list-1000")?.p50Ms)} ms (median), ${rate("list-1000")}`],
      [
        `As a share of bare \`${floor}\`, which stores and checks nothing?`,
        `PUT 4 KiB ${share("put-4k")}, GET 4 KiB ${share("get-4k")}, PUT 64 MiB ${share("put-64m")}, GET 64 MiB ${share("get-64m")}`,
      ],
      ...compared.peers.map((peer) => [`Beside ${peer}?`, besideText(results.rows, main, peer)]),
      [
        "Memory?",
        `${figure(memory?.idle.residentMiB)} MiB resident when idle, ${figure(memory?.connected.residentMiB)} with ${MEMORY_CONNECTIONS} connections`,
      ],
      [
        "Start?",
        `${figure(results.start.holdfastMs)} ms from \`node\` to listening; in a test ${figure(results.start.libraryStartMs)} ms once it is imported`,
      ],
    ],
  };
  return `Measured ${results.measuredAt.slice(0, 10)} with Node ${results.node}; every write on disk before it is answered (\`${results.conditions.durability}\`).\n\n${markdownTable(table).replaceAll("---:", "---")}`;
}

/** In how many rows Holdfast was faster and slower, and where most. */
function besideText(rows: readonly RowResult[], main: string, peer: string): string {
  const ratios = rows.flatMap(({ title, servers }) => {
    const ratio = quotient(servers[main]?.perSecond, servers[peer]?.perSecond);
    return ratio === undefined ? [] : [{ title, ratio }];
  });
  const sorted = ratios.toSorted((a, b) => a.ratio - b.ratio);
  const faster = sorted.filter(({ ratio }) => ratio >= 1);
  const slower = sorted.filter(({ ratio }) => ratio < 1);
  const most = (found: { readonly title: string; readonly ratio: number } | undefined): string =>
    found === undefined ? "" : `, most at ${found.title} (${figure(found.ratio)} times its speed)`;
  return `faster in ${faster.length} of ${sorted.length} rows${most(faster.at(-1))}; slower in ${slower.length}${most(slower[0])}`;
}
