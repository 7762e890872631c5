import assert from "node:assert/strict";
import { test } from "node:test";
import type { AskedAcl, CannedAcl } from "../../../src/store/buckets/ownership.ts";
import {
  aclOf,
  actingAcl,
  actingOwnerId,
  EC2_ID,
  grantsOthers,
  handedOver,
  keptAcl,
  ownedBy,
  ownersAcl,
  settledOwner,
} from "../../../src/store/buckets/ownership.ts";
import type { Acl } from "../../../src/store/records/Acl.ts";
import type { BucketRecord, ObjectOwnership } from "../../../src/store/records/BucketRecord.ts";
import { BUCKET } from "../testStore.ts";

const HOST = { canonicalId: BUCKET.ownerId, displayName: BUCKET.ownerName };
const GUEST = { canonicalId: "b".repeat(64), displayName: "guest" };

const by = (objectOwnership: ObjectOwnership): BucketRecord => ({ ...BUCKET, objectOwnership });
const canned = (name: CannedAcl): AskedAcl => ({ kind: "canned", name });

/** A list in words: who has what. */
function inWords({ grants }: Acl): readonly string[] {
  return grants.map(({ grantee, permission }) => `${grantee.kind === "id" ? grantee.id : grantee.group} ${permission}`);
}

test("aclOf: a canned ACL gives its owner full control, and others what S3's table says", () => {
  const of = (name: CannedAcl, ownerId = GUEST.canonicalId): readonly string[] =>
    inWords(aclOf(canned(name), ownerId, HOST.canonicalId));
  const full = `${GUEST.canonicalId} FULL_CONTROL`;
  assert.deepEqual(of("private"), [full]);
  assert.deepEqual(of("public-read"), [full, "AllUsers READ"]);
  assert.deepEqual(of("public-read-write"), [full, "AllUsers READ", "AllUsers WRITE"]);
  assert.deepEqual(of("authenticated-read"), [full, "AuthenticatedUsers READ"]);
  assert.deepEqual(of("aws-exec-read"), [full, `${EC2_ID} READ`]);
  assert.equal(EC2_ID, "6aa5a366c34c1cbe25dc49211496e913e0351eb0e8c37aa3477e40942ec6b97c");
  assert.deepEqual(of("bucket-owner-read"), [full, `${HOST.canonicalId} READ`]);
  assert.deepEqual(of("bucket-owner-full-control"), [full, `${HOST.canonicalId} FULL_CONTROL`]);
  assert.deepEqual(of("log-delivery-write"), [full, "LogDelivery WRITE", "LogDelivery READ_ACP"]);
  for (const name of ["bucket-owner-read", "bucket-owner-full-control"] as const) {
    assert.deepEqual(of(name, HOST.canonicalId), [`${HOST.canonicalId} FULL_CONTROL`], `${name} of the bucket's owner`);
  }
});

test("aclOf: listed grants are all there are, also without the owner", () => {
  const asked: AskedAcl = { kind: "grants", grants: [{ grantee: { kind: "group", group: "AllUsers" }, permission: "READ" }] };
  assert.deepEqual(inWords(aclOf(asked, "o", "b")), ["AllUsers READ"]);
  assert.deepEqual(aclOf({ kind: "grants", grants: [] }, "o", "b"), { ownerId: "o", grants: [] });
});

test("keptAcl: the list of what has no list takes no room, and every other one is kept", () => {
  assert.equal(keptAcl(ownersAcl("o")), undefined);
  const others: readonly Acl[] = [
    { ownerId: "o", grants: [] },
    { ownerId: "o", grants: [{ grantee: { kind: "id", id: "o" }, permission: "READ" }] },
    { ownerId: "o", grants: [{ grantee: { kind: "id", id: "x" }, permission: "FULL_CONTROL" }] },
    { ownerId: "o", grants: [...ownersAcl("o").grants, ...ownersAcl("x").grants] },
  ];
  for (const acl of others) assert.equal(keptAcl(acl), acl);
});

test("grantsOthers: to other accounts and to groups, and not to the owner", () => {
  assert.equal(grantsOthers(undefined), false);
  assert.equal(grantsOthers({ ownerId: "o", grants: [] }), false);
  assert.equal(grantsOthers(ownersAcl("o")), false);
  assert.equal(grantsOthers({ ownerId: "o", grants: ownersAcl("x").grants }), true);
  assert.equal(grantsOthers(aclOf(canned("log-delivery-write"), "o", "o")), true);
});

