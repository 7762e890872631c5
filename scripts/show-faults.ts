/**
 * `npm run show:faults`: has clients meet every kind of planned fault, and writes what they make of it to docs/faults-seen.md. The clients have
 * to be installed: `npm run install:clients`.
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FAULT_CASES, FAULT_CLIENTS, faultServer, see } from "../test/interop/faultCases.ts";
import { SEEN_PAGE, seenRow, withSeenRows } from "../test/interop/seenFaults.ts";

const folder = await mkdtemp(join(tmpdir(), "holdfast-faults-"));
const holdfast = await faultServer();
try {
  const rows: string[] = [];
  for (const fault of FAULT_CASES) {
    const seen = [];
    for (const client of FAULT_CLIENTS) seen.push(await see(holdfast, client, fault, folder));
    rows.push(seenRow(fault, seen));
    process.stdout.write(`${rows.at(-1)}\n`);
  }
  await writeFile(SEEN_PAGE, withSeenRows(await readFile(SEEN_PAGE, "utf8"), rows));
} finally {
  await holdfast.stop();
  await rm(folder, { recursive: true });
}
