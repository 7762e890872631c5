import assert from "node:assert/strict";
import { test } from "node:test";
import { DeleteBucket } from "../../../src/operations/buckets/DeleteBucket.ts";
import { ListObjectVersions } from "../../../src/operations/lists/ListObjectVersions.ts";
import { ListObjectsV2 } from "../../../src/operations/lists/ListObjectsV2.ts";
import { GetObjectAttributes } from "../../../src/operations/objects/GetObjectAttributes.ts";
import { HeadObject } from "../../../src/operations/objects/HeadObject.ts";
import { GetBucketVersioning } from "../../../src/operations/settings/BucketVersioning.ts";
import { CompleteMultipartUpload } from "../../../src/operations/uploads/CompleteMultipartUpload.ts";
import { CreateMultipartUpload } from "../../../src/operations/uploads/CreateMultipartUpload.ts";
import { UploadPart } from "../../../src/operations/uploads/UploadPart.ts";
import { UploadPartCopy } from "../../../src/operations/uploads/UploadPartCopy.ts";
import { contextFor, payloadOf, refusal } from "../contextFor.ts";
import { VersionedBucket } from "../VersionedBucket.ts";

const UNKNOWN = "v".repeat(32);

test("PutBucketVersioning: GetBucketVersioning shows nothing, Enabled, Suspended, as it was put", async () => {
  const bucket = await VersionedBucket.made();
  const status = async () => (await bucket.ask(GetBucketVersioning, {})).Status;
  assert.equal(await status(), undefined);
  for (const put of ["Enabled", "Suspended", "Enabled"] as const) {
    await bucket.version(put);
    assert.equal(await status(), put);
  }
});

test("PutObject: shows no version id without versioning, a new one with it, and null when it is suspended", async () => {
  const bucket = await VersionedBucket.made();
  assert.equal(await bucket.put("before"), undefined);
  await bucket.version("Enabled");
  const ids = [await bucket.put("one"), await bucket.put("two")];
  for (const id of ids) assert.match(id!, /^[A-Za-z0-9._]{32}$/);
  assert.notEqual(ids[0], ids[1]);
  await bucket.version("Suspended");
  assert.equal(await bucket.put("three"), "null");
  assert.deepEqual(await bucket.read(), ["three", "null"]);
  assert.deepEqual(await bucket.read({ VersionId: ids[0] }), ["one", ids[0]]);
  assert.deepEqual(await bucket.read({ VersionId: "null" }), ["three", "null"]);
});

test("PutObject: a bucket that was found without versioning, and has it by the commit, keeps what was there", async () => {
  const bucket = await VersionedBucket.made();
  await bucket.put("before");
  const stale = await bucket.record();
  await bucket.version("Enabled");
  const payload = payloadOf("after");
  const id = await bucket.put("after", {}, { bucket: stale, payload });
  assert.equal((await bucket.read({ VersionId: "null" }))[0], "before");
  assert.deepEqual((await bucket.read())[0], "after");
  // The answer is of the bucket as the request found it.
  assert.equal(id, undefined);
});

test("GetObject: behind a delete marker answers NoSuchKey with the marker's headers, and 405 for the marker itself", async () => {
  const bucket = await VersionedBucket.withVersioning();
  const id = await bucket.put("text");
  const { DeleteMarker, VersionId: marker } = await bucket.delete();
  assert.equal(DeleteMarker, true);
  const hidden = await refusal(bucket.read(), { code: "NoSuchKey", status: 404, details: { Key: "key" } });
  const headers = { "x-amz-delete-marker": "true", "x-amz-version-id": marker };
  assert.deepEqual(hidden.headers, headers);
  for (const asked of [bucket.read({ VersionId: marker }), bucket.ask(HeadObject, { VersionId: marker })]) {
    const refused = await refusal(asked, { code: "MethodNotAllowed", status: 405 });
    assert.deepEqual(refused.headers, { ...headers, Allow: "DELETE", "Last-Modified": "Sun, 01 Mar 2026 12:00:00 GMT" });
    assert.deepEqual(refused.details[1], ["ResourceType", "DeleteMarker"]);
  }
  const attributes = { ObjectAttributes: ["ETag" as const] };
  await refusal(bucket.ask(GetObjectAttributes, attributes), { code: "NoSuchKey" });
  await refusal(bucket.ask(GetObjectAttributes, { ...attributes, VersionId: marker }), { code: "MethodNotAllowed" });
  assert.equal((await bucket.ask(GetObjectAttributes, { ...attributes, VersionId: id })).VersionId, id);
  assert.deepEqual(await bucket.read({ VersionId: id }), ["text", id]);
});

test("GetObject: a well-formed version id of nothing answers NoSuchVersion, before and after versioning", async () => {
  const bucket = await VersionedBucket.made();
  await bucket.put("text");
  for (const status of ["Enabled", "Suspended"] as const) {
    await refusal(bucket.read({ VersionId: UNKNOWN }), { code: "NoSuchVersion", details: { Key: "key", VersionId: UNKNOWN } });
    await refusal(bucket.read({ VersionId: "v" }), { code: "InvalidArgument", message: "Invalid version id specified" });
    await bucket.version(status);
  }
  await bucket.delete();
  await refusal(bucket.read({ Key: "other", VersionId: "null" }), { code: "NoSuchVersion" });
});

