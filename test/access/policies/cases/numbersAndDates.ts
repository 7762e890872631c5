import type { ConditionBlock, PolicyCase, Theme } from "./PolicyCase.ts";
import { condition, fails, holds } from "./PolicyCase.ts";

type Side = "below" | "equal" | "above";

/** A comparison's three sides, of which some hold. */
function sides(
  operator: string,
  key: string,
  limit: string,
  values: Readonly<Record<Side, string>>,
  holding: readonly Side[],
): PolicyCase[] {
  return (["below", "equal", "above"] as const).map((side) =>
    condition(
      `${operator}: ${values[side]} of ${limit}`,
      { [operator]: { [key]: limit } },
      { [key]: values[side] },
      holding.includes(side),
    ),
  );
}

const KEYS = "s3:max-keys";
const number = (operator: string, ...holding: Side[]): PolicyCase[] =>
  sides(operator, KEYS, "10", { below: "9", equal: "10", above: "11" }, holding);
const of = (operator: string, value: string | number | readonly string[]): ConditionBlock => ({ [operator]: { [KEYS]: value } });

export const NUMBERS: Theme = {
  title: "numeric operators",
  page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Numeric",
  cases: [
    ...number("NumericEquals", "equal"),
    ...number("NumericNotEquals", "below", "above"),
    ...number("NumericLessThan", "below"),
    ...number("NumericLessThanEquals", "below", "equal"),
    ...number("NumericGreaterThan", "above"),
    ...number("NumericGreaterThanEquals", "equal", "above"),
    holds("numbers are not compared as texts", of("NumericLessThan", "10"), { [KEYS]: "2" }),
    fails("numbers are not compared as texts the other way", of("NumericLessThan", "9"), { [KEYS]: "10" }),
    holds("a number is what it is worth", of("NumericEquals", "10.0"), { [KEYS]: "10" }),
    holds("a decimal is below", of("NumericLessThan", "10"), { [KEYS]: "9.99" }),
    fails("a decimal is above", of("NumericLessThan", "10"), { [KEYS]: "10.01" }),
    holds("a number written as one", of("NumericLessThanEquals", 10), { [KEYS]: "10" }),
    holds("a number below nothing", of("NumericLessThan", "0"), { [KEYS]: "-1" }),
    holds("one of several", of("NumericEquals", ["1", "2", "3"]), { [KEYS]: "2" }),
    fails("none of several", of("NumericEquals", ["1", "2", "3"]), { [KEYS]: "4" }),
    fails("not one of several", of("NumericNotEquals", ["1", "2", "3"]), { [KEYS]: "2" }),
    holds("not any of several", of("NumericNotEquals", ["1", "2", "3"]), { [KEYS]: "4" }),
    holds("below any of several", of("NumericLessThan", ["5", "10"]), { [KEYS]: "7" }),
    fails("what is no number is not below one", of("NumericLessThan", "10"), { [KEYS]: "many" }),
    fails("what is no number is not above one", of("NumericGreaterThan", "10"), { [KEYS]: "many" }),
    fails("nothing is no number", of("NumericLessThan", "10"), { [KEYS]: "" }),
    holds("a version of TLS", { NumericLessThan: { "s3:TlsVersion": "1.2" } }, { "s3:TlsVersion": "1.1" }),
    fails("the same version of TLS", { NumericLessThan: { "s3:TlsVersion": 1.2 } }, { "s3:TlsVersion": "1.2" }),
  ],
};

const NOW = "aws:CurrentTime";
const date = (operator: string, ...holding: Side[]): PolicyCase[] =>
  sides(
    operator,
    NOW,
    "2026-03-01T12:00:00Z",
    { below: "2026-03-01T11:59:59Z", equal: "2026-03-01T12:00:00Z", above: "2026-03-01T12:00:01Z" },
    holding,
  );
const at = (operator: string, value: string | number | readonly string[]): ConditionBlock => ({ [operator]: { [NOW]: value } });
const now = (value: string): Record<string, string> => ({ [NOW]: value });

