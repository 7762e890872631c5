import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { operationNames } from "../../../../src/protocol/soap/description/schema.ts";
import { soapOperations } from "../../../../src/protocol/soap/soapOperations.ts";

const PAGE: string = readFileSync(join(import.meta.dirname, "../../../../docs/soap.md"), "utf8");
const ROW = /^\| `(\w+)` +\| `(\w+)` +\|/gm;

test("docs/soap.md: has each operation of the WSDL, with the one of S3's that does it", () => {
  const rows = [...PAGE.matchAll(ROW)].map(([, name, operation]) => [name, operation]);
  assert.deepEqual(
    rows,
    operationNames.map((name) => [name, soapOperations.get(name)?.operation]),
  );
});

test("SOAP: the operations that are answered are those of the schema", () => {
  assert.deepEqual([...soapOperations.keys()].toSorted(), operationNames.toSorted());
});
