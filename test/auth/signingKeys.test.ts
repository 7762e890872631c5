import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { parseBasicTime } from "../../src/auth/requestTime.ts";
import { equalInConstantTime, SigningKey, signingKeyV4 } from "../../src/auth/signingKeys.ts";
import { anyCharacter } from "../anyCharacter.ts";

test("SigningKey: signs as HMAC-SHA256 does, whatever key and text", () =>
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), fc.string({ unit: anyCharacter, maxLength: 300 }), (key, text) => {
      const expected = createHmac("sha256", key).update(text).digest("hex");
      const signingKey = new SigningKey(Buffer.from(key));
      assert.equal(signingKey.sign(text), expected);
      assert.equal(signingKey.sign(text), expected);
    }),
  ));

test("signingKeyV4: is made once for a day and region, and anew for a changed secret", () => {
  const key = signingKeyV4("AKID", "secret", "20260301", "us-east-1");
  assert.equal(signingKeyV4("AKID", "secret", "20260301", "us-east-1"), key);
  assert.notEqual(signingKeyV4("AKID", "secret", "20260302", "us-east-1"), key);
  const changed = signingKeyV4("AKID", "changed", "20260301", "us-east-1");
  assert.notEqual(changed.sign("text"), key.sign("text"));
});

test("equalInConstantTime: tells texts apart, of equal length or not", () => {
  assert.equal(equalInConstantTime("abc", "abc"), true);
  assert.equal(equalInConstantTime("abc", "abd"), false);
  assert.equal(equalInConstantTime("abc", "ab"), false);
  assert.equal(equalInConstantTime("a", "ä"), false);
});

test("parseBasicTime: reads times there are, and no others", () => {
  assert.equal(parseBasicTime("20240229T235959Z"), Date.UTC(2024, 1, 29, 23, 59, 59));
  const others =
    ",20230229T000000Z,20240431T000000Z,20241301T000000Z,20240001T000000Z,20240100T000000Z,20240101T240000Z,20240101T006000Z," +
    "20240101T000060Z,20240101t000000Z,20240101T000000,2024010aT000000Z,00240101T000000Z,2024-01-01T00:00,20240101T00000 Z," +
    " 0240101T000000Z,20240101T0000-1Z,20240101T000000Zx,20240101T000000X,20240199T000000Z";
  for (const text of others.split(",")) {
    assert.equal(parseBasicTime(text), undefined, text);
  }
});
