import assert from "node:assert/strict";
import { test } from "node:test";
import { PostPolicy } from "../../../src/protocol/form/PostPolicy.ts";
import { expectRefusal } from "../../auth/expectRefusal.ts";

const NOW_MS = Date.UTC(2026, 2, 1, 12);

/** A policy as it stands in a form. */
function policyOf(text: string): PostPolicy {
  return new PostPolicy(Buffer.from(text).toString("base64"));
}

/** A policy with these conditions beside the one on the bucket, good for a minute. */
function policy(conditions: string, expiration = "2026-03-01T12:01:00Z"): PostPolicy {
  return policyOf(`{"expiration": "${expiration}", "conditions": [{"bucket": "bucket"}, ${conditions}]}`);
}

/** Holds fields against a policy. */
function check(asked: PostPolicy, fields: Readonly<Record<string, string>>, nowMs = NOW_MS): void {
  asked.check(new Map(Object.entries(fields)), "bucket", nowMs);
}

const MET: readonly (readonly [conditions: string, fields: Readonly<Record<string, string>>])[] = [
  ['{"acl": "public-read"}', { acl: "public-read" }],
  ['["eq", "$acl", "public-read"]', { acl: "public-read" }],
  ['["EQ", "$ACL", "public-read"]', { acl: "public-read" }],
  ['["Starts-With", "$Key", "user/"]', { key: "user/betty" }],
  ['["starts-with", "$success_action_redirect", ""]', { success_action_redirect: "anything" }],
  ['["starts-with", "$key", ""]', { key: "" }],
  ['["starts-with", "$Content-Type", "image/"]', { "content-type": "image/jpg,image/png, image/gif" }],
  ['["starts-with", "$x-amz-meta-types", "image/"]', { "x-amz-meta-types": "image/jpg,text/plain" }],
  ['{"x-amz-meta-tag": "Ninja,Stallman"}', { "x-amz-meta-tag": "Ninja,Stallman" }],
  ['["starts-with", "$key", "a"], ["starts-with", "$key", "ab"], {"key": "abc"}', { key: "abc" }],
  ['["content-length-range", 1048576, 10485760]', {}],
  ['["starts-with", "$key", ""],', { key: "k" }],
  ['["starts-with", "$key", "",], {"acl": "private",}', { key: "k", acl: "private" }],
  ['["starts-with", "$key", "price: \\$5\\v"]', { key: "price: $5\v" }],
  ['["eq", "$key", "\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83D\\uDE00"]', { key: '"\\/\b\f\n\r\té😀' }],
  ['["eq", "$key", "é"]', { key: "é" }],
  ['["eq", "\\u0024key", "k"]', { key: "k" }],
  [
    '["starts-with", "$key", ""]',
    { key: "k", "x-ignore-this": "1", policy: "p", signature: "s", awsaccesskeyid: "a", "x-amz-signature": "s" },
  ],
];

for (const [conditions, fields] of MET) {
  test(`PostPolicy: ${conditions} lets ${JSON.stringify(fields)} pass`, () => check(policy(conditions), fields));
}

const FAILING: readonly (readonly [conditions: string, fields: Readonly<Record<string, string>>, shown: string])[] = [
  [
    '["starts-with", "$Content-Type", "image/"]',
    { "content-type": "image/jpg,text/plain" },
    '["starts-with", "$Content-Type", "image/"]',
  ],
  ['["EQ", "$acl", "private"]', { acl: "Private" }, '["eq", "$acl", "private"]'],
  ['{"ACL": "private"}', { acl: "public-read" }, '["eq", "$ACL", "private"]'],
  ['{"$acl": "private"}', { acl: "private" }, '["eq", "$$acl", "private"]'],
  ['["eq", "$bucket", "Bucket"]', { bucket: "Bucket" }, '["eq", "$bucket", "Bucket"]'],
  ['["eq", "acl", "private"]', { acl: "private", cl: "private" }, '["eq", "acl", "private"]'],
  ['["content-length-range", "1e3", 10]', {}, '["content-length-range", "1e3", 10]'],
  ['["content-length-range", 0, ""]', {}, '["content-length-range", 0, ""]'],
];

for (const [conditions, fields, shown] of FAILING) {
  test(`PostPolicy: ${conditions} lets ${JSON.stringify(fields)} not pass, and is shown as ${shown}`, async () => {
    const message = `Invalid according to Policy: Policy Condition failed: ${shown}`;
    await expectRefusal(() => check(policy(conditions), fields), { code: "AccessDenied", status: 403, message });
  });
}

test("PostPolicy: what the form has is told, unless it is a secret", async () => {
  for (const [name, isTold] of [
    ["acl", true],
    ["x-amz-security-token", false],
    ["x-amz-server-side-encryption-customer-key", false],
  ] as const) {
    const asked = (): void => check(policy(`["eq", "$${name}", "wanted"]`), { [name]: "as it came" });
    const { explanation } = await expectRefusal(asked, { code: "AccessDenied", status: 403 });
    assert.equal(explanation!.includes("as it came"), isTold, name);
  }
});

