import assert from "node:assert/strict";
import { test } from "node:test";
import { BUCKET_POLICY_KIND } from "../../src/access/BucketPolicy.ts";
import { refusalOfLogDelivery } from "../../src/access/logDelivery.ts";
import { accountIdOf } from "../../src/store/accounts/accountIds.ts";
import { findBucket } from "../../src/store/buckets/buckets.ts";
import { putSetting } from "../../src/store/buckets/settings.ts";
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
