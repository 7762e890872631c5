import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { COLLECTOR_FLAGS } from "../../../src/server/ProcessMemory.ts";

test("COLLECTOR_FLAGS: this Node knows each of them", () => {
  // Set at run time, one that is not known does nothing and says nothing.
  for (const flag of COLLECTOR_FLAGS) assert.equal(spawnSync(process.execPath, [flag, "-e", ""]).status, 0, flag);
  assert.notEqual(spawnSync(process.execPath, [`${COLLECTOR_FLAGS[1]}-at-all`, "-e", ""]).status, 0);
});
