import assert from "node:assert/strict";
import { test } from "node:test";
import { ListObjectsV2 } from "../../../src/operations/lists/ListObjectsV2.ts";
import type { ListObjectsV2Request } from "../../../src/protocol/generated/types.ts";
import { bucketIn, contextFor, memoryStore, NOW_MS, OWNER, refusal } from "../contextFor.ts";
import { AWKWARD_KEYS, contextWith, ETAG, keysOf, prefixesOf, putKeys } from "../listings.ts";

const list = async (keys: readonly string[], input: Partial<ListObjectsV2Request>) =>
  (await ListObjectsV2.handle({ Bucket: "bucket", ...input }, await contextWith(keys))).output;

test("ListObjectsV2: an empty bucket, asked for nothing", async () => {
  assert.deepEqual(await list([], {}), {
    Name: "bucket",
    Prefix: "",
    StartAfter: undefined,
    ContinuationToken: undefined,
    NextContinuationToken: undefined,
    KeyCount: 0,
    MaxKeys: 1000,
    Delimiter: undefined,
    EncodingType: undefined,
    IsTruncated: false,
    Contents: [],
    CommonPrefixes: [],
  });
});

test("ListObjectsV2: shows of an object what S3 shows, its owner only when asked", async () => {
  const store = memoryStore();
  const bucket = await bucketIn(store);
  await putKeys(store, bucket, ["plain"]);
  await putKeys(store, bucket, ["summed"], {
    checksum: { algorithm: "SHA256", type: "COMPOSITE", value: "AAAA-2" },
    storageClass: "GLACIER",
  });
  const context = contextFor({ store, bucket });
  const common = { LastModified: new Date(NOW_MS), ETag: `"${ETAG}"`, Size: 3 };
  const objects = [
    { Key: "plain", ...common, StorageClass: "STANDARD" },
    { Key: "summed", ...common, ChecksumAlgorithm: ["SHA256"], ChecksumType: "COMPOSITE", StorageClass: "GLACIER" },
  ];
  const optional = { OptionalObjectAttributes: ["RestoreStatus"] };
  assert.deepEqual((await ListObjectsV2.handle({ Bucket: "bucket", ...optional }, context)).output.Contents, objects);
  const Owner = { ID: OWNER.canonicalId };
  const owned = (await ListObjectsV2.handle({ Bucket: "bucket", FetchOwner: true }, context)).output.Contents;
  assert.deepEqual(
    owned,
    objects.map((object) => ({ ...object, Owner })),
  );
});

test("ListObjectsV2: folds keys at the first delimiter behind the prefix, and counts prefixes as keys", async () => {
  const keys = ["a", "photos/", "photos/2026/1", "photos/2026/2", "photos/2027/1", "photos/x", "photosynthesis", "z/"];
  const top = await list(keys, { Delimiter: "/" });
  assert.deepEqual(
    [keysOf(top.Contents), prefixesOf(top.CommonPrefixes), top.KeyCount],
    [["a", "photosynthesis"], ["photos/", "z/"], 4],
  );
  const inside = await list(keys, { Delimiter: "/", Prefix: "photos/" });
  assert.deepEqual(keysOf(inside.Contents), ["photos/", "photos/x"]);
  assert.deepEqual(prefixesOf(inside.CommonPrefixes), ["photos/2026/", "photos/2027/"]);
  assert.deepEqual([inside.Prefix, inside.Delimiter], ["photos/", "/"]);
  const long = await list(["a--b", "a-b", "a--c", "b---c"], { Delimiter: "--" });
  assert.deepEqual([keysOf(long.Contents), prefixesOf(long.CommonPrefixes)], [["a-b"], ["a--", "b--"]]);
  // A prefix that ends inside a delimiter: the delimiter counts behind the prefix only.
  const cut = await list(["a--b", "a---c"], { Delimiter: "--", Prefix: "a-" });
  assert.deepEqual([keysOf(cut.Contents), prefixesOf(cut.CommonPrefixes)], [["a--b"], ["a---"]]);
});

test("ListObjectsV2: an empty delimiter folds nothing and is not shown", async () => {
  const output = await list(["a/b", "c"], { Delimiter: "" });
  assert.deepEqual([keysOf(output.Contents), output.Delimiter], [["a/b", "c"], undefined]);
});

test("ListObjectsV2: an encoding in any case is one, and shown as sent; an empty one is none", async () => {
  const output = await list(["a b"], { EncodingType: "URL" });
  assert.deepEqual([keysOf(output.Contents), output.EncodingType], [["a+b"], "URL"]);
  await refusal(list([], { EncodingType: "" }), {
    code: "InvalidArgument",
    message: "Invalid Encoding Method specified in Request",
    details: { ArgumentName: "encoding-type", ArgumentValue: "" },
  });
});

test("ListObjectsV2: an empty start-after is shown, and none beside a token", async () => {
  assert.equal((await list(["a"], { StartAfter: "" })).StartAfter, "");
  assert.equal((await list(["a"], {})).StartAfter, undefined);
  await refusal(list(["a"], { ContinuationToken: "" }), {
    code: "InvalidArgument",
    message: "The continuation token provided is incorrect",
  });
});

test("ListObjectsV2: keys come in the order of their UTF-8, not of UTF-16", async () => {
  const output = await list(["\u{1F600}", "\uFF5E", "z", "Z", "é"], {});
  assert.deepEqual(keysOf(output.Contents), ["Z", "z", "é", "\uFF5E", "\u{1F600}"]);
});

