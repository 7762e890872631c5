import assert from "node:assert/strict";
import { mkdir, readdir, readFile, realpath, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { mutate } from "../../../scripts/mutate/mutate.ts";
import { OptionError, parseOptions } from "../../../scripts/mutate/options.ts";
import { newFolder } from "../../newFolder.ts";

/** Longer than anything that does not hang takes here, however busy the machine. */
const LIMIT_MS = 60_000;

const LIMIT = `
export function isAllowed(size: number): boolean {
  return size <= 5;
}
export function unused(size: number): number {
  return size * size;
}
`;
const LIMIT_TEST = `
import assert from "node:assert/strict";
import { test } from "node:test";
import { isAllowed } from "../src/store/limit.ts";
test("isAllowed: small and large", () => assert.deepEqual([isAllowed(1), isAllowed(9)], [true, false]));
`;

/** A repository with these files, which goes with the test. */
async function repository(t: TestContext, files: Readonly<Record<string, string>>): Promise<string> {
  const root = await realpath(newFolder(t));
  for (const [path, text] of Object.entries({ "package.json": '{ "type": "module" }', ...files })) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return root;
}

/** What a run there prints, tells of its progress, and ends with. */
async function run(root: string, args: readonly string[], { stopAt = Number.POSITIVE_INFINITY, limitMs = LIMIT_MS } = {}) {
  const lines: string[] = [];
  const progress: string[] = [];
  const stop = new AbortController();
  const exitCode = await mutate(parseOptions(args)!, {
    root,
    signal: stop.signal,
    print: (line) => lines.push(line),
    progress: (line) => {
      progress.push(line);
      if (progress.length >= stopAt) stop.abort();
    },
    limitMs: () => limitMs,
  });
  return { lines, progress, exitCode };
}

/** Resolves once a process is gone: the system takes a moment to bury what was killed. Fails if it stays. */
async function ended(pid: number): Promise<void> {
  for (let waits = 0; waits < 1_000; waits += 1) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await setTimeout(50);
  }
  assert.fail(`process ${pid} still runs`);
}

test("Mutation: names what passes every test and what no test runs, and scores the room; the tree stays as it is", async (t) => {
  const root = await repository(t, { "src/store/limit.ts": LIMIT, "test/limit.test.ts": LIMIT_TEST });
  const first = await run(root, ["src/store", "--json", join(root, ".cache/found.json")]);
  const survivors = [
    "src/store/limit.ts:3:15 <= → <",
    "src/store/limit.ts:3:18 5 → 6",
    "src/store/limit.ts:6:15 * → /   (no test runs it)",
  ];
  const score = "src/store: 40.0 % noticed of all 5 mutants: 2 fail a test, 0 hang one, 2 pass all, 1 are run by none";
  assert.deepEqual(first, { lines: [...survivors, score], progress: ["measuring what test/limit.test.ts runs"], exitCode: 0 });
  const found = JSON.parse(await readFile(join(root, ".cache/found.json"), "utf8")) as { verdict: string; test?: string }[];
  assert.deepEqual(
    found.map((mutant) => [mutant.verdict, mutant.test]),
    [
      ["noticed", "test/limit.test.ts"],
      ["noticed", "test/limit.test.ts"],
      ["survived", undefined],
      ["survived", undefined],
      ["unreached", undefined],
    ],
  );
  assert.equal(await readFile(join(root, "src/store/limit.ts"), "utf8"), LIMIT);
  assert.deepEqual((await readdir(root)).toSorted(), [".cache", "package.json", "src", "test"]);

  // Nothing has changed: nothing is measured again. A test that asks for the boundary is, and notices both.
  const again = await run(root, ["src/store/limit.ts", "--minimum", "41"]);
  assert.deepEqual(again, { lines: first.lines, progress: [], exitCode: 1 });
  await writeFile(join(root, "test/limit.test.ts"), LIMIT_TEST.replaceAll("(1)", "(5)").replaceAll("(9)", "(6)"));
  const better = await run(root, ["src/store/limit.ts", "--minimum", "80"]);
  assert.deepEqual([better.lines.length, better.progress.length, better.exitCode], [2, 1, 0]);
  assert.match(better.lines[1]!, /^src\/store: 80\.0 % noticed/);
});

test("Mutation: a test that hangs ends at its limit and has noticed", async (t) => {
  const root = await repository(t, {
    "src/store/count.ts":
      "export function count(to: number): number {\n  let at = 0;\n  while (at !== to) at += 1;\n  return at;\n}\n",
    "test/count.test.ts": `
      import assert from "node:assert/strict";
      import { test } from "node:test";
      import { count } from "../src/store/count.ts";
      test("count: it arrives", () => assert.equal(count(3), 3));
    `,
  });
  const { lines } = await run(root, ["src/store"], { limitMs: 4_000 });
  // It never arrives counting back, nor from 0 in steps of 2; from 1 it does.
  assert.deepEqual(lines, [
    "src/store/count.ts:2:12 0 → 1",
    "src/store: 75.0 % noticed of all 4 mutants: 1 fail a test, 2 hang one, 1 pass all, 0 are run by none",
  ]);
});

