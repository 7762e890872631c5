import assert from "node:assert/strict";
import { test } from "node:test";
import {
  DeleteBucketLifecycle,
  GetBucketLifecycleConfiguration,
  PutBucketLifecycleConfiguration,
} from "../../../src/operations/settings/BucketLifecycle.ts";
import type { LifecycleRule, LifecycleRuleFilter, Transition } from "../../../src/protocol/generated/types.ts";
import { readLifecycle } from "../../../src/store/lifecycle/readLifecycle.ts";
import type { ExpectedRefusal } from "../contextFor.ts";
import { refusal } from "../contextFor.ts";
import { VersionedBucket } from "../VersionedBucket.ts";
import { answerTo } from "./newBucket.ts";

const MIDNIGHT = new Date(Date.UTC(2026, 0, 2));
const NEXT_MIDNIGHT = new Date(Date.UTC(2026, 0, 3));
const TAG = { Key: "k", Value: "v" };
/** Enabled, for everything. */
const RULE: LifecycleRule = { ID: "rule", Status: "Enabled", Filter: {} };
const EXPIRING: LifecycleRule = { ...RULE, Expiration: { Days: 1 } };
/** As S3's first rules were. */
const OLD: LifecycleRule = { ID: "old", Status: "Enabled", Prefix: "logs/", Expiration: { Days: 1 } };

/** A bucket that was given rules, or refused them. */
async function put(...Rules: readonly LifecycleRule[]): Promise<VersionedBucket> {
  const bucket = await VersionedBucket.made();
  await bucket.ask(PutBucketLifecycleConfiguration, { LifecycleConfiguration: { Rules } });
  return bucket;
}

async function shown(bucket: VersionedBucket): Promise<readonly LifecycleRule[]> {
  return (await bucket.ask(GetBucketLifecycleConfiguration, {})).Rules!;
}

test("GetBucketLifecycleConfiguration: a bucket has no lifecycle rules, which is NoSuchLifecycleConfiguration", async () => {
  await refusal(answerTo(GetBucketLifecycleConfiguration, { Bucket: "bucket" }), {
    code: "NoSuchLifecycleConfiguration",
    status: 404,
    details: { BucketName: "bucket" },
  });
});

test("DeleteBucketLifecycle: there is nothing to delete, which is 204", async () => {
  assert.deepEqual(await answerTo(DeleteBucketLifecycle, { Bucket: "bucket" }), [204, ""]);
});

/** Rules that S3 takes, one at a time. */
const TAKEN: readonly (readonly [what: string, rule: LifecycleRule])[] = [
  ["an expiration by days", EXPIRING],
  ["an expiration by a date", { ...RULE, Expiration: { Date: MIDNIGHT } }],
  ["lonely delete markers", { ...RULE, Expiration: { ExpiredObjectDeleteMarker: true } }],
  ["lonely delete markers, not", { ...RULE, Expiration: { ExpiredObjectDeleteMarker: false } }],
  ["a disabled rule", { ...EXPIRING, Status: "Disabled" }],
  ["an old rule", OLD],
  ["an old rule for all", { ...OLD, Prefix: "" }],
  ["a prefix", { ...EXPIRING, Filter: { Prefix: "logs/" } }],
  ["a prefix as long as keys can be", { ...EXPIRING, Filter: { Prefix: "ä".repeat(512) } }],
  ["a tag", { ...EXPIRING, Filter: { Tag: TAG } }],
  ["the smallest sizes", { ...EXPIRING, Filter: { And: { ObjectSizeGreaterThan: 0, ObjectSizeLessThan: 1 } } }],
  ["the largest size", { ...EXPIRING, Filter: { ObjectSizeGreaterThan: 1_099_511_627_776_000 } }],
  ["two tags", { ...EXPIRING, Filter: { And: { Tags: [TAG, { Key: "l", Value: "" }] } } }],
  ["an empty prefix and a size", { ...EXPIRING, Filter: { And: { Prefix: "", ObjectSizeLessThan: 9 } } }],
  ["an id of 255 characters", { ...EXPIRING, ID: "ü".repeat(255) }],
  ["the most days", { ...RULE, Expiration: { Days: 2_147_483_647 } }],
  ["the end of uploads", { ...RULE, Filter: { Prefix: "p" }, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } }],
  ["noncurrent versions", { ...RULE, NoncurrentVersionExpiration: { NoncurrentDays: 1 } }],
  [
    "noncurrent versions but a hundred",
    { ...RULE, NoncurrentVersionExpiration: { NoncurrentDays: 1, NewerNoncurrentVersions: 100 } },
  ],
  ["a transition at once", { ...RULE, Transitions: [{ Days: 0, StorageClass: "GLACIER_IR" }] }],
  [
    "all classes, in any order, and the end",
    {
      ...RULE,
      Transitions: [
        { Days: 240, StorageClass: "DEEP_ARCHIVE" },
        { Days: 30, StorageClass: "STANDARD_IA" },
        { Days: 31, StorageClass: "INTELLIGENT_TIERING" },
        { Days: 150, StorageClass: "GLACIER" },
        { Days: 60, StorageClass: "GLACIER_IR" },
      ],
      Expiration: { Days: 241 },
    },
  ],
  [
    "transitions and an expiration by dates",
    {
      ...RULE,
      Transitions: [{ Date: MIDNIGHT, StorageClass: "ONEZONE_IA" }],
      Expiration: { Date: NEXT_MIDNIGHT },
    },
  ],
  [
    "transitions of noncurrent versions",
    {
      ...RULE,
      NoncurrentVersionTransitions: [
        { NoncurrentDays: 30, NewerNoncurrentVersions: 1, StorageClass: "STANDARD_IA" },
        { NoncurrentDays: 60, StorageClass: "GLACIER" },
      ],
      NoncurrentVersionExpiration: { NoncurrentDays: 61 },
    },
  ],
];

