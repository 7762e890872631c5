import assert from "node:assert/strict";
import { test } from "node:test";
import { BUCKET_POLICY_KIND } from "../../src/access/BucketPolicy.ts";
import { refusalOfLogDelivery } from "../../src/access/logDelivery.ts";
import { accountIdOf } from "../../src/store/accounts/accountIds.ts";
import { findBucket } from "../../src/store/buckets/buckets.ts";
import { putSetting } from "../../src/store/buckets/settings.ts";
import type { Acl, AclGroup } from "../../src/store/records/Acl.ts";
import type { BucketRecord } from "../../src/store/records/BucketRecord.ts";
import { NOTHING_BLOCKED } from "../../src/store/records/PublicAccessBlock.ts";
import { putAccountBlock } from "../../src/store/buckets/publicAccess.ts";
import { BUCKET, openTestStore } from "../store/testStore.ts";

const NOW_MS = Date.UTC(2026, 2, 1, 12, 0, 0, 250);
/** The logged bucket is another account's, in another region. */
const SOURCE = { ...BUCKET, name: "logged", id: "1".repeat(16), region: "eu-west-1", ownerId: "b".repeat(64) };
const TARGET_ACCOUNT = accountIdOf(BUCKET.ownerId);

/** Why a log may not be written to a bucket whose policy allows it on a condition. */
async function refusalOn(Condition: object): Promise<string | undefined> {
  const store = await openTestStore();
  const Statement = {
    Effect: "Allow",
    Principal: { Service: "logging.s3.amazonaws.com" },
    Action: "s3:PutObject",
    Resource: `arn:aws:s3:::${BUCKET.name}/logs/*`,
    Condition,
  };
  await putSetting(store, BUCKET, BUCKET_POLICY_KIND, JSON.stringify({ Version: "2012-10-17", Statement }));
  const target = (await findBucket(store, BUCKET.name))!;
  return refusalOfLogDelivery(store, { source: SOURCE, target, key: "logs/1", acl: undefined, nowMs: NOW_MS });
}

test("log delivery: a policy may ask for whom the service acts, who it is, and what holds of all that it sends", async () => {
  for (const [key, value] of [
    ["aws:SourceAccount", accountIdOf(SOURCE.ownerId)],
    ["aws:SourceArn", "arn:aws:s3:::logged"],
    ["aws:PrincipalIsAWSService", "true"],
    ["aws:SecureTransport", "true"],
    ["aws:ViaAWSService", "false"],
    ["aws:PrincipalServiceName", "logging.s3.amazonaws.com"],
    ["aws:ResourceAccount", TARGET_ACCOUNT],
    ["s3:ResourceAccount", TARGET_ACCOUNT],
    ["aws:RequestedRegion", "us-east-1"],
    ["aws:CurrentTime", "2026-03-01T12:00:00.250Z"],
    ["aws:EpochTime", "1772366400"],
  ] as const) {
    assert.equal(await refusalOn({ StringEquals: { [key]: value } }), undefined, key);
    assert.match((await refusalOn({ StringNotEquals: { [key]: value } }))!, /^no policy of the target allows s3:PutObject/, key);
  }
  const names = { "aws:PrincipalServiceNamesList": "logging.s3.amazonaws.com" };
  assert.equal(await refusalOn({ "ForAnyValue:StringEquals": names }), undefined);
});

test("log delivery: what only a request has, or a caller with an account, it does not have", async () => {
  for (const key of ["aws:SourceIp", "aws:userid", "aws:PrincipalArn", "aws:PrincipalAccount", "aws:UserAgent", "s3:x-amz-acl"])
    assert.equal(await refusalOn({ Null: { [key]: "true" } }), undefined, key);
});

/** A list that gives a group WRITE. */
const writableBy = (group: AclGroup): Acl => ({
  ownerId: BUCKET.ownerId,
  grants: [{ grantee: { kind: "group", group }, permission: "WRITE" }],
});