test("ListObjectsV2: start-after shows greater keys and greater common prefixes only", async () => {
  const keys = ["a", "b/1", "b/2", "c/1", "d"];
  const output = await list(keys, { StartAfter: "b/1" });
  assert.deepEqual([keysOf(output.Contents), output.StartAfter], [["b/2", "c/1", "d"], "b/1"]);
  const folded = await list(keys, { StartAfter: "b/1", Delimiter: "/" });
  assert.deepEqual([keysOf(folded.Contents), prefixesOf(folded.CommonPrefixes)], [["d"], ["c/"]]);
  const before = await list(keys, { StartAfter: "b", Delimiter: "/" });
  assert.deepEqual(prefixesOf(before.CommonPrefixes), ["b/", "c/"]);
  assert.deepEqual(keysOf((await list(keys, { StartAfter: "a", Prefix: "c" })).Contents), ["c/1"]);
  assert.deepEqual(keysOf((await list(keys, { StartAfter: "d", Prefix: "c" })).Contents), []);
});

test("ListObjectsV2: following the tokens shows everything once, whatever the page and the delimiter", async () => {
  const keys = ["a", "b/1", "b/2", "b/3/4", "c", "d/1", "e--f", ...AWKWARD_KEYS];
  const context = await contextWith(keys);
  for (const Delimiter of ["", "/", "--"]) {
    const whole = (await ListObjectsV2.handle({ Bucket: "bucket", Delimiter }, context)).output;
    for (const MaxKeys of [1, 2, 3]) {
      const seen: unknown[] = [];
      let token: string | undefined;
      do {
        const input = {
          Bucket: "bucket",
          Delimiter,
          MaxKeys,
          ContinuationToken: token,
          StartAfter: token === undefined ? undefined : "zzz",
        };
        const { output } = await ListObjectsV2.handle(input, context);
        assert.equal(output.ContinuationToken, token);
        assert.equal(output.StartAfter, undefined);
        assert.equal(output.IsTruncated, output.NextContinuationToken !== undefined);
        assert.ok(output.KeyCount! <= MaxKeys && output.KeyCount! > 0);
        seen.push(...keysOf(output.Contents), ...prefixesOf(output.CommonPrefixes));
        token = output.NextContinuationToken;
      } while (token !== undefined);
      const expected = [...keysOf(whole.Contents), ...prefixesOf(whole.CommonPrefixes)];
      assert.deepEqual(seen.toSorted(), expected.toSorted());
    }
  }
});

test("ListObjectsV2: a token that was changed, made up or made for another bucket is refused", async () => {
  const store = memoryStore();
  const [bucket, other] = [await bucketIn(store), await bucketIn(store, "other")];
  await putKeys(store, bucket, ["a", "b"]);
  const page = await ListObjectsV2.handle({ Bucket: "bucket", MaxKeys: 1 }, contextFor({ store, bucket }));
  const token = page.output.NextContinuationToken!;
  const changed = Buffer.from(token, "base64");
  changed[changed.length - 1]! ^= 1;
  const refused = {
    code: "InvalidArgument",
    message: "The continuation token provided is incorrect",
    details: { ArgumentName: "continuation-token" },
  } as const;
  for (const ContinuationToken of ["", "a", "AAAA", "%", `${token}A`, token.slice(0, -4), changed.toString("base64")]) {
    await refusal(ListObjectsV2.handle({ Bucket: "bucket", ContinuationToken }, contextFor({ store, bucket })), refused);
  }
  await refusal(
    ListObjectsV2.handle({ Bucket: "other", ContinuationToken: token }, contextFor({ store, bucket: other })),
    refused,
  );
});

test("ListObjectsV2: max-keys of 0 shows nothing and says so, more than 1,000 counts as 1,000, less than 0 is refused", async () => {
  const none = await list(["a"], { MaxKeys: 0 });
  assert.deepEqual([none.KeyCount, none.IsTruncated, none.MaxKeys, none.NextContinuationToken], [0, false, 0, undefined]);
  const many = Array.from({ length: 1_001 }, (_, index) => `k${index}`);
  const full = await list(many, { MaxKeys: 5_000 });
  assert.deepEqual([full.KeyCount, full.IsTruncated, full.MaxKeys], [1_000, true, 1_000]);
  await refusal(list([], { MaxKeys: -1 }), {
    code: "InvalidArgument",
    message: "Argument maxKeys must be an integer between 0 and 2147483647",
    details: { ArgumentName: "maxKeys", ArgumentValue: "-1" },
  });
});

test("ListObjectsV2: encoding-type=url encodes as S3 does: forms' rules, the slash kept", async () => {
  const output = await list(AWKWARD_KEYS, { EncodingType: "url", StartAfter: "\u0000 ", Prefix: "" });
  assert.deepEqual(keysOf(output.Contents), [
    "%01%0A",
    "100%25",
    "a+b",
    "a%2Bb",
    "a/%281%29%21%27*%7E.txt",
    "a//b",
    "%D0%BA%D0%BB%D1%8E%D1%87/%F0%9F%98%80",
  ]);
  assert.deepEqual([output.EncodingType, output.StartAfter], ["url", "%00+"]);
  const folded = await list(["run books/x", "run books/y z"], { EncodingType: "url", Delimiter: " ", Prefix: "run b" });
  assert.deepEqual([keysOf(folded.Contents), prefixesOf(folded.CommonPrefixes)], [["run+books/x"], ["run+books/y+"]]);
  assert.deepEqual([folded.Prefix, folded.Delimiter], ["run+b", "+"]);
});
