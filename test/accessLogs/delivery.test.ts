import assert from "node:assert/strict";
import { test } from "node:test";
import { ServerAccessLogs } from "../../src/accessLogs/ServerAccessLogs.ts";
import { PutObjectLockConfiguration } from "../../src/operations/settings/ObjectLockConfiguration.ts";
import { deleteBucket, describeBucket, findBucket } from "../../src/store/buckets/buckets.ts";
import type { BucketLogging } from "../../src/store/buckets/logging.ts";
import type { AskedAcl } from "../../src/store/buckets/ownership.ts";
import { aclOf, LOG_SERVICE } from "../../src/store/buckets/ownership.ts";
import { accountIdOf } from "../../src/store/accounts/accountIds.ts";
import { putSetting } from "../../src/store/buckets/settings.ts";
import type { Grant } from "../../src/store/records/Acl.ts";
import type { BucketRecord } from "../../src/store/records/BucketRecord.ts";
import type { Store } from "../../src/store/Store.ts";
import { bucketIn, contextFor, memoryStore, NOW_MS, OWNER, STRANGER } from "../operations/contextFor.ts";
import { entry } from "./entry.ts";
import { deliveryPolicy, linesOf, storedLogs } from "./LoggedServer.ts";

/** How the logs of a bucket get into another one, and what keeps them out. */

const TO_LOGS: BucketLogging = { targetBucket: "logs", targetPrefix: "p/" };

interface Setup {
  readonly store: Store;
  readonly source: BucketRecord;
  readonly logs: ServerAccessLogs;
  readonly warnings: Readonly<Record<string, unknown>>[];
}

/** A bucket whose requests are logged into "logs", which is as `describe` makes it and has this policy. */
async function setUp(policy: string | undefined, describe: Partial<BucketRecord> = {}): Promise<Setup> {
  const store = memoryStore();
  const source = await bucketIn(store);
  const target = await bucketIn(store, "logs");
  const described = await describeBucket(store, target, (committed) => ({ ...committed, ...describe }));
  if (policy !== undefined) await putSetting(store, described, "policy", policy);
  const warnings: Readonly<Record<string, unknown>>[] = [];
  const logs = new ServerAccessLogs(store, (facts, what) => warnings.push({ ...facts, what }));
  return { store, source, logs, warnings };
}

/** How many lines were delivered of one, and why it was not. */
async function outcome({ source, logs, warnings }: Setup, logging: BucketLogging = TO_LOGS): Promise<unknown> {
  logs.add(source, logging, entry("A"));
  await logs.close();
  assert.deepEqual(logs.counts, warnings.length === 0 ? { delivered: 1, dropped: 0 } : { delivered: 0, dropped: 1 });
  return warnings.length === 0 ? "delivered" : warnings[0]!["reason"];
}

function statement(more: object): string {
  return deliveryPolicy("logs", more);
}

const ACCOUNT = accountIdOf(OWNER.canonicalId);
const SOURCE = { StringEquals: { "aws:SourceAccount": ACCOUNT }, ArnLike: { "aws:SourceArn": "arn:aws:s3:::bucket" } };
const NOT_ALLOWED = "no policy of the target allows s3:PutObject to logging.s3.amazonaws.com, and the target has ACLs disabled";
const DENIED = "the policy of the target denies s3:PutObject to logging.s3.amazonaws.com";

test("Log delivery: a policy of the target allows it, for the account and the bucket that it names", async () => {
  assert.equal(await outcome(await setUp(statement({}))), "delivered");
  assert.equal(await outcome(await setUp(statement({ Condition: SOURCE }))), "delivered");
  assert.equal(await outcome(await setUp(statement({ Resource: "arn:aws:s3:::logs/p/2026-03-01-*" }))), "delivered");
  assert.equal(await outcome(await setUp(statement({ Principal: "*" }))), "delivered");
  const asService = { Bool: { "aws:PrincipalIsAWSService": "true", "aws:SecureTransport": "true" } };
  assert.equal(await outcome(await setUp(statement({ Condition: asService }))), "delivered");
});

