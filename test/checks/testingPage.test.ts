import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const ROOT = join(import.meta.dirname, "../..");
const page = readFileSync(join(ROOT, "docs/testing-with.md"), "utf8");
const examples = join(ROOT, "examples");
const DOCSTRING = /\/\*\*[\s\S]*?\*\/\n/g;

test("docs/testing-with.md: the test environment for Jest is the one of the example", () => {
  const [, shown] = /```js\n\/\/ holdfastEnvironment\.js.*\n([\s\S]*?)```/.exec(page)!;
  assert.equal(shown, readFileSync(join(examples, "jest-commonjs/holdfastEnvironment.js"), "utf8").replace(DOCSTRING, ""));
});

test("docs/testing-with.md: names every example of a test runner", () => {
  const clients = new Set(["client-errors", "client-bugs"]);
  const runners = readdirSync(examples).filter((name) => existsSync(join(examples, name, "package.json")) && !clients.has(name));
  assert.ok(runners.length >= 6);
  for (const name of runners) assert.ok(page.includes(`| [${name}](../examples/${name})`), name);
});