test("GetObject: who may not list versions gets AccessDenied for one that is not there", async () => {
  const bucket = await VersionedBucket.withVersioning();
  const asked: string[] = [];
  const may = ({ action }: { action: string }): boolean => {
    asked.push(action);
    return false;
  };
  await refusal(bucket.ask(HeadObject, { VersionId: UNKNOWN }, { may }), { code: "AccessDenied", status: 403 });
  await refusal(bucket.ask(HeadObject, {}, { may }), { code: "AccessDenied", status: 403 });
  assert.deepEqual(asked, ["s3:ListBucketVersions", "s3:ListBucket"]);
});

test("DeleteObject: with versioning a marker comes on top, of a missing key too; by its id a version goes for good", async () => {
  const bucket = await VersionedBucket.withVersioning();
  const missing = await bucket.delete({ Key: "missing" });
  assert.equal(missing.DeleteMarker, true);
  const first = await bucket.put("first");
  const second = await bucket.put("second");
  const marker = await bucket.delete();
  assert.deepEqual(await bucket.delete({ VersionId: second }), { DeleteMarker: undefined, VersionId: second });
  await refusal(bucket.read(), { code: "NoSuchKey" });
  assert.deepEqual(await bucket.delete({ VersionId: marker.VersionId }), { DeleteMarker: true, VersionId: marker.VersionId });
  assert.deepEqual(await bucket.read(), ["first", first]);
  assert.deepEqual(await bucket.delete({ VersionId: UNKNOWN }), { DeleteMarker: undefined, VersionId: UNKNOWN });
  await bucket.delete({ VersionId: first });
  await refusal(bucket.read(), { code: "NoSuchKey" });
});

test("DeleteObject: while versioning is suspended the null version gives way to a null marker, and others stay", async () => {
  const bucket = await VersionedBucket.withVersioning();
  const kept = await bucket.put("kept");
  await bucket.version("Suspended");
  await bucket.put("null");
  for (let round = 0; round < 2; round++) assert.deepEqual(await bucket.delete(), { DeleteMarker: true, VersionId: "null" });
  await refusal(bucket.read({ VersionId: "null" }), { code: "MethodNotAllowed" });
  assert.equal((await bucket.read({ VersionId: kept }))[0], "kept");
  assert.deepEqual(await bucket.delete({ VersionId: "null" }), { DeleteMarker: true, VersionId: "null" });
  assert.deepEqual(await bucket.read(), ["kept", kept]);
});

test("DeleteObject: conditions look at the current version, for which a delete marker counts as none", async () => {
  const bucket = await VersionedBucket.withVersioning();
  await bucket.put("text");
  await refusal(bucket.delete({ IfMatch: '"other"' }), { code: "PreconditionFailed" });
  await bucket.delete({ IfMatch: "*" });
  await refusal(bucket.delete({ IfMatch: "*" }), { code: "NoSuchKey" });
  await refusal(bucket.delete({ IfMatch: "*", VersionId: UNKNOWN }), { code: "NotImplemented" });
  // So a write that wants nothing there may go on.
  await bucket.put("again", { IfNoneMatch: "*" });
  await refusal(bucket.put("once more", { IfNoneMatch: "*" }), { code: "PreconditionFailed" });
});

test("DeleteObjects: tells of markers made and markers gone, of one key many times over", async () => {
  const bucket = await VersionedBucket.withVersioning();
  const first = await bucket.put("first");
  const second = await bucket.put("second");
  const { Deleted, Errors } = await bucket.deleteMany([
    { Key: "key" },
    { Key: "key", VersionId: second },
    { Key: "key", VersionId: second },
    { Key: "key", VersionId: UNKNOWN },
    { Key: "key", VersionId: "?" },
  ]);
  const marker = Deleted![0]!.DeleteMarkerVersionId!;
  assert.deepEqual(Deleted, [
    { Key: "key", DeleteMarker: true, DeleteMarkerVersionId: marker },
    { Key: "key", VersionId: second },
    { Key: "key", VersionId: second },
    { Key: "key", VersionId: UNKNOWN },
  ]);
  assert.deepEqual(
    Errors?.map(({ Code, VersionId }) => [Code, VersionId]),
    [["NoSuchVersion", "?"]],
  );
  const again = await bucket.deleteMany([
    { Key: "key", VersionId: marker },
    { Key: "key", VersionId: first },
  ]);
  assert.deepEqual(again.Deleted, [
    { Key: "key", VersionId: marker, DeleteMarker: true, DeleteMarkerVersionId: marker },
    { Key: "key", VersionId: first },
  ]);
  await DeleteBucket.handle({ Bucket: "bucket" }, contextFor({ store: bucket.store, bucket: await bucket.record() }));
});

