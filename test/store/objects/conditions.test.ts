import assert from "node:assert/strict";
import { test } from "node:test";
import type { ReadCondition, ReadConditions, WriteConditions } from "../../../src/store/objects/conditions.ts";
import {
  checkIfMatch,
  checkWriteConditionForm,
  checkWriteConditions,
  explainReadCondition,
  failedReadCondition,
} from "../../../src/store/objects/conditions.ts";
import type { Refusal } from "../../auth/expectRefusal.ts";
import { expectRefusal } from "../../auth/expectRefusal.ts";

const NONE: ReadConditions = {
  ifMatch: undefined,
  ifNoneMatch: undefined,
  ifModifiedSince: undefined,
  ifUnmodifiedSince: undefined,
};
/** Two fifths of a second behind a full one. */
const MODIFIED_MS = 1_700_000_000_400;
const SECOND_MS = 1_000;
const OBJECT = { etag: "abc-2", lastModifiedMs: MODIFIED_MS };
const NOW_MS = MODIFIED_MS + 3_600_000;

/** What the comparison of an If-Match and of an If-None-Match says of the object's ETag. */
interface Comparison {
  readonly value: string;
  readonly strong: boolean;
  readonly weak: boolean;
}

const both = (value: string, matches: boolean): Comparison => ({ value, strong: matches, weak: matches });

const COMPARISONS: readonly Comparison[] = [
  both('"abc-2"', true),
  both("abc-2", true),
  both("*", true),
  both(" *\t", true),
  both(' "abc-2" ', true),
  both('"x","abc-2"', true),
  both('"x" ,\t"abc-2" , "y"', true),
  both("x, abc-2", true),
  both(',, "abc-2",', true),
  { value: 'W/"abc-2"', strong: false, weak: true },
  { value: '"x", W/"abc-2"', strong: false, weak: true },
  { value: "W/abc-2", strong: false, weak: true },
  both('W/"abc-2", "abc-2"', true),
  // A star is none among others, or in quotes.
  both('"x", *', false),
  both('"*"', false),
  both("**", false),
  // Case counts, also that of the weak mark.
  both('"ABC-2"', false),
  both('w/"abc-2"', false),
  // Quotes come in pairs.
  both('"abc-2', false),
  both('abc-2"', false),
  both('"', false),
  both('"abc-2x', false),
  both('xabc-2"', false),
  both('""abc-2""', false),
  both('"abc-2 "', false),
  both('"x""abc-2"', false),
  both("", false),
];

for (const { value, strong, weak } of COMPARISONS) {
  const told = (matches: boolean): string => (matches ? "is the object" : "is another");
  test(`If-Match ${JSON.stringify(value)}: ${told(strong)}; as If-None-Match, ${told(weak)}`, () => {
    assert.equal(failedReadCondition({ ...NONE, ifMatch: value }, OBJECT, NOW_MS), strong ? undefined : "If-Match");
    assert.equal(failedReadCondition({ ...NONE, ifNoneMatch: value }, OBJECT, NOW_MS), weak ? "If-None-Match" : undefined);
    const write = (): void => checkIfMatch(value, OBJECT, "key");
    if (strong) write();
    else assert.throws(write, { code: "PreconditionFailed" });
  });
}

/** A date so many milliseconds from the full second the object was modified in. */
function beside(milliseconds: number): Date {
  return new Date(MODIFIED_MS - 400 + milliseconds);
}

test("If-Modified-Since: an object of the same second is not modified, whatever the fractions; one of the next is", () => {
  const fails = (date: Date): boolean =>
    failedReadCondition({ ...NONE, ifModifiedSince: date }, OBJECT, NOW_MS) === "If-Modified-Since";
  for (const milliseconds of [0, 300, 400, 999, SECOND_MS]) assert.ok(fails(beside(milliseconds)), String(milliseconds));
  for (const milliseconds of [-1, -400, -999, -SECOND_MS]) assert.ok(!fails(beside(milliseconds)), String(milliseconds));
});

