import assert from "node:assert/strict";
import { test } from "node:test";
import { dayOfLog, logKey } from "../../src/accessLogs/logKey.ts";
import type { BucketLogging } from "../../src/store/buckets/logging.ts";
import { PLAIN_BUCKET } from "../../src/store/records/BucketRecord.ts";
import { accountIdOf } from "../../src/store/accounts/accountIds.ts";

const source = {
  ...PLAIN_BUCKET,
  name: "photos",
  id: "0123456789abcdef",
  region: "eu-west-1",
  ownerId: "a".repeat(64),
  ownerName: "",
  createdAtMs: 0,
  configurationRevision: 1,
};
const account = accountIdOf(source.ownerId);
const timeMs = Date.UTC(2026, 2, 1, 7, 8, 9, 999);
const unique = "E568B2907131C0C0";
const plain: BucketLogging = { targetBucket: "logs", targetPrefix: "of/photos-" };

function key(logging: BucketLogging, at = timeMs): string {
  return logKey({ source, logging, timeMs: at, unique });
}

test("Log key: prefix, time of delivery and what makes it unique, which is the simple format too", () => {
  const expected = `of/photos-2026-03-01-07-08-09-${unique}`;
  assert.equal(key(plain), expected);
  assert.equal(key({ ...plain, keyFormat: { kind: "simple" } }), expected);
  assert.equal(key({ ...plain, targetPrefix: "" }), `2026-03-01-07-08-09-${unique}`);
});

test("Log key: the partitioned format names account, region, bucket and day of the source", () => {
  const folder = `of/photos-${account}/eu-west-1/photos/2026/03/01/`;
  assert.equal(key({ ...plain, keyFormat: { kind: "partitioned" } }), `${folder}2026-03-01-07-08-09-${unique}`);
});

test("Log key: logs by the time of events are of one day each, and those of delivery of any", () => {
  const day = Date.UTC(2026, 2, 1);
  const partitioned = (dateSource?: "EventTime" | "DeliveryTime"): BucketLogging => ({
    ...plain,
    keyFormat: { kind: "partitioned", ...(dateSource && { dateSource }) },
  });
  assert.equal(dayOfLog(partitioned(), timeMs), day);
  assert.equal(dayOfLog(partitioned("EventTime"), day), day);
  assert.equal(dayOfLog(partitioned("EventTime"), day - 1), Date.UTC(2026, 1, 28));
  assert.equal(dayOfLog(partitioned("DeliveryTime"), timeMs), undefined);
  assert.equal(dayOfLog(plain, timeMs), undefined);
  assert.match(key(partitioned(), day), /\/2026\/03\/01\/2026-03-01-00-00-00-E568B2907131C0C0$/);
});
