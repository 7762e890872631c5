import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { OPTIONS, variableOf } from "../../src/config/optionTable.ts";

const PACKAGING = join(import.meta.dirname, "..", "..", "packaging");
const FILES = ["Containerfile", "compose.yaml", "holdfast.environment", "holdfast.service"];
/** The first user's, which are no options. */
const KEYS = ["HOLDFAST_ACCESS_KEY_ID", "HOLDFAST_SECRET_ACCESS_KEY"];

test("Packaging: every variable that is set or suggested is one that the server reads", () => {
  const known = new Set([...OPTIONS.map(variableOf), ...KEYS]);
  for (const name of FILES) {
    const variables = readFileSync(join(PACKAGING, name), "utf8").match(/\bHOLDFAST_\w+/g) ?? [];
    assert.ok(variables.length > 0, `${name} sets nothing`);
    assert.deepEqual(
      variables.filter((variable) => !known.has(variable)),
      [],
      name,
    );
  }
});

test("Packaging: the install page names every file", () => {
  const page = readFileSync(join(PACKAGING, "..", "docs", "install.md"), "utf8");
  assert.deepEqual(
    readdirSync(PACKAGING).filter((name) => !page.includes(`packaging/${name}`)),
    [],
  );
});
