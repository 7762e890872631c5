import assert from "node:assert/strict";
import { test } from "node:test";
import { DeleteObjectTagging, GetObjectTagging } from "../../../src/operations/objectSettings/ObjectTagging.ts";
import { PutObject } from "../../../src/operations/objects/PutObject.ts";
import { contextFor, payloadOf, refusal } from "../contextFor.ts";
import { Uploads } from "../uploads.ts";

test("GetObjectTagging: an object has no tags, and one that is not there is NoSuchKey", async () => {
  const uploads = await Uploads.inNewBucket();
  const payload = payloadOf("x");
  await PutObject.handle(
    { ...uploads.target("k"), Body: payload },
    contextFor({ store: uploads.store, bucket: uploads.bucket, payload }),
  );
  const tags = (key: string) =>
    GetObjectTagging.handle(uploads.target(key), contextFor({ store: uploads.store, bucket: uploads.bucket }));
  assert.deepEqual((await tags("k")).output.TagSet, []);
  await refusal(tags("nothing"), { code: "NoSuchKey", details: { Key: "bucket/nothing" } });
});

test("DeleteObjectTagging: an object has no tags to delete, and one that is not there is NoSuchKey", async () => {
  const uploads = await Uploads.inNewBucket();
  const { store, bucket } = uploads;
  const payload = payloadOf("x");
  await PutObject.handle({ ...uploads.target("k"), Body: payload }, contextFor({ store, bucket, payload }));
  const untag = (key: string, VersionId?: string) =>
    DeleteObjectTagging.handle({ ...uploads.target(key), VersionId }, contextFor({ store, bucket }));
  assert.deepEqual(await untag("k"), { output: {} });
  await refusal(untag("nothing"), { code: "NoSuchKey", details: { Key: "bucket/nothing" } });
  await refusal(untag("k", "v1"), { code: "InvalidArgument", message: "Invalid version id specified" });
});
