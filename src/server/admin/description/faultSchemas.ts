import { scenarioSchema } from "../../../faults/schema.ts";
import type { Schema } from "./schema.ts";
import { object, reference, text, wholeNumber } from "./schema.ts";

/** What the parts of the schema of scenarios are called among the description's. */
const NAMES: Readonly<Record<string, string>> = {
  rule: "NewFaultRule",
  match: "FaultMatch",
  chance: "FaultChance",
  code: "FaultCode",
};

/** Rules of planned faults, as faults/schema.json has them, and as they are kept. */
export function faultSchemas(): Readonly<Record<string, Schema>> {
  const { $schema: _, $defs, ...scenario } = scenarioSchema();
  const parts = Object.entries($defs as Readonly<Record<string, Schema>>);
  return {
    Scenario: renamed(scenario),
    ...Object.fromEntries(parts.map(([name, schema]) => [nameOf(name), renamed(schema)])),
    FaultRule: {
      description: "A rule with all that it says.",
      allOf: [reference("NewFaultRule"), { required: ["id", "match", "chance", "action", "stage"] }],
    },
    ListedFault: object(
      { id: text(), matched: wholeNumber("Requests that it fitted."), struck: wholeNumber("Requests that it struck.") },
      {
        rule: reference("FaultRule"),
        problem: text("Why this version cannot read the rule, which then strikes nothing."),
      },
    ),
  };
}

/** "action-slowDown" becomes "FaultAction-slowDown". */
function nameOf(part: string): string {
  return NAMES[part] ?? part.replace(/^action/, "FaultAction");
}

/** The same schema, with its references among the description's. */
function renamed(schema: Schema): Schema {
  return JSON.parse(
    JSON.stringify(schema, (name, value: unknown) =>
      name === "$ref" && typeof value === "string" ? reference(nameOf(value.replace("#/$defs/", "")))["$ref"] : value,
    ),
  ) as Schema;
}
