import assert from "node:assert/strict";
import { test } from "node:test";
import { AWKWARD_KEYS, CONTROL_KEYS, fixture } from "./fixture.ts";
import { python } from "./python.ts";

test("boto3: objects under keys of every awkward kind, large ones, copies and deletes, path-style and virtual-hosted", async (t) => {
  const { endpoint } = await fixture(t);
  const { stdout, stderr } = await python("round.py", endpoint, [...AWKWARD_KEYS, ...CONTROL_KEYS]);
  assert.equal(stdout.trim(), "OK", stderr);
});
