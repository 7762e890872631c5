import { isWithin, readAddress, readRange } from "./addresses.ts";
import { arnLike } from "./arnPatterns.ts";
import { readDate } from "./policyDates.ts";
import { likeText, sameText } from "./Template.ts";
import type { TextTest } from "./Template.ts";

/** One of the ways to compare what a request has with what a policy has. */
export interface ConditionOperator {
  /** True for those that hold when the comparison does not. */
  readonly isNegated: boolean;
  /** Makes the comparison with a value of a policy; `undefined` for a value that the operator cannot take. */
  readonly compile: (text: string, variables: boolean) => TextTest | undefined;
}

type Compile = ConditionOperator["compile"];

const NUMBER = /^[+-]?\d{1,30}(?:\.\d{1,30})?$/;
/** Bytes in base 64. */
const BASE_64 = /^[A-Za-z0-9+/]*={0,2}$/;

const lower = (text: string): string => text.toLowerCase();

const equalIgnoringCase: Compile = (text, variables) => sameText(text, variables, lower);

/** Compares what both sides stand for, where they stand for something. Variables are not for such operators. */
function ordered(read: (text: string) => number | undefined, holds: (found: number, bound: number) => boolean): Compile {
  return (text) => {
    const bound = read(text.trim());
    if (bound === undefined) return undefined;
    return (value) => {
      const found = read(value.trim());
      return found !== undefined && holds(found, bound);
    };
  };
}

const readNumber = (text: string): number | undefined => (NUMBER.test(text) ? Number(text) : undefined);
const equal = (found: number, bound: number): boolean => found === bound;
const less = (found: number, bound: number): boolean => found < bound;
const lessOrEqual = (found: number, bound: number): boolean => found <= bound;
const greater = (found: number, bound: number): boolean => found > bound;
const greaterOrEqual = (found: number, bound: number): boolean => found >= bound;

const bool: Compile = (text, variables) =>
  text.startsWith("${") || /^(?:true|false)$/i.test(text) ? equalIgnoringCase(text, variables) : undefined;

const binary: Compile = (text) => {
  if (!BASE_64.test(text)) return undefined;
  const expected = Buffer.from(text, "base64");
  return (value) => BASE_64.test(value) && expected.equals(Buffer.from(value, "base64"));
};

const address: Compile = (text) => {
  const range = readRange(text.trim());
  if (range === undefined) return undefined;
  return (value) => {
    const found = readAddress(value);
    return found !== undefined && isWithin(range, found);
  };
};

/** A comparison, and the operators that hold when it does and when it does not. */
const COMPARISONS: readonly (readonly [compile: Compile, name: string, negated?: string])[] = [
  [sameText, "StringEquals", "StringNotEquals"],
  [equalIgnoringCase, "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"],
  [likeText, "StringLike", "StringNotLike"],
  [ordered(readNumber, equal), "NumericEquals", "NumericNotEquals"],
  [ordered(readNumber, less), "NumericLessThan"],
  [ordered(readNumber, lessOrEqual), "NumericLessThanEquals"],
  [ordered(readNumber, greater), "NumericGreaterThan"],
  [ordered(readNumber, greaterOrEqual), "NumericGreaterThanEquals"],
  [ordered(readDate, equal), "DateEquals", "DateNotEquals"],
  [ordered(readDate, less), "DateLessThan"],
  [ordered(readDate, lessOrEqual), "DateLessThanEquals"],
  [ordered(readDate, greater), "DateGreaterThan"],
  [ordered(readDate, greaterOrEqual), "DateGreaterThanEquals"],
  [bool, "Bool"],
  [binary, "BinaryEquals"],
  [address, "IpAddress", "NotIpAddress"],
  [arnLike, "ArnEquals", "ArnNotEquals"],
  [arnLike, "ArnLike", "ArnNotLike"],
];

/**
 * The operators by name; `Null`, which compares nothing, is not among them.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export const conditionOperators: ReadonlyMap<string, ConditionOperator> = new Map(
  COMPARISONS.flatMap(([compile, name, negated]): [string, ConditionOperator][] => [
    [name, { isNegated: false, compile }],
    ...(negated === undefined ? [] : [[negated, { isNegated: true, compile }] as [string, ConditionOperator]]),
  ]),
);
