import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { FILE, formBody, postBody, postForm, signedFields } from "../server/browserForms.ts";
import type { FormOptions } from "../server/browserForms.ts";
import { ACCESS_KEY_ID } from "../server/TestServer.ts";
import { AnswerServer, NOW_MS } from "./AnswerServer.ts";
import {
  against,
  failing,
  having,
  invalidArgument,
  invalidPolicy,
  missing,
  other,
  policy,
  refused,
  under,
  without,
} from "./formRefusals.ts";
import type { Refusal } from "./formRefusals.ts";
import { hexPairs } from "./signing.ts";

let answers: AnswerServer;
before(async () => (answers = await AnswerServer.start()));
after(() => answers[Symbol.asyncDispose]());

const EXPIRATION = '"expiration": "2026-03-01T12:01:00Z"';
const SCOPE_SHAPE = 'the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".';
/** What becomes of a credential that is changed after the signature, which is not looked at before. */
function badCredential(message: string, credential: string, details = {}): readonly [string, FormOptions, Refusal] {
  return [
    `the credential ${credential}`,
    having("X-Amz-Credential", credential),
    invalidArgument(message, "X-Amz-Credential", credential, details),
  ];
}

const ROWS: readonly (readonly [what: string, form: FormOptions, refusal: Refusal])[] = [
  ["no key", { key: undefined }, missing("key")],
  ["an empty key", { key: "" }, other(400, "UserKeyMustBeSpecified", "User key must be specified.")],
  [
    "a key of the file's name, which has none",
    { key: "${filename}", file: { content: "", name: "" } },
    other(400, "UserKeyMustBeSpecified", "User key must be specified."),
  ],
  ["no algorithm and no credential", without("X-Amz-Algorithm", "X-Amz-Credential"), missing("X-Amz-Algorithm")],
  ["no credential and no date", without("X-Amz-Credential", "X-Amz-Date"), missing("X-Amz-Credential")],
  ["no date", without("X-Amz-Date"), missing("X-Amz-Date")],
  ["no signature", without("X-Amz-Signature"), missing("X-Amz-Signature")],
  ["a signature without a policy", without("Policy"), missing("Policy")],
  ["no access key for version 2", { signing: "v2", ...without("AWSAccessKeyId") }, missing("AWSAccessKeyId")],
  ["no signature of version 2", { signing: "v2", ...without("Signature") }, missing("Signature")],
  ["a signature of version 2 without a policy", { signing: "v2", ...without("Policy") }, missing("Policy")],
  [
    "a policy that nobody signs",
    without("X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Signature"),
    other(403, "AccessDenied", "Access Denied"),
  ],
  [
    "another algorithm",
    having("X-Amz-Algorithm", "AWS4-HMAC-SHA512"),
    invalidArgument("Only AWS4-HMAC-SHA256 is supported", "X-Amz-Algorithm", "AWS4-HMAC-SHA512"),
  ],
  [
    "a date in another form",
    having("X-Amz-Date", "2026-03-01T12:00:00Z"),
    invalidArgument("X-Amz-Date must be formated via ISO8601 Long format", "X-Amz-Date", "2026-03-01T12:00:00Z"),
  ],
  badCredential(SCOPE_SHAPE, ACCESS_KEY_ID),
  badCredential(
    'incorrect date format "2026-03-01". This date in the credential must be in the format "yyyyMMdd".',
    `${ACCESS_KEY_ID}/2026-03-01/us-east-1/s3/aws4_request`,
  ),
  badCredential("the region 'eu-west-1' is wrong; expecting 'us-east-1'", `${ACCESS_KEY_ID}/20260301/eu-west-1/s3/aws4_request`, {
    Region: "us-east-1",
  }),
  badCredential(
    'incorrect service "sts". This endpoint belongs to "s3".',
    `${ACCESS_KEY_ID}/20260301/us-east-1/sts/aws4_request`,
  ),
  badCredential('incorrect terminal "aws3". This endpoint uses "aws4_request".', `${ACCESS_KEY_ID}/20260301/us-east-1/s3/aws3`),
  badCredential("a non-empty Access Key (AKID) must be provided in the credential.", "/20260301/us-east-1/s3/aws4_request"),
  badCredential(
    'Invalid credential date "20260302". This date is not the same as X-Amz-Date: "20260301".',
    `${ACCESS_KEY_ID}/20260302/us-east-1/s3/aws4_request`,
  ),
  [
    "an unknown access key",
    { accessKeyId: "HFNOBODYNOBODYNOBODY" },
    other(403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", {
      AWSAccessKeyId: "HFNOBODYNOBODYNOBODY",
    }),
  ],
  [
    "an unknown access key of version 2",
    { signing: "v2", accessKeyId: "HFNOBODYNOBODYNOBODY" },
    other(403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", {
      AWSAccessKeyId: "HFNOBODYNOBODYNOBODY",
    }),
  ],
  [
    "a token that no key needs",
    { sessionToken: "token" },
    other(400, "InvalidToken", "The provided token is malformed or otherwise invalid.", { "Token-0": "token" }),
  ],
  ["a policy of nothing", policy(" "), invalidPolicy("Invalid Policy: Expecting '{' but found End-of-Input")],
  ["a policy that is no JSON", policy("{"), invalidPolicy("Invalid Policy: Invalid JSON.")],
  ["a policy that is a list", policy("[]"), invalidPolicy("Invalid Policy: Invalid JSON.")],
  [
    "a policy with a member of IAM's",
    policy(`{${EXPIRATION}, "Version": "2012-10-17", "Statement": []}`),
    invalidPolicy("Invalid Policy: Unexpected: 'statement'"),
  ],
  ["a policy without an expiration", policy('{"conditions": []}'), invalidPolicy("Invalid Policy: Policy missing expiration.")],
  ["a policy without conditions", policy(`{${EXPIRATION}}`), invalidPolicy("Invalid Policy: Policy missing conditions.")],
  [
    "an expiration in another zone",
    { expiration: "2026-03-01T14:00:00+02:00" },
    invalidPolicy("Invalid Policy: Invalid 'expiration' value: '2026-03-01T14:00:00+02:00'"),
  ],
  [
    "an expiration with a space",
    { expiration: "2026-03-01 14:00:00 UTC" },
    invalidPolicy("Invalid Policy: Invalid 'expiration' value: '2026-03-01 14:00:00 UTC'"),
  ],
  [
    "an expiration that no clock shows",
    { expiration: "2026-03-01T25:00:00Z" },
    invalidPolicy("Invalid Policy: Invalid 'expiration' value: '2026-03-01T25:00:00Z'"),
  ],
  [
    "an expiration that is a number",
    policy('{"expiration": 1772366460, "conditions": []}'),
    invalidPolicy("Invalid Policy: Invalid 'expiration' value: '1772366460'"),
  ],
  [
    "conditions that are an object",
    policy(`{${EXPIRATION}, "conditions": {}}`),
    invalidPolicy("Invalid Policy: Invalid 'conditions' value: must be a List."),
  ],
  [
    "a condition that is a text",
    under("bucket"),
    invalidPolicy("Invalid Policy: Invalid condition test: must be a List or Object."),
  ],
  ["a condition of nothing", under([]), invalidPolicy("Invalid Policy: Invalid Condition: missing operation identifier.")],
  [
    "a condition that begins with a number",
    under([1, "$key", ""]),
    invalidPolicy("Invalid Policy: Invalid Condition: missing operation identifier."),
  ],
  [
    "an unknown operator",
    under(["ends-with", "$key", ""]),
    invalidPolicy("Invalid Policy: Invalid Condition: unknown operation 'ends-with'."),
  ],
  ["eq of one operand", under(["eq", "$key"]), invalidPolicy("Invalid Policy: Invalid eq: wrong number of arguments.")],
  [
    "starts-with of three operands",
    under(["starts-with", "$key", "", ""]),
    invalidPolicy("Invalid Policy: Invalid starts-with: wrong number of arguments."),
  ],
  [
    "a range of one bound",
    under(["content-length-range", 1]),
    invalidPolicy("Invalid Policy: Invalid content-length-range: wrong number of arguments."),
  ],
  ["an operand that is a list", under(["eq", "$key", []]), invalidPolicy("Invalid Policy: Invalid JSON.")],
  ["a bound that is a list", under(["content-length-range", [], 1]), invalidPolicy("Invalid Policy: Invalid JSON.")],
  [
    "a bound with a fraction",
    policy(`{${EXPIRATION}, "conditions": [["content-length-range", 0, 512.0]]}`),
    invalidPolicy("Invalid Policy: Invalid JSON."),
  ],
  [
    "a bound with a sign",
    policy(`{${EXPIRATION}, "conditions": [["content-length-range", -1, 0]]}`),
    invalidPolicy("Invalid Policy: Token - must be enclosed in quotes."),
  ],
  ["a value that is null", under({ acl: null }), invalidPolicy("Invalid Policy: Invalid JSON.")],
  [
    "a value that is a number",
    under({ success_action_status: 201 }),
    invalidPolicy("Invalid Policy: Invalid Simple-Condition: value must be a string."),
  ],
  [
    "a condition on no field",
    under({}),
    invalidPolicy("Invalid Policy: Invalid Simple-Condition: Simple-Conditions must have exactly one property specified."),
  ],
  [
    "a condition on two fields",
    under({ bucket: "bucket", key: "" }),
    invalidPolicy("Invalid Policy: Invalid Simple-Condition: Simple-Conditions must have exactly one property specified."),
  ],
  ["an expired policy", { expiration: "2026-03-01T11:59:59.999Z" }, against("Invalid according to Policy: Policy expired.")],
  [
    "an expired policy that is not met either",
    under({ key: "other" }, { expiration: "2026-03-01T11:59:59Z" }),
    against("Invalid according to Policy: Policy expired."),
  ],
  ["another bucket", under({ bucket: "buckets" }), failing('["eq", "$bucket", "buckets"]')],
  ["another value", under(["eq", "$Key", "other"]), failing('["eq", "$Key", "other"]')],
  ["another value, with quotes", under({ key: 'a "b"' }), failing('["eq", "$key", "a \\"b\\""]')],
  ["a value in other letters", under(["eq", "$key", "UPLOADS/hello.txt"]), failing('["eq", "$key", "UPLOADS/hello.txt"]')],
  ["another beginning", under(["starts-with", "$key", "other/"]), failing('["starts-with", "$key", "other/"]')],
  [
    "a condition on the key before the file's name is in it",
    under(["eq", "$key", "uploads/${filename}"]),
    failing('["eq", "$key", "uploads/${filename}"]'),
  ],
  ["a name without its sign", under(["eq", "key", "uploads/hello.txt"]), failing('["eq", "key", "uploads/hello.txt"]')],
  [
    "a condition on a field that is not there",
    under(["starts-with", "$Content-Type", ""]),
    failing('["starts-with", "$Content-Type", ""]'),
  ],
  [
    "a list of types of which one is another",
    { fields: [["Content-Type", "image/png, text/plain"]], conditions: [["starts-with", "$Content-Type", "image/"]] },
    failing('["starts-with", "$Content-Type", "image/"]'),
  ],
  [
    "bounds that are no numbers",
    under(["content-length-range", "test", "10"]),
    failing('["content-length-range", "test", "10"]'),
  ],
  [
    "a field that no condition names",
    { spoil: (fields) => [...fields, ["Filename", "a"]] },
    against("Invalid according to Policy: Extra input fields: filename"),
  ],
  [
    "a bucket that no condition names",
    { conditions: ["$key", "$x-amz-algorithm", "$x-amz-credential", "$x-amz-date"].map((name) => ["starts-with", name, ""]) },
    against("Invalid according to Policy: Extra input fields: bucket"),
  ],
];

