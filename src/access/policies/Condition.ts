import { conditionOperators } from "./conditionOperators.ts";
import type { PolicyRequest } from "./PolicyRequest.ts";
import type { TextTest } from "./Template.ts";

/** What a condition wants of several values that a request has: of each, of any, or nothing in particular. */
export type Quantifier = "ForAllValues" | "ForAnyValue" | undefined;

/** A condition's operator, as it is written: `ForAnyValue:StringLikeIfExists`. */
export interface OperatorName {
  readonly quantifier: Quantifier;
  /** "StringLike", or "Null". */
  readonly base: string;
  readonly ifExists: boolean;
}

/** One key of a condition block, with the values it is compared with. */
export interface Condition extends OperatorName {
  /** In lower case. */
  readonly key: string;
  /** As the policy has them. */
  readonly values: readonly string[];
  /** As the policy has it, for reasons. */
  readonly written: string;
  readonly holds: (request: PolicyRequest) => boolean;
}

const IF_EXISTS = "IfExists";
const NULL = "Null";

/** The parts of an operator's name; `undefined` where there is no such operator. */
export function readOperator(written: string): OperatorName | undefined {
  const colon = written.indexOf(":");
  const prefix = colon < 0 ? undefined : written.slice(0, colon);
  if (prefix !== undefined && prefix !== "ForAllValues" && prefix !== "ForAnyValue") return undefined;
  const rest = written.slice(colon + 1);
  const ifExists = rest.endsWith(IF_EXISTS);
  const base = ifExists ? rest.slice(0, -IF_EXISTS.length) : rest;
  const exists = base === NULL ? !ifExists : conditionOperators.has(base);
  return exists ? { quantifier: prefix, base, ifExists } : undefined;
}

/**
 * Makes a condition ready to be asked. Gives the value that its operator cannot take, if there is one.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
 */
export function compileCondition(
  operator: OperatorName,
  writtenOperator: string,
  writtenKey: string,
  values: readonly string[],
  variables: boolean,
): Condition | { readonly refused: string } {
  const key = writtenKey.toLowerCase();
  const described = { ...operator, key, values, written: `${writtenOperator} ${writtenKey}` };
  if (operator.base === NULL) return compileNull(described, key, values);
  const { isNegated, compile } = conditionOperators.get(operator.base)!;
  const tests: TextTest[] = [];
  for (const value of values) {
    const test = compile(value, variables);
    if (test === undefined) return { refused: value };
    tests.push(test);
  }
  return { ...described, holds: quantified(operator, isNegated, key, tests) };
}

/** `Null` asks whether a key is missing ("true"), or there ("false"). */
function compileNull(
  described: Omit<Condition, "holds">,
  key: string,
  values: readonly string[],
): Condition | { readonly refused: string } {
  const wanted = values.map((value) => value.toLowerCase());
  const refused = values.find((_, index) => wanted[index] !== "true" && wanted[index] !== "false");
  if (refused !== undefined) return { refused };
  return { ...described, holds: (request) => wanted.includes(isMissing(request.values(key)) ? "true" : "false") };
}

function isMissing(found: readonly string[] | undefined): found is undefined {
  return found === undefined || found.length === 0;
}

/**
 * A value matches when any of the policy's does, and for a negated operator when none does. A key that is missing does not match, which is
 * what negated operators want; it has no value for `ForAnyValue`, which `IfExists` does not change, and no wrong one for `ForAllValues`.
 */
function quantified(
  { quantifier, ifExists }: OperatorName,
  isNegated: boolean,
  key: string,
  tests: readonly TextTest[],
): Condition["holds"] {
  const whenMissing = quantifier === undefined ? ifExists || isNegated : quantifier === "ForAllValues";
  const matches = (value: string, request: PolicyRequest): boolean => {
    for (const test of tests) if (test(value, request)) return true;
    return false;
  };
  return (request) => {
    const found = request.values(key);
    if (isMissing(found)) return whenMissing;
    if (quantifier === "ForAllValues") return found.every((value) => matches(value, request) !== isNegated);
    if (quantifier === "ForAnyValue") return found.some((value) => matches(value, request) !== isNegated);
    return found.some((value) => matches(value, request)) !== isNegated;
  };
}