export const DATES: Theme = {
  title: "date operators",
  page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Date",
  cases: [
    ...date("DateEquals", "equal"),
    ...date("DateNotEquals", "below", "above"),
    ...date("DateLessThan", "below"),
    ...date("DateLessThanEquals", "below", "equal"),
    ...date("DateGreaterThan", "above"),
    ...date("DateGreaterThanEquals", "equal", "above"),
    holds("a day alone is its beginning", at("DateEquals", "2026-03-01"), now("2026-03-01T00:00:00Z")),
    holds("after a day's beginning", at("DateGreaterThan", "2026-03-01"), now("2026-03-01T00:00:01Z")),
    holds("a date without seconds", at("DateEquals", "2026-03-01T12:30Z"), now("2026-03-01T12:30:00Z")),
    holds("a date with parts of seconds", at("DateLessThan", "2026-03-01T12:30:00.500Z"), now("2026-03-01T12:30:00.250Z")),
    holds("a date of another zone", at("DateEquals", "2026-03-01T14:30:00+02:00"), now("2026-03-01T12:30:00Z")),
    holds("a date of a zone in the west", at("DateLessThan", "2026-03-01T08:00:00-05:00"), now("2026-03-01T12:59:59Z")),
    holds("a month alone is its beginning", at("DateEquals", "2026-03"), now("2026-03-01T00:00:00Z")),
    holds("seconds since 1970 in the policy", at("DateEquals", "1772366400"), now("2026-03-01T12:00:00Z")),
    holds("seconds since 1970 written as a number", at("DateGreaterThan", 1_772_366_400), now("2026-03-01T12:00:01Z")),
    holds(
      "seconds since 1970 in the request",
      { DateLessThan: { "aws:EpochTime": "2026-03-01T12:00:00Z" } },
      { "aws:EpochTime": "1772366399" },
    ),
    fails(
      "seconds since 1970 on both sides",
      { DateLessThan: { "aws:EpochTime": "1772366400" } },
      { "aws:EpochTime": "1772366400" },
    ),
    holds(
      "seconds since 1970 as numbers",
      { NumericGreaterThan: { "aws:EpochTime": "1772366400" } },
      { "aws:EpochTime": "1772366401" },
    ),
    holds("one of several", at("DateEquals", ["2026-03-01", "2026-03-02"]), now("2026-03-02T00:00:00Z")),
    fails("not one of several", at("DateNotEquals", ["2026-03-01", "2026-03-02"]), now("2026-03-02T00:00:00Z")),
    holds(
      "between two dates",
      { DateGreaterThan: { [NOW]: "2026-03-01T00:00:00Z" }, DateLessThan: { [NOW]: "2026-03-31T23:59:59Z" } },
      now("2026-03-15T00:00:00Z"),
    ),
    fails(
      "after two dates",
      { DateGreaterThan: { [NOW]: "2026-03-01T00:00:00Z" }, DateLessThan: { [NOW]: "2026-03-31T23:59:59Z" } },
      now("2026-04-01T00:00:00Z"),
    ),
    holds(
      "fresh credentials",
      { DateGreaterThan: { "aws:TokenIssueTime": "2026-01-01T00:00:01Z" } },
      { "aws:TokenIssueTime": "2026-02-01T00:00:00Z" },
    ),
    fails("long-term keys were issued at no time", { DateGreaterThan: { "aws:TokenIssueTime": "2026-01-01T00:00:01Z" } }),
  ],
};

/** A request has bytes in base 64, too, for its values are texts. */
const BYTES = "QmluYXJ5VmFsdWVJbkJhc2U2NA==";
const SECURE = "aws:SecureTransport";

export const BOOLEANS: Theme = {
  title: "Bool, Null and BinaryEquals",
  page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Boolean",
  cases: [
    holds("Bool: true is true", { Bool: { [SECURE]: "true" } }, { [SECURE]: "true" }),
    fails("Bool: false is not true", { Bool: { [SECURE]: "true" } }, { [SECURE]: "false" }),
    holds("Bool: false is false", { Bool: { [SECURE]: "false" } }, { [SECURE]: "false" }),
    fails("Bool: true is not false", { Bool: { [SECURE]: "false" } }, { [SECURE]: "true" }),
    holds("Bool: a boolean written as one", { Bool: { [SECURE]: true } }, { [SECURE]: "true" }),
    fails("Bool: false written as one", { Bool: { [SECURE]: false } }, { [SECURE]: "true" }),
    fails("Bool: what is not there is not false", { Bool: { "aws:MultiFactorAuthPresent": "false" } }),
    fails("Bool: what is not there is not true", { Bool: { "aws:MultiFactorAuthPresent": "true" } }),
    holds("Null: true, and it is not there", { Null: { "aws:TokenIssueTime": "true" } }),
    fails(
      "Null: true, and it is there",
      { Null: { "aws:TokenIssueTime": "true" } },
      { "aws:TokenIssueTime": "2026-01-01T00:00:00Z" },
    ),
    holds(
      "Null: false, and it is there",
      { Null: { "aws:TokenIssueTime": "false" } },
      { "aws:TokenIssueTime": "2026-01-01T00:00:00Z" },
    ),
    fails("Null: false, and it is not there", { Null: { "aws:TokenIssueTime": "false" } }),
    holds("Null: true written as one", { Null: { "aws:TokenIssueTime": true } }),
    holds(
      "Null: false written as one",
      { Null: { "aws:TokenIssueTime": false } },
      { "aws:TokenIssueTime": "2026-01-01T00:00:00Z" },
    ),
    holds("Null: several keys, and none is there", { Null: { "aws:TokenIssueTime": "true", "aws:MultiFactorAuthAge": "true" } }),
    fails(
      "Null: several keys, and one is there",
      { Null: { "aws:MultiFactorAuthAge": "true", "aws:TokenIssueTime": "true" } },
      { "aws:MultiFactorAuthAge": "60" },
    ),
    holds(
      "Null: one there, another not",
      { Null: { "s3:if-match": "true", "s3:if-none-match": "false" } },
      { "s3:if-none-match": "*" },
    ),
    holds("Null: a key with values is there", { Null: { "aws:TagKeys": "false" } }, { "aws:TagKeys": ["team", "stage"] }),
    holds("BinaryEquals: the same bytes", { BinaryEquals: { "aws:Example": BYTES } }, { "aws:Example": BYTES }),
    fails(
      "BinaryEquals: other bytes",
      { BinaryEquals: { "aws:Example": BYTES } },
      { "aws:Example": "QmluYXJ5VmFsdWVJbkJhc2U2NQ==" },
    ),
    fails("BinaryEquals: bytes have case", { BinaryEquals: { "aws:Example": BYTES } }, { "aws:Example": BYTES.toLowerCase() }),
    fails("BinaryEquals: what is not there", { BinaryEquals: { "aws:Example": "QmluYXJ5VmFsdWVJbkJhc2U2NA==" } }),
  ],
};
