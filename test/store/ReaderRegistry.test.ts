import assert from "node:assert/strict";
import { test } from "node:test";
import { ReaderRegistry } from "../../src/store/ReaderRegistry.ts";

test("ReaderRegistry: the oldest reader counts, also when the clock was set back after it began", () => {
  const readers = new ReaderRegistry();
  assert.equal(readers.oldestStartedAtMs(), undefined);
  const leaveFirst = readers.enter(2_000);
  const leaveSecond = readers.enter(1_000);
  readers.enter(3_000);
  assert.equal(readers.oldestStartedAtMs(), 1_000);
  leaveSecond();
  assert.equal(readers.oldestStartedAtMs(), 2_000);
  leaveFirst();
  assert.equal(readers.oldestStartedAtMs(), 3_000);
});
