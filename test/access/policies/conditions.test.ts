import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readAddress, readRange } from "../../../src/access/policies/addresses.ts";
import { compileCondition, readOperator } from "../../../src/access/policies/Condition.ts";
import { readDate } from "../../../src/access/policies/policyDates.ts";
import { anonymous, request } from "./requests.ts";

const KEY = "aws:Key";

/** Whether a condition holds for what a request has. */
function holds(
  operator: string,
  wanted: string | readonly string[],
  found?: string | readonly string[],
  more: Readonly<Record<string, string>> = {},
): boolean {
  const values = typeof wanted === "string" ? [wanted] : wanted;
  const condition = compileCondition(readOperator(operator)!, operator, KEY, values, true);
  assert.ok(!("refused" in condition), `${operator} refuses ${values.join(", ")}`);
  return condition.holds(request("s3:GetObject", "*", anonymous, { ...more, ...(found === undefined ? {} : { [KEY]: found }) }));
}

function refuses(operator: string, value: string): boolean {
  return "refused" in compileCondition(readOperator(operator)!, operator, KEY, [value], true);
}

test("condition operators: those that AWS has, with their prefixes and suffix", () => {
  assert.deepEqual(readOperator("ForAnyValue:StringLikeIfExists"), {
    quantifier: "ForAnyValue",
    base: "StringLike",
    ifExists: true,
  });
  assert.deepEqual(readOperator("Null"), { quantifier: undefined, base: "Null", ifExists: false });
  for (const name of [
    "String",
    "stringEquals",
    "NullIfExists",
    "ForAny:StringEquals",
    "StringEqualsIfExist",
    "NumericLike",
    "",
    "BoolNotEquals",
  ])
    assert.equal(readOperator(name), undefined, name);
});

test("String operators: case, wildcards and variables", () => {
  assert.ok(holds("StringEquals", "a*", "a*"));
  assert.ok(!holds("StringEquals", "a*", "ab"));
  assert.ok(!holds("StringEquals", "a", "A"));
  assert.ok(holds("StringEqualsIgnoreCase", "aB", "Ab"));
  assert.ok(!holds("StringNotEqualsIgnoreCase", "aB", "Ab"));
  assert.ok(holds("StringLike", "a?c*", "abcd"));
  assert.ok(!holds("StringLike", "A?c*", "abcd"));
  assert.ok(!holds("StringNotLike", "a?c*", "abcd"));
  assert.ok(holds("StringEquals", "${aws:username}", "alice", { "aws:username": "alice" }));
  assert.ok(!holds("StringEquals", "${aws:username}", "${aws:username}"));
  assert.ok(holds("StringNotEquals", "${aws:username}", "alice"));
  assert.ok(holds("StringLike", "${aws:username}*", "x*y", { "aws:username": "x*" }));
});

test("Numeric operators: compare numbers, and match nothing that is none", () => {
  assert.ok(holds("NumericEquals", "10", "10.0"));
  assert.ok(!holds("NumericNotEquals", "10", "10.0"));
  assert.ok(holds("NumericLessThan", "10", "9"));
  assert.ok(!holds("NumericLessThan", "10", "10"));
  assert.ok(holds("NumericLessThanEquals", "10", "10"));
  assert.ok(holds("NumericGreaterThan", "-1", "0"));
  assert.ok(!holds("NumericGreaterThan", "0", "0"));
  assert.ok(holds("NumericGreaterThanEquals", "1.2", "1.2"));
  assert.ok(!holds("NumericLessThan", "10", "many"));
  assert.ok(holds("NumericNotEquals", "10", "many"));
  assert.ok(refuses("NumericEquals", "ten"));
});

