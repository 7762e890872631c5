import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { authenticatePolicy } from "../../src/auth/authenticatePolicy.ts";
import type { Authentication, AuthenticationOptions } from "../../src/auth/Authentication.ts";
import type { CredentialSource } from "../../src/auth/Caller.ts";
import { invalidToken } from "../../src/auth/sessionTokens.ts";
import type { SignedPolicy } from "../../src/protocol/Dialect.ts";
import { EXAMPLE_KEY, exampleCredentials } from "./exampleKey.ts";
import { expectRefusal } from "./expectRefusal.ts";
import { wireRequestFor } from "./wireRequestFor.ts";

const { accessKeyId, secretAccessKey } = EXAMPLE_KEY;

/** The policy of AWS's example, line by line, and what AWS says it is signed with. */
const EXAMPLE_POLICY: string = Buffer.from(
  [
    '{ "expiration": "2015-12-30T12:00:00.000Z",',
    '  "conditions": [',
    '    {"bucket": "sigv4examplebucket"},',
    '    ["starts-with", "$key", "user/user1/"],',
    '    {"acl": "public-read"},',
    '    {"success_action_redirect": "http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html"},',
    '    ["starts-with", "$Content-Type", "image/"],',
    '    {"x-amz-meta-uuid": "14365123651274"},',
    '    {"x-amz-server-side-encryption": "AES256"},',
    '    ["starts-with", "$x-amz-meta-tag", ""],',
    "",
    '    {"x-amz-credential": "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request"},',
    '    {"x-amz-algorithm": "AWS4-HMAC-SHA256"},',
    '    {"x-amz-date": "20151229T000000Z" }',
    "  ]",
    "}",
  ].join("\r\n"),
).toString("base64");
const EXAMPLE_SIGNATURE = "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e";

const V4 = {
  policy: EXAMPLE_POLICY,
  "x-amz-algorithm": "AWS4-HMAC-SHA256",
  "x-amz-credential": `${accessKeyId}/20151229/us-east-1/s3/aws4_request`,
  "x-amz-date": "20151229T000000Z",
  "x-amz-signature": EXAMPLE_SIGNATURE,
};
const V2 = {
  policy: EXAMPLE_POLICY,
  awsaccesskeyid: accessKeyId,
  signature: createHmac("sha1", secretAccessKey).update(EXAMPLE_POLICY).digest("base64"),
};

const NOW_MS = Date.UTC(2015, 11, 29, 12);

/** A form's fields, and when its policy was held against it. */
function form(fields: Readonly<Record<string, string>>): SignedPolicy & { readonly checkedAtMs: number[] } {
  const checkedAtMs: number[] = [];
  const checkPolicy = (nowMs: number): void => void checkedAtMs.push(nowMs);
  return { by: "policy", service: "s3", field: (name) => fields[name], checkPolicy, checkedAtMs };
}

function authenticated(
  fields: Readonly<Record<string, string>>,
  more: Partial<AuthenticationOptions> = {},
): Promise<Authentication> {
  const options = { credentials: exampleCredentials, region: "us-east-1", nowMs: NOW_MS, ...more };
  return authenticatePolicy(form(fields), wireRequestFor({ method: "POST" }), options);
}

test("authenticatePolicy: AWS's example of version 4 is the example key's, as of its date", async () => {
  const { caller, signature, payload } = await authenticated(V4);
  assert.equal(caller.accessKeyId, accessKeyId);
  assert.deepEqual(
    [signature?.version, signature?.authType, signature?.signedAtMs],
    ["AWS4-HMAC-SHA256", "POST", Date.UTC(2015, 11, 29)],
  );
  assert.equal(signature?.region, "us-east-1");
  assert.deepEqual(payload, { mode: "unsigned", sha256: undefined, chunks: undefined });
});

test("authenticatePolicy: a policy signed with version 2 is the key's, and says no time", async () => {
  const { caller, signature } = await authenticated(V2);
  assert.equal(caller.accessKeyId, accessKeyId);
  assert.deepEqual([signature?.version, signature?.authType, signature?.signedAtMs], ["AWS", "POST", undefined]);
});

test("authenticatePolicy: the policy, and no clock, says how long a signature is good", async () => {
  for (const nowMs of [0, Date.UTC(2115, 0)]) {
    const asked = form(V4);
    await authenticatePolicy(asked, wireRequestFor(), { credentials: exampleCredentials, region: "us-east-1", nowMs });
    assert.deepEqual(asked.checkedAtMs, [nowMs]);
  }
});