for (const [what, rule] of TAKEN) {
  test(`PutBucketLifecycleConfiguration: ${what} is shown as it was put`, async () => {
    const bucket = await put(rule);
    assert.deepEqual(await shown(bucket), [rule]);
    assert.equal((await readLifecycle(bucket.store, await bucket.record()))?.rules.length, 1);
  });
}

test("PutBucketLifecycleConfiguration: the rules are those of the last put, until they are deleted", async () => {
  const rules = Array.from({ length: 1_000 }, (_, index) => ({ ...EXPIRING, ID: String(index) }));
  const bucket = await put(...rules);
  assert.deepEqual(await shown(bucket), rules);
  await bucket.ask(PutBucketLifecycleConfiguration, { LifecycleConfiguration: { Rules: [OLD] } });
  assert.deepEqual(await shown(bucket), [OLD]);
  await bucket.ask(DeleteBucketLifecycle, {});
  await refusal(shown(bucket), { code: "NoSuchLifecycleConfiguration" });
  assert.equal(await readLifecycle(bucket.store, await bucket.record()), undefined);
});

test("PutBucketLifecycleConfiguration: rules without an id get one of their own, which S3 makes of a UUID", async () => {
  const bucket = await put({ ...EXPIRING, ID: "" }, { ...EXPIRING, ID: undefined });
  const ids = (await shown(bucket)).map(({ ID }) => ID!);
  assert.equal(new Set(ids).size, 2);
  for (const id of ids) {
    assert.equal(id.length, 48);
    assert.match(Buffer.from(id, "base64").toString(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
  assert.deepEqual(
    (await shown(bucket)).map(({ ID }) => ID),
    ids,
    "the ids stay",
  );
});

test("PutBucketLifecycleConfiguration: below which size objects stay where they are is said with the rules, and is 128 KiB unless", async () => {
  const bucket = await VersionedBucket.made();
  const LifecycleConfiguration = { Rules: [EXPIRING] };
  const minimum = async () => (await bucket.ask(GetBucketLifecycleConfiguration, {})).TransitionDefaultMinimumObjectSize;
  for (const wanted of ["varies_by_storage_class", undefined, "all_storage_classes_128K"]) {
    const expected = wanted ?? "all_storage_classes_128K";
    const input = { LifecycleConfiguration, TransitionDefaultMinimumObjectSize: wanted };
    const output = { TransitionDefaultMinimumObjectSize: expected };
    assert.deepEqual(await bucket.ask(PutBucketLifecycleConfiguration, input), output);
    assert.equal(await minimum(), expected);
    assert.equal((await readLifecycle(bucket.store, await bucket.record()))!.transitionMinimum, expected);
  }
});

test("PutBucketLifecycleConfiguration: a request without a document is MissingRequestBodyError", async () => {
  const bucket = await VersionedBucket.made();
  await refusal(bucket.ask(PutBucketLifecycleConfiguration, {}), { code: "MissingRequestBodyError" });
});

test("PutBucketLifecycleConfiguration: rules with a Filter may overlap", async () => {
  const filters: readonly LifecycleRuleFilter[] = [{}, { Prefix: "" }, { Prefix: "a" }, { Prefix: "a" }, { Tag: TAG }];
  const rules = filters.map((Filter, index) => ({ ...EXPIRING, ID: String(index), Filter }));
  assert.deepEqual(await shown(await put(...rules)), rules);
});

test("PutBucketLifecycleConfiguration: old rules may lie in each other if they do different things", async () => {
  const { Expiration: _none, ...other } = OLD;
  const rules: readonly LifecycleRule[] = [
    { ...other, ID: "1", Prefix: "logs/old/", NoncurrentVersionExpiration: { NoncurrentDays: 1 } },
    { ...OLD, ID: "2", Prefix: "" },
    { ...other, ID: "3", Prefix: "logs/", Transitions: [{ Days: 0, StorageClass: "GLACIER" }] },
  ];
  assert.deepEqual(await shown(await put(...rules)), rules);
});

const MALFORMED: ExpectedRefusal = { code: "MalformedXML", status: 400 };
const invalid = (message: string): ExpectedRefusal => ({ code: "InvalidRequest", status: 400, message });
const argument = (message: string, ArgumentName: string, ArgumentValue: string): ExpectedRefusal => ({
  code: "InvalidArgument",
  status: 400,
  message,
  details: { ArgumentName, ArgumentValue },
});
const positive = (element: string, action: string, value: number): ExpectedRefusal =>
  argument(`'${element}' for ${action} action must be a positive integer`, element, String(value));
const midnight = (value: string): ExpectedRefusal => argument("'Date' must be at midnight GMT", "Date", value);

/** Rules that S3 does not take, and how they are refused. */
const REFUSED: readonly (readonly [what: string, rules: readonly LifecycleRule[], expected: ExpectedRefusal])[] = [
  ["1001 rules", Array.from({ length: 1_001 }, (_, index) => ({ ...EXPIRING, ID: String(index) })), MALFORMED],
  ["neither Filter nor Prefix", [{ ...EXPIRING, Filter: undefined }], MALFORMED],
  ["Filter and Prefix", [{ ...EXPIRING, Prefix: "" }], MALFORMED],
  ["a Filter of two elements", [{ ...EXPIRING, Filter: { Prefix: "", Tag: TAG } }], MALFORMED],
  ["a Filter of two sizes", [{ ...EXPIRING, Filter: { ObjectSizeGreaterThan: 1, ObjectSizeLessThan: 9 } }], MALFORMED],
  ["an And and a prefix beside it", [{ ...EXPIRING, Filter: { Prefix: "", And: { Prefix: "", Tags: [TAG] } } }], MALFORMED],
  ["an empty And", [{ ...EXPIRING, Filter: { And: {} } }], MALFORMED],
  ["an And of a prefix", [{ ...EXPIRING, Filter: { And: { Prefix: "p" } } }], MALFORMED],
  ["an And of a tag", [{ ...EXPIRING, Filter: { And: { Tags: [TAG] } } }], MALFORMED],
  ["an empty Expiration", [{ ...RULE, Expiration: {} }], MALFORMED],
  ["an Expiration by Days and Date", [{ ...RULE, Expiration: { Days: 1, Date: MIDNIGHT } }], MALFORMED],
  [
    "an Expiration by Days and of delete markers",
    [{ ...RULE, Expiration: { Days: 1, ExpiredObjectDeleteMarker: false } }],
    MALFORMED,
  ],
  ["days that 32 bits do not hold", [{ ...RULE, Expiration: { Days: 2_147_483_648 } }], MALFORMED],
  ["a noncurrent expiration without days", [{ ...RULE, NoncurrentVersionExpiration: { NewerNoncurrentVersions: 1 } }], MALFORMED],
  ["an end of uploads without days", [{ ...RULE, AbortIncompleteMultipartUpload: {} }], MALFORMED],
  ...(
    [
      ["neither Days nor Date", { StorageClass: "GLACIER" }],
      ["Days and Date", { Days: 1, Date: MIDNIGHT, StorageClass: "GLACIER" }],
      ["no class", { Days: 1 }],
    ] as readonly (readonly [string, Transition])[]
  ).map(([what, transition]) => [`a Transition with ${what}`, [{ ...RULE, Transitions: [transition] }], MALFORMED] as const),
  ["a noncurrent transition without days", [{ ...RULE, NoncurrentVersionTransitions: [{ StorageClass: "GLACIER" }] }], MALFORMED],
  ["a noncurrent transition to no class", [{ ...RULE, NoncurrentVersionTransitions: [{ NoncurrentDays: 1 }] }], MALFORMED],
  [
    "an id of 256 characters",
    [{ ...EXPIRING, ID: "i".repeat(256) }],
    argument("ID length should not exceed allowed limit of 255", "ID", "i".repeat(256)),
  ],
  [
    "two rules of one id",
    [EXPIRING, { ...EXPIRING, Filter: { Prefix: "other" } }],
    argument("Rule ID must be unique. Found same ID for more than one rule", "ID", "rule"),
  ],
  ["a filter after a prefix", [OLD, EXPIRING], invalid("Filter element can only be used in Lifecycle V2.")],
  [
    "a prefix after a filter",
    [EXPIRING, OLD],
    invalid("Base level prefix cannot be used in Lifecycle V2, prefixes are only supported in the Filter."),
  ],
  [
    "a prefix that no key can have",
    [{ ...EXPIRING, Filter: { Prefix: `a${"ä".repeat(512)}` } }],
    argument("Specified prefix is longer than maximum allowed key length of 1024", "Prefix", `a${"ä".repeat(512)}`),
  ],
  [
    "a tag's key twice",
    [{ ...EXPIRING, Filter: { And: { Tags: [TAG, { ...TAG, Value: "w" }] } } }],
    invalid("Duplicate Tag Keys are not allowed."),
  ],
  [
    "a tag without a key",
    [{ ...EXPIRING, Filter: { Tag: { Key: "", Value: "v" } } }],
    { code: "InvalidTag", message: "The TagKey you have provided is invalid" },
  ],
  [
    "eleven tags",
    [
      {
        ...EXPIRING,
        Filter: { And: { Tags: Array.from({ length: 11 }, (_, index) => ({ Key: String(index), Value: "" })) } },
      },
    ],
    { code: "BadRequest", message: "Object tags cannot be greater than 10" },
  ],
  [
    "a size below none",
    [{ ...EXPIRING, Filter: { ObjectSizeGreaterThan: -1 } }],
    invalid("'ObjectSizeGreaterThan' should be between 0 and 1099511627776000."),
  ],
  [
    "sizes below none",
    [{ ...EXPIRING, Filter: { ObjectSizeLessThan: 0 } }],
    invalid("'ObjectSizeLessThan' should be between 1 and 1099511627776000."),
  ],
  [
    "a size too large",
    [{ ...EXPIRING, Filter: { ObjectSizeLessThan: 1_099_511_627_776_001 } }],
    invalid("'ObjectSizeLessThan' should be between 1 and 1099511627776000."),
  ],
  [
    "no size between two",
    [{ ...EXPIRING, Filter: { And: { ObjectSizeGreaterThan: 9, ObjectSizeLessThan: 9 } } }],
    invalid("'ObjectSizeLessThan' has to be a value greater than 'ObjectSizeGreaterThan'."),
  ],
  ["no action", [RULE], invalid("At least one action needs to be specified in a rule")],
  ["no days", [{ ...RULE, Expiration: { Days: 0 } }], positive("Days", "Expiration", 0)],
  [
    "a date at noon",
    [{ ...RULE, Expiration: { Date: new Date(Date.UTC(2026, 0, 2, 12)) } }],
    midnight("2026-01-02T12:00:00.000Z"),
  ],
  [
    "delete markers with tags",
    [{ ...RULE, Filter: { Tag: TAG }, Expiration: { ExpiredObjectDeleteMarker: true } }],
    invalid("ExpiredObjectDeleteMarker cannot be specified with Tags."),
  ],
  [
    "no delete markers of a size",
    [{ ...RULE, Filter: { ObjectSizeLessThan: 1 }, Expiration: { ExpiredObjectDeleteMarker: false } }],
    invalid("ExpiredObjectDeleteMarker cannot be specified with Object Size."),
  ],
  [
    "no noncurrent days",
    [{ ...RULE, NoncurrentVersionExpiration: { NoncurrentDays: 0 } }],
    positive("NoncurrentDays", "NoncurrentVersionExpiration", 0),
  ],
  [
    "no newer versions",
    [{ ...RULE, NoncurrentVersionExpiration: { NoncurrentDays: 1, NewerNoncurrentVersions: 0 } }],
    positive("NewerNoncurrentVersions", "NoncurrentVersionExpiration", 0),
  ],
  [
    "101 newer versions",
    [
      {
        ...RULE,
        NoncurrentVersionTransitions: [{ NoncurrentDays: 1, NewerNoncurrentVersions: 101, StorageClass: "GLACIER" }],
      },
    ],
    argument("Invalid Argument", "NewerNoncurrentVersions", "101"),
  ],
  [
    "newer versions of an old rule",
    [{ ...OLD, NoncurrentVersionExpiration: { NoncurrentDays: 1, NewerNoncurrentVersions: 1 } }],
    invalid("NewerNoncurrentVersions element can only be used in Lifecycle V2."),
  ],
  [
    "uploads aborted at once",
    [{ ...RULE, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 0 } }],
    positive("DaysAfterInitiation", "AbortIncompleteMultipartUpload", 0),
  ],
  [
    "uploads with tags",
    [{ ...RULE, Filter: { Tag: TAG }, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } }],
    invalid("AbortIncompleteMultipartUpload cannot be specified with Tags."),
  ],
  [
    "uploads of a size",
    [{ ...RULE, Filter: { ObjectSizeGreaterThan: 1 }, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } }],
    invalid("AbortIncompleteMultipartUpload cannot be specified with Object Size."),
  ],
  ["two old rules of one prefix", [OLD, { ...OLD, ID: "b" }], invalid("Found two rules with same prefix 'logs/'")],
  [
    "old rules that overlap",
    [OLD, { ...OLD, ID: "b", Prefix: "other" }, { ...OLD, ID: "c", Prefix: "log" }],
    invalid("Found overlapping prefixes 'log' and 'logs/' for same action type 'Expiration'"),
  ],
];

