import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { RULE_FLAGS } from "../../src/cli/faultFlags.ts";
import { ACTIONS, FAULT_KINDS, FAULT_STAGES } from "../../src/faults/actions.ts";
import { CHANCE_MEMBERS, MATCH_MEMBERS, readFaultRule, readScenario } from "../../src/faults/readFaultRule.ts";
import { scenarioNames } from "../../src/server/faults/scenarioFile.ts";

const PAGE = readFileSync(join(import.meta.dirname, "..", "..", "docs", "faults.md"), "utf8");

/** The cells of the table whose head begins so, row by row. */
function tableOf(head: string): string[][] {
  const lines = PAGE.split("\n");
  const begin = lines.findIndex((line) => new RegExp(`^\\| ${head} +\\|`).test(line));
  assert.notEqual(begin, -1, head);
  const end = lines.findIndex((line, index) => index > begin && !line.startsWith("|"));
  return lines.slice(begin + 2, end).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const inCode = (cell: string): string[] => Array.from(cell.matchAll(/`([^`]+)`/g), ([, word]) => word!);
const flagsIn = (cell: string): string[] => Array.from(cell.matchAll(/--([a-z0-9-]+)/g), ([, flag]) => flag!);

test("docs/faults.md: it has every kind with its members and stages", () => {
  const rows = tableOf("Kind");
  assert.deepEqual(
    rows.map(([kind]) => inCode(kind!)[0]),
    FAULT_KINDS,
  );
  for (const [index, kind] of FAULT_KINDS.entries()) {
    const { members, stages } = ACTIONS[kind];
    const all = Object.entries(members).map(([name, { isOptional }]) => (isOptional === true ? `\`${name}\`?` : `\`${name}\``));
    assert.deepEqual(rows[index]![2]!.split(", "), all, kind);
    assert.deepEqual(rows[index]![3]!.split(", "), stages, kind);
  }
});

test("docs/faults.md: it has every member of match and chance, every stage and every scenario", async () => {
  const namesIn = (head: string): string[] => tableOf(head).map(([name]) => inCode(name!)[0]!);
  const ofRules = Array.from(PAGE.matchAll(/^\| Member /gm)).length;
  assert.equal(ofRules, 2);
  const [match, chance] = PAGE.split("### Which of them");
  for (const name of Object.keys(MATCH_MEMBERS)) assert.ok(match!.includes(`| \`${name}\``), name);
  for (const name of Object.keys(CHANCE_MEMBERS)) assert.ok(chance!.includes(`| \`${name}\``), name);
  assert.deepEqual(namesIn("Stage"), FAULT_STAGES);
  assert.deepEqual(namesIn("Name").toSorted(), await scenarioNames());
});

test("docs/faults.md: every flag that it names is one, and it names those of all actions", () => {
  const named = new Set(tableOf("Kind").flatMap(([, flag]) => flagsIn(flag!)));
  for (const flag of named) assert.ok(RULE_FLAGS.includes(flag), flag);
  assert.ok(named.size >= FAULT_KINDS.length);
});

test("docs/faults.md: its rules and scenarios can be read", () => {
  const documents = Array.from(PAGE.matchAll(/```json\n([^`]+)```/g), ([, json]) => JSON.parse(json!) as object);
  assert.equal(documents.length, 2);
  for (const document of documents) {
    if ("rules" in document) readScenario(document);
    else readFaultRule(document);
  }
  const [, header] = /`(\{"kind"[^`]+\})`/.exec(PAGE)!;
  readFaultRule({ action: JSON.parse(header!) as unknown });
});
