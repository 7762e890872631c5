import assert from "node:assert/strict";
import { test } from "node:test";
import { DURABILITIES } from "../../src/store/durability.ts";

test("durability: the settings, the safest first, as the option and the documentation call them", () => {
  assert.deepEqual([...DURABILITIES], ["synced", "written"]);
});
