import assert from "node:assert/strict";
import { test } from "node:test";
import { fits } from "../../src/journal/fits.ts";
import type { RequestFilter } from "../../src/journal/Journal.ts";
import { someRecord } from "./someRecord.ts";

const record = someRecord({
  ...{ requestId: "ID", hostId: "ID2", atMs: 5_000, method: "GET", operation: "GetObject", bucket: "photos", key: "cats/a.jpg" },
  ...{
    accessKeyId: "AKID",
    caller: "arn:aws:iam::123456789012:user/a",
    status: 404,
    errorCode: "NoSuchKey",
    faults: ["f1", "f2"],
  },
});

/** What the record fits, and what it does not, for each member of a filter. */
const CASES: readonly (readonly [fitting: RequestFilter, other: RequestFilter])[] = [
  [{ id: "ID" }, { id: "I" }],
  [{ id: "ID2" }, { id: "ID3" }],
  [{ operations: ["PutObject", "GetObject"] }, { operations: ["PutObject"] }],
  [{ bucket: "photos" }, { bucket: "photo" }],
  [{ key: "cats/a.jpg" }, { key: "cats/" }],
  [{ prefix: "cats/" }, { prefix: "a" }],
  [{ method: "GET" }, { method: "PUT" }],
  [{ caller: "AKID" }, { caller: "AKI" }],
  [{ caller: "arn:aws:iam::123456789012:user/a" }, { caller: "arn:aws:iam::123456789012:user/b" }],
  [{ status: 404 }, { status: 400 }],
  [{ status: "4xx" }, { status: "5xx" }],
  [{ errorCode: "NoSuchKey" }, { errorCode: "NoSuchBucket" }],
  [{ fault: "f2" }, { fault: "f3" }],
  [{ fromMs: 5_000 }, { fromMs: 5_001 }],
  [{ untilMs: 5_001 }, { untilMs: 5_000 }],
  [
    { bucket: "photos", status: "4xx" },
    { bucket: "photos", status: "2xx" },
  ],
];

test("fits: each member of a filter is heeded", () => {
  assert.equal(fits(record, {}), true);
  for (const [fitting, other] of CASES) {
    assert.equal(fits(record, fitting), true, JSON.stringify(fitting));
    assert.equal(fits(record, other), false, JSON.stringify(other));
  }
});

test("fits: a record that lacks what is asked for does not fit", () => {
  const bare = someRecord({ operation: undefined, bucket: undefined, key: undefined });
  const filters: RequestFilter[] = [
    { operations: [""] },
    { bucket: "" },
    { key: "" },
    { prefix: "" },
    { caller: "" },
    { fault: "" },
  ];
  for (const filter of filters.slice(1)) assert.equal(fits(bare, filter), false, JSON.stringify(filter));
});
