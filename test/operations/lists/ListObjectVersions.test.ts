import assert from "node:assert/strict";
import { test } from "node:test";
import { ListObjectVersions } from "../../../src/operations/lists/ListObjectVersions.ts";
import type { ListObjectVersionsRequest } from "../../../src/protocol/generated/types.ts";
import { NOW_MS, OWNER, refusal } from "../contextFor.ts";
import { contextWith, ETAG, keysOf, prefixesOf } from "../listings.ts";

const list = async (keys: readonly string[], input: Partial<ListObjectVersionsRequest>) =>
  (await ListObjectVersions.handle({ Bucket: "bucket", ...input }, await contextWith(keys))).output;

test("ListObjectVersions: without versioning every object is the latest version, called null", async () => {
  assert.deepEqual(await list(["a"], {}), {
    Name: "bucket",
    Prefix: "",
    KeyMarker: "",
    VersionIdMarker: "",
    NextKeyMarker: undefined,
    NextVersionIdMarker: undefined,
    MaxKeys: 1000,
    Delimiter: undefined,
    EncodingType: undefined,
    IsTruncated: false,
    Versions: [
      {
        Key: "a",
        VersionId: "null",
        IsLatest: true,
        LastModified: new Date(NOW_MS),
        ETag: `"${ETAG}"`,
        Size: 3,
        StorageClass: "STANDARD",
        Owner: { ID: OWNER.canonicalId },
      },
    ],
    CommonPrefixes: [],
  });
});

test("ListObjectVersions: pages go on behind both markers", async () => {
  const keys = ["a", "b/1", "b/2", "c"];
  const first = await list(keys, { MaxKeys: 1, Delimiter: "/" });
  assert.deepEqual([keysOf(first.Versions), first.NextKeyMarker, first.NextVersionIdMarker], [["a"], "a", "null"]);
  const second = await list(keys, { MaxKeys: 1, Delimiter: "/", KeyMarker: "a", VersionIdMarker: "null" });
  assert.deepEqual(
    [prefixesOf(second.CommonPrefixes), second.NextKeyMarker, second.NextVersionIdMarker],
    [["b/"], "b/", undefined],
  );
  const third = await list(keys, { MaxKeys: 1, Delimiter: "/", KeyMarker: "b/" });
  assert.deepEqual([keysOf(third.Versions), third.IsTruncated, third.KeyMarker], [["c"], false, "b/"]);
});

test("ListObjectVersions: a version-id-marker needs a key-marker and the form of a version id", async () => {
  const refused = (input: Partial<ListObjectVersionsRequest>, message: string, value: string) =>
    refusal(list([], input), {
      code: "InvalidArgument",
      message,
      details: { ArgumentName: "version-id-marker", ArgumentValue: value },
    });
  await refused({ VersionIdMarker: "null" }, "A version-id marker cannot be specified without a key marker.", "null");
  await refused({ VersionIdMarker: "", KeyMarker: "a" }, "A version-id marker cannot be empty.", "");
  await refused({ VersionIdMarker: "x", KeyMarker: "a" }, "Invalid version id specified", "x");
});

test("ListObjectVersions: a negative max-keys has a text of its own", async () => {
  await refusal(list([], { MaxKeys: -1 }), {
    code: "InvalidArgument",
    message: "max-keys cannot be negative",
    details: { ArgumentName: "max-keys" },
  });
  assert.equal((await list(["a"], { MaxKeys: 0 })).IsTruncated, false);
});
