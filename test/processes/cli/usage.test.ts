import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { OPTIONS } from "../../../src/config/optionTable.ts";
import type { CommandOptions } from "./command.ts";
import { newFolder } from "../../newFolder.ts";
import { holdfast } from "./command.ts";

const HELP = "See holdfast --help.";

/** Runs a command that must end with 2, a sentence, and nothing done. */
async function refusal(
  t: TestContext,
  args: readonly string[],
  environment: CommandOptions["environment"] = {},
): Promise<string> {
  const folder = newFolder(t);
  const { code, stdout, stderr } = await holdfast(args, { folder, environment });
  assert.equal(code, 2, stderr);
  assert.equal(stdout, "");
  assert.ok(stderr.endsWith("\n"));
  assert.deepEqual(await readdir(folder), []);
  return stderr.slice(0, -1);
}

test("holdfast: an unknown command is refused, with the one that was meant", async (t) => {
  assert.equal(await refusal(t, ["srve"]), `There is no command "srve"; did you mean "serve"? ${HELP}`);
  assert.equal(await refusal(t, ["backup"]), `There is no command "backup". ${HELP}`);
  assert.equal(await refusal(t, ["constructor"]), `There is no command "constructor". ${HELP}`);
});

test("holdfast: a wrong option ends with a sentence, exit code 2 and no data folder", async (t) => {
  assert.equal(await refusal(t, ["--prot", "80"]), `There is no option --prot; did you mean --port? ${HELP}`);
  assert.equal(await refusal(t, ["serve", "--port", "http"]), '--port is "http"; it must be a whole number from 0 to 65535.');
  assert.equal(
    await refusal(t, [], { HOLDFAST_WORKERS: "0" }),
    'HOLDFAST_WORKERS is "0"; it must be a whole number from 1 to 256.',
  );
  assert.equal(await refusal(t, ["serve", "here"]), `The argument "here" has no meaning here. ${HELP}`);
});

test("holdfast: a missing option file, or a wrong one, is refused", async (t) => {
  const missing = await refusal(t, ["--config", "missing.json"]);
  assert.match(missing, /^The option file missing\.json cannot be read: ENOENT.*\.$/);
  const folder = newFolder(t);
  await writeFile(join(folder, "options.json"), JSON.stringify({ port: "9000" }));
  const { code, stderr } = await holdfast([], { folder, environment: { HOLDFAST_CONFIG: "options.json" } });
  assert.equal(code, 2);
  assert.equal(stderr, '"port" in options.json is "9000"; it must be a whole number from 0 to 65535.\n');
});

test("holdfast user, scrub, errors: what they do not take is refused", async (t) => {
  assert.match(await refusal(t, ["user"]), /^Use: holdfast user add NAME/);
  assert.match(await refusal(t, ["user", "rename", "ann"]), /^holdfast user has no "rename"\.\nUse: holdfast user add NAME/);
  assert.match(
    await refusal(t, ["user", "ad", "ann"]),
    /^holdfast user has no "ad"; did you mean "add"\?\nUse: holdfast user add NAME/,
  );
  assert.equal(await refusal(t, ["user", "list", "--prot", "1"]), "There is no option --prot. See holdfast user --help.");
  assert.equal(
    await refusal(t, ["user", "add", "ann", "--secret-key", "short"]),
    "holdfast user add: The secret key must have 8 to 128 visible ASCII characters.",
  );
  assert.equal(await refusal(t, ["scrub", "--deep"]), "There is no option --deep. See holdfast scrub --help.");
  assert.equal(await refusal(t, ["scrub", "bucket"]), 'The argument "bucket" has no meaning here. See holdfast scrub --help.');
  assert.equal(
    await refusal(t, ["errors", "--serach", "x"]),
    "There is no option --serach; did you mean --search? See holdfast errors --help.",
  );
  assert.equal(await refusal(t, ["errors", "NoSuchKeys"]), 'S3 has no error "NoSuchKeys"; did you mean NoSuchKey?');
});

