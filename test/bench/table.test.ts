import assert from "node:assert/strict";
import { test } from "node:test";
import { figure, markdownTable, plainTable, quotient, replaceMarked, sizeText } from "../../bench/table.ts";

const table = {
  head: ["work", "/s"],
  rows: [
    ["PUT", "1,000"],
    ["GET | HEAD", "7"],
  ],
};

test("plainTable: aligns names to the left and figures to the right", () => {
  assert.equal(plainTable(table), "work           /s\nPUT         1,000\nGET | HEAD      7\n");
});

test("markdownTable: aligns as well, and keeps a bar inside its cell", () => {
  assert.equal(markdownTable(table), "| work | /s |\n| --- | ---: |\n| PUT | 1,000 |\n| GET \\| HEAD | 7 |\n");
});

test("replaceMarked: exchanges what stands between the markers, as often as asked", () => {
  const page = "before\n<!-- rows -->\nold\n<!-- /rows -->\nafter\n";
  const once = replaceMarked(page, "rows", "| new |\n");
  assert.equal(once, "before\n<!-- rows -->\n\n| new |\n\n<!-- /rows -->\nafter\n");
  assert.equal(replaceMarked(once, "rows", "| new |\n"), once);
  assert.throws(() => replaceMarked(page, "start", ""), /no place for "start"/);
});

test("figure: shows about three digits and a dash for what is not known", () => {
  assert.deepEqual([12_345.6, 99.96, 3.456, 0.5, 0.0042, 0, undefined].map(figure), [
    "12,346",
    "100.0",
    "3.46",
    "0.50",
    "0.0042",
    "0",
    "–",
  ]);
});

test("sizeText: takes the unit that people would", () => {
  assert.deepEqual([0, 1_023, 1_536, 5 * 1024 * 1024, undefined].map(sizeText), ["0 B", "1023 B", "1.50 KiB", "5.00 MiB", "–"]);
});

test("quotient: divides what is shown, and says nothing where there is nothing to divide or to divide by", () => {
  assert.equal(quotient(5.004, 2.5), 2);
  assert.equal(quotient(1, undefined), undefined);
  assert.equal(quotient(undefined, 1), undefined);
  assert.equal(quotient(1, 0.00001), undefined);
});