test("Mutation: what a test has started ends with it, also in a group of its own, and is run with the fault in it", async (t) => {
  const root = await repository(t, {
    "src/store/word.ts": 'export const WORD = "word";\n',
    "src/main.ts": `
      import { WORD } from "./store/word.ts";
      process.stdout.write("<" + WORD + ">");
      if (WORD === "") setInterval(() => {}, 1000);
    `,
    "test/word.test.ts": `
      import assert from "node:assert/strict";
      import { spawn } from "node:child_process";
      import { appendFileSync } from "node:fs";
      import { once } from "node:events";
      import { test } from "node:test";
      test("main: it says the word and ends", async () => {
        const child = spawn(process.execPath, ["src/main.ts"], { detached: true, stdio: ["ignore", "pipe", "inherit"] });
        appendFileSync("pids", child.pid + "\\n");
        assert.equal(String(await once(child.stdout, "data")), "<word>");
        await once(child, "exit");
      });
    `,
  });
  const { lines } = await run(root, ["src/store/word.ts"]);
  assert.deepEqual(lines, [
    "src/store: 100.0 % noticed of all 1 mutants: 1 fail a test, 0 hang one, 0 pass all, 0 are run by none",
  ]);
  const pids = (await readFile(join(root, "pids"), "utf8")).trim().split("\n").map(Number);
  assert.equal(pids.length, 2);
  for (const pid of pids) await ended(pid);
});

test("Mutation: without a test that passes nothing can be learned", async (t) => {
  const root = await repository(t, { "src/store/limit.ts": LIMIT, "test/limit.test.ts": LIMIT_TEST.replace("true", "false") });
  await assert.rejects(run(root, ["src/store"]), { message: "test/limit.test.ts does not pass as it is: failed" });
});

test("Mutation: a test that fails by chance when it is measured is tried again", async (t) => {
  const mark = join(await realpath(newFolder(t)), "mark");
  const once = `
    import { existsSync, writeFileSync } from "node:fs";
    test("limit: not at the first time", () => {
      const wasHere = existsSync(${JSON.stringify(mark)});
      writeFileSync(${JSON.stringify(mark)}, "");
      assert.ok(wasHere);
    });
  `;
  const root = await repository(t, { "src/store/limit.ts": LIMIT, "test/limit.test.ts": LIMIT_TEST + once });
  assert.match((await run(root, ["src/store"])).lines.at(-1) ?? "", /noticed of all/);
});

test("Mutation: a sample is the same for a seed, grows, and says how far it can be trusted", async (t) => {
  const code = Array.from({ length: 40 }, (_, index) => `export const n${index} = f(${index});`).join("\n");
  const root = await repository(t, {
    "src/store/a.ts": code,
    "src/auth/b.ts": "export const n = f(0);",
    "test/a.test.ts": "",
    "test/b.test.ts": 'import "../src/store/a.ts";',
  });
  const [three, five, other] = await Promise.all(
    [["3"], ["5"], ["3", "--seed", "2"]].map((args) => run(root, ["src/store", "src/auth", "--list", "--sample", ...args])),
  );
  assert.equal(three!.lines.filter((line) => line.startsWith("src/store/")).length, 3);
  assert.equal(three!.lines.filter((line) => line.startsWith("src/auth/")).length, 1);
  assert.ok(three!.lines.every((line) => five!.lines.includes(line)));
  assert.notDeepEqual(other!.lines, three!.lines);
  const { lines } = await run(root, ["src/store", "--sample", "3", "--tests", "test/a.test.ts"]);
  assert.equal(
    lines.at(-1),
    "src/store: 0.0 % noticed of a sample of 3 of 40 mutants (with 95 % confidence, 0 % to 57 % of all): " +
      "0 fail a test, 0 hang one, 0 pass all, 3 are run by none",
  );
});

test("Mutation: stopped, it says how far it came and ends with 1", async (t) => {
  const root = await repository(t, { "src/store/limit.ts": LIMIT, "test/limit.test.ts": LIMIT_TEST });
  const { lines, exitCode } = await run(root, ["src/store"], { stopAt: 1 });
  assert.deepEqual([lines, exitCode], [["Stopped after 0 of 5 mutants."], 1]);
});

for (const args of [
  ["--sample", "0"],
  ["--sample", "few"],
  ["--jobs", "0"],
  ["--minimum", "-1"],
  ["--seed", "1.5"],
  ["--colour"],
]) {
  test(`Mutation options: ${args.join(" ")} is refused`, () => {
    assert.throws(() => parseOptions(args), OptionError);
  });
}

test("Mutation options: the four rooms unless others are named, which must hold sources", async (t) => {
  assert.deepEqual(parseOptions([])!.paths, ["src/access", "src/auth", "src/protocol", "src/store"]);
  assert.equal(parseOptions(["--help"]), undefined);
  const root = await repository(t, { "src/store/limit.ts": LIMIT });
  await assert.rejects(run(root, ["src/shop"]), { name: "OptionError", message: "src/shop holds no file *.ts" });
});