test("Date operators: compare dates of ISO 8601 and seconds since 1970", () => {
  assert.ok(holds("DateEquals", "2024-01-01T00:00:00Z", "2024-01-01T01:00:00+01:00"));
  assert.ok(holds("DateEquals", "1704067200", "2024-01-01T00:00:00.000Z"));
  assert.ok(holds("DateLessThan", "2024-01-02", "2024-01-01T23:59:59Z"));
  assert.ok(!holds("DateLessThan", "2024-01-02", "2024-01-02T00:00:00Z"));
  assert.ok(holds("DateLessThanEquals", "2024-01-02", "2024-01-02T00:00:00Z"));
  assert.ok(holds("DateGreaterThan", "2024-01", "2024-01-01T00:00:01Z"));
  assert.ok(holds("DateGreaterThanEquals", "2024", "2024-01-01T00:00:00Z"));
  assert.ok(holds("DateNotEquals", "2024", "2025"));
  assert.ok(refuses("DateEquals", "tomorrow"));
});

test("readDate: a day that does not exist is none", () => {
  for (const text of [
    "2023-02-29",
    "2024-13-01",
    "2024-01-01T24:00:00Z",
    "2024-01-01T00:60:00Z",
    "24-01-01",
    "",
    "2024-01-01 00:00:00",
  ])
    assert.equal(readDate(text), undefined, text);
  assert.equal(readDate("2024-02-29T12:30:15.5-00:30"), Date.UTC(2024, 1, 29, 13, 0, 15, 500));
});

test("Bool and Binary operators: true and false, and bytes in base 64", () => {
  assert.ok(holds("Bool", "true", "True"));
  assert.ok(!holds("Bool", "true", "false"));
  assert.ok(!holds("Bool", "false"));
  assert.ok(refuses("Bool", "yes"));
  assert.ok(holds("BinaryEquals", "QmluYXJ5", "QmluYXJ5"));
  assert.ok(!holds("BinaryEquals", "QmluYXJ5", "QmluYXJ6"));
  assert.ok(refuses("BinaryEquals", "%"));
});

test("IP address operators: IPv4, IPv6, and one in the other's clothes", () => {
  assert.ok(holds("IpAddress", "203.0.113.0/24", "203.0.113.7"));
  assert.ok(!holds("IpAddress", "203.0.113.0/24", "203.0.114.7"));
  assert.ok(holds("NotIpAddress", "203.0.113.0/24", "203.0.114.7"));
  assert.ok(holds("IpAddress", "203.0.113.7", "203.0.113.7"));
  assert.ok(holds("IpAddress", "203.0.113.0/24", "::ffff:203.0.113.7"));
  assert.ok(holds("IpAddress", "::ffff:203.0.113.0/120", "203.0.113.7"));
  assert.ok(holds("IpAddress", "2001:db8::/32", "2001:db8:1:2:3:4:5:6"));
  assert.ok(!holds("IpAddress", "2001:db8::/33", "2001:db8:8000::1"));
  assert.ok(holds("IpAddress", "2001:DB8:1234:5678::/64", "2001:db8:1234:5678::1"));
  assert.ok(!holds("IpAddress", "0.0.0.0/0", "2001:db8::1"));
  assert.ok(holds("IpAddress", "64:ff9b::192.0.2.1", "64:ff9b::c000:201"));
  assert.ok(holds("IpAddress", "0.0.0.0/0", "255.255.255.255"));
  assert.ok(holds("IpAddress", "fe80::/10", "fe80::1%eth0"));
  assert.ok(!holds("IpAddress", "0.0.0.0/0", "localhost"));
  for (const value of [
    "203.0.113",
    "203.0.113.256",
    "203.0.113.0/33",
    "203.0.113.0/",
    "::/129",
    "1.2.3.4.5",
    "01234::",
    "a",
    "1::2::3",
    "1:2:3:4:5:6:7:8::",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    ":::",
    ":1",
    "1.2.3.4::",
    "",
  ])
    assert.ok(refuses("IpAddress", value), value);
});

test("readAddress: reads back what was written", () => {
  fc.assert(
    fc.property(fc.ipV4(), (text) => {
      assert.deepEqual(readAddress(text), [text.split(".").reduce((sum, byte) => sum * 256 + Number(byte), 0)]);
    }),
  );
  fc.assert(
    fc.property(fc.ipV6(), (text) => {
      const address = readAddress(text)!;
      const groups = address.flatMap((group) => [Math.floor(group / 0x10000), group % 0x10000]);
      if (groups.length === 2) return;
      assert.deepEqual(readAddress(groups.map((group) => group.toString(16)).join(":")), address);
      assert.equal(readRange(`${text}/64`)?.prefixBits, 64);
    }),
  );
});