test("DeleteBucket: versions and delete markers keep a bucket, even where it shows no object", async () => {
  const bucket = await VersionedBucket.withVersioning();
  const { VersionId } = await bucket.delete();
  assert.equal((await bucket.ask(ListObjectsV2, {})).KeyCount, 0);
  await refusal(bucket.ask(DeleteBucket, {}), { code: "BucketNotEmpty", status: 409 });
  await bucket.delete({ VersionId });
  await bucket.ask(DeleteBucket, {});
});

test("CopyObject: copies a version by its id, names both versions, and so brings an older one back", async () => {
  const bucket = await VersionedBucket.withVersioning();
  const first = await bucket.put("first");
  await bucket.put("second");
  const { VersionId, CopySourceVersionId } = await bucket.copy(`bucket/key?versionId=${first}`);
  assert.equal(CopySourceVersionId, first);
  assert.deepEqual(await bucket.read(), ["first", VersionId]);
  await refusal(bucket.copy("bucket/key"), { code: "InvalidRequest" });
  const { VersionId: marker } = await bucket.delete();
  await refusal(bucket.copy("bucket/key", { Key: "other" }), { code: "NoSuchKey" });
  await refusal(bucket.copy(`bucket/key?versionId=${marker}`), {
    code: "InvalidRequest",
    message: "The source of a copy request may not specifically refer to a delete marker by version id.",
  });
  await refusal(bucket.copy(`bucket/key?versionId=${UNKNOWN}`), { code: "NoSuchVersion" });
});

test("CompleteMultipartUpload: makes a version, and shows it again when it is repeated; part copies name their source's", async () => {
  const bucket = await VersionedBucket.withVersioning();
  const before = await bucket.put("before");
  const { UploadId } = await bucket.ask(CreateMultipartUpload, {});
  const payload = payloadOf("part");
  const { ETag } = await bucket.ask(UploadPart, { UploadId: UploadId!, PartNumber: 1, Body: payload }, { payload });
  const complete = () =>
    bucket.ask(CompleteMultipartUpload, { UploadId: UploadId!, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } });
  const { VersionId } = await complete();
  assert.deepEqual(await bucket.read(), ["part", VersionId]);
  assert.deepEqual((await complete()).VersionId, VersionId);
  assert.equal((await bucket.read({ VersionId: before }))[0], "before");
  const { UploadId: another } = await bucket.ask(CreateMultipartUpload, { Key: "other" });
  const part = { Key: "other", UploadId: another!, PartNumber: 1, CopySource: `bucket/key?versionId=${before}` };
  assert.equal((await bucket.ask(UploadPartCopy, part)).CopySourceVersionId, before);
});

test("ListObjectVersions: versions and delete markers by key, the newest first, and which is the latest", async () => {
  const bucket = await VersionedBucket.made();
  await bucket.put("null one", { Key: "b" });
  await bucket.version("Enabled");
  const second = await bucket.put("two", { Key: "b" });
  const only = await bucket.put("only", { Key: "a" });
  const { VersionId: marker } = await bucket.delete({ Key: "b" });
  const { Versions, IsTruncated, NextKeyMarker } = await bucket.ask(ListObjectVersions, {});
  assert.deepEqual(
    Versions!.map(({ Key, VersionId, IsLatest, Size, ETag }) => [Key, VersionId, IsLatest, Size, ETag === undefined]),
    [
      ["a", only, true, 4, false],
      ["b", marker, true, undefined, true],
      ["b", second, false, 3, false],
      ["b", "null", false, 8, false],
    ],
  );
  assert.deepEqual([IsTruncated, NextKeyMarker], [false, undefined]);
});

test("ListObjectVersions: goes on inside a key, also behind a version that is gone by then", async () => {
  const bucket = await VersionedBucket.withVersioning();
  const ids = [await bucket.put("1"), await bucket.put("2"), await bucket.put("3")];
  const page = await bucket.ask(ListObjectVersions, { MaxKeys: 2 });
  assert.deepEqual(
    page.Versions!.map(({ VersionId }) => VersionId),
    [ids[2], ids[1]],
  );
  assert.deepEqual([page.IsTruncated, page.NextKeyMarker, page.NextVersionIdMarker], [true, "key", ids[1]]);
  const next = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
  const rest = async () =>
    (await bucket.ask(ListObjectVersions, next)).Versions!.map(({ VersionId, IsLatest }) => [VersionId, IsLatest]);
  assert.deepEqual(await rest(), [[ids[0], false]]);
  // What was shown goes, and the last one comes up: it is still to be shown, and the latest now.
  await bucket.deleteMany([
    { Key: "key", VersionId: ids[2]! },
    { Key: "key", VersionId: ids[1]! },
  ]);
  assert.deepEqual(await rest(), [[ids[0], true]]);
  assert.deepEqual((await bucket.ask(ListObjectVersions, { KeyMarker: "key" })).Versions, []);
});
