import assert from "node:assert/strict";
import { test } from "node:test";
import type { AclCaller, AskedPermission } from "../../src/access/acls.ts";
import { aclNeedOf, granted, isPublicAcl } from "../../src/access/acls.ts";
import type { AclPermission, Grant, Grantee } from "../../src/store/records/Acl.ts";

const OWNER = "a".repeat(64);
const FRIEND = "b".repeat(64);
const ANYBODY: AclCaller = { canonicalId: "c".repeat(64), isSigned: true };
const NOBODY: AclCaller = { canonicalId: "0".repeat(64), isSigned: false };
const ASKED: readonly AskedPermission[] = ["READ", "WRITE", "READ_ACP", "WRITE_ACP"];

const account = (id: string): Grantee => ({ kind: "id", id });
const group = (name: "AllUsers" | "AuthenticatedUsers" | "LogDelivery"): Grantee => ({ kind: "group", group: name });

function reason(
  grants: readonly (readonly [Grantee, AclPermission])[],
  caller: AclCaller,
  permission: AskedPermission,
  ignorePublic = false,
): string | undefined {
  const list: Grant[] = grants.map(([grantee, given]) => ({ grantee, permission: given }));
  return granted({ ownerId: OWNER, grants: list }, caller, permission, ignorePublic);
}

test("granted: each permission allows itself alone, and FULL_CONTROL all of them", () => {
  const friend = { canonicalId: FRIEND, isSigned: true };
  for (const given of [...ASKED, "FULL_CONTROL"] as const) {
    for (const asked of ASKED) {
      const allowed = reason([[account(FRIEND), given]], friend, asked) !== undefined;
      assert.equal(allowed, given === asked || given === "FULL_CONTROL", `${given} for ${asked}`);
    }
  }
  assert.equal(reason([[account(FRIEND), "READ"]], ANYBODY, "READ"), undefined);
  assert.equal(reason([], friend, "READ"), undefined);
});

test("granted: groups hold everybody, or everybody who signs, or nobody who asks", () => {
  assert.equal(reason([[group("AllUsers"), "READ"]], NOBODY, "READ"), "the ACL grants READ to the group AllUsers");
  assert.equal(reason([[group("AllUsers"), "READ"]], ANYBODY, "READ"), "the ACL grants READ to the group AllUsers");
  assert.equal(reason([[group("AuthenticatedUsers"), "READ"]], NOBODY, "READ"), undefined);
  assert.match(reason([[group("AuthenticatedUsers"), "READ"]], ANYBODY, "READ")!, /the group AuthenticatedUsers/);
  assert.equal(reason([[group("LogDelivery"), "WRITE"]], ANYBODY, "WRITE"), undefined);
});

test("granted: what is granted to the public is passed over when it is ignored, and nothing else is", () => {
  const grants = [
    [group("AllUsers"), "READ"],
    [group("AuthenticatedUsers"), "FULL_CONTROL"],
    [account(FRIEND), "READ"],
  ] as const;
  assert.equal(reason(grants, ANYBODY, "READ", true), undefined);
  assert.equal(reason(grants, { canonicalId: FRIEND, isSigned: true }, "READ", true), `the ACL grants READ to ${FRIEND}`);
});

test("isPublicAcl: a grant to everybody, or to everybody who signs, whatever it allows", () => {
  const isPublic = (...grantees: Grantee[]): boolean =>
    isPublicAcl({ ownerId: OWNER, grants: grantees.map((grantee) => ({ grantee, permission: "READ_ACP" })) });
  assert.equal(isPublicAcl(undefined), false);
  assert.equal(isPublic(account(OWNER), group("LogDelivery")), false);
  assert.equal(isPublic(account(OWNER), group("AllUsers")), true);
  assert.equal(isPublic(group("AuthenticatedUsers")), true);
});

test("aclNeedOf: the actions of S3's table, each by its list and permission, and no other", () => {
  const needs = {
    "s3:ListBucket": "bucket READ",
    "s3:ListBucketVersions": "bucket READ",
    "s3:ListBucketMultipartUploads": "bucket READ",
    "s3:PutObject": "bucket WRITE",
    "s3:DeleteObject": "bucket WRITE of owners",
    "s3:DeleteObjectVersion": "bucket WRITE of owners",
    "s3:GetBucketAcl": "bucket READ_ACP",
    "s3:PutBucketAcl": "bucket WRITE_ACP",
    "s3:GetObject": "object READ",
    "s3:GetObjectVersion": "object READ",
    "s3:GetObjectAcl": "object READ_ACP",
    "s3:GetObjectVersionAcl": "object READ_ACP",
    "s3:PutObjectAcl": "object WRITE_ACP",
    "s3:PutObjectVersionAcl": "object WRITE_ACP",
    "s3:GetObjectTagging": undefined,
    "s3:GetBucketPolicy": undefined,
    "s3:DeleteBucket": undefined,
  };
  for (const [action, expected] of Object.entries(needs)) {
    const need = aclNeedOf({ action });
    const found = need && `${need.on} ${need.permission}${need.ofOwners === true ? " of owners" : ""}`;
    assert.equal(found, expected, action);
  }
});

test("aclNeedOf: who writes an object may set its ACL with it, and of what else is said of it no ACL tells", () => {
  assert.deepEqual(aclNeedOf({ action: "s3:PutObjectAcl", ofNewObject: true }), { on: "bucket", permission: "WRITE" });
  assert.equal(aclNeedOf({ action: "s3:PutObjectTagging", ofNewObject: true }), undefined);
  assert.deepEqual(aclNeedOf({ action: "s3:PutObject", ofNewObject: true }), aclNeedOf({ action: "s3:PutObject" }));
});
