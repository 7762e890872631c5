import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Baseline } from "../../bench/baseline.ts";
import { comparisonText, movements, readBaseline } from "../../bench/baseline.ts";
import { newFolder } from "../newFolder.ts";

const conditions = { durability: "synced", workers: "default", keys: 1_000 } as const;
const baseline: Baseline = { conditions, ratios: { put: 0.5, get: 0.4, head: 0.3, gone: 0.2 } };

test("movements: lists ratios that fell or rose by a fifth or more, slowest first, and only rows both runs have", () => {
  const found = movements(baseline.ratios, { put: 0.3, get: 0.32, head: 0.6, fresh: 1 });
  assert.deepEqual(
    found.map(({ row, change }) => [row, Number(change.toFixed(3))]),
    [
      ["put", -0.4],
      ["get", -0.2],
      ["head", 1],
    ],
  );
  assert.deepEqual(movements(baseline.ratios, { put: 0.41, get: 0.47, head: 0.3 }), []);
});

test("comparisonText: names what got slower with both ratios, and warns of busy machines", () => {
  const text = comparisonText(baseline, { conditions, ratios: { put: 0.25, get: 0.41 } });
  assert.match(text, /2 ratios compared, 1 worse by 20 % or more/);
  assert.match(text, /SLOWER {2}put: 0\.500 → 0\.250 of the floor \(−50 %\)/);
  assert.match(text, /busy machine/);
  assert.doesNotMatch(text, /get:/);
});

test("comparisonText: says so when nothing got slower", () => {
  const text = comparisonText(baseline, { conditions, ratios: baseline.ratios });
  assert.equal(text, "Against the baseline: 4 ratios compared, 0 worse by 20 % or more.\n");
});

test("comparisonText: compares nothing that was measured under other conditions", () => {
  const other = { conditions: { ...conditions, durability: "written" }, ratios: { put: 0.1 } };
  assert.match(comparisonText(baseline, other), /Not compared .* durability written \(baseline synced\)\./);
  assert.match(comparisonText(undefined, other), /No baseline/);
});

test("readBaseline: reads what is there, takes a missing file for none, and refuses another's file", (t) => {
  const folder = newFolder(t);
  const path = join(folder, "baseline.json");
  assert.equal(readBaseline(path), undefined);
  writeFileSync(path, JSON.stringify(baseline));
  assert.deepEqual(readBaseline(path), baseline);
  writeFileSync(path, "{}");
  assert.throws(() => readBaseline(path), /is no baseline/);
});
