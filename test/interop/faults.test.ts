import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { newFolder } from "../newFolder.ts";
import { FAULT_CASES, FAULT_CLIENTS, faultServer, see } from "./faultCases.ts";
import { requirePackages } from "./installed.ts";
import { SEEN_PAGE, seenCells, seenRows } from "./seenFaults.ts";

const rows = seenRows(await readFile(SEEN_PAGE, "utf8"));

for (const fault of FAULT_CASES) {
  test(`planned fault ${fault.name}: SDK v3, boto3 and the AWS CLI make of it what the page says`, async (t) => {
    requirePackages();
    const holdfast = await faultServer();
    t.after(() => holdfast.stop());
    const folder = newFolder(t);
    const seen = [];
    for (const client of FAULT_CLIENTS) seen.push(await see(holdfast, client, fault, folder));
    assert.deepEqual(seenCells(fault, seen), rows.get(fault.name));
  });
}

test("planned faults: the page has a row for each case, and no other", () => {
  assert.deepEqual(
    [...rows.keys()],
    FAULT_CASES.map(({ name }) => name),
  );
});