test("If-Unmodified-Since: an object of the same second is unmodified, whatever the fractions; one of the next is not", () => {
  const fails = (date: Date): boolean =>
    failedReadCondition({ ...NONE, ifUnmodifiedSince: date }, OBJECT, NOW_MS) === "If-Unmodified-Since";
  for (const milliseconds of [0, 300, 400, 999, SECOND_MS]) assert.ok(!fails(beside(milliseconds)), String(milliseconds));
  for (const milliseconds of [-1, -400, -999, -SECOND_MS]) assert.ok(fails(beside(milliseconds)), String(milliseconds));
});

test("If-Modified-Since: a date up to the request's time counts, a later one does not; If-Unmodified-Since takes both", () => {
  const now = new Date(NOW_MS);
  const later = new Date(NOW_MS + 1);
  assert.equal(failedReadCondition({ ...NONE, ifModifiedSince: now }, OBJECT, NOW_MS), "If-Modified-Since");
  assert.equal(failedReadCondition({ ...NONE, ifModifiedSince: later }, OBJECT, NOW_MS), undefined);
  for (const date of [now, later])
    assert.equal(failedReadCondition({ ...NONE, ifUnmodifiedSince: date }, OBJECT, NOW_MS), undefined);
});

test("Conditions of a read: a date that could not be read counts as absent", () => {
  const none = new Date(Number.NaN);
  assert.equal(failedReadCondition({ ...NONE, ifModifiedSince: none, ifUnmodifiedSince: none }, OBJECT, NOW_MS), undefined);
});

test("Conditions of a read: an ETag outweighs its date, in both pairs, and If-Match comes first", () => {
  const before = beside(-SECOND_MS);
  const after = beside(SECOND_MS);
  const expected: readonly (readonly [Partial<ReadConditions>, ReturnType<typeof failedReadCondition>])[] = [
    [{ ifMatch: "abc-2", ifUnmodifiedSince: before }, undefined],
    [{ ifMatch: "x", ifUnmodifiedSince: after }, "If-Match"],
    [{ ifNoneMatch: "x", ifModifiedSince: after }, undefined],
    [{ ifNoneMatch: "abc-2", ifModifiedSince: before }, "If-None-Match"],
    [{ ifMatch: "x", ifNoneMatch: "abc-2" }, "If-Match"],
    [{ ifMatch: "abc-2", ifNoneMatch: "abc-2" }, "If-None-Match"],
    [{ ifUnmodifiedSince: before, ifNoneMatch: "abc-2" }, "If-Unmodified-Since"],
    [{ ifMatch: "abc-2", ifModifiedSince: after }, "If-Modified-Since"],
  ];
  for (const [conditions, failed] of expected)
    assert.equal(failedReadCondition({ ...NONE, ...conditions }, OBJECT, NOW_MS), failed, JSON.stringify(conditions));
});

test("Conditions of a write: a star has blanks around it or none, and stands alone; If-Match takes none", () => {
  const form = (conditions: { ifMatch?: string; ifNoneMatch?: string }) => (): void =>
    checkWriteConditionForm({ ifMatch: undefined, ifNoneMatch: undefined, ...conditions });
  for (const star of ["*", " *", "*\t"]) {
    form({ ifNoneMatch: star })();
    assert.throws(form({ ifMatch: star }), { code: "NotImplemented" }, star);
  }
  for (const value of ['"abc-2"', "**", '"*"', "", "*, *"]) {
    assert.throws(form({ ifNoneMatch: value }), { code: "NotImplemented" }, value);
    form({ ifMatch: value })();
  }
  assert.throws(form({ ifMatch: "abc-2", ifNoneMatch: "*" }), { code: "NotImplemented" });
});