for (const [what, form, refusal] of ROWS) {
  test(`PostObject: ${what} answers ${refusal.status} ${refusal.code}`, async () => {
    assert.deepEqual(await refused(answers, () => postForm(answers.server, form)), refusal);
  });
}

for (const signing of ["v4", "v2"] as const) {
  test(`PostObject: a policy that was not signed with ${signing} answers 403 SignatureDoesNotMatch, and shows it as the text that was to be signed`, async () => {
    const form: FormOptions = {
      signing,
      spoil: (fields) => fields.map(([name, value]) => [name, name === "Policy" ? value.slice(0, -2) : value]),
    };
    const fields = Object.fromEntries(form.spoil!(signedFields("bucket", NOW_MS, form)));
    assert.deepEqual(await refused(answers, () => postForm(answers.server, form)), {
      ...{ status: 403, code: "SignatureDoesNotMatch" },
      message:
        "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
      details: {
        AWSAccessKeyId: ACCESS_KEY_ID,
        StringToSign: fields["Policy"],
        SignatureProvided: fields["X-Amz-Signature"] ?? fields["Signature"],
        StringToSignBytes: hexPairs(fields["Policy"]!),
      },
    });
  });
}

test("PostObject: a signed policy that is no base64 answers 400 InvalidPolicyDocument", async () => {
  const notEncoded = invalidPolicy("Invalid Policy: invalid Base64 encoding.");
  for (const encodedPolicy of ["{}", "e30", "e3==0"])
    assert.deepEqual(await refused(answers, () => postForm(answers.server, { encodedPolicy })), notEncoded, encodedPolicy);
  const notUtf8 = await refused(answers, () => postForm(answers.server, { encodedPolicy: "/w==" }));
  assert.deepEqual(notUtf8, invalidPolicy("Invalid Policy: Invalid JSON."));
});