test("handedOver: the new owner gets what the ACL granted to the former one, and others keep theirs", () => {
  const to = { ownerId: GUEST.canonicalId, ownerName: GUEST.displayName };
  const shared = { ...BUCKET, acl: aclOf(canned("log-delivery-write"), HOST.canonicalId, HOST.canonicalId) };
  const { acl, ...given } = handedOver(shared, to);
  assert.deepEqual(given, { ...given, ...to });
  assert.equal(acl?.ownerId, GUEST.canonicalId);
  assert.deepEqual(inWords(acl), [`${GUEST.canonicalId} FULL_CONTROL`, "LogDelivery WRITE", "LogDelivery READ_ACP"]);
  const granted = { ownerId: HOST.canonicalId, grants: [...ownersAcl(HOST.canonicalId).grants, ...ownersAcl("x").grants] };
  assert.equal(handedOver({ ...BUCKET, acl: granted }, { ownerId: "x", ownerName: "X" }).acl?.grants.length, 2);
  assert.deepEqual(handedOver(BUCKET, to), { ...BUCKET, ...to });
});

test("ownedBy: BucketOwnerEnforced gives every object to the bucket's owner, and none a list", () => {
  for (const asked of [undefined, canned("bucket-owner-full-control"), canned("private")]) {
    const expected = { ownerId: HOST.canonicalId, ownerName: HOST.displayName, acl: undefined };
    assert.deepEqual(ownedBy(by("BucketOwnerEnforced"), GUEST, asked), expected);
  }
});

test("ownedBy: ObjectWriter leaves an object to whoever writes it, whatever it grants the bucket's owner", () => {
  const mine = { ownerId: GUEST.canonicalId, ownerName: GUEST.displayName };
  const bucket = by("ObjectWriter");
  assert.deepEqual(ownedBy(bucket, GUEST, undefined), { ...mine, acl: undefined });
  assert.deepEqual(ownedBy(bucket, GUEST, canned("private")), { ...mine, acl: undefined });
  const shared = ownedBy(bucket, GUEST, canned("bucket-owner-full-control"));
  assert.equal(shared.ownerId, GUEST.canonicalId);
  assert.deepEqual(inWords(shared.acl!), [`${GUEST.canonicalId} FULL_CONTROL`, `${HOST.canonicalId} FULL_CONTROL`]);
});

test("ownedBy: BucketOwnerPreferred gives the bucket's owner what is written as bucket-owner-full-control, and nothing else", () => {
  const bucket = by("BucketOwnerPreferred");
  const given = { ownerId: HOST.canonicalId, ownerName: HOST.displayName, acl: undefined };
  assert.deepEqual(ownedBy(bucket, GUEST, canned("bucket-owner-full-control")), given);
  for (const asked of [undefined, canned("bucket-owner-read"), canned("public-read")]) {
    assert.equal(ownedBy(bucket, GUEST, asked).ownerId, GUEST.canonicalId);
  }
  assert.equal(ownedBy(bucket, GUEST, { kind: "grants", grants: ownersAcl(HOST.canonicalId).grants }).ownerId, GUEST.canonicalId);
});

test("ownedBy: the bucket's owner owns what they write by any setting, with the list they ask for where there are lists", () => {
  for (const setting of ["BucketOwnerPreferred", "ObjectWriter"] as const) {
    const owned = ownedBy(by(setting), HOST, canned("public-read"));
    assert.equal(owned.ownerId, HOST.canonicalId);
    assert.deepEqual(inWords(owned.acl!), [`${HOST.canonicalId} FULL_CONTROL`, "AllUsers READ"]);
  }
});

test("settledOwner: a bucket that disables ACLs meanwhile takes the object, and no other does", () => {
  const owned = ownedBy(by("ObjectWriter"), GUEST, canned("public-read"));
  const taken = { ownerId: HOST.canonicalId, ownerName: HOST.displayName, acl: undefined };
  assert.deepEqual(settledOwner(by("BucketOwnerEnforced"), owned), taken);
  assert.deepEqual(settledOwner(by("BucketOwnerPreferred"), owned), owned);
});

test("actingAcl: disabled lists act as the bucket owner's own, and come back when they are enabled again", () => {
  const owned = ownedBy(by("ObjectWriter"), GUEST, canned("public-read"));
  assert.deepEqual(actingAcl(by("BucketOwnerEnforced"), owned), ownersAcl(HOST.canonicalId));
  assert.equal(actingOwnerId(by("BucketOwnerEnforced"), owned), HOST.canonicalId);
  assert.equal(actingAcl(by("ObjectWriter"), owned), owned.acl);
  assert.equal(actingOwnerId(by("ObjectWriter"), owned), GUEST.canonicalId);
  assert.deepEqual(actingAcl(by("ObjectWriter"), { ...owned, acl: undefined }), ownersAcl(GUEST.canonicalId));
});
