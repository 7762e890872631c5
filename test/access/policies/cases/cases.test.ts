import assert from "node:assert/strict";
import { test } from "node:test";
import { evaluate } from "../../../../src/access/policies/evaluate.ts";
import type { Verdict } from "../../../../src/access/policies/Verdict.ts";
import { ACTIONS, NOT_ACTIONS } from "./actions.ts";
import { ADDRESSES, ARNS } from "./addressesAndArns.ts";
import { BOUNDARIES, DELEGATION } from "./boundaries.ts";
import { COMBINATIONS } from "./combinations.ts";
import { CROSS_ACCOUNT } from "./crossAccount.ts";
import { EXAMPLES, TRUST } from "./iamPolicies.ts";
import { MISSING_KEYS } from "./missingKeys.ts";
import { BOOLEANS, DATES, NUMBERS } from "./numbersAndDates.ts";
import type { PolicyCase, Theme } from "./PolicyCase.ts";
import { policiesOf, requestOf } from "./reading.ts";
import { NOT_PRINCIPAL, PRINCIPALS } from "./principals.ts";
import { NOT_RESOURCES, RESOURCES } from "./resources.ts";
import { S3_BUCKETS, S3_OBJECTS } from "./s3Policies.ts";
import { SESSIONS } from "./sessions.ts";
import { SETS } from "./sets.ts";
import { SINGLE_ACCOUNT } from "./singleAccount.ts";
import { TEXTS } from "./texts.ts";
import { VARIABLES } from "./variables.ts";

/** Fewer would mean that a table has got lost. */
const FEWEST_CASES = 500;

const THEMES: readonly Theme[] = [
  SINGLE_ACCOUNT,
  BOUNDARIES,
  DELEGATION,
  SESSIONS,
  CROSS_ACCOUNT,
  PRINCIPALS,
  NOT_PRINCIPAL,
  ACTIONS,
  NOT_ACTIONS,
  RESOURCES,
  NOT_RESOURCES,
  TEXTS,
  NUMBERS,
  DATES,
  BOOLEANS,
  ADDRESSES,
  ARNS,
  MISSING_KEYS,
  SETS,
  COMBINATIONS,
  VARIABLES,
  S3_OBJECTS,
  S3_BUCKETS,
  TRUST,
  EXAMPLES,
];

for (const { title, page, cases } of THEMES) {
  for (const one of cases) {
    test(`${title}: ${one.name}`, () => {
      const verdict = evaluate(requestOf(one), policiesOf(one));
      compare(
        verdict,
        one,
        `${JSON.stringify(one, undefined, 2)}\nis what ${page} says, and the reasons were\n${verdict.reasons.join("\n")}`,
      );
    });
  }
}

test("policy cases: there are many, and no two are called the same", () => {
  const names = THEMES.flatMap(({ title, cases }) => cases.map(({ name }) => `${title}: ${name}`));
  assert.deepEqual(new Set(names).size, names.length, names.filter((name, at) => names.indexOf(name) !== at).join("\n"));
  assert.ok(names.length >= FEWEST_CASES, String(names.length));
});

function compare(verdict: Verdict, { expect }: PolicyCase, message: string): void {
  assert.equal(verdict.effect, expect.effect, message);
  assert.equal(verdict.explicit, expect.effect === "deny", message);
  if (expect.by !== undefined) assert.equal(verdict.by, expect.by, message);
  assert.ok(verdict.reasons.length > 0 || expect.because.length === 0, message);
  for (const fragment of expect.because)
    assert.ok(
      verdict.reasons.some((reason) => reason.includes(fragment)),
      `${fragment} of ${message}`,
    );
}
