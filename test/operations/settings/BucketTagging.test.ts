import assert from "node:assert/strict";
import { test } from "node:test";
import { DeleteBucketTagging, GetBucketTagging, PutBucketTagging } from "../../../src/operations/settings/BucketTagging.ts";
import { refusal } from "../contextFor.ts";
import { VersionedBucket } from "../VersionedBucket.ts";
import { answerTo } from "./newBucket.ts";

test("GetBucketTagging: a bucket has no tags, which is NoSuchTagSet", async () => {
  await refusal(answerTo(GetBucketTagging, { Bucket: "bucket" }), {
    code: "NoSuchTagSet",
    status: 404,
    details: { BucketName: "bucket" },
  });
});

test("DeleteBucketTagging: there is nothing to delete, which is 204", async () => {
  assert.deepEqual(await answerTo(DeleteBucketTagging, { Bucket: "bucket" }), [204, ""]);
});

const TAGS = [
  { Key: "a", Value: "1" },
  { Key: "b", Value: "" },
];

test("PutBucketTagging: the tags are those of the last put, and a bucket can be made with some", async () => {
  const bucket = await VersionedBucket.made({ CreateBucketConfiguration: { Tags: TAGS.slice(0, 1) } });
  const shown = async () => (await bucket.ask(GetBucketTagging, {})).TagSet;
  assert.deepEqual(await shown(), TAGS.slice(0, 1));
  await bucket.ask(PutBucketTagging, { Tagging: { TagSet: TAGS } });
  assert.deepEqual(await shown(), TAGS);
  await bucket.ask(DeleteBucketTagging, {});
  await refusal(shown(), { code: "NoSuchTagSet" });
});

test("PutBucketTagging: 51 tags answer BadRequest, a key twice and a reserved one InvalidTag", async () => {
  const bucket = await VersionedBucket.made();
  const put = (TagSet: readonly { Key: string; Value: string }[]) => bucket.ask(PutBucketTagging, { Tagging: { TagSet } });
  const many = Array.from({ length: 51 }, (_, index) => ({ Key: String(index), Value: "" }));
  await put(many.slice(1));
  await refusal(put(many), { code: "BadRequest", message: "Bucket tag count cannot be greater than 50" });
  await refusal(put([...TAGS, ...TAGS]), { code: "InvalidTag", message: "Cannot provide multiple Tags with the same key" });
  await refusal(put([{ Key: "aws:a", Value: "" }]), {
    code: "InvalidTag",
    message: "System tags cannot be added/updated by requester",
  });
});