test("ARN operators: both forms take wildcards, part by part", () => {
  assert.ok(holds("ArnEquals", "arn:aws:iam::*:role/*", "arn:aws:iam::111122223333:role/r"));
  assert.ok(!holds("ArnLike", "arn:aws:iam::*:role/*", "arn:aws:iam::111122223333:user/r"));
  assert.ok(holds("ArnNotLike", "arn:aws:iam::*:role/*", "arn:aws:iam::111122223333:user/r"));
  assert.ok(!holds("ArnNotEquals", "arn:aws:iam::*:role/*", "arn:aws:iam::111122223333:role/r"));
});

test("Null: asks whether the key is there", () => {
  assert.ok(holds("Null", "true"));
  assert.ok(!holds("Null", "true", "x"));
  assert.ok(holds("Null", "false", "x"));
  assert.ok(!holds("Null", "false"));
  assert.ok(holds("Null", "true", []));
  assert.ok(holds("Null", ["true", "false"]));
  assert.ok(refuses("Null", "maybe"));
});

test("several values of a policy: any of them will do, and for negated operators none may", () => {
  assert.ok(holds("StringEquals", ["a", "b"], "b"));
  assert.ok(!holds("StringEquals", ["a", "b"], "c"));
  assert.ok(!holds("StringNotEquals", ["a", "b"], "b"));
  assert.ok(holds("StringNotEquals", ["a", "b"], "c"));
  assert.ok(!holds("StringEquals", [], "c"));
});

test("a key that is missing: does not match, which negated operators want", () => {
  for (const operator of ["StringEquals", "StringLike", "NumericEquals", "DateEquals", "Bool", "IpAddress", "ArnLike"]) {
    const value = { NumericEquals: "1", DateEquals: "2024", Bool: "true", IpAddress: "10.0.0.0/8" }[operator] ?? "arn:aws:s3:::b";
    assert.ok(!holds(operator, value), operator);
    assert.ok(holds(`${operator}IfExists`, value), operator);
  }
  for (const operator of ["StringNotEquals", "StringNotLike", "ArnNotLike"]) {
    assert.ok(holds(operator, "a"), operator);
    assert.ok(holds(`${operator}IfExists`, "a"), operator);
  }
  assert.ok(holds("NotIpAddress", "10.0.0.0/8"));
  assert.ok(!holds("StringEqualsIfExists", "a", "b"));
});

test("ForAllValues: each of the request's values has to match, and there may be none", () => {
  assert.ok(holds("ForAllValues:StringEquals", ["a", "b"], ["a", "b"]));
  assert.ok(!holds("ForAllValues:StringEquals", ["a", "b"], ["a", "c"]));
  assert.ok(holds("ForAllValues:StringEquals", "a"));
  assert.ok(holds("ForAllValues:StringEquals", "a", []));
  assert.ok(holds("ForAllValues:StringNotEquals", ["a", "b"], ["c", "d"]));
  assert.ok(!holds("ForAllValues:StringNotEquals", ["a", "b"], ["c", "a"]));
});

test("ForAnyValue: one of the request's values has to match, so there has to be one", () => {
  assert.ok(holds("ForAnyValue:StringLike", ["a*"], ["x", "ab"]));
  assert.ok(!holds("ForAnyValue:StringLike", ["a*"], ["x", "y"]));
  assert.ok(!holds("ForAnyValue:StringEquals", "a"));
  assert.ok(!holds("ForAnyValue:StringEqualsIfExists", "a"));
  assert.ok(!holds("ForAnyValue:StringNotEquals", "a"));
  assert.ok(holds("ForAnyValue:StringNotEquals", "a", ["a", "b"]));
  assert.ok(!holds("ForAnyValue:StringNotEquals", "a", ["a"]));
});

test("condition keys: upper and lower case make no difference", () => {
  const condition = compileCondition(readOperator("StringEquals")!, "StringEquals", "AWS:UserName", ["a"], true);
  assert.ok("holds" in condition && condition.holds(request("s3:GetObject", "*", anonymous, { "aws:username": "a" })));
});
