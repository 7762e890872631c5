import assert from "node:assert/strict";
import { test } from "node:test";
import { describeHolder } from "../../../src/store/metadata/WriteLockHolder.ts";

const HOLDER = { pid: 7, program: "node main.ts", stopped: false, heldMs: 1, isHolding: (): boolean => true };
const HELD = "the index's write lock is held by process 7";
const FREE = "it is free once that process ends";

test("describeHolder: says which process it is, as far as that is known, and whether a signal has stopped it", () => {
  assert.equal(describeHolder(HOLDER), `${HELD} (node main.ts); ${FREE}`);
  assert.equal(describeHolder({ ...HOLDER, stopped: true }), `${HELD} (node main.ts, stopped by a signal); ${FREE}`);
  assert.equal(describeHolder({ ...HOLDER, program: undefined }), `${HELD}; ${FREE}`);
  assert.equal(describeHolder({ ...HOLDER, program: undefined, stopped: true }), `${HELD} (stopped by a signal); ${FREE}`);
  assert.match(describeHolder({ ...HOLDER, pid: undefined, program: undefined }), /held by a process that this one cannot see/);
});
