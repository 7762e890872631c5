import assert from "node:assert/strict";
import { test } from "node:test";
import { accountIdOf } from "../../../src/store/accounts/accountIds.ts";

test("accountIdOf: twelve digits, for ever the same, another for another owner", () => {
  const owners = Array.from({ length: 1000 }, (_, index) => index.toString(16).padStart(64, "0"));
  const ids = owners.map(accountIdOf);
  assert.equal(new Set(ids).size, owners.length);
  for (const id of ids) assert.match(id, /^(?!0{12})\d{12}$/);
  // Written down, for what is stored elsewhere must not come to mean another account.
  assert.equal(accountIdOf("a".repeat(64)), "907170039430");
});
