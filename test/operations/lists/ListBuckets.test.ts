import assert from "node:assert/strict";
import { test } from "node:test";
import { ListBuckets } from "../../../src/operations/lists/ListBuckets.ts";
import type { ListBucketsRequest } from "../../../src/protocol/generated/types.ts";
import { createBucket } from "../../../src/store/buckets/buckets.ts";
import type { Store } from "../../../src/store/Store.ts";
import { bucketIn, contextFor, memoryStore, NOW_MS, OWNER, refusal, STRANGER } from "../contextFor.ts";

async function storeWith(...names: string[]): Promise<Store> {
  const store = memoryStore();
  for (const name of names) await bucketIn(store, name);
  const owner = { ownerId: STRANGER.canonicalId, ownerName: STRANGER.displayName };
  await createBucket(store, { name: "b-of-a-stranger", region: "us-east-1", ...owner, createdAtMs: NOW_MS });
  return store;
}

const list = async (store: Store, input: ListBucketsRequest = {}) =>
  (await ListBuckets.handle(input, contextFor({ store }))).output;
const names = (output: { readonly Buckets?: readonly { readonly Name?: string | undefined }[] | undefined }) =>
  (output.Buckets ?? []).map((bucket) => bucket.Name);

test("ListBuckets: the caller's buckets by name, nobody else's", async () => {
  const store = await storeWith("b", "a");
  assert.deepEqual(await list(store), {
    Owner: { ID: OWNER.canonicalId },
    Buckets: [
      { Name: "a", CreationDate: new Date(NOW_MS), BucketArn: "arn:aws:s3:::a" },
      { Name: "b", CreationDate: new Date(NOW_MS), BucketArn: "arn:aws:s3:::b" },
    ],
    ContinuationToken: undefined,
    Prefix: undefined,
  });
  assert.deepEqual(names((await ListBuckets.handle({}, contextFor({ store, caller: STRANGER }))).output), ["b-of-a-stranger"]);
});

test("ListBuckets: with any parameter buckets show their region", async () => {
  const output = await list(await storeWith("a1", "b1", "b2"), { Prefix: "b" });
  assert.deepEqual([names(output), output.Prefix, output.Buckets?.[0]?.BucketRegion], [["b1", "b2"], "b", "us-east-1"]);
});

test("ListBuckets: following the tokens shows every bucket once", async () => {
  const store = await storeWith("a", "b", "c", "d", "e");
  const seen: unknown[] = [];
  let token: string | undefined;
  do {
    const output = await list(store, { MaxBuckets: 2, ContinuationToken: token });
    seen.push(...names(output));
    token = output.ContinuationToken;
  } while (token !== undefined);
  assert.deepEqual(seen, ["a", "b", "c", "d", "e"]);
});

test("ListBuckets: a page that ends with the bucket called like the prefix is followed by the next bucket, not by the same", async () => {
  const store = await storeWith("logs", "logs-1", "logs-2");
  const first = await list(store, { Prefix: "logs", MaxBuckets: 1 });
  const second = await list(store, { Prefix: "logs", MaxBuckets: 1, ContinuationToken: first.ContinuationToken });
  assert.deepEqual([names(first), names(second)], [["logs"], ["logs-1"]]);
});

test("ListBuckets: more buckets than one read of the index holds", async () => {
  const store = await storeWith(...Array.from({ length: 2_100 }, (_, index) => `n${index}`));
  assert.equal(names(await list(store)).length, 2_100);
  assert.equal(names(await list(store, { MaxBuckets: 1_500, Prefix: "n1" })).length, 1_111);
});

test("ListBuckets: a page of 1 to 10,000, a token of one's own", async () => {
  const store = await storeWith("a", "b");
  for (const MaxBuckets of [0, -1, 10_001]) {
    await refusal(list(store, { MaxBuckets }), {
      code: "InvalidArgument",
      message: "Argument max-buckets must be an integer between 1 and 10000",
      details: { ArgumentName: "max-buckets", ArgumentValue: String(MaxBuckets) },
    });
  }
  const { ContinuationToken } = await list(store, { MaxBuckets: 1 });
  const stolen = ListBuckets.handle({ ContinuationToken }, contextFor({ store, caller: STRANGER }));
  const malformed = { code: "MalformedContinuationToken", message: "The continuation-token you provided invalid." } as const;
  await refusal(stolen, malformed);
  await refusal(list(store, { ContinuationToken: "made-up" }), malformed);
  assert.deepEqual(names(await list(store, { ContinuationToken: "" })), ["a", "b"]);
});

test("ListBuckets: bucket-region must be this endpoint's", async () => {
  const store = await storeWith("a");
  assert.deepEqual(names(await list(store, { BucketRegion: "us-east-1" })), ["a"]);
  const details = { ArgumentName: "bucket-region" };
  await refusal(list(store, { BucketRegion: "eu-west-1" }), {
    code: "InvalidArgument",
    message: "Requests with bucket-region specified must be made to the corresponding regional endpoint",
    details,
  });
  await refusal(list(store, { BucketRegion: "moon" }), {
    code: "InvalidArgument",
    message: "Argument value moon is not a valid AWS Region",
    details,
  });
});