test("PostObject: what is wrong is told in S3's order", async () => {
  const form: FormOptions = { conditions: [["content-length-range", 12, 20], { key: "other" }] };
  const steps: readonly (readonly [FormOptions, string])[] = [
    [
      { ...form, key: undefined, ...without("X-Amz-Date") },
      "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields.",
    ],
    [
      { ...form, policy: "{", ...without("X-Amz-Date") },
      "Bucket POST must contain a field named 'X-Amz-Date'.  If it is specified, please check the order of the fields.",
    ],
    [{ policy: "{", accessKeyId: "HFNOBODYNOBODYNOBODY" }, "The AWS Access Key Id you provided does not exist in our records."],
    [
      { policy: "{", secretAccessKey: "no" },
      "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
    ],
    [{ ...form, policy: "{" }, "Invalid Policy: Invalid JSON."],
    [{ ...form, expiration: "2026-03-01T11:00:00Z" }, "Invalid according to Policy: Policy expired."],
    [form, 'Invalid according to Policy: Policy Condition failed: ["eq", "$key", "other"]'],
    [
      { moreConditions: [["content-length-range", 12, 20]], fields: [["Content-MD5", "1B2M2Y8AsgTpgAmY7PhCfg=="]] },
      "Your proposed upload is smaller than the minimum allowed size",
    ],
  ];
  for (const [step, message] of steps)
    assert.equal((await refused(answers, () => postForm(answers.server, step))).message, message);
  // What the policy says goes before what the bucket says.
  const fields = signedFields("nowhere", NOW_MS, { expiration: "2026-03-01T11:00:00Z" });
  const elsewhere = await refused(answers, () => postBody(answers.server, formBody(fields, FILE), {}, "/nowhere"));
  assert.equal(elsewhere.message, "Invalid according to Policy: Policy expired.");
  const nowhere = await refused(answers, () =>
    postBody(answers.server, formBody(signedFields("nowhere", NOW_MS), FILE), {}, "/nowhere"),
  );
  assert.equal(nowhere.code, "NoSuchBucket");
});
