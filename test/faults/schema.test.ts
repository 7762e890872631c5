import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { FaultRuleError } from "../../src/faults/FaultRule.ts";
import { faultRuleText, readFaultRule, readScenario } from "../../src/faults/readFaultRule.ts";
import { scenarioSchema } from "../../src/faults/schema.ts";
import { anyRule, anyScenario } from "./anyRule.ts";
import { fitsSchema } from "./jsonSchema.ts";

const SCHEMA = scenarioSchema();

function isRead(scenario: unknown): boolean {
  try {
    readScenario(scenario);
    return true;
  } catch (error) {
    assert.ok(error instanceof FaultRuleError, String(error));
    return false;
  }
}

test("faults/schema.json: it is what the tables make", () => {
  const file = join(import.meta.dirname, "..", "..", "faults", "schema.json");
  assert.deepEqual(JSON.parse(readFileSync(file, "utf8")), JSON.parse(JSON.stringify(SCHEMA)));
});

test("readScenario: what can be read fits the schema", () => {
  fc.assert(
    fc.property(anyScenario, (scenario) => {
      readScenario(scenario);
      assert.ok(fitsSchema(scenario, SCHEMA), JSON.stringify(scenario));
    }),
    { numRuns: 500 },
  );
});

test("readFaultRule: a rule that was read is written so that it reads as the same", () => {
  fc.assert(
    fc.property(anyRule, fc.nat(), (json, seed) => {
      const rule = readFaultRule(json, "", seed);
      assert.deepEqual(readFaultRule(JSON.parse(faultRuleText(rule))), rule);
    }),
  );
});

/** A change of one place of a value of JSON. */
interface Change {
  readonly place: number;
  readonly how: "replace" | "remove" | "add";
  readonly value: unknown;
}

/** Every place of a value: the object or list, and the name or number in it. */
function placesOf(value: unknown): (readonly [holder: Record<string, unknown>, name: string])[] {
  if (typeof value !== "object" || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.entries(holder).flatMap(([name, inner]) => [[holder, name] as const, ...placesOf(inner)]);
}

function changed(scenario: object, { place, how, value }: Change): unknown {
  const copy = structuredClone(scenario);
  const places = placesOf(copy);
  const [holder, name] = places[place % places.length]!;
  if (how === "replace") holder[name] = value;
  else if (how === "add") holder[Array.isArray(holder) ? String(holder.length) : "atByte"] = value;
  else if (Array.isArray(holder)) holder.splice(Number(name), 1);
  else delete holder[name];
  return copy;
}

const anyValue = fc.oneof(
  fc.constantFrom<unknown>(null, true, "", "x", "SlowDown", "PutObject", "DeleteObjects", "sending", "beforeExecution", "slow"),
  fc.constantFrom<unknown>(
    0,
    -1,
    1,
    1.5,
    301,
    503,
    1e12,
    1e16,
    "y".repeat(1_025),
    "\u{1F600}".repeat(64),
    "a\u0007b",
    [],
    ["x"],
    {},
  ),
);
const anyChange: fc.Arbitrary<Change> = fc.record({
  place: fc.nat(),
  how: fc.constantFrom("replace", "remove", "add"),
  value: anyValue,
});

test("readScenario: whatever is changed, it reads what the schema allows and refuses the rest with a FaultRuleError", () => {
  const seen = { read: 0, refused: 0 };
  fc.assert(
    fc.property(anyScenario, anyChange, (scenario, change) => {
      const other = changed(scenario, change);
      const read = isRead(other);
      seen[read ? "read" : "refused"]++;
      assert.equal(read, fitsSchema(other, SCHEMA), JSON.stringify(other));
    }),
    { numRuns: 1_500 },
  );
  assert.ok(seen.read > 100 && seen.refused > 100, JSON.stringify(seen));
});
