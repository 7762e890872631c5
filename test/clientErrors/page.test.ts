import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as entry from "../../src/clientErrors/index.ts";

const ROOT = join(import.meta.dirname, "../..");
const page = readFileSync(join(ROOT, "docs/client-errors.md"), "utf8");

/** The rows of the table below a heading, as cells. */
function rows(heading: string): string[][] {
  const section = page.slice(page.indexOf(`\n## ${heading}\n`)).split("\n## ")[1]!;
  const lines = section.split("\n").filter((line) => line.startsWith("|"));
  return lines.slice(2).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

test("docs/client-errors.md: the table of codes is what the package advises", () => {
  const worth = entry.errorCodes.filter((code) => entry.lookUp(code).advice.retry !== "no");
  assert.deepEqual(
    rows("Codes worth sending again"),
    worth.map((code) => {
      const { status, advice } = entry.lookUp(code);
      return [code, String(status), advice.retry, advice.how];
    }),
  );
});

test("docs/client-errors.md: names everything that the package exports", () => {
  const named = rows("All it has").flatMap(([names]) => [...names!.matchAll(/`(\w+)/g)].map(([, name]) => name!));
  assert.deepEqual(
    named.toSorted(),
    Object.keys(entry)
      .filter((name) => name !== "ClientError")
      .toSorted(),
  );
});

test("docs/client-errors.md: its examples are files that are run", () => {
  const folder = join(ROOT, "examples/client-errors");
  const files = readdirSync(folder).filter((name) => name.endsWith(".js"));
  const texts = new Set(files.map((name) => readFileSync(join(folder, name), "utf8")));
  const examples = [...page.matchAll(/```js\n([\s\S]*?)```/g)].map(([, text]) => text!);
  assert.ok(examples.length >= 3);
  for (const text of examples) assert.ok(texts.has(text), text);
});