test("PostPolicy: a policy is good until its last moment, to the millisecond", async () => {
  for (const [expiration, lastMs] of [
    ["2026-03-01T12:00:00Z", NOW_MS],
    ["2026-03-01T12:00:00.250Z", NOW_MS + 250],
    ["2026-03-01T12:00:00.25999999Z", NOW_MS + 259],
  ] as const) {
    check(policy('["starts-with", "$key", ""]', expiration), { key: "k" }, lastMs);
    const late = (): void => check(policy('["starts-with", "$key", ""]', expiration), { key: "k" }, lastMs + 1);
    await expectRefusal(late, { code: "AccessDenied", status: 403, message: "Invalid according to Policy: Policy expired." });
  }
});

test("PostPolicy: of fields that no condition names, the first is named", async () => {
  const fields = { key: "k", "content-type": "a", name: "b" };
  const message = "Invalid according to Policy: Extra input fields: content-type";
  const { explanation } = await expectRefusal(() => check(policy('["starts-with", "$key", ""]'), fields), {
    ...{ code: "AccessDenied", status: 403, message },
  });
  assert.equal(
    explanation,
    'No condition of the policy names the field "content-type". ["starts-with", "$content-type", ""] lets it have any value.',
  );
});

test("PostPolicy: a file is as large as all ranges let it be", () => {
  const cases = [
    ["", 0, Number.MAX_SAFE_INTEGER],
    ['["content-length-range", 5, 10]', 5, 10],
    ['["content-length-range", 1234567890123456, 9007199254740991]', 1_234_567_890_123_456, Number.MAX_SAFE_INTEGER],
    ['["content-length-range", "-1", "10"], ["content-length-range", "5", "x"]', 0, Number.MAX_SAFE_INTEGER],
    ['["content-length-range", "5", "10"], ["content-length-range", 0, 7], ["Content-Length-Range", 6, 99]', 6, 7],
  ] as const;
  for (const [conditions, minSizeBytes, maxSizeBytes] of cases)
    assert.deepEqual(policy(conditions).sizeRange, { minSizeBytes, maxSizeBytes });
});

const UNREADABLE: readonly (readonly [text: string, problem: string])[] = [
  ["", "Expecting '{' but found End-of-Input"],
  [" \n", "Expecting '{' but found End-of-Input"],
  ...[
    '"text"',
    "1",
    "[]",
    "{}{}",
    "{} x",
    "{",
    '{"',
    '{"a',
    '{"a"',
    '{"a":',
    '{"a":}',
    '{"a" "b"}',
    '{"a":"b"',
    '{"a":"b" "c":"d"}',
    "{a:1}",
    "{1:1}",
    "{,}",
  ].map((text) => [text, "Invalid JSON."] as const),
  ...[
    '["eq" "$key"]',
    "[,]",
    '["\\x"]',
    '["\\u12"]',
    '["\n"]',
    "['eq']",
    "[true]",
    "[null]",
    "[1.5]",
    "[1e5]",
    "[.5]",
    "[{]}",
  ].map((text) => [`{"conditions": ${text}}`, "Invalid JSON."] as const),
  [`{"conditions": ${"[".repeat(9)}${"]".repeat(9)}}`, "Invalid JSON."],
  ['{"conditions": [-1]}', "Token - must be enclosed in quotes."],
  ...['["content-length-range", [1], 2]', '["content-length-range", 1, {"a": "b"}]', '["eq", "$key", 1]', '["eq", 1, "k"]'].map(
    (text) => [`{"expiration": "2026-03-01T12:01:00Z", "conditions": [${text}]}`, "Invalid JSON."] as const,
  ),
  ['{"Expiration": "2026-03-01T12:01:00Z", "conditions": []}', "Unexpected: 'expiration'"],
  ['{"expiration": {"a": 1}, "conditions": []}', "Invalid JSON."],
  ['{"expiration": [], "conditions": []}', "Invalid JSON."],
];

for (const [text, problem] of UNREADABLE) {
  test(`PostPolicy: ${JSON.stringify(text)} is InvalidPolicyDocument: ${problem}`, async () => {
    await expectRefusal(() => policyOf(text), {
      code: "InvalidPolicyDocument",
      status: 400,
      message: `Invalid Policy: ${problem}`,
    });
  });
}

test("PostPolicy: base64 may be broken into lines, and is base64 otherwise", async () => {
  const base64 = Buffer.from('{"expiration": "2026-03-01T12:01:00Z", "conditions": []}').toString("base64");
  assert.ok(new PostPolicy(base64.replace(/.{20}/g, "$&\r\n")));
  for (const text of ["{}", "e30", "e3==0", "e30=e30=", "e3_-"]) {
    const message = "Invalid Policy: invalid Base64 encoding.";
    await expectRefusal(() => new PostPolicy(text), { code: "InvalidPolicyDocument", status: 400, message });
  }
  await expectRefusal(() => new PostPolicy("/w=="), {
    code: "InvalidPolicyDocument",
    status: 400,
    message: "Invalid Policy: Invalid JSON.",
  });
});