test("Log delivery: without a permission nothing is written, and the operator is told why", async () => {
  const otherAccount = { StringEquals: { "aws:SourceAccount": "111122223333" } };
  const otherBucket = { ArnLike: { "aws:SourceArn": "arn:aws:s3:::other" } };
  for (const policy of [
    undefined,
    statement({ Condition: otherAccount }),
    statement({ Condition: otherBucket }),
    statement({ Principal: { Service: "cloudtrail.amazonaws.com" } }),
    statement({ Principal: { AWS: ACCOUNT } }),
    statement({ Resource: "arn:aws:s3:::logs/q/*" }),
    statement({ Action: "s3:GetObject" }),
    statement({ Condition: { StringEquals: { "aws:SourceVpc": "vpc-1" } } }),
  ]) {
    const setup = await setUp(policy);
    assert.equal(await outcome(setup), NOT_ALLOWED);
    assert.deepEqual(await storedLogs(setup.store, "logs"), []);
    assert.deepEqual(setup.warnings, [
      {
        bucket: "bucket",
        targetBucket: "logs",
        lines: 1,
        reason: NOT_ALLOWED,
        what: "server access logs could not be delivered and are dropped",
      },
    ]);
  }
});

test("Log delivery: what a policy denies is denied, and what it excepts is not", async () => {
  const both = (more: object): string => {
    const [allow] = (JSON.parse(statement({})) as { Statement: object[] }).Statement;
    const deny = { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "arn:aws:s3:::logs/*", ...more };
    return JSON.stringify({ Version: "2012-10-17", Statement: [allow, deny] });
  };
  assert.equal(await outcome(await setUp(both({}))), DENIED);
  assert.equal(await outcome(await setUp(both({ Condition: { Bool: { "aws:SecureTransport": "false" } } }))), "delivered");
  const excepted = { Principal: undefined, NotPrincipal: { Service: "logging.s3.amazonaws.com" } };
  assert.equal(await outcome(await setUp(both(excepted))), "delivered");
  const others = { Principal: undefined, NotPrincipal: { Service: "cloudtrail.amazonaws.com" } };
  assert.equal(await outcome(await setUp(both(others))), DENIED);
});

/** The ACL of a bucket with these grants, or a canned one. */
function acl(asked: AskedAcl): Partial<BucketRecord> {
  return { objectOwnership: "ObjectWriter", acl: aclOf(asked, OWNER.canonicalId, OWNER.canonicalId) };
}

function toGroup(group: "LogDelivery" | "AllUsers", permission: Grant["permission"]): AskedAcl {
  return { kind: "grants", grants: [{ grantee: { kind: "group", group }, permission }] };
}

test("Log delivery: an ACL that gives the log delivery group WRITE allows it, where ACLs are enabled", async () => {
  const canned: AskedAcl = { kind: "canned", name: "log-delivery-write" };
  assert.equal(await outcome(await setUp(undefined, acl(canned))), "delivered");
  assert.equal(await outcome(await setUp(undefined, acl(toGroup("LogDelivery", "FULL_CONTROL")))), "delivered");
  const refused =
    "no policy of the target allows s3:PutObject to logging.s3.amazonaws.com, and its ACL does not give WRITE to the log delivery group";
  assert.equal(await outcome(await setUp(undefined, acl(toGroup("LogDelivery", "READ_ACP")))), refused);
  // What is granted to the public is ignored there, as the new bucket has it.
  assert.equal(await outcome(await setUp(undefined, acl(toGroup("AllUsers", "WRITE")))), refused);
  const open = { ...acl(toGroup("AllUsers", "WRITE")), publicAccessBlock: undefined };
  assert.equal(await outcome(await setUp(undefined, open)), "delivered");
  const disabled = { ...acl(canned), objectOwnership: "BucketOwnerEnforced" } as const;
  assert.equal(await outcome(await setUp(undefined, disabled)), NOT_ALLOWED);
  const policy = statement({ Effect: "Deny" });
  assert.equal(await outcome(await setUp(policy, acl(canned))), DENIED);
});

test("Log delivery: what a target may not be is found when it is delivered", async () => {
  const reasonFor = async (describe: Partial<BucketRecord>): Promise<unknown> => outcome(await setUp(statement({}), describe));
  assert.equal(await reasonFor({ requesterPays: true }), "requesters pay for the target");
  assert.equal(await reasonFor({ ownerId: STRANGER.canonicalId }), "the target belongs to another account");
  assert.equal(await reasonFor({ region: "eu-west-1" }), "the target is in another region");
  const gone = await setUp(statement({}));
  await deleteBucket(gone.store, (await findBucket(gone.store, "logs"))!);
  assert.equal(await outcome(gone), "the target does not exist any more");
  const long = await setUp(statement({}));
  assert.equal(await outcome(long, { ...TO_LOGS, targetPrefix: "x".repeat(989) }), "TargetPrefix is too long for a key");
  const longest = await setUp(statement({}));
  assert.equal(await outcome(longest, { ...TO_LOGS, targetPrefix: "x".repeat(988) }), "delivered");
});

