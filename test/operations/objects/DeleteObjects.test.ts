import assert from "node:assert/strict";
import { test } from "node:test";
import { DeleteBucket } from "../../../src/operations/buckets/DeleteBucket.ts";
import { DeleteObject } from "../../../src/operations/objects/DeleteObject.ts";
import { DeleteObjects } from "../../../src/operations/objects/DeleteObjects.ts";
import { PutObject } from "../../../src/operations/objects/PutObject.ts";
import type { ObjectIdentifier } from "../../../src/protocol/generated/types.ts";
import { findObject } from "../../../src/store/objects/objects.ts";
import type { ContextOptions } from "../contextFor.ts";
import { bucketIn, contextFor, memoryStore, payloadOf, refusal } from "../contextFor.ts";

async function opened(keys: readonly string[] = []) {
  const store = memoryStore();
  const bucket = await bucketIn(store);
  const etags = new Map<string, string>();
  for (const Key of keys) {
    const { output } = await PutObject.handle({ Bucket: "bucket", Key }, contextFor({ store, bucket, payload: payloadOf(Key) }));
    etags.set(Key, output.ETag!);
  }
  const present = async (key: string) => (await findObject(store, bucket, key)) !== undefined;
  const one = (input: object) => DeleteObject.handle({ Bucket: "bucket", Key: "a", ...input }, contextFor({ store, bucket }));
  const many = async (Objects: ObjectIdentifier[], options: ContextOptions & { quiet?: boolean } = {}) => {
    const input = { Bucket: "bucket", Delete: { Objects, Quiet: options.quiet } };
    return (await DeleteObjects.handle(input, contextFor({ store, bucket, ...options }))).output;
  };
  return { store, bucket, etags, present, one, many };
}

test("DeleteObject: removes an object; a missing one is no error", async () => {
  const { one, present } = await opened(["a"]);
  assert.deepEqual((await one({})).output, { DeleteMarker: undefined, VersionId: undefined });
  assert.equal(await present("a"), false);
  await one({});
});

test("DeleteObject: without versioning the version null is the object, any other is gone already, and what is none is refused", async () => {
  const { one, present } = await opened(["a"]);
  await refusal(one({ VersionId: "?" }), { code: "InvalidArgument", message: "Invalid version id specified" });
  const deleted = async (VersionId: string) => (await one({ VersionId })).output;
  assert.deepEqual(await deleted("v".repeat(32)), { DeleteMarker: undefined, VersionId: "v".repeat(32) });
  assert.equal(await present("a"), true);
  assert.deepEqual(await deleted("null"), { DeleteMarker: undefined, VersionId: "null" });
  assert.equal(await present("a"), false);
});

test("DeleteObject: a version on a condition is not deleted", async () => {
  const { one, present, etags } = await opened(["a"]);
  for (const IfMatch of [etags.get("a"), "*"]) {
    await refusal(one({ VersionId: "null", IfMatch }), { code: "NotImplemented", status: 501, details: { Header: "If-Match" } });
  }
  assert.equal(await present("a"), true);
});

test("DeleteObject: If-Match deletes exactly what it names", async () => {
  const { one, present, etags } = await opened(["a"]);
  await refusal(one({ IfMatch: '"other"' }), { code: "PreconditionFailed", status: 412, details: { Condition: "If-Match" } });
  await refusal(one({ Key: "none", IfMatch: "*" }), { code: "NoSuchKey", status: 404, details: { Key: "none" } });
  assert.equal(await present("a"), true);
  await one({ IfMatch: etags.get("a") });
  assert.equal(await present("a"), false);
});

test("DeleteObject: refuses what it cannot judge", async () => {
  const { one, present } = await opened(["a"]);
  await refusal(one({ IfMatchSize: 1 }), { code: "NotImplemented", details: { Header: "x-amz-if-match-size" } });
  await refusal(one({ IfMatchLastModifiedTime: new Date() }), { code: "NotImplemented" });
  for (const BypassGovernanceRetention of [true, false]) {
    await refusal(one({ BypassGovernanceRetention }), {
      code: "InvalidArgument",
      details: { ArgumentName: "x-amz-bypass-governance-retention" },
    });
  }
  assert.equal(await present("a"), true);
});

