import assert from "node:assert/strict";
import { test } from "node:test";
import { chosenAction } from "../../src/cli/actions.ts";
import { argumentForm } from "../../src/cli/argumentForm.ts";
import { misplacedCommand, unknownCommand } from "../../src/cli/mistakenCommand.ts";
import { commandNamed } from "../../src/cli/table/commandTable.ts";
import { readArguments } from "../../src/config/readArguments.ts";

/** What the arguments of a command choose, as words and subject. */
function chosen(name: string, ...args: string[]): readonly (string | undefined)[] {
  const command = commandNamed(name);
  const { action, subject } = chosenAction(command, readArguments(args, argumentForm(command)));
  return [action.words, subject];
}

/** The lines that refuse the arguments of a command. */
function refused(name: string, ...args: string[]): string[] {
  try {
    chosen(name, ...args);
  } catch (cause) {
    assert.ok(cause instanceof Error && cause.name === "OptionError");
    return cause.message.split("\n");
  }
  return assert.fail(`${name} took ${args.join(" ")}`);
}

test("Actions: the most words that fit choose, and what stands behind them is the subject", () => {
  assert.deepEqual(chosen("user", "add", "ann"), ["add", "ann"]);
  assert.deepEqual(chosen("user", "key", "add", "ann"), ["key add", "ann"]);
  assert.deepEqual(chosen("user", "add", "add"), ["add", "add"]);
  assert.deepEqual(chosen("clock", "advance", "31", "days"), ["advance", "31 days"]);
  assert.deepEqual(chosen("keys"), ["list", undefined]);
  assert.deepEqual(chosen("fault", "add", "--delay", "5"), ["add", undefined]);
  assert.deepEqual(chosen("errors"), ["", undefined]);
});

test("Actions: a word that means nothing is answered with the one that was meant, and how that is used", () => {
  assert.deepEqual(refused("user", "ad", "ann").slice(0, 2), [
    'holdfast user has no "ad"; did you mean "add"?',
    "Use: holdfast user add NAME [--access-key ID] [--secret-key SECRET] [--account ACCOUNT]",
  ]);
  assert.equal(refused("user", "key", "delte", "AK")[0], 'holdfast user key has no "delte".');
  assert.deepEqual(refused("user", "key").slice(0, 2), [
    "holdfast user key needs one of add, remove, disable, enable.",
    "Use: holdfast user key add NAME [--access-key ID] [--secret-key SECRET] [--account ACCOUNT]",
  ]);
  assert.match(refused("user")[0]!, /^Use: holdfast user add NAME /);
});

test("Actions: what is missing, or too much, is named", () => {
  assert.deepEqual(refused("policy", "set", "reading"), [
    "holdfast policy set needs --document FILE.",
    "Use: holdfast policy set NAME --document FILE",
    "It takes [--account ACCOUNT] [--data FOLDER] [--config FILE]. See holdfast policy --help.",
  ]);
  assert.equal(refused("user", "add")[0], "holdfast user add needs a NAME.");
  assert.equal(refused("user", "key", "remove")[0], "holdfast user key remove needs an ACCESS-KEY.");
  assert.equal(refused("user", "add", "ann", "ben")[0], 'The argument "ben" has no meaning behind holdfast user add.');
  assert.equal(refused("user", "list", "--path", "/x/")[0], "holdfast user list does not take --path.");
});

test("Commands: one that there is not is answered with the one that was meant, and so are its options", () => {
  const said = (name: string, ...rest: string[]): string => unknownCommand(name, rest).message;
  const see = "See holdfast --help.";
  assert.equal(
    said("sevre", "--prot", "9000", "--hots=::"),
    `There is no command "sevre"; did you mean "serve"? There is no option --prot; did you mean --port? There is no option --hots; did you mean --host? ${see}`,
  );
  assert.equal(said("user-add"), `There is no command "user-add"; did you mean "user"? ${see}`);
  assert.equal(said("backup", "--x"), `There is no command "backup". ${see}`);
});

test("Commands: one behind options is told where it stands", () => {
  const said = (...args: string[]): string | undefined => misplacedCommand(args)?.message;
  assert.equal(
    said("--data", "x", "user", "list"),
    "A command stands in front of its options: holdfast user … See holdfast --help.",
  );
  assert.match(said("--prot", "9", "sevre")!, /^There is no command "sevre"; did you mean "serve"\? .*; did you mean --port\? /);
  assert.equal(said("--data", "user"), undefined, "the value of an option is no command");
  assert.equal(said("--port", "9000", "here"), undefined);
});
