import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { before, test } from "node:test";
import { COMMANDS } from "../../src/cli/table/commandTable.ts";
import { OPTIONS, variableOf } from "../../src/config/optionTable.ts";
import { requirePackages } from "./installed.ts";

const ROOT = join(import.meta.dirname, "../..");
const PACKAGING = join(ROOT, "packaging");
const TIMEOUT_MS = 60_000;

/** What somebody has typed, and what has to be offered then: all of it, or some of it. */
const TYPED: readonly { readonly words: string; readonly all?: readonly string[]; readonly some?: readonly string[] }[] = [
  { words: "holdfast us", all: ["user"] },
  { words: "holdfast user ", all: ["add", "key", "list", "mfa", "remove"] },
  { words: "holdfast user key ", all: ["add", "disable", "enable", "remove"] },
  { words: "holdfast user key add --", some: ["--access-key", "--account", "--data", "--help"] },
  { words: "holdfast --durability ", all: ["synced", "written"] },
  { words: "holdfast --durability=w", all: ["written"] },
  { words: "holdfast serve --log-level d", all: ["debug"] },
  { words: "holdfast --test-clock --po", all: ["--port"] },
  { words: "holdfast --tls-cert packa", some: ["packaging"] },
  { words: "holdfast errors NoSuchB", all: ["NoSuchBucket", "NoSuchBucketPolicy"] },
  { words: "holdfast requests --json --sta", all: ["--status"] },
  { words: "holdfast requests --operation DeleteObjects", all: ["DeleteObjects"] },
  { words: "holdfast fault add --disconnect ", all: ["end", "half-close", "reset"] },
  { words: "holdfast fault apply slow", all: ["slow-down"] },
  { words: "holdfast help try", all: ["try-client"] },
  { words: "holdfast keys alias ", all: ["remove", "set"] },
];

before(() => requirePackages());

/** What a program prints; fails where it fails. */
function printed(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, LC_ALL: "C.UTF-8" };
    execFile(program, args, { cwd: ROOT, env, timeout: TIMEOUT_MS }, (failure, stdout, stderr) => {
      if (failure === null) resolve(stdout + stderr);
      else reject(new Error(`${program} ${args.join(" ")}: ${failure.message}\n${stdout}${stderr}`));
    });
  });
}

function assertOffered(lines: readonly string[]): void {
  assert.equal(lines.length, TYPED.length);
  for (const [index, { words, all, some }] of TYPED.entries()) {
    const offered = [...new Set(lines[index]!.split(" "))].toSorted();
    if (all !== undefined) assert.deepEqual(offered, [...all], words);
    for (const one of some ?? []) assert.ok(offered.includes(one), `${words} offers ${offered.join(" ")}`);
  }
}

/** Words as bash takes them apart: the sign between a flag and its value is a word. */
function asBashWords(words: string): string {
  return words
    .split(" ")
    .flatMap((word) => word.split(/(=)/))
    .map((word) => `'${word}'`)
    .join(" ");
}

const SETTINGS = [
  ["packaging/completion.bash", `source '${join(PACKAGING, "completion.bash")}'`],
  ["holdfast completion bash", `source <('${process.execPath}' '${join(ROOT, "src/main.ts")}' completion bash)`],
] as const;

for (const [name, setting] of SETTINGS) {
  test(`bash: commands, options and values are completed by ${name}`, async () => {
    const tries = TYPED.map(({ words }) => `try ${asBashWords(words)}`).join("\n");
    const script = `${setting}
try() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _holdfast; echo "\${COMPREPLY[*]}"; }
complete -p holdfast >/dev/null || exit 1
${tries}`;
    assertOffered((await printed("bash", ["--norc", "-c", script])).trimEnd().split("\n"));
  });
}

const ZSH_SETTINGS = [
  ["packaging/_holdfast", `fpath=('${PACKAGING}' $fpath); compinit -u -D`],
  ["holdfast completion zsh", `source <('${process.execPath}' '${join(ROOT, "src/main.ts")}' completion zsh)`],
] as const;

for (const [name, setting] of ZSH_SETTINGS) {
  test(`zsh: commands, options and values are completed by ${name}`, async () => {
    const script = join(import.meta.dirname, "drive.zsh");
    const lines = await printed("zsh", ["-f", script, setting, ...TYPED.map(({ words }) => words)]);
    assertOffered(lines.trimEnd().split("\n"));
  });
}

test("man: the page has every command and option, and neither groff nor mandoc finds a fault in it", async () => {
  const page = join(PACKAGING, "holdfast.1");
  assert.equal(await printed("groff", ["-ww", "-z", "-K", "utf8", "-man", "-T", "utf8", page]), "");
  assert.equal(await printed("mandoc", ["-T", "lint", "-W", "error", page]), "");
  const text = withoutOverstrikes(await printed("mandoc", ["-T", "utf8", "-O", "width=200", page]));
  for (const { flag, ...row } of OPTIONS) {
    assert.ok(text.includes(`--${flag}`), flag);
    assert.ok(text.includes(variableOf({ flag, ...row })), flag);
  }
  for (const { name, actions } of COMMANDS.filter((command) => command.name !== "serve")) {
    for (const { words } of actions) assert.ok(text.includes(["holdfast", name, words].join(" ").trim()), `${name} ${words}`);
  }
});

/** What a page says, without the letters that are printed twice to be bold. */
function withoutOverstrikes(text: string): string {
  const pieces = text.split("\b");
  return pieces.map((piece, index) => (index === pieces.length - 1 ? piece : piece.slice(0, -1))).join("");
}
