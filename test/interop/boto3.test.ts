import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { AWKWARD_KEYS, CONTROL_KEYS, fixture } from "./fixture.ts";
import { installed } from "./installed.ts";
import { python } from "./python.ts";

for (const version of ["Debian's", "the newest"]) {
  const interpreter = (): string | undefined => (version === "the newest" ? join(installed("python"), "bin/python3") : undefined);

  test(`boto3, ${version}: objects under keys of every awkward kind, large ones, copies and deletes, path-style and virtual-hosted`, async (t) => {
    const { endpoint } = await fixture(t);
    const { stdout, stderr } = await python("round.py", endpoint, [...AWKWARD_KEYS, ...CONTROL_KEYS], interpreter());
    assert.equal(stdout.trim(), "OK", stderr);
  });

  test(`boto3, ${version}: versions, tags and locks, by its clients, paginators and resources`, async (t) => {
    const { endpoint } = await fixture(t);
    const { stdout, stderr } = await python("versions.py", endpoint, [], interpreter());
    assert.equal(stdout.trim(), "OK", stderr);
  });
}
