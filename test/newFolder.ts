import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";

/** Processes that were killed a moment ago may still finish what they were making there. */
const REMOVAL_RETRIES = 5;

/** The ends that each test has put off, the first to be done last. */
const putOff = new WeakMap<TestContext, AsyncDisposableStack>();

/**
 * Does something when a test has ended, after all that the test gives to `t.after`, and the last that is put off first. Node does what `t.after`
 * is given in the order of giving: a folder would go before the server that was started on it later, and still writes.
 */
export function afterAllElse(t: TestContext, action: () => void | Promise<void>): void {
  let stack = putOff.get(t);
  if (stack === undefined) {
    const made = (stack = new AsyncDisposableStack());
    putOff.set(t, made);
    t.after(() => t.after(() => made.disposeAsync()));
  }
  stack.defer(action);
}

/** A new folder that goes with the test, after whatever works in it has ended. */
export function newFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-test-"));
  afterAllElse(t, () => rm(folder, { recursive: true, force: true, maxRetries: REMOVAL_RETRIES }));
  return folder;
}