const transitions = (...Transitions: readonly Transition[]): LifecycleRule => ({ ...RULE, Transitions });
const glacier = (Days: number): Transition => ({ Days, StorageClass: "GLACIER" });

/** Transitions that S3 does not take. */
const REFUSED_TRANSITIONS: typeof REFUSED = [
  [
    "a transition before the object is there",
    [transitions(glacier(-1))],
    argument("'Days' in Transition action must be nonnegative", "Days", "-1"),
  ],
  ...["STANDARD_IA", "ONEZONE_IA"].map(
    (StorageClass) =>
      [
        `${StorageClass} after 29 days`,
        [transitions({ Days: 29, StorageClass })],
        argument(
          `'Days' in Transition action must be greater than or equal to 30 for storageClass '${StorageClass}'`,
          "Days",
          "29",
        ),
      ] as const,
  ),
  [
    "a noncurrent version after 29 days",
    [{ ...RULE, NoncurrentVersionTransitions: [{ NoncurrentDays: 29, StorageClass: "STANDARD_IA" }] }],
    argument(
      "'NoncurrentDays' in NoncurrentVersionTransition action must be greater than or equal to 30 for storageClass 'STANDARD_IA'",
      "NoncurrentDays",
      "29",
    ),
  ],
  [
    "a transition at noon",
    [transitions({ Date: new Date(Date.UTC(2026, 0, 2, 12)), StorageClass: "GLACIER" })],
    midnight("2026-01-02T12:00:00.000Z"),
  ],
  [
    "a class twice",
    [{ ...transitions(glacier(1), glacier(100)), Filter: { Prefix: "logs/" } }],
    invalid("'StorageClass' must be different for 'Transition' actions in same 'Rule' with filter '(prefix=logs/)'"),
  ],
  [
    "a class twice, of an old rule",
    [{ ...OLD, Transitions: [glacier(0), glacier(100)] }],
    invalid("'StorageClass' must be different for 'Transition' actions in same 'Rule' with prefix 'logs/'"),
  ],
  [
    "transitions by Days and Date",
    [transitions(glacier(1), { Date: MIDNIGHT, StorageClass: "DEEP_ARCHIVE" })],
    invalid("Found mixed 'Date' and 'Days' based Transition actions in lifecycle rule for filter '()'"),
  ],
  [
    "a transition by Days and the end by Date",
    [{ ...transitions(glacier(1)), Filter: { Tag: TAG }, Expiration: { Date: MIDNIGHT } }],
    invalid(
      "Found mixed 'Date' and 'Days' based Expiration and Transition actions in lifecycle rule for filter '(tag={key=k, value=v})'",
    ),
  ],
  [
    "the end with a transition",
    [
      {
        ...transitions(glacier(30)),
        Filter: { And: { Prefix: "p", ObjectSizeGreaterThan: 1, ObjectSizeLessThan: 3 } },
        Expiration: { Days: 30 },
      },
    ],
    argument(
      "'Days' in the Expiration action for filter '(prefix=p and objectsizegreaterthan=1 and objectsizelessthan=3)' must be greater than 'Days' in the Transition action",
      "Days",
      "30",
    ),
  ],
  [
    "the end on the day of a transition",
    [{ ...transitions({ Date: NEXT_MIDNIGHT, StorageClass: "GLACIER" }), Expiration: { Date: MIDNIGHT } }],
    argument(
      "'Date' in the Expiration action for filter '()' must be greater than 'Date' in the Transition action",
      "Date",
      "2026-01-02T00:00:00.000Z",
    ),
  ],
  [
    "the end of noncurrent versions before their transition",
    [
      {
        ...RULE,
        NoncurrentVersionTransitions: [{ NoncurrentDays: 5, StorageClass: "GLACIER" }],
        NoncurrentVersionExpiration: { NoncurrentDays: 5 },
      },
    ],
    argument(
      "'NoncurrentDays' in the NoncurrentVersionExpiration action for filter '()' must be greater than 'NoncurrentDays' in the NoncurrentVersionTransition action",
      "NoncurrentDays",
      "5",
    ),
  ],
  [
    "classes against their order",
    [transitions(glacier(30), { Days: 60, StorageClass: "STANDARD_IA" })],
    argument(
      "'Days' in the 'Transition' action for StorageClass 'GLACIER' for filter '()' must be greater than 'Days' in the 'Transition' action for StorageClass 'STANDARD_IA' for filter '()'",
      "Days",
      "30",
    ),
  ],
  [
    "a short stay",
    [{ ...transitions(glacier(1), { Days: 90, StorageClass: "DEEP_ARCHIVE" }), Filter: { Prefix: "" } }],
    argument(
      "'Days' in the 'Transition' action for StorageClass 'DEEP_ARCHIVE' for filter '(prefix=)' must be 90 days more than 'filter '(prefix=)'' in the 'Transition' action for StorageClass 'GLACIER'",
      "Days",
      "90",
    ),
  ],
  [
    "a short stay by dates, past another class",
    [
      transitions(
        { Date: new Date(Date.UTC(2026, 0, 31)), StorageClass: "GLACIER_IR" },
        { Date: MIDNIGHT, StorageClass: "ONEZONE_IA" },
      ),
    ],
    argument(
      "'Date' in the 'Transition' action for StorageClass 'GLACIER_IR' for filter '()' must be 30 days more than 'filter '()'' in the 'Transition' action for StorageClass 'ONEZONE_IA'",
      "Date",
      "2026-01-31T00:00:00.000Z",
    ),
  ],
];

for (const [what, rules, expected] of [...REFUSED, ...REFUSED_TRANSITIONS]) {
  test(`PutBucketLifecycleConfiguration: ${what} is ${expected.code}`, async () => {
    await refusal(put(...rules), expected);
  });
}