test("Log delivery: a target with Object Lock takes logs, and one with a default retention does not", async () => {
  for (const [rule, expected] of [
    [undefined, "delivered"],
    [{ DefaultRetention: { Mode: "GOVERNANCE", Days: 1 } }, "the target has a default retention"],
  ] as const) {
    const setup = await setUp(statement({}), { versioning: "Enabled" });
    const bucket = (await findBucket(setup.store, "logs"))!;
    await PutObjectLockConfiguration.handle(
      { Bucket: "logs", ObjectLockConfiguration: { ObjectLockEnabled: "Enabled", Rule: rule } },
      contextFor({ store: setup.store, bucket }),
    );
    assert.equal(await outcome(setup), expected);
  }
});

test("Log delivery: a log is text of the bucket owner's, below the prefix, with S3's time in its key", async () => {
  const setup = await setUp(statement({}));
  setup.logs.add(setup.source, TO_LOGS, entry("A"));
  setup.logs.add(setup.source, TO_LOGS, entry("B"));
  await setup.logs.deliver();
  const [log, ...more] = await storedLogs(setup.store, "logs");
  assert.deepEqual(more, []);
  assert.match(log!.key, /^p\/2026-03-01-12-00-00-[0-9A-F]{16}$/);
  assert.deepEqual(
    linesOf(log!.text).map(({ requestId }) => requestId),
    ["A", "B"],
  );
  const { record } = log!;
  assert.deepEqual(
    [record.ownerId, record.acl, record.system, record.storageClass, record.lastModifiedMs, record.sizeBytes],
    [OWNER.canonicalId, undefined, { contentType: "text/plain" }, "STANDARD", NOW_MS, log!.text.length],
  );
  assert.deepEqual(setup.logs.counts, { delivered: 2, dropped: 0 });
});

test("Log delivery: where writers own what they write, a log is the log service's, with everything for the bucket owner", async () => {
  const reader: Grant = { grantee: { kind: "id", id: STRANGER.canonicalId }, permission: "READ" };
  for (const objectOwnership of ["ObjectWriter", "BucketOwnerPreferred"] as const) {
    const setup = await setUp(statement({}), { objectOwnership });
    assert.equal(await outcome(setup, { ...TO_LOGS, grants: [reader] }), "delivered");
    const { record } = (await storedLogs(setup.store, "logs"))[0]!;
    assert.deepEqual([record.ownerId, record.ownerName], [LOG_SERVICE.canonicalId, "s3-log-service"]);
    const full = (id: string): Grant => ({ grantee: { kind: "id", id }, permission: "FULL_CONTROL" });
    assert.deepEqual(record.acl, { ownerId: record.ownerId, grants: [full(record.ownerId), full(OWNER.canonicalId), reader] });
  }
});

test("Log delivery: grants to the public are refused where the target blocks them", async () => {
  const grants: Grant[] = [{ grantee: { kind: "group", group: "AllUsers" }, permission: "READ" }];
  const blocked = await setUp(statement({}), { objectOwnership: "ObjectWriter" });
  assert.equal(
    await outcome(blocked, { ...TO_LOGS, grants }),
    "TargetGrants are public, and BlockPublicAcls is on for the target",
  );
  const open = await setUp(statement({}), { objectOwnership: "ObjectWriter", publicAccessBlock: undefined });
  assert.equal(await outcome(open, { ...TO_LOGS, grants }), "delivered");
});

test("Log delivery: logs by the time of events hold one day each", async () => {
  const setup = await setUp(statement({}));
  const logging: BucketLogging = { ...TO_LOGS, keyFormat: { kind: "partitioned", dateSource: "EventTime" } };
  const dayMs = 86_400_000;
  for (const [id, timeMs] of [
    ["A", NOW_MS],
    ["B", NOW_MS - dayMs],
    ["C", NOW_MS + 1],
  ] as const) {
    setup.logs.add(setup.source, logging, entry(id, { timeMs }));
  }
  await setup.logs.deliver();
  const found = (await storedLogs(setup.store, "logs")).map(({ key, text }) => {
    return [
      key.replace(/[0-9A-F]{16}$/, ""),
      linesOf(text)
        .map(({ requestId }) => requestId)
        .join(""),
    ];
  });
  const folder = `p/${ACCOUNT}/us-east-1/bucket`;
  assert.deepEqual(found, [
    [`${folder}/2026/02/28/2026-02-28-00-00-00-`, "B"],
    [`${folder}/2026/03/01/2026-03-01-00-00-00-`, "AC"],
  ]);
});
