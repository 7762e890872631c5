import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import * as keys from "../../../src/store/records/keys.ts";

const BUCKET_ID = "00ff00ff00ff00ff";
const text = fc.string({ unit: "binary", maxLength: 12 });
const inside = (key: Buffer, { start, end }: { start: Uint8Array; end: Uint8Array }): boolean =>
  Buffer.compare(start, key) <= 0 && Buffer.compare(key, end) < 0;
const sign = (left: Uint8Array, right: Uint8Array): number => Buffer.compare(left, right);

test("keys: every key lies in the range of its table and in no other's", () => {
  const tables = [
    [keys.bucketKey("b"), keys.bucketRange()],
    [keys.objectKey(BUCKET_ID, "\u{10FFFF}"), keys.objectRange(BUCKET_ID)],
    [keys.uploadKey(BUCKET_ID, "\u{10FFFF}", "f"), keys.uploadRange(BUCKET_ID)],
    [keys.partKey("u", 65_535), keys.partRange("u")],
    [keys.inlineKey("i"), keys.inlineRange()],
    [keys.contentKey("c"), keys.contentRange()],
    [keys.blobKey("b"), keys.blobRange()],
    [keys.releaseKey("c", "1"), keys.releaseRange()],
    [keys.deadKey("b"), keys.deadRange()],
    [keys.completedKey("u"), keys.completedRange()],
    [keys.abandonedKey("u"), keys.abandonedRange()],
    [keys.userKey("AK"), keys.userRange()],
    [keys.ownerKey("admin"), keys.ownerRange()],
  ] as const;
  for (const [key] of tables) assert.equal(tables.filter(([, range]) => inside(key, range)).length, 1);
  for (const [key, range] of tables) assert.ok(inside(key, range));
});

test("keys: a bucket whose id ends in 0xFF keeps to itself", () => {
  const range = keys.objectRange("ffffffffffffffff");
  assert.ok(inside(keys.objectKey("ffffffffffffffff", "z"), range));
  assert.ok(!inside(keys.uploadKey("0000000000000000", "a", "u"), range));
});

test("keys: objects and uploads sort as the UTF-8 of their S3 keys", () => {
  fc.assert(
    fc.property(text, text, (left, right) => {
      const order = sign(Buffer.from(left), Buffer.from(right));
      assert.equal(sign(keys.objectKey(BUCKET_ID, left), keys.objectKey(BUCKET_ID, right)), order);
      if (order !== 0) assert.equal(sign(keys.uploadKey(BUCKET_ID, left, "f"), keys.uploadKey(BUCKET_ID, right, "0")), order);
    }),
  );
});

test("keys: an upload's key begins with its encoded S3 key, which decodes, and ends behind the terminator", () => {
  fc.assert(
    fc.property(text, (key) => {
      const encoded = keys.encodeUploadKeyPrefix(key);
      assert.ok(!encoded.includes(keys.UPLOAD_KEY_TERMINATOR));
      assert.equal(keys.commonPrefixOfUploads(Buffer.concat([keys.uploadBase(BUCKET_ID), encoded])), key);
      const expected = Buffer.concat([keys.uploadBase(BUCKET_ID), encoded, Buffer.from("\0id")]);
      assert.deepEqual(keys.uploadKey(BUCKET_ID, key, "id"), expected);
    }),
  );
});

test("uploadPosition: behind one upload of a key, or behind all of them, and before those of any later key", () => {
  const base = keys.uploadBase(BUCKET_ID);
  const position = (key: string, id: string): Buffer => Buffer.concat([base, keys.uploadPosition(key, id)]);
  assert.ok(sign(position("k", "5"), keys.uploadKey(BUCKET_ID, "k", "5")) === 0);
  assert.ok(sign(position("k", ""), keys.uploadKey(BUCKET_ID, "k", "f".repeat(60))) > 0);
  assert.ok(sign(position("k", ""), keys.uploadKey(BUCKET_ID, "k\0", "0")) < 0);
});

test("keys: parts sort by number, and one upload's id being the beginning of another's mixes nothing up", () => {
  const numbers = [1, 2, 9, 10, 255, 256, 10_000];
  const sorted = numbers.map((number) => keys.partKey("u", number)).sort(sign);
  assert.deepEqual(
    sorted,
    numbers.map((number) => keys.partKey("u", number)),
  );
  assert.ok(!inside(keys.partKey("u1", 1), keys.partRange("u")));
});

test("keys: names can be read back", () => {
  assert.equal(keys.nameInKey(keys.bucketKey("my-bucket")), "my-bucket");
  assert.equal(keys.nameInKey(new Uint8Array(keys.deadKey("b-1"))), "b-1");
  assert.equal(keys.contentIdInReleaseKey(keys.releaseKey("c1", "x\0y")), "c1");
});
