import assert from "node:assert/strict";
import { test } from "node:test";
import { GetObjectTagging } from "../../src/operations/GetObjectTagging.ts";
import { PutObject } from "../../src/operations/PutObject.ts";
import { contextFor, payloadOf, refusal } from "./contextFor.ts";
import { Uploads } from "./uploads.ts";

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
