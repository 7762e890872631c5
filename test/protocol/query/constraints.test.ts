import assert from "node:assert/strict";
import { test } from "node:test";
import { constraintOf } from "../../../src/protocol/query/constraints.ts";

/** What AWS's pages say of a member: its least and greatest length or value, its pattern as they show it, values that have it and that have not. */
interface Row {
  readonly of: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly shown?: string;
  readonly good?: readonly string[];
  readonly bad?: readonly string[];
}

const NAMES = {
  min: 1,
  shown: String.raw`[\w+=,.@-]+`,
  good: ["a", "A-b_c.d@e,f=g+9", "_"],
  bad: ["a b", "a/b", "ä", "a\n", " a", "a:", "*"],
} as const;
const SESSION_NAMES = { ...NAMES, min: 2, shown: String.raw`[\w+=,.@-]*` } as const;
const DOCUMENTS = {
  min: 1,
  max: 131_072,
  shown: String.raw`[\u0009\u000A\u000D\u0020-\u00FF]+`,
  good: ["{}", "\t\n\r ÿ"],
  bad: ["Ā{}", "{}Ā", "\0"],
} as const;
const ARNS = { min: 20, max: 2048 } as const;
const PATHS = {
  min: 1,
  max: 512,
  good: ["/", "/a/", "/a/b/"],
  bad: ["a", "/a", "a/", "x/a/", "/a/x", "/a b/", "/ä/"],
} as const;
const TAG_TEXT = { good: ["a b", "ä_.:/=+-@", "9"], bad: ["a*", "*a", "a\n", "a;b"] } as const;
const TAG_KEYS = { min: 1, max: 128, shown: String.raw`[\p{L}\p{Z}\p{N}_.:/=+\-@]+`, ...TAG_TEXT } as const;

const ROWS: readonly Row[] = [
  { of: ["X.UserName", "X.GroupName", "X.NewGroupName", "X.PolicyName"], max: 128, ...NAMES },
  { of: ["CreateUserRequest.UserName", "X.NewUserName", "X.RoleName"], max: 64, ...NAMES },
  { of: ["X.Path", "X.NewPath"], ...PATHS, good: [...PATHS.good, "/!*~/"] },
  { of: ["CreatePolicyRequest.Path"], ...PATHS, good: [...PATHS.good, "/a.,+@=_-/"], bad: [...PATHS.bad, "/a*/", "//"] },
  {
    of: ["X.PathPrefix"],
    min: 1,
    max: 512,
    shown: String.raw`\u002F[\u0021-\u007F]*`,
    good: ["/", "/a", "/a/b"],
    bad: ["a/", "x/", "/a b", "/ä"],
  },
  { of: ["X.PolicyDocument", "X.AssumeRolePolicyDocument", "X.Policy"], ...DOCUMENTS },
  {
    of: ["AssumeRoleRequest.Policy", "AssumeRoleWithWebIdentityRequest.Policy", "GetFederationTokenRequest.Policy"],
    ...DOCUMENTS,
    max: 2048,
  },
  { of: ["X.PolicyArns"], max: 10 },
  { of: ["X.PolicyArn", "X.PermissionsBoundary", "X.RoleArn", "PolicyDescriptorType.arn"], ...ARNS },
  { of: ["X.Description"], max: 1000 },
  { of: ["X.MaxSessionDuration"], min: 3600, max: 43_200 },
  { of: ["X.MaxItems"], min: 1, max: 1000 },
  { of: ["X.Marker"], min: 1, shown: String.raw`[\u0020-\u00FF]+`, good: [" ", "aÿ"], bad: ["\na", "a\n", "Ā"] },
  { of: ["X.AccessKeyId"], min: 16, max: 128, shown: String.raw`[\w]+`, good: ["AKIA_1a"], bad: ["-a", "a-", "a b"] },
  {
    of: ["X.VersionId"],
    shown: String.raw`v[1-9][0-9]*(\.[A-Za-z0-9-]*)?`,
    good: ["v1", "v20", "v1.", "v1.a-B9"],
    bad: ["1", "v0", "xv1", "v1x", "v1.a_", "V1"],
  },
  { of: ["X.Tags", "X.TagKeys", "X.TransitiveTagKeys"], max: 50 },
  { of: ["X.TagKeys[]", "X.TransitiveTagKeys[]", "Tag.Key"], ...TAG_KEYS },
  { of: ["Tag.Value"], max: 256, shown: String.raw`[\p{L}\p{Z}\p{N}_.:/=+\-@]*`, ...TAG_TEXT },
  { of: ["X.RoleSessionName", "X.SourceIdentity"], max: 64, ...SESSION_NAMES },
  { of: ["GetFederationTokenRequest.Name"], max: 32, ...SESSION_NAMES },
  { of: ["X.DurationSeconds"], min: 900, max: 43_200 },
  { of: ["GetSessionTokenRequest.DurationSeconds", "GetFederationTokenRequest.DurationSeconds"], min: 900, max: 129_600 },
  { of: ["X.ExternalId"], min: 2, max: 1224, shown: String.raw`[\w+=,.@:\/-]*`, good: ["a:/b"], bad: ["a b", "*a", "a*"] },
  {
    of: ["X.SerialNumber"],
    min: 9,
    max: 256,
    shown: String.raw`[\w+=/:,.@-]*`,
    good: ["arn:aws:iam::1:mfa/a"],
    bad: ["a b", "*a", "a*"],
  },
  { of: ["X.TokenCode"], min: 6, max: 6, shown: String.raw`[\d]*`, good: ["000000"], bad: ["12345a", "a12345", "12 345"] },
  { of: ["X.WebIdentityToken"], min: 4, max: 20_000 },
  { of: ["X.ProviderId"], min: 4, max: 2048 },
];

test("constraints: lengths, values and patterns are those of AWS's pages, by the operation where they differ", () => {
  for (const { of, min, max, shown, good = [], bad = [] } of ROWS) {
    for (const name of of) {
      const [structure, member] = name.split(".") as [string, string];
      const found = constraintOf(structure, member)!;
      assert.deepEqual([found.min, found.max, found.shown], [min, max, shown], name);
      assert.equal(found.pattern !== undefined, good.length > 0, name);
      for (const text of good) assert.ok(found.pattern!.test(text), `${name}: ${text}`);
      for (const text of bad) assert.ok(!found.pattern!.test(text), `${name}: ${JSON.stringify(text)}`);
    }
  }
});

test("constraints: names and paths have a sentence of their own, and a token is never repeated", () => {
  assert.match(constraintOf("X", "UserName")!.complaint!, /^It must contain only alphanumeric characters/);
  for (const name of ["Path", "NewPath"]) assert.match(constraintOf("X", name)!.complaint!, /^It must begin and end with \//);
  assert.match(constraintOf("CreatePolicyRequest", "Path")!.complaint!, /^It must begin and end with \//);
  for (const name of ["RoleSessionName", "PathPrefix", "TokenCode"]) assert.equal(constraintOf("X", name)!.complaint, undefined);
  assert.equal(constraintOf("X", "WebIdentityToken")!.secret, true);
  assert.equal(constraintOf("X", "TokenCode")!.secret, undefined);
});

test("constraints: what is in no page may be anything", () => {
  for (const [structure, member] of [
    ["X", "SetAsDefault"],
    ["", "Path."],
    ["Tag", "Other"],
    ["Tag.Key", ""],
  ] as const)
    assert.equal(constraintOf(structure, member), undefined, member);
  assert.equal(constraintOf("X", "Key"), undefined);
});
