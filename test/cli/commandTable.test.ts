import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { helpOf } from "../../src/cli/help.ts";
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

test("Commands: help tells every action and flag of each, in lines that are not too long", () => {
  for (const command of COMMANDS) {
    const text = helpOf(command);
    assert.ok(text.startsWith(`holdfast ${command.name}: ${command.doc}\n`), text);
    for (const { words, doc } of command.actions) {
      assert.match(text, new RegExp(`^  holdfast ${command.name}${words === "" ? "" : ` ${words}`}(?: |$)`, "m"));
      assert.ok(text.includes(doc), doc);
    }
    const own = command.name === "serve" ? [] : flagsOfCommand(command);
    for (const { flag } of own) assert.match(text, new RegExp(`^  --${flag}(?: |$)`, "m"));
    for (const line of text.split("\n")) assert.ok(line.length <= 100, line);
  }
});

for (const name of ["user", "account", "group", "role", "policy", "keys", "fault"]) {
  test(`holdfast ${name}: everything that stands in the table is run by something`, async () => {
    // Who reads the file of a command is told of what is missing.
    assert.ok(await import(`../../src/cli/${name}.ts`));
  });
}
