import assert from "node:assert/strict";
import { test } from "node:test";
import { connectionLimit } from "../../../src/server/limits/connectionLimit.ts";

/** What Linux says of a process's limits. */
function limits(openFiles: string): string {
  return `Limit                     Soft Limit           Hard Limit           Units
Max processes             4096                 4096                 processes
Max open files            ${openFiles.padEnd(20)} 1048576              files
Max locked memory         8388608              8388608              bytes
`;
}

test("Connections: as many as leave two files for each request, beside what a process has open anyway", () => {
  assert.equal(connectionLimit(limits("1024")), 320);
  assert.equal(connectionLimit(limits("20000")), 6_645);
  assert.equal(connectionLimit(limits("1048576")), 8_192);
  assert.equal(connectionLimit(limits("unlimited")), 8_192);
  assert.equal(connectionLimit(limits("70")), 2);
  assert.equal(connectionLimit(limits("20")), 1);
});

test("Connections: where the system does not tell its limits, the usual ones are assumed", () => {
  assert.equal(connectionLimit(""), connectionLimit(limits("1024")));
});