/** Why a log may not be written to a bucket with ACLs. */
async function refusalBy(acl: Acl | undefined, more: Partial<BucketRecord> = {}, logAcl?: Acl): Promise<string | undefined> {
  const target = { ...BUCKET, objectOwnership: "ObjectWriter", publicAccessBlock: undefined, acl, ...more } as const;
  return refusalOfLogDelivery(await openTestStore(), { source: SOURCE, target, key: "logs/1", acl: logAcl, nowMs: NOW_MS });
}

test("log delivery: an ACL that gives WRITE to the log delivery group, or to more, lets it in", async () => {
  for (const group of ["LogDelivery", "AuthenticatedUsers", "AllUsers"] as const)
    assert.equal(await refusalBy(writableBy(group)), undefined, group);
  const noGrant = /^no policy of the target allows .*, and its ACL does not give WRITE to the log delivery group$/;
  assert.match((await refusalBy(undefined))!, noGrant);
  assert.match((await refusalBy({ ownerId: BUCKET.ownerId, grants: [] }))!, noGrant);
});

test("log delivery: with ACLs disabled none lets it in, and the operator is told so", async () => {
  const refusal = await refusalBy(writableBy("LogDelivery"), { objectOwnership: "BucketOwnerEnforced" });
  assert.match(refusal!, /^no policy of the target allows .*, and the target has ACLs disabled$/);
});

test("log delivery: grants to the public are passed over where they are ignored, those to the group are not", async () => {
  const publicAccessBlock = { ...NOTHING_BLOCKED, ignorePublicAcls: true };
  assert.match((await refusalBy(writableBy("AllUsers"), { publicAccessBlock }))!, /does not give WRITE/);
  assert.equal(await refusalBy(writableBy("LogDelivery"), { publicAccessBlock }), undefined);
  assert.equal(await refusalBy(writableBy("AllUsers"), { publicAccessBlock: NOTHING_BLOCKED }), undefined);
});

test("log delivery: a log with a public ACL is refused where the target or its account blocks those", async () => {
  const blocked = "TargetGrants are public, and BlockPublicAcls is on for the target";
  const [target, all] = [writableBy("LogDelivery"), writableBy("AllUsers")];
  const publicAccessBlock = { ...NOTHING_BLOCKED, blockPublicAcls: true };
  assert.equal(await refusalBy(target, { publicAccessBlock }, all), blocked);
  assert.equal(await refusalBy(target, { publicAccessBlock }, writableBy("LogDelivery")), undefined);
  assert.equal(await refusalBy(target, { publicAccessBlock: NOTHING_BLOCKED }, all), undefined);
  const store = await openTestStore();
  await putAccountBlock(store, BUCKET.ownerId, publicAccessBlock);
  const open = { ...BUCKET, objectOwnership: "ObjectWriter", publicAccessBlock: undefined, acl: target } as const;
  assert.equal(await refusalOfLogDelivery(store, { source: SOURCE, target: open, key: "k", acl: all, nowMs: NOW_MS }), blocked);
});

test("log delivery: what a policy denies is denied, whatever else allows it", async () => {
  const store = await openTestStore();
  const Statement = { Effect: "Deny", Principal: "*", Action: "s3:PutObject", Resource: `arn:aws:s3:::${BUCKET.name}/*` };
  await putSetting(store, BUCKET, BUCKET_POLICY_KIND, JSON.stringify({ Version: "2012-10-17", Statement }));
  const bucket = (await findBucket(store, BUCKET.name))!;
  const target = {
    ...bucket,
    objectOwnership: "ObjectWriter",
    publicAccessBlock: undefined,
    acl: writableBy("LogDelivery"),
  } as const;
  assert.equal(
    await refusalOfLogDelivery(store, { source: SOURCE, target, key: "k", acl: undefined, nowMs: NOW_MS }),
    "the policy of the target denies s3:PutObject to logging.s3.amazonaws.com",
  );
});
