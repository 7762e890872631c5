import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { QueryList } from "../../src/protocol/QueryList.ts";
import { expectRefusal } from "../auth/expectRefusal.ts";

const pairsOf = (rawQuery: string): string[][] => new QueryList(rawQuery).pairs().map(({ name, value }) => [name, value]);

for (const [rawQuery, pairs] of [
  ["", []],
  ["acl", [["acl", ""]]],
  ["acl=", [["acl", ""]]],
  ["prefix=a=b", [["prefix", "a=b"]]],
  ["=value", [["", "value"]]],
  [
    "&a=1&&b=2&",
    [
      ["a", "1"],
      ["b", "2"],
    ],
  ],
  ["a+b=c+d", [["a b", "c d"]]],
  ["a%2Bb=c%3Dd%26", [["a+b", "c=d&"]]],
  ["%C3%A9=%F0%9F%98%80", [["é", "😀"]]],
] as readonly (readonly [string, readonly (readonly string[])[]])[]) {
  test(`QueryList: "${rawQuery}" is ${JSON.stringify(pairs)}`, () => assert.deepEqual(pairsOf(rawQuery), pairs));
}

test("QueryList: of a repeated name the first counts, and each name is told once", () => {
  const query = new QueryList("b=1&a=2&b=3");
  assert.deepEqual([query.get("b"), query.get("a"), query.get("c")], ["1", "2", undefined]);
  assert.deepEqual([query.has("b"), query.has("c")], [true, false]);
  assert.deepEqual(query.names(), ["b", "a"]);
});

for (const [rawQuery, text] of [
  ["prefix=%", "%"],
  ["prefix=a%2", "a%2"],
  ["prefix=%zz", "%zz"],
  ["a=b&%C3=x", "%C3"],
  ["prefix=%FF+b", "%FF+b"],
] as const) {
  test(`QueryList: "${rawQuery}" is no percent-encoded UTF-8`, async () => {
    await expectRefusal(() => new QueryList(rawQuery), { code: "InvalidURI", status: 400, details: [["URI", text]] });
  });
}

test("QueryList: what forms encode comes back", () => {
  const texts = fc.string({ unit: "grapheme", maxLength: 8 });
  fc.assert(
    fc.property(fc.array(fc.tuple(texts, texts), { maxLength: 4 }), (pairs) => {
      const wellFormed = pairs.map(([name, value]) => [name.toWellFormed(), value.toWellFormed()]);
      assert.deepEqual(pairsOf(new URLSearchParams(wellFormed as [string, string][]).toString()), wellFormed);
    }),
  );
});
