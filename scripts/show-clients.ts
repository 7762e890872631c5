/**
 * `npm run show:clients`: writes docs/clients.md, what people read in the terminal when a server refuses them. Starts servers, provokes each
 * error by its real cause through each client that can, and keeps the line the client prints. Names of codes as arguments: prints only
 * theirs, with everything the clients said.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requirePackages } from "../test/interop/installed.ts";
import { scene } from "./clients/causes.ts";
import { pageOf, sectionOf } from "./clients/page.ts";
import { printed } from "./clients/programs.ts";
import { ROWS } from "./clients/rows.ts";

const PAGE: string = join(import.meta.dirname, "../docs/clients.md");

requirePackages();
const codes = process.argv.slice(2);
await using stack = new AsyncDisposableStack();
const folder = await mkdtemp(join(tmpdir(), "holdfast-clients-"));
stack.defer(() => rm(folder, { recursive: true, force: true }));
const found = await scene(folder, stack);
const sections: string[] = [];
for (const row of ROWS.filter(({ code }) => codes.length === 0 || codes.includes(code))) {
  const outputs = await printed(row, found, folder);
  if (codes.length > 0) process.stdout.write(`${row.code}: ${JSON.stringify(outputs, undefined, 2)}\n`.replaceAll("\\n", "\n"));
  else sections.push(sectionOf(row, outputs));
}
if (codes.length === 0) await writeFile(PAGE, pageOf(sections));
