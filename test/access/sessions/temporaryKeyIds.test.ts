import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { accountOfTemporaryKey, newTemporaryKeyId } from "../../../src/access/sessions/temporaryKeyIds.ts";

test("newTemporaryKeyId: 20 characters off which the account can be read, and another one each time", () => {
  for (const accountId of ["000000000001", "111122223333", "999999999999"]) {
    const one = newTemporaryKeyId(accountId, randomBytes);
    assert.match(one, /^ASIA[A-Z2-7]{16}$/);
    assert.equal(accountOfTemporaryKey(one), accountId);
    assert.notEqual(newTemporaryKeyId(accountId, randomBytes), one);
  }
});

test("accountOfTemporaryKey: no other text has an account", () => {
  for (const text of [
    "",
    "ASIA",
    "AKIAIOSFODNN7EXAMPLE",
    "ASIA0000000000000000",
    "ASIAIOSFODNN7EXAMPLEA",
    `ASIA${"7".repeat(16)}`,
  ]) {
    assert.equal(accountOfTemporaryKey(text), undefined, text);
  }
});
