import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeInput } from "../../../src/protocol/query/decodeInput.ts";
import { parametersOf } from "../../../src/protocol/query/readForm.ts";
import type { QueryService } from "../../../src/protocol/query/services.ts";
import { iamService, stsService } from "../../../src/protocol/query/services.ts";

/** The input of an operation, of a form as text. */
function decoded(service: QueryService, action: string, form: string): unknown {
  return decodeInput(service, service.find(action)!, parametersOf(form));
}

const iam = (action: string, form: string) => decoded(iamService, action, form);
const sts = (action: string, form: string) => decoded(stsService, action, form);
const invalid = (message: string) => ({ code: "ValidationError", message });
const malformed = (path: string) => ({ code: "MalformedInput", message: `Unexpected value for ${path}` });
const ARN = "arn:aws:iam::111122223333:role/reader";

test("decodeInput: texts, numbers, booleans, and what nobody asked for passed over", () => {
  assert.deepEqual(iam("CreateUser", "UserName=ann&Path=%2F&Other=1&Other.2=3"), { UserName: "ann", Path: "/" });
  assert.deepEqual(iam("ListUsers", "MaxItems=7&PathPrefix=/a"), { MaxItems: 7, PathPrefix: "/a" });
  const version = "PolicyArn=arn:aws:iam::111122223333:policy/p&PolicyDocument={}";
  for (const [text, SetAsDefault] of [
    ["true", true],
    ["False", false],
    ["TRUE", true],
  ] as const) {
    const input = iam("CreatePolicyVersion", `${version}&SetAsDefault=${text}`) as { readonly SetAsDefault: boolean };
    assert.equal(input.SetAsDefault, SetAsDefault);
  }
  assert.throws(() => iam("CreatePolicyVersion", `${version}&SetAsDefault=yes`), malformed("setAsDefault"));
  assert.deepEqual(sts("GetCallerIdentity", "Action=GetCallerIdentity&a.b.c=1"), {});
});

test("decodeInput: a number has at most fifteen digits and nothing else", () => {
  for (const text of ["", "1.5", "1e3", "x1", "1x", " 1", "1000000000000000", "0x1"])
    assert.throws(() => iam("ListUsers", `MaxItems=${text}`), malformed("maxItems"), text);
  assert.throws(
    () => iam("ListUsers", "MaxItems=-1"),
    invalid(
      "1 validation error detected: Value '-1' at 'maxItems' failed to satisfy constraint: Member must have value greater than or equal to 1",
    ),
  );
  assert.deepEqual(iam("ListUsers", "MaxItems=1000"), { MaxItems: 1000 });
  assert.throws(
    () => iam("ListUsers", "MaxItems=1001"),
    invalid(
      "1 validation error detected: Value '1001' at 'maxItems' failed to satisfy constraint: Member must have value less than or equal to 1000",
    ),
  );
});

test("decodeInput: the items of a list in the order of their numbers, which may have gaps", () => {
  const tags = (form: string): unknown => (iam("TagUser", `UserName=ann&${form}`) as { readonly Tags: unknown }).Tags;
  const first = { Key: "a", Value: "1" };
  const second = { Key: "b", Value: "" };
  assert.deepEqual(tags("Tags.member.10.Key=b&Tags.member.10.Value=&Tags.member.9.Value=1&Tags.member.9.Key=a"), [first, second]);
  assert.deepEqual(tags("Tags="), []);
  assert.throws(() => tags("Tags=a"), malformed("tags"));
  assert.throws(() => tags("Tags.1.Key=a"), malformed("tags"));
  for (const number of ["", "x", "1x", "-1", "1234567890"])
    assert.throws(() => tags(`Tags.member.${number}.Key=a`), malformed("tags"), number);
  assert.deepEqual(iam("UntagUser", "UserName=ann&TagKeys.member.2=b&TagKeys.member.1=a"), {
    UserName: "ann",
    TagKeys: ["a", "b"],
  });
  assert.throws(() => iam("UntagUser", "UserName=ann&TagKeys.member.1.Key=b"), malformed("tagKeys.1.member"));
});

test("decodeInput: a value is no list, and no structure", () => {
  assert.throws(() => iam("GetUser", "UserName.member.1=ann"), malformed("userName"));
  assert.throws(() => iam("CreateUser", "UserName=ann&Tags.member.1=a"), {
    code: "ValidationError",
    message: /'tags\.1\.member\.key'/,
  });
});

test("decodeInput: all that is missing or wrong is told together, by the paths that AWS has for it", () => {
  assert.throws(
    () => sts("AssumeRole", "RoleSessionName=a"),
    invalid(
      "2 validation errors detected: Value null at 'roleArn' failed to satisfy constraint: Member must not be null; " +
        "Value 'a' at 'roleSessionName' failed to satisfy constraint: Member must have length greater than or equal to 2",
    ),
  );
  assert.throws(
    () =>
      sts(
        "AssumeRole",
        `RoleArn=${ARN}&RoleSessionName=ab&Tags.member.4.Key=a*&Tags.member.4.Value=1&TransitiveTagKeys.member.1=`,
      ),
    invalid(
      "2 validation errors detected: Value 'a*' at 'tags.1.member.key' failed to satisfy constraint: " +
        String.raw`Member must satisfy regular expression pattern: [\p{L}\p{Z}\p{N}_.:/=+\-@]+; ` +
        "Value '' at 'transitiveTagKeys.1.member' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ),
  );
  const many = Array.from({ length: 51 }, (_, index) => `TagKeys.member.${index + 1}=${"k".repeat(index < 40 ? 1 : 129)}`);
  assert.throws(
    () => iam("UntagUser", `UserName=ann&${many.join("&")}`),
    (error: Error) => {
      const [head, ...sentences] = error.message.split(/: (?=Value)|; /);
      assert.equal(head, "12 validation errors detected");
      assert.equal(sentences.length, 10);
      assert.equal(
        sentences[0],
        "Value at 'tagKeys' failed to satisfy constraint: Member must have length less than or equal to 50",
      );
      return true;
    },
  );
});

test("decodeInput: a name that is no name has a sentence of its own, told where nothing else is wrong", () => {
  const complaint = "It must contain only alphanumeric characters and/or the following: +=,.@_-";
  const of = (form: string) => () => iam("CreateUser", form);
  assert.throws(of("UserName=a%20b"), invalid(`The specified value for userName is invalid. ${complaint}`));
  const path = "It must begin and end with / and contain only alphanumeric characters and/or / characters.";
  assert.throws(of("Path=x&UserName=ann"), invalid(`The specified value for path is invalid. ${path}`));
  assert.throws(of("Path=x&UserName=a%20b"), invalid(`The specified value for userName is invalid. ${complaint}`));
  assert.throws(of("UserName=a%20b&PermissionsBoundary=short"), {
    code: "ValidationError",
    message: /^1 validation error detected: Value 'short' at 'permissionsBoundary'/,
  });
});

test("decodeInput: a value of an enumeration is one of its values, and a token is never repeated", () => {
  assert.throws(() => iam("UpdateAccessKey", "AccessKeyId=AKIAIOSFODNN7EXAMPLE&Status=On"), {
    code: "ValidationError",
    message:
      /^1 validation error detected: Value 'On' at 'status' failed to satisfy constraint: Member must satisfy enum value set: \[Active, /,
  });
  assert.throws(
    () => sts("AssumeRoleWithWebIdentity", `RoleArn=${ARN}&RoleSessionName=ab&WebIdentityToken=abc`),
    invalid(
      "1 validation error detected: Value at 'webIdentityToken' failed to satisfy constraint: Member must have length greater than or equal to 4",
    ),
  );
});