test("Conditions of a write: without If-Match, an object that has gone meanwhile is no conflict", () => {
  const none = { ifMatch: undefined, ifNoneMatch: undefined };
  checkWriteConditions(none, undefined, "key", true);
  checkWriteConditions({ ...none, ifNoneMatch: "*" }, undefined, "key", true);
  const ifMatch = { ...none, ifMatch: "abc-2" };
  assert.throws(() => checkWriteConditions(ifMatch, undefined, "key", true), {
    code: "ConditionalRequestConflict",
    details: [
      ["Condition", "If-Match"],
      ["Key", "key"],
    ],
  });
  assert.throws(() => checkWriteConditions(ifMatch, undefined, "key"), { code: "NoSuchKey" });
  checkWriteConditions(ifMatch, OBJECT, "key", true);
  assert.throws(() => checkWriteConditions({ ...none, ifNoneMatch: "*" }, OBJECT, "key"), { code: "PreconditionFailed" });
});

test("Conditions of a write: a refusal names the header that S3 does not take so", async () => {
  const refusedAs = async (conditions: WriteConditions, header: string, additionalMessage: string): Promise<void> => {
    const details = [
      ["Header", header],
      ["additionalMessage", additionalMessage],
    ] as const;
    await expectRefusal(() => checkWriteConditionForm(conditions), { code: "NotImplemented", status: 501, details });
  };
  await refusedAs(
    { ifMatch: "e", ifNoneMatch: "*" },
    "If-Match,If-None-Match",
    "Multiple conditional request headers present in the request",
  );
  for (const [header, conditions] of [
    ["If-None-Match", { ifMatch: undefined, ifNoneMatch: "e" }],
    ["If-Match", { ifMatch: "*", ifNoneMatch: undefined }],
  ] as const) {
    await refusedAs(conditions, header, `We don't accept the provided value of ${header} header for this API`);
  }
});

test("Conditions of a write: one that does not hold is named, and so is the key that is not there", async () => {
  const failed = (condition: string): Refusal => {
    return { code: "PreconditionFailed", status: 412, details: [["Condition", condition]] };
  };
  const none = { ifMatch: undefined, ifNoneMatch: undefined };
  await expectRefusal(() => checkWriteConditions({ ...none, ifNoneMatch: "*" }, OBJECT, "key"), failed("If-None-Match"));
  await expectRefusal(() => checkWriteConditions({ ...none, ifMatch: "x" }, OBJECT, "key"), failed("If-Match"));
  await expectRefusal(() => checkIfMatch("x", undefined, "key"), { code: "NoSuchKey", status: 404, details: [["Key", "key"]] });
});

test("Conditions of a delete: without If-Match there is none, whether the object is there or not", () => {
  checkIfMatch(undefined, undefined, "key");
  checkIfMatch(undefined, OBJECT, "key");
});

test("Conditions of a read: each failed one is explained by what was sent and what the object is", () => {
  const conditions: ReadConditions = {
    ifMatch: "x",
    ifNoneMatch: "abc-2",
    ifModifiedSince: beside(0),
    ifUnmodifiedSince: beside(-SECOND_MS),
  };
  const told = (condition: ReadCondition): string => explainReadCondition(condition, "x-amz-header", conditions, OBJECT);
  const modified = "Tue, 14 Nov 2023 22:13:20 GMT";
  assert.equal(
    told("If-Match"),
    'x-amz-header is "x", and the object\'s ETag is "abc-2": it is another object, or was replaced.',
  );
  assert.equal(told("If-None-Match"), 'x-amz-header is "abc-2", which is the object\'s ETag: it is unchanged.');
  assert.equal(
    told("If-Modified-Since"),
    `x-amz-header is ${modified}, and the object was last modified at ${modified}, not after it.`,
  );
  assert.equal(
    told("If-Unmodified-Since"),
    `x-amz-header is Tue, 14 Nov 2023 22:13:19 GMT, and the object was last modified at ${modified}, after it.`,
  );
});