test("authenticatePolicy: of fields of both versions, version 4's count", async () => {
  const { signature } = await authenticated({ ...V2, ...V4, signature: "wrong" });
  assert.equal(signature?.version, "AWS4-HMAC-SHA256");
});

test("authenticatePolicy: without a field of a signature a form is everybody's, and no policy is looked at", async () => {
  for (const fields of [{}, { policy: "{" }, { "x-amz-security-token": "token", key: "key" }]) {
    const asked = form(fields);
    const found = await authenticatePolicy(asked, wireRequestFor(), {
      credentials: exampleCredentials,
      region: "us-east-1",
      nowMs: 0,
    });
    assert.deepEqual([found.caller.kind, found.signature, asked.checkedAtMs], ["anonymous", undefined, []]);
  }
});

test("authenticatePolicy: one field of a signature suffices to be asked for the others, in their order, and for the policy last", async () => {
  const v4 = ["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Signature"];
  for (const [fields, names] of [
    [V4, v4],
    [V2, ["AWSAccessKeyId", "Signature"]],
  ] as const) {
    const given = new Map<string, string>(Object.entries(fields));
    for (const name of names) {
      const alone = { [name.toLowerCase()]: given.get(name.toLowerCase())! };
      const missing = names.find((one) => one !== name)!;
      await assert.rejects(authenticated(alone), {
        code: "InvalidArgument",
        details: [
          ["ArgumentName", missing],
          ["ArgumentValue", ""],
        ],
      });
    }
    const unsigned = Object.fromEntries([...given].filter(([name]) => name !== "policy"));
    await assert.rejects(authenticated(unsigned), {
      code: "InvalidArgument",
      details: [
        ["ArgumentName", "Policy"],
        ["ArgumentValue", ""],
      ],
    });
  }
});

test("authenticatePolicy: a signature of anything but the policy as it stands there is refused", async () => {
  for (const [fields, provided] of [
    [{ ...V4, policy: `${EXAMPLE_POLICY} ` }, EXAMPLE_SIGNATURE],
    [{ ...V4, "x-amz-signature": EXAMPLE_SIGNATURE.toUpperCase() }, EXAMPLE_SIGNATURE.toUpperCase()],
    [
      { ...V4, "x-amz-credential": `${accessKeyId}/20151230/us-east-1/s3/aws4_request`, "x-amz-date": "20151230T000000Z" },
      EXAMPLE_SIGNATURE,
    ],
    [{ ...V2, policy: EXAMPLE_POLICY.slice(0, -2) }, V2.signature],
    [{ ...V2, signature: "" }, ""],
    [{ ...V2, policy: "" }, V2.signature],
  ] as const) {
    const error = await expectRefusal(() => authenticated(fields), { code: "SignatureDoesNotMatch", status: 403 });
    const details = Object.fromEntries(error.details);
    assert.deepEqual([details["StringToSign"], details["SignatureProvided"]], [fields.policy, provided]);
    assert.equal(details["StringToSignBytes"], Buffer.from(fields.policy).toString("hex").replace(/..\B/g, "$& "));
    assert.deepEqual([details["CanonicalRequest"], details["CanonicalRequestBytes"]], [undefined, undefined]);
  }
});

test("authenticatePolicy: temporary credentials need their token, in version 4 and 2", async () => {
  const temporary = "ASIAIOSFODNN7EXAMPLE";
  const session = { ...EXAMPLE_KEY, accessKeyId: temporary };
  const credentials: CredentialSource = {
    find: () => undefined,
    open(token) {
      if (token === "token") return session;
      throw invalidToken(token, "It was not issued here.");
    },
  };
  const v4 = { ...V4, "x-amz-credential": V4["x-amz-credential"].replace(accessKeyId, temporary) };
  for (const fields of [v4, { ...V2, awsaccesskeyid: temporary }]) {
    const ended = { ...fields, "x-amz-security-token": "token" };
    // The token opens what belongs to a long-term key here, which has no token.
    await expectRefusal(() => authenticated(ended, { credentials }), { code: "InvalidToken", status: 400 });
    await expectRefusal(() => authenticated({ ...fields, "x-amz-security-token": "other" }, { credentials }), {
      code: "InvalidToken",
      status: 400,
    });
    await expectRefusal(() => authenticated(fields, { credentials }), { code: "InvalidAccessKeyId", status: 403 });
  }
});

