import assert from "node:assert/strict";
import { test } from "node:test";
import type { NewAccount } from "../../../src/store/accounts/accountForms.ts";
import { checkAccountForms, AccountError } from "../../../src/store/accounts/accountForms.ts";

const VISIBLE = Array.from({ length: 0x7e - 0x20 }, (_, index) => String.fromCharCode(0x21 + index)).join("");

const TAKEN: Readonly<Record<"name" | "accessKeyId" | "secretAccessKey", readonly string[]>> = {
  name: ["a", "ab", "Anna Lena", "日本 花子", "o'neill", "x".repeat(64), `a${" ".repeat(62)}b`],
  accessKeyId: ["abc", "AKIA_.-09az", "x".repeat(128)],
  secretAccessKey: ["x".repeat(8), "x".repeat(128), VISIBLE],
};
const REFUSED: Readonly<Record<"name" | "accessKeyId" | "secretAccessKey", readonly string[]>> = {
  name: ["", " ", " a", "a ", "a\n", "\ta", "a\u0000b", "a\u2028b", "a\u2029b", "a\u200bb", "x".repeat(65)],
  accessKeyId: ["", "ab", "x".repeat(129), "a/b", "a b", "abc\n", "äbc", "abc+"],
  secretAccessKey: ["", "x".repeat(7), "x".repeat(129), "with a blank", "\u007f".repeat(8), "ä".repeat(8), `${"x".repeat(8)}\n`],
};

const user = (member: keyof typeof TAKEN, text: string): NewAccount => ({ name: "anna", [member]: text });

for (const member of ["name", "accessKeyId", "secretAccessKey"] as const) {
  test(`checkAccountForms: what can be a user's ${member}, and what cannot`, () => {
    for (const text of TAKEN[member]) checkAccountForms(user(member, text));
    for (const text of REFUSED[member])
      assert.throws(() => checkAccountForms(user(member, text)), AccountError, JSON.stringify(text));
  });
}

test("checkAccountForms: a refusal names what is wrong, but never a secret", () => {
  assert.throws(() => checkAccountForms({ name: "a\n" }), { name: "AccountError", message: /"a\n" cannot be a user's name/ });
  assert.throws(() => checkAccountForms(user("accessKeyId", "a/b")), { message: /"a\/b" cannot be an access key/ });
  assert.throws(() => checkAccountForms(user("secretAccessKey", "hush")), {
    message: "The secret key must have 8 to 128 visible ASCII characters.",
  });
});
