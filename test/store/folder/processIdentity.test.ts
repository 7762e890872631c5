import assert from "node:assert/strict";
import { test } from "node:test";
import { processIdentity } from "../../../src/store/folder/processIdentity.ts";

/** More than any process has. */
const NO_PROCESS = 2 ** 30;

test("processIdentity: a process keeps its identity whatever it calls itself, its parent has another, and nobody has none", async (t) => {
  const own = await processIdentity(process.pid);
  const { title } = process;
  t.after(() => (process.title = title));
  for (const name of ["a) Z 1 2", "()", "two words"]) {
    process.title = name;
    assert.equal(await processIdentity(process.pid), own, name);
  }
  assert.equal(await processIdentity(NO_PROCESS), undefined);
  // Other systems do not tell.
  if (process.platform !== "linux") return;
  assert.match(own ?? "", /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.[0-9]+$/);
  assert.notEqual(await processIdentity(process.ppid), own);
});
