import assert from "node:assert/strict";
import { test } from "node:test";
import {
  checkDescription,
  checkName,
  checkNumber,
  checkPath,
  checkPathPrefix,
  checkTags,
  isName,
} from "../../../src/store/accounts/identityForms.ts";
import type { IdentityTag } from "../../../src/store/records/identityFields.ts";

const refusal = (message: string, code = "ValidationError") => ({ name: "IdentityError", code, message });
const constraint = (value: string, member: string, what: string) =>
  refusal(`1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must ${what}`);

const NAMES = ["a", "_", "A-Z0-9+=,.@", "n".repeat(128)];
const NO_NAMES = ["a b", " a", "a ", "a/b", "ä", "a\n"];

test("checkName: letters, digits and +=,.@_- are a name, up to its length", () => {
  for (const name of NAMES) checkName("userName", name);
  for (const name of NO_NAMES) {
    const message =
      "The specified value for userName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-";
    assert.throws(() => checkName("userName", name), refusal(message), name);
  }
  assert.throws(() => checkName("m", ""), constraint("", "m", "have length greater than or equal to 1"));
  const long = "n".repeat(129);
  assert.throws(() => checkName("m", long), constraint(long, "m", "have length less than or equal to 128"));
  checkName("m", "nnn", 3);
  assert.throws(() => checkName("m", "nnnn", 3), constraint("nnnn", "m", "have length less than or equal to 3"));
});

test("isName: what is no name, or too long for one, is of nothing", () => {
  for (const name of NAMES) assert.equal(isName(name), true, name);
  for (const name of [...NO_NAMES, "", "n".repeat(129)]) assert.equal(isName(name), false, name);
});

test("checkPath: begins and ends with /, and has 512 characters at most", () => {
  for (const path of ["/", "/a/", "/!~/b/", `/${"a".repeat(510)}/`]) checkPath(path);
  for (const path of ["a", "/a", "a/", "//a", "/a b/", "/\x7f/", "/ä/", " /a/", "/a/ "]) {
    const message =
      "The specified value for newPath is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.";
    assert.throws(() => checkPath(path, "newPath"), refusal(message), path);
  }
  assert.throws(() => checkPath(""), constraint("", "path", "have length greater than or equal to 1"));
  const long = `/${"a".repeat(511)}/`;
  assert.throws(() => checkPath(long), constraint(long.slice(0, 256), "path", "have length less than or equal to 512"));
});

test("checkPathPrefix: begins with /", () => {
  for (const prefix of ["/", "/a", "/a/", "//", `/${"a".repeat(511)}`]) checkPathPrefix(prefix);
  for (const prefix of ["a", "a/", " /", "/a b", "/\x7f"]) {
    const message =
      "The specified value for pathPrefix is invalid. It must begin with / and contain only alphanumeric characters and/or / characters.";
    assert.throws(() => checkPathPrefix(prefix), refusal(message), prefix);
  }
  assert.throws(() => checkPathPrefix(""), constraint("", "pathPrefix", "have length greater than or equal to 1"));
  assert.throws(() => checkPathPrefix(`/${"a".repeat(512)}`), { message: /'pathPrefix'.* less than or equal to 512$/ });
});

test("checkDescription: Latin-1 in lines, up to 1000 characters", () => {
  for (const description of ["", "\t\n\r ~", "¡ÿ", "d".repeat(1_000)]) checkDescription(description);
  for (const description of ["\0", "\x7f", "\xa0", "Ā", "ok\x1f"]) {
    const what = "satisfy regular expression pattern: [\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]*";
    assert.throws(() => checkDescription(description), constraint(description, "description", what));
  }
  const long = "d".repeat(1_001);
  assert.throws(
    () => checkDescription(long),
    constraint(long.slice(0, 256), "description", "have length less than or equal to 1000"),
  );
});

test("checkNumber: from the least to the most", () => {
  for (const value of [3, 4, 5]) checkNumber("m", value, 3, 5);
  assert.throws(() => checkNumber("m", 2, 3, 5), constraint("2", "m", "have value greater than or equal to 3"));
  assert.throws(() => checkNumber("m", 6, 3, 5), constraint("6", "m", "have value less than or equal to 5"));
  assert.throws(() => checkNumber("m", Number.NaN, 3, 5), constraint("NaN", "m", "have value greater than or equal to 3"));
});

test("checkTags: 50 at most, of keys that differ in any case, in the characters that IAM takes", () => {
  const many = (count: number): IdentityTag[] => Array.from({ length: count }, (_, index) => [`t${index}`, ""]);
  checkTags([]);
  checkTags(many(50));
  checkTags([
    ["Ключ 日本_.:/=+-@", "значение"],
    ["k".repeat(128), "v".repeat(256)],
    ["awsx", ""],
  ]);
  assert.throws(() => checkTags(many(51)), constraint("51 tags", "tags", "have length less than or equal to 50"));
  const pattern = "satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]";
  const [ok, second]: [IdentityTag, string] = [["a", ""], "tags.2.member"];
  assert.throws(() => checkTags([ok, ["", ""]]), constraint("", `${second}.key`, "have length greater than or equal to 1"));
  const long = "k".repeat(257);
  const longKey = long.slice(0, 129);
  assert.throws(
    () => checkTags([ok, [longKey, ""]]),
    constraint(longKey, `${second}.key`, "have length less than or equal to 128"),
  );
  assert.throws(
    () => checkTags([ok, ["b", long]]),
    constraint(long.slice(0, 256), `${second}.value`, "have length less than or equal to 256"),
  );
  assert.throws(() => checkTags([ok, ["b!", ""]]), constraint("b!", `${second}.key`, `${pattern}+`));
  assert.throws(() => checkTags([ok, ["b", "!"]]), constraint("!", `${second}.value`, `${pattern}*`));
  for (const key of ["aws:x", "AWS:", "aWs:y"]) {
    assert.throws(
      () => checkTags([[key, ""]]),
      refusal("aws: prefixed tag key names are not allowed for external use.", "InvalidInput"),
    );
  }
  assert.throws(
    () => checkTags([ok, ["b", ""], ["A", ""]]),
    refusal("Duplicate tag keys found. Please note that Tag keys are case insensitive.", "InvalidInput"),
  );
});