test("authenticatePolicy: a head that is signed counts, and is held against its own rules", async () => {
  const options = { credentials: exampleCredentials, region: "us-east-1", nowMs: NOW_MS };
  const request = wireRequestFor({ method: "POST", target: "/bucket", headers: { host: "a", authorization: "Basic x" } });
  for (const fields of [{}, V4]) {
    await expectRefusal(() => authenticatePolicy(form(fields), request, options), {
      ...{ code: "InvalidArgument", status: 400, message: "Unsupported Authorization Type" },
      details: [
        ["ArgumentName", "Authorization"],
        ["ArgumentValue", "Basic x"],
      ],
    });
  }
});

test("authenticatePolicy: a credential that cannot be is InvalidArgument, which names it as it came", async () => {
  const key = accessKeyId;
  for (const [credential, message] of [
    [
      `20151229/us-east-1/s3/aws4_request`,
      'the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".',
    ],
    [
      `${key}/2015122/us-east-1/s3/aws4_request`,
      'incorrect date format "2015122". This date in the credential must be in the format "yyyyMMdd".',
    ],
    [`${key}/20151229/us-east-1/sts/aws4_request`, 'incorrect service "sts". This endpoint belongs to "s3".'],
    [`${key}/20151229/us-east-1/s3/aws4`, 'incorrect terminal "aws4". This endpoint uses "aws4_request".'],
    ["/20151229/us-east-1/s3/aws4_request", "a non-empty Access Key (AKID) must be provided in the credential."],
    [
      `${key}/20151230/us-east-1/s3/aws4_request`,
      'Invalid credential date "20151230". This date is not the same as X-Amz-Date: "20151229".',
    ],
  ] as const) {
    await expectRefusal(() => authenticated({ ...V4, "x-amz-credential": credential }), {
      ...{ code: "InvalidArgument", status: 400, message },
      details: [
        ["ArgumentName", "X-Amz-Credential"],
        ["ArgumentValue", credential],
      ],
    });
  }
  for (const region of ["eu-west-1", ""]) {
    const credential = `${key}/20151229/${region}/s3/aws4_request`;
    await expectRefusal(() => authenticated({ ...V4, "x-amz-credential": credential }), {
      ...{ code: "InvalidArgument", status: 400, message: `the region '${region}' is wrong; expecting 'us-east-1'` },
      details: [
        ["ArgumentName", "X-Amz-Credential"],
        ["ArgumentValue", credential],
        ["Region", "us-east-1"],
      ],
    });
  }
});

test("authenticatePolicy: an algorithm or a date that cannot be is InvalidArgument", async () => {
  for (const [field, name, value, message] of [
    ["x-amz-algorithm", "X-Amz-Algorithm", "AWS4", "Only AWS4-HMAC-SHA256 is supported"],
    ["x-amz-date", "X-Amz-Date", "today", "X-Amz-Date must be formated via ISO8601 Long format"],
  ] as const) {
    await expectRefusal(() => authenticated({ ...V4, [field]: value }), {
      ...{ code: "InvalidArgument", status: 400, message },
      details: [
        ["ArgumentName", name],
        ["ArgumentValue", value],
      ],
    });
  }
});

test("authenticatePolicy: a form by a presigned address is NotImplemented, and InvalidArgument if its fields are signed as well", async () => {
  const options = { credentials: exampleCredentials, region: "us-east-1", nowMs: NOW_MS };
  const request = wireRequestFor({ method: "POST", target: `/?AWSAccessKeyId=${accessKeyId}&Signature=a&Expires=2000000000` });
  await expectRefusal(() => authenticatePolicy(form({}), request, options), { code: "NotImplemented", status: 501 });
  await expectRefusal(() => authenticatePolicy(form(V2), request, options), {
    ...{ code: "InvalidArgument", status: 400 },
    message:
      "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization " +
      "header should be specified",
    details: [
      ["ArgumentName", "Authorization"],
      ["ArgumentValue", "null"],
    ],
  });
});

test("authenticatePolicy: a form may be signed in its Authorization header, and its policy counts", async () => {
  const date = "Tue, 29 Dec 2015 12:00:00 GMT";
  const signature = createHmac("sha1", secretAccessKey).update(`POST\n\n\n${date}\n/`).digest("base64");
  const request = wireRequestFor({ method: "POST", headers: { date, authorization: `AWS ${accessKeyId}:${signature}` } });
  const options = { credentials: exampleCredentials, region: "us-east-1", nowMs: NOW_MS };
  const asked = form({ policy: EXAMPLE_POLICY });
  const found = await authenticatePolicy(asked, request, options);
  assert.deepEqual([found.caller.accessKeyId, found.signature?.authType], [accessKeyId, "REST-HEADER"]);
  assert.deepEqual(asked.checkedAtMs, [NOW_MS]);
});