test("holdfast account, group, role, policy: what they do not take is refused", async (t) => {
  for (const [said, ...args] of [
    ["Use: holdfast account add NAME", "account"],
    ["holdfast account add needs a NAME.", "account", "add"],
    ['The argument "acme" has no meaning behind holdfast account list.', "account", "list", "acme"],
    ["holdfast group join needs --user NAME.", "group", "join", "staff"],
    ["holdfast role add needs --trust-policy FILE.", "role", "add", "app"],
    ["holdfast role list does not take --trust-policy.", "role", "list", "--trust-policy", "x"],
    ["holdfast policy set needs --document FILE.", "policy", "set", "reading"],
    ["Whom is it about? One of --user NAME or --role NAME says that", "policy", "bound", "reading"],
  ] as const) {
    const text = await refusal(t, args);
    assert.ok(text.startsWith(said), text);
  }
  const missing = await refusal(t, ["policy", "add", "p", "--document", "none.json"]);
  assert.match(missing, /^The policy document none\.json cannot be read: ENOENT/);
  assert.match(await refusal(t, ["user", "add", "ann", "--account", "a", "--access-key", "ASIAX"]), /begin with "ASIA"\.$/);
  assert.match(await refusal(t, ["user", "add", "ann", "--path", "/x/"]), /^--path is for users inside an account/);
});

test("holdfast --help: every option and every command, whatever else stands there", async (t) => {
  const folder = newFolder(t);
  const { code, stdout, stderr } = await holdfast(["--help"], { folder });
  assert.equal(code, 0);
  assert.equal(stderr, "");
  for (const { flag } of OPTIONS) assert.match(stdout, new RegExp(`^  --${flag} `, "m"));
  for (const command of ["serve", "user add | list", "clock show", "scrub", "errors"])
    assert.ok(stdout.includes(command), command);
  for (const line of stdout.split("\n")) assert.ok(line.length <= 100, line);
  for (const args of [["-h"], ["help"], ["--port", "--help"], ["srve", "--help"]]) {
    assert.equal((await holdfast(args, { folder })).stdout, stdout, args.join(" "));
  }
});

test("holdfast COMMAND --help: what that command does and takes; with a letter wrong, what was meant", async (t) => {
  const folder = newFolder(t);
  const { stdout } = await holdfast(["user", "add", "ann", "--help"], { folder });
  assert.match(stdout, /^ {2}holdfast user mfa enable NAME --first-code CODE --second-code CODE/m);
  assert.match(stdout, /^ {2}--give-buckets-to NAME {2}who gets the buckets$/m);
  assert.equal((await holdfast(["help", "user"], { folder })).stdout, stdout);
  for (const [name, see] of [
    ["serve", "holdfast"],
    ["user", "holdfast user"],
    ["errors", "holdfast errors"],
  ] as const) {
    assert.equal(await refusal(t, [name, "--hlep"]), `There is no option --hlep; did you mean --help? See ${see} --help.`);
  }
  assert.equal(await refusal(t, ["help", "usr"]), `There is no command "usr"; did you mean "user"? ${HELP}`);
});

test("holdfast: several things that are wrong are all named", async (t) => {
  assert.equal(
    await refusal(t, ["sevre", "--prot", "9000"]),
    `There is no command "sevre"; did you mean "serve"? There is no option --prot; did you mean --port? ${HELP}`,
  );
  assert.equal(
    await refusal(t, ["--prot", "1", "--hots", "::"]),
    `There is no option --prot; did you mean --port? There is no option --hots; did you mean --host? ${HELP}`,
  );
  assert.equal(await refusal(t, ["--verison"]), `There is no option --verison; did you mean --version? ${HELP}`);
  assert.equal(await refusal(t, ["-port", "1"]), `There is no option -port; did you mean --port? ${HELP}`);
  assert.equal(
    await refusal(t, ["--data", "x", "user", "list"]),
    `A command stands in front of its options: holdfast user … ${HELP}`,
  );
  assert.equal(
    await refusal(t, ["--durability", "sync"]),
    '--durability is "sync"; it must be one of synced, written; did you mean "synced"?',
  );
});

test("holdfast --version: that of the package", async (t) => {
  const { version } = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8")) as { version: string };
  const folder = newFolder(t);
  for (const arg of ["--version", "version"]) {
    assert.deepEqual(await holdfast([arg], { folder }), { code: 0, stdout: `${version}\n`, stderr: "" });
  }
});

test("holdfast errors: one is shown with what is known of it, several are found by their words", async (t) => {
  const folder = newFolder(t);
  const one = await holdfast(["errors", "nosuchkey"], { folder });
  assert.equal(one.code, 0);
  assert.match(one.stdout, /^NoSuchKey\n/);
  const some = await holdfast(["errors", "--search", "Key does not exist"], { folder });
  assert.match(some.stdout, /^404  NoSuchKey +The specified key does not exist\.$/m);
  assert.doesNotMatch(some.stdout, /SlowDown/);
});
