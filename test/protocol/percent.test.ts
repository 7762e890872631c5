import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isUnreserved, percentDecode, percentEncode } from "../../src/protocol/rest/percent.ts";

const UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
const BYTES: Buffer = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));

test("percentEncode: unreserved bytes stay, all others are written with two capital digits, and slashes as asked", () => {
  for (const byte of BYTES) {
    const character = String.fromCharCode(byte);
    const escaped = `%${Buffer.of(byte).toString("hex").toUpperCase()}`;
    assert.equal(percentEncode(Buffer.of(byte), false), UNRESERVED.includes(character) ? character : escaped);
    assert.equal(percentEncode(Buffer.of(byte), true), UNRESERVED.includes(character) || byte === 0x2f ? character : escaped);
  }
  assert.equal(percentEncode(Buffer.from("a/é b"), true), "a/%C3%A9%20b");
  assert.equal(percentEncode(Buffer.alloc(0), false), "");
});

test("isUnreserved: is true of the texts that encoding would not change", () => {
  for (const [text, keepingSlashes, otherwise] of [
    ["", true, true],
    [UNRESERVED, true, true],
    ["a/b", true, false],
    ["a/b c", false, false],
    ["/", true, false],
    ["0/", true, false],
    [" a", false, false],
    ["%41", false, false],
    ["é", false, false],
    ["日", false, false],
  ] as const) {
    assert.deepEqual([isUnreserved(text, true), isUnreserved(text, false)], [keepingSlashes, otherwise], text);
  }
});

test("percentDecode: what is encoded comes back, in digits of either case", () => {
  const every = [...BYTES].map((byte) => `%${Buffer.of(byte).toString("hex")}`).join("");
  assert.deepEqual(percentDecode(every), BYTES);
  assert.deepEqual(percentDecode(every.toUpperCase()), BYTES);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 20 }), fc.boolean(), (bytes, keepSlashes) => {
      assert.deepEqual(percentDecode(percentEncode(bytes, keepSlashes)), Buffer.from(bytes));
    }),
  );
});

for (const [text, bytes] of [
  ["", ""],
  ["a+b", "a b"],
  ["x41 abcd", "x41 abcd"],
  ["+,-", " ,-"],
  ["%2B", "+"],
  ["&%26", "&&"],
  ["%", "%"],
  ["a%", "a%"],
  ["%4", "%4"],
  ["%%41", "%A"],
  ["%41%4", "A%4"],
  ["%zz%41", "%zzA"],
  ["%4g%g4", "%4g%g4"],
  ["%/0%0/%:0%0:%@0%0@%`0%0`", "%/0%0/%:0%0:%@0%0@%`0%0`"],
  ["\u00e9%E9", "\u00e9\u00e9"],
] as const) {
  test(`percentDecode: "${text}" stands for "${bytes}", a byte for each character`, () => {
    assert.equal(percentDecode(text).toString("latin1"), bytes);
  });
}
