import assert from "node:assert/strict";
import { test } from "node:test";
import type { IdentityArn } from "../../../src/store/accounts/arns.ts";
import { identityArn, parseIdentityArn } from "../../../src/store/accounts/arns.ts";

const ACCOUNT_ID = "111122223333";
const LONGEST_NAME = "n".repeat(128);

const KNOWN: readonly IdentityArn[] = [
  { kind: "user", accountId: ACCOUNT_ID, path: "/", name: "ann" },
  { kind: "group", accountId: ACCOUNT_ID, path: "/a/", name: "staff" },
  { kind: "role", accountId: ACCOUNT_ID, path: "/a/b//c/", name: LONGEST_NAME },
  { kind: "policy", accountId: "aws", path: "/!~:/", name: "_+=,.@-9" },
];

const OTHERS: readonly string[] = [
  "",
  `arn:aws:iam::${ACCOUNT_ID}:root`,
  `arn:aws:iam::${ACCOUNT_ID}:user`,
  `arn:aws:iam::${ACCOUNT_ID}:user/`,
  `arn:aws:iam::${ACCOUNT_ID}:user/a/`,
  `arn:aws:iam::${ACCOUNT_ID}:mfa/ann`,
  `arn:aws:iam::${ACCOUNT_ID}:user/${LONGEST_NAME}n`,
  `arn:aws:iam::${ACCOUNT_ID}:user/a b/ann`,
  `arn:aws:iam::${ACCOUNT_ID}:user/a\x7f/ann`,
  `arn:aws:iam::${ACCOUNT_ID}:user/ann `,
  ` arn:aws:iam::${ACCOUNT_ID}:user/ann`,
  `arn:aws:iam::${ACCOUNT_ID}0:user/ann`,
  `arn:aws:iam::${ACCOUNT_ID.slice(1)}:user/ann`,
  "arn:aws:iam::AWS:policy/p",
  `arn:aws:iam:us-east-1:${ACCOUNT_ID}:user/ann`,
  `arn:aws:sts::${ACCOUNT_ID}:role/ann`,
  `arn:aws-cn:iam::${ACCOUNT_ID}:user/ann`,
];

test("parseIdentityArn: takes apart what identityArn puts together", () => {
  for (const known of KNOWN) assert.deepEqual(parseIdentityArn(identityArn(known.kind, known)), known);
});

test("parseIdentityArn: every other text is none", () => {
  for (const text of OTHERS) assert.equal(parseIdentityArn(text), undefined, text);
});

test("parseIdentityArn: an ARN has 2048 characters at most", () => {
  const arnOf = (length: number): string => {
    const [before, behind] = [`arn:aws:iam::${ACCOUNT_ID}:policy/`, "/p"];
    return before + "a".repeat(length - before.length - behind.length) + behind;
  };
  assert.equal(parseIdentityArn(arnOf(2_048))?.name, "p");
  assert.equal(parseIdentityArn(arnOf(2_049)), undefined);
});
