import assert from "node:assert/strict";
import { test } from "node:test";
import { ListObjects } from "../../../src/operations/lists/ListObjects.ts";
import type { ListObjectsRequest } from "../../../src/protocol/generated/types.ts";
import { OWNER, refusal } from "../contextFor.ts";
import { contextWith, keysOf, prefixesOf } from "../listings.ts";

const list = async (keys: readonly string[], input: Partial<ListObjectsRequest>) =>
  (await ListObjects.handle({ Bucket: "bucket", ...input }, await contextWith(keys))).output;

test("ListObjects: an empty bucket, asked for nothing", async () => {
  assert.deepEqual(await list([], {}), {
    Name: "bucket",
    Prefix: "",
    Marker: "",
    NextMarker: undefined,
    MaxKeys: 1000,
    Delimiter: undefined,
    EncodingType: undefined,
    IsTruncated: false,
    Contents: [],
    CommonPrefixes: [],
  });
});

test("ListObjects: always shows owners", async () => {
  const { Contents } = await list(["a"], {});
  assert.deepEqual(Contents?.[0]?.Owner, { ID: OWNER.canonicalId });
});

test("ListObjects: NextMarker comes with a delimiter only, and may be a common prefix", async () => {
  const keys = ["a", "b/1", "b/2", "c"];
  const plain = await list(keys, { MaxKeys: 2 });
  assert.deepEqual([keysOf(plain.Contents), plain.IsTruncated, plain.NextMarker], [["a", "b/1"], true, undefined]);
  const folded = await list(keys, { MaxKeys: 2, Delimiter: "/" });
  assert.deepEqual([keysOf(folded.Contents), prefixesOf(folded.CommonPrefixes), folded.NextMarker], [["a"], ["b/"], "b/"]);
  const rest = await list(keys, { MaxKeys: 2, Delimiter: "/", Marker: "b/" });
  assert.deepEqual([keysOf(rest.Contents), prefixesOf(rest.CommonPrefixes), rest.IsTruncated], [["c"], [], false]);
  assert.deepEqual([rest.Marker, rest.NextMarker], ["b/", undefined]);
});

test("ListObjects: a marker need not be a key, and leaves out the common prefix it lies in", async () => {
  const keys = ["a/1", "a/3", "b"];
  assert.deepEqual(keysOf((await list(keys, { Marker: "a/2" })).Contents), ["a/3", "b"]);
  const folded = await list(keys, { Marker: "a/2", Delimiter: "/" });
  assert.deepEqual([keysOf(folded.Contents), prefixesOf(folded.CommonPrefixes)], [["b"], []]);
});

test("ListObjects: encoding-type=url encodes the markers too", async () => {
  const output = await list(["a b/1", "a c/1"], { EncodingType: "url", Delimiter: "/", MaxKeys: 1, Marker: "a " });
  assert.deepEqual([output.Marker, output.NextMarker, prefixesOf(output.CommonPrefixes)], ["a+", "a+b/", ["a+b/"]]);
});

test("ListObjects: start-after is refused, for it would be ignored", async () => {
  await refusal(ListObjects.handle({ Bucket: "bucket", StartAfter: "k" }, await contextWith([])), {
    code: "InvalidArgument",
    message: "startAfter only supported in REST.GET.BUCKET with list-type=2",
    details: { ArgumentName: "start-after", ArgumentValue: "k" },
  });
});
