import type { ActionFacts } from "./actions.ts";
import { ACTIONS, CODES, FAULT_STAGES } from "./actions.ts";
import type { JsonSchema, Members } from "./forms.ts";
import { implied, listOf, membersSchema, oneOf } from "./forms.ts";
import {
  CHANCE_MEMBERS,
  FAULT_ID,
  FAULT_SEED,
  MATCH_MEMBERS,
  MAX_SCENARIO_RULES,
  SCENARIO_DESCRIPTION,
  SCENARIO_NAME,
} from "./readFaultRule.ts";

/**
 * Scenarios as a JSON Schema of draft 2020-12, made of the tables by which they are read. What only reading can say (which days there are,
 * that no two ids are the same, that a window ends after it begins, how large a rule is) it leaves open.
 */
export function scenarioSchema(): JsonSchema {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "A scenario of planned faults for Holdfast",
    description: "docs/faults.md says what each member means.",
    type: "object",
    properties: {
      $schema: SCENARIO_NAME.schema,
      name: SCENARIO_NAME.schema,
      description: SCENARIO_DESCRIPTION.schema,
      seed: FAULT_SEED.schema,
      rules: { type: "array", items: { $ref: "#/$defs/rule" }, minItems: 1, maxItems: MAX_SCENARIO_RULES },
    },
    required: ["name", "description", "rules"],
    additionalProperties: false,
    $defs: {
      rule: ruleSchema(),
      match: membersSchema(MATCH_MEMBERS),
      chance: membersSchema(CHANCE_MEMBERS),
      code: CODES.schema,
      ...Object.fromEntries(Object.entries(ACTIONS).map(([kind, facts]) => [`action-${kind}`, actionSchema(kind, facts)])),
    },
  };
}

function ruleSchema(): JsonSchema {
  const kinds = Object.entries(ACTIONS);
  return {
    type: "object",
    properties: {
      id: FAULT_ID.schema,
      match: { $ref: "#/$defs/match" },
      chance: { $ref: "#/$defs/chance" },
      action: {
        type: "object",
        properties: { kind: oneOf(kinds.map(([kind]) => kind)).schema },
        required: ["kind"],
      },
      stage: oneOf(FAULT_STAGES).schema,
    },
    required: ["action"],
    additionalProperties: false,
    allOf: kinds.map(([kind, facts]) =>
      implied(
        { properties: { action: { properties: { kind: { const: kind } } } } },
        { properties: { action: { $ref: `#/$defs/action-${kind}` }, ...aroundSchema(facts) } },
      ),
    ),
  };
}

/** What a kind of action asks of the rest of its rule. */
function aroundSchema({ stages, operations }: ActionFacts): JsonSchema {
  const stage = oneOf(stages).schema;
  if (operations === undefined) return { stage };
  return { stage, match: { properties: { operations: listOf(oneOf(operations), operations.length).schema } } };
}

function actionSchema(kind: string, { members, together }: ActionFacts): JsonSchema {
  const all: Members = members;
  const { properties, required, ...rest } = membersSchema(all);
  return {
    ...rest,
    properties: { kind: { const: kind }, ...(properties as JsonSchema) },
    required: ["kind", ...(required as readonly string[])],
    ...together,
  };
}
