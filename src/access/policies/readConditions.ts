import { quoted } from "../../errors/quoted.ts";
import { compileCondition, readOperator } from "./Condition.ts";
import type { Condition, OperatorName } from "./Condition.ts";
import { isList, isObject } from "./Json.ts";
import type { Json } from "./Json.ts";
import type { StatementRefuse } from "./Fault.ts";

/** Reads a `Condition`: operators, each with keys, each with one value or a list of them. All of them have to hold. */
export function readConditions(value: Json | undefined, variables: boolean, refuse: StatementRefuse): readonly Condition[] {
  if (value === undefined) return [];
  if (!isObject(value)) return refuse({ kind: "wrong-type", element: "Condition" }, "Condition is an object of operators");
  if (value.repeated !== undefined)
    refuse({ kind: "repeated", element: value.repeated }, `Condition has ${value.repeated} more than once`);
  const conditions: Condition[] = [];
  for (const [writtenOperator, keys] of value.members) {
    const operator = readOperator(writtenOperator);
    if (operator === undefined)
      return refuse({ kind: "operator", value: writtenOperator }, `there is no condition operator ${quoted(writtenOperator)}`);
    if (!isObject(keys))
      return refuse({ kind: "wrong-type", element: "Condition" }, `${writtenOperator} is an object of condition keys`);
    if (keys.repeated !== undefined)
      refuse({ kind: "repeated", element: keys.repeated }, `${writtenOperator} has ${keys.repeated} more than once`);
    for (const [key, written] of keys.members)
      conditions.push(readCondition(operator, writtenOperator, key, written, variables, refuse));
  }
  return conditions;
}

function readCondition(
  operator: OperatorName,
  writtenOperator: string,
  key: string,
  written: Json,
  variables: boolean,
  refuse: StatementRefuse,
): Condition {
  const values = (isList(written) ? written : [written]).map((value) => {
    // Quotation marks are optional around numbers and booleans.
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return String(value);
    return refuse({ kind: "wrong-type", element: "Condition" }, `${writtenOperator} ${key} is a text or a list of texts`);
  });
  const condition = compileCondition(operator, writtenOperator, key, values, variables);
  if (!("refused" in condition)) return condition;
  const { refused } = condition;
  return refuse(
    { kind: "value", operator: operator.base, value: refused },
    `${writtenOperator} cannot compare with ${quoted(refused)}, which stands for ${key}`,
  );
}
