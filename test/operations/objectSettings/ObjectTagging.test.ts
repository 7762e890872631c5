import assert from "node:assert/strict";
import { test } from "node:test";
import { DeleteObjectTagging, GetObjectTagging, PutObjectTagging } from "../../../src/operations/objectSettings/ObjectTagging.ts";
import { refusal } from "../contextFor.ts";
import { VersionedBucket } from "../VersionedBucket.ts";

const tagSet = (tags: Readonly<Record<string, string>>) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

test("PutObjectTagging: tags are those of the last put, of the version that was named, and HEAD counts them", async () => {
  const bucket = await VersionedBucket.withVersioning();
  const older = await bucket.put("older");
  const newer = await bucket.put("newer");
  const put = (tags: Readonly<Record<string, string>>, VersionId?: string) =>
    bucket.ask(PutObjectTagging, { Tagging: { TagSet: tagSet(tags) }, VersionId });
  const tagsOf = async (VersionId?: string) => bucket.ask(GetObjectTagging, { VersionId });
  assert.deepEqual(await tagsOf(), { VersionId: newer, TagSet: [] });
  assert.deepEqual(await put({ colour: "blue", empty: "" }), { VersionId: newer });
  assert.deepEqual(await put({ of: "the older" }, older), { VersionId: older });
  assert.deepEqual(await tagsOf(), { VersionId: newer, TagSet: tagSet({ colour: "blue", empty: "" }) });
  assert.deepEqual(await tagsOf(older), { VersionId: older, TagSet: tagSet({ of: "the older" }) });
  assert.equal((await bucket.head()).TagCount, 2);
  await put({ colour: "red" });
  assert.deepEqual((await tagsOf()).TagSet, tagSet({ colour: "red" }));
  assert.deepEqual(await bucket.ask(DeleteObjectTagging, {}), { VersionId: newer });
  assert.deepEqual([(await tagsOf()).TagSet, (await bucket.head()).TagCount], [[], undefined]);
  assert.equal((await tagsOf(older)).TagSet.length, 1);
});

test("PutObjectTagging: changes neither ETag nor time of the object, nor makes a version", async () => {
  const bucket = await VersionedBucket.withVersioning();
  await bucket.put("text");
  const { ETag, LastModified, VersionId } = await bucket.head();
  await bucket.ask(PutObjectTagging, { Tagging: { TagSet: tagSet({ a: "b" }) } }, { nowMs: Date.UTC(2030, 1) });
  const after = await bucket.head();
  assert.deepEqual([after.ETag, after.LastModified, after.VersionId], [ETag, LastModified, VersionId]);
});

const REFUSED = [
  [
    "eleven tags",
    Object.fromEntries([..."abcdefghijk"].map((key) => [key, "1"])),
    "BadRequest",
    "Object tags cannot be greater than 10",
  ],
  ["a reserved key", { "aws:a": "1" }, "InvalidTag", "Your TagKey cannot be prefixed with aws:"],
  ["an empty key", { "": "1" }, "InvalidTag", "The TagKey you have provided is invalid"],
  ["a key of 129 characters", { ["k".repeat(129)]: "1" }, "InvalidTag", "The TagKey you have provided is invalid"],
  ["a value of 257 characters", { a: "v".repeat(257) }, "InvalidTag", "The TagValue you have provided is invalid"],
  ["a sign that tags do not have", { "a?": "1" }, "InvalidTag", "The TagKey you have provided is invalid"],
] as const;

for (const [what, tags, code, message] of REFUSED) {
  test(`PutObjectTagging: ${what} answers ${code}`, async () => {
    const bucket = await VersionedBucket.made();
    await bucket.put("text");
    await refusal(bucket.ask(PutObjectTagging, { Tagging: { TagSet: tagSet(tags) } }), { code, message, status: 400 });
    assert.deepEqual((await bucket.ask(GetObjectTagging, {})).TagSet, []);
  });
}

test("PutObjectTagging: a key that is named twice answers InvalidTag", async () => {
  const bucket = await VersionedBucket.made();
  await bucket.put("text");
  const TagSet = [...tagSet({ a: "1" }), ...tagSet({ a: "2" })];
  await refusal(bucket.ask(PutObjectTagging, { Tagging: { TagSet } }), {
    code: "InvalidTag",
    message: "Cannot provide multiple Tags with the same key",
    details: { TagKey: "a" },
  });
});

const ASKS: Readonly<Record<string, (bucket: VersionedBucket, more: object) => Promise<unknown>>> = {
  GetObjectTagging: (bucket, more) => bucket.ask(GetObjectTagging, more),
  PutObjectTagging: (bucket, more) => bucket.ask(PutObjectTagging, { Tagging: { TagSet: [] }, ...more }),
  DeleteObjectTagging: (bucket, more) => bucket.ask(DeleteObjectTagging, more),
};

for (const [name, ask] of Object.entries(ASKS)) {
  test(`${name}: of what is not there answers NoSuchKey with the bucket before the key, and 405 of a delete marker`, async () => {
    const bucket = await VersionedBucket.withVersioning();
    const { VersionId } = await bucket.delete();
    await refusal(ask(bucket, {}), { code: "NoSuchKey", details: { Key: "bucket/key" } });
    await refusal(ask(bucket, { VersionId }), { code: "MethodNotAllowed", status: 405 });
    await refusal(ask(bucket, { VersionId: "v1" }), { code: "InvalidArgument", message: "Invalid version id specified" });
  });
}

test("GetObjectTagging: an object that was given none has none", async () => {
  const bucket = await VersionedBucket.made();
  await bucket.put("text");
  assert.deepEqual((await bucket.ask(GetObjectTagging, {})).TagSet, []);
});

test("DeleteObjectTagging: takes all tags away, and none there is no error", async () => {
  const bucket = await VersionedBucket.made();
  await bucket.put("text", { Tagging: "a=1" });
  for (let round = 0; round < 2; round++) await bucket.ask(DeleteObjectTagging, {});
  assert.deepEqual((await bucket.ask(GetObjectTagging, {})).TagSet, []);
});

test("PutObject: x-amz-tagging gives tags; CopyObject takes them along unless it is told others", async () => {
  const bucket = await VersionedBucket.made();
  await bucket.put("text", { Tagging: "a=1&b=%C3%A4+%2B" });
  const tagsOf = async (Key: string) => (await bucket.ask(GetObjectTagging, { Key })).TagSet;
  assert.deepEqual(await tagsOf("key"), tagSet({ a: "1", b: "ä +" }));
  await bucket.copy("bucket/key", { Key: "copy" });
  assert.deepEqual(await tagsOf("copy"), tagSet({ a: "1", b: "ä +" }));
  await bucket.copy("bucket/key", { Key: "copy", Tagging: "c=3", TaggingDirective: "COPY" });
  assert.deepEqual(await tagsOf("copy"), tagSet({ a: "1", b: "ä +" }));
  await bucket.copy("bucket/key", { Key: "copy", Tagging: "c=3", TaggingDirective: "REPLACE" });
  assert.deepEqual(await tagsOf("copy"), tagSet({ c: "3" }));
  await bucket.copy("bucket/key", { Key: "copy", TaggingDirective: "REPLACE" });
  assert.deepEqual(await tagsOf("copy"), []);
});
