import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { RULE_FLAGS } from "../../src/cli/faultFlags.ts";
import { flagsOfCommand } from "../../src/cli/table/CommandRow.ts";
import { COMMANDS, commandNamed } from "../../src/cli/table/commandTable.ts";
import { usageOf } from "../../src/cli/usage.ts";
import { SETTING_FLAGS } from "../../src/config/loadSettings.ts";

test("Commands: the table has those that can be run, and no other", () => {
  const source = readFileSync(new URL("../../src/cli/run.ts", import.meta.url), "utf8");
  const run = [...source.matchAll(/^ {2}\["([\w-]+)", async/gm)].map(([, name]) => name);
  assert.deepEqual(run.toSorted(), COMMANDS.map(({ name }) => name).toSorted());
});

test("Commands: a flag of a name is the same flag in all actions of a command", () => {
  for (const command of COMMANDS) {
    const rows = command.actions.flatMap(({ needs = [], takes = [] }) => [...needs, ...takes]);
    for (const row of rows) {
      const first = rows.find(({ flag }) => flag === row.flag)!;
      const form = ({ value, kind, isRepeatable }: typeof row): unknown[] => [value, kind, isRepeatable];
      assert.deepEqual(form(row), form(first), `holdfast ${command.name} --${row.flag}`);
    }
  }
});

test("Commands: serve takes every setting, and fault add every flag that makes a rule", () => {
  const flags = (name: string): string[] => flagsOfCommand(commandNamed(name)).map(({ flag }) => flag);
  assert.deepEqual(flags("serve").toSorted(), [...SETTING_FLAGS.flags].toSorted());
  const adding = commandNamed("fault").actions.find(({ words }) => words === "add")!;
  assert.deepEqual(adding.takes!.map(({ flag }) => flag).toSorted(), [...RULE_FLAGS].toSorted());
});

test("Commands: how one is used names what has to be there, what may be, and where more stands", () => {
  assert.equal(
    usageOf(commandNamed("group")),
    `Use: holdfast group add NAME [--path /PATH/]
     holdfast group list
     holdfast group join NAME --user NAME
     holdfast group leave NAME --user NAME
     holdfast group remove NAME
All take [--account ACCOUNT] [--data FOLDER] [--config FILE]. See holdfast group --help.`,
  );
  assert.match(
    usageOf(commandNamed("errors")),
    /^Use: holdfast errors \[CODE \| WORDS\] \[--search WORDS\]\nSee holdfast errors --help\.$/,
  );
});