test("DeleteObject: fails with NoSuchBucket when the bucket is gone", async () => {
  const { one, store, bucket } = await opened();
  await DeleteBucket.handle({ Bucket: "bucket" }, contextFor({ store, bucket }));
  await refusal(one({}), { code: "NoSuchBucket" });
});

test("DeleteObject: gives up the blob of a large object", async () => {
  const { store, bucket, one } = await opened();
  const payload = payloadOf(Buffer.alloc(100_000));
  await PutObject.handle({ Bucket: "bucket", Key: "a" }, contextFor({ store, bucket, payload }));
  const before = (await store.metadata.statistics()).entries;
  await one({});
  // The object's row goes and a row for the collector comes; it removes content and blob.
  assert.equal((await store.metadata.statistics()).entries, before);
});

test("DeleteObjects: reports on each key in order, missing ones as deleted", async () => {
  const { many, present } = await opened(["a", "b"]);
  const output = await many([{ Key: "b" }, { Key: "none" }, { Key: "a" }]);
  assert.deepEqual(output, {
    Deleted: [
      { Key: "b", VersionId: undefined },
      { Key: "none", VersionId: undefined },
      { Key: "a", VersionId: undefined },
    ],
    Errors: [],
  });
  assert.equal((await present("a")) || (await present("b")), false);
});

test("DeleteObjects: quiet reports only what failed", async () => {
  const { many } = await opened(["a", "b"]);
  const output = await many([{ Key: "a" }, { Key: "b", ETag: '"other"' }], { quiet: true });
  assert.deepEqual(output, {
    Deleted: [],
    Errors: [
      {
        Key: "b",
        VersionId: undefined,
        Code: "PreconditionFailed",
        Message: "At least one of the pre-conditions you specified did not hold",
      },
    ],
  });
});

test("DeleteObjects: one key's refusal keeps no other from going", async () => {
  const { many, present, etags } = await opened(["a", "b", "c", "d"]);
  const output = await many(
    [
      { Key: "a", ETag: etags.get("a")! },
      { Key: "b", VersionId: "?" },
      { Key: "c", Size: 1 },
      { Key: "d" },
      { Key: "none", ETag: "*" },
      { Key: "k".repeat(1025) },
      { Key: "forbidden" },
      { Key: "a", VersionId: "v".repeat(33) },
      { Key: "c", VersionId: "null", ETag: etags.get("c")! },
    ],
    { may: ({ key }) => key !== "forbidden" },
  );
  assert.deepEqual(
    output.Deleted?.map(({ Key }) => Key),
    ["a", "d"],
  );
  assert.deepEqual(
    output.Errors?.map(({ Code }) => Code),
    ["NoSuchVersion", "NotImplemented", "NoSuchKey", "KeyTooLongError", "AccessDenied", "NoSuchVersion", "NotImplemented"],
  );
  assert.deepEqual([await present("a"), await present("b"), await present("c"), await present("d")], [false, true, true, false]);
});

test("DeleteObjects: a key named twice is gone the second time", async () => {
  const { many, etags } = await opened(["a"]);
  const plain = await many([{ Key: "a" }, { Key: "a" }]);
  assert.equal(plain.Deleted?.length, 2);
  const { many: again, etags: second } = await opened(["a"]);
  assert.deepEqual(second.get("a"), etags.get("a"));
  const output = await again([
    { Key: "a", ETag: etags.get("a")! },
    { Key: "a", ETag: etags.get("a")! },
  ]);
  assert.equal(output.Deleted?.length, 1);
  assert.deepEqual(
    output.Errors?.map(({ Code }) => Code),
    ["NoSuchKey"],
  );
});

test("DeleteObjects: takes 1,000 keys, not none and not 1,001", async () => {
  const { many } = await opened();
  const keys = (count: number) => Array.from({ length: count }, (_, index) => ({ Key: `k${index}` }));
  assert.equal((await many(keys(1000))).Deleted?.length, 1000);
  for (const count of [0, 1001]) await refusal(many(keys(count)), { code: "MalformedXML", status: 400 });
});

test("DeleteObjects: an empty key spoils the request", async () => {
  const { many, present } = await opened(["a"]);
  await refusal(many([{ Key: "a" }, { Key: "" }]), { code: "InvalidRequest", message: "Object must have a valid key name." });
  assert.equal(await present("a"), true);
});
