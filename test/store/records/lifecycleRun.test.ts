import assert from "node:assert/strict";
import { test } from "node:test";
import type { LifecycleRunRecord } from "../../../src/store/records/LifecycleRunRecord.ts";
import { LIFECYCLE_RUN_ROW } from "../../../src/store/records/LifecycleRunRecord.ts";

const { codec, key } = LIFECYCLE_RUN_ROW;

test("lifecycle's run: comes back as it was written, under way and ended", () => {
  const underWay: LifecycleRunRecord = {
    startedAtMs: 1_800_000_000_123,
    endedAtMs: 0,
    bucket: "photos",
    phase: "noncurrent",
    key: "ä/b",
  };
  const ended: LifecycleRunRecord = { startedAtMs: 1, endedAtMs: 2, bucket: "", phase: undefined, key: "" };
  for (const record of [underWay, ended]) assert.deepEqual(codec.decode(codec.encode(record, key), key), record);
});
