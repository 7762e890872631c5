import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { conditionKeysPage } from "../../scripts/conditionKeysPage.ts";

const PAGE = join(import.meta.dirname, "../../docs/condition-keys.md");

test("condition keys: docs/condition-keys.md tells writers of policies of every key, its type and its actions, as the tables have them", () => {
  assert.equal(conditionKeysPage(), readFileSync(PAGE, "utf8"));
});
