import assert from "node:assert/strict";
import { test } from "node:test";
import { describeBucket, findBucket } from "../../src/store/buckets/buckets.ts";
import { objectRow } from "../../src/store/records/ObjectRecord.ts";
import { put as putRow } from "../../src/store/records/Row.ts";
import type { Store } from "../../src/store/Store.ts";
import type { BucketCensus, BucketCensusOptions } from "../../src/tasks/bucketCensus.ts";
import { takeBucketCensus } from "../../src/tasks/bucketCensus.ts";
import { element, TestServer } from "../server/TestServer.ts";
import { BUCKET, commit, objectRecord, openTestStore, putObject } from "../store/testStore.ts";

const NONE = { count: 0, sizeBytes: 0 };

/** A census without rests, and how long those would have been. */
async function census(
  store: Store,
  options: Partial<BucketCensusOptions> = {},
): Promise<{ census: BucketCensus | undefined; rests: number[] }> {
  const rests: number[] = [];
  const { signal } = new AbortController();
  const pause = async (ms: number): Promise<void> => void rests.push(ms);
  return { census: await takeBucketCensus(store, { signal, maxNamed: 100, pause, ...options }), rests };
}

async function put(server: TestServer, path: string, body: string | Buffer): Promise<void> {
  assert.equal((await server.request("PUT", path, { body })).status, 200);
}

test("bucketCensus: current objects, older versions, delete markers and parts are counted, each with its bytes", async () => {
  await using server = await TestServer.start();
  const bucket = (await findBucket(server.store, "bucket"))!;
  await describeBucket(server.store, bucket, (record) => ({ ...record, versioning: "Enabled" }));
  await put(server, "/bucket/a", "12345");
  await put(server, "/bucket/a", "123");
  await put(server, "/bucket/b", Buffer.alloc(100_000));
  await put(server, "/bucket/c", "1234567");
  await server.request("DELETE", "/bucket/c");
  const uploadId = element(await server.request("POST", "/bucket/d", { query: { uploads: "" } }), "UploadId")!;
  for (const partNumber of ["1", "2"]) {
    const query = { partNumber, uploadId };
    assert.equal((await server.request("PUT", "/bucket/d", { query, body: "part" })).status, 200);
  }
  const { census: counted } = await census(server.store);
  assert.equal(counted?.buckets, 1);
  assert.deepEqual(counted.largest, [
    {
      name: "bucket",
      counts: {
        current: { count: 2, sizeBytes: 100_003 },
        noncurrent: { count: 2, sizeBytes: 12 },
        deleteMarker: { count: 1, sizeBytes: 0 },
        part: { count: 2, sizeBytes: 8 },
      },
    },
  ]);
  assert.equal(counted.others, undefined);
});

test("bucketCensus: the largest buckets are told by name, the rest together", async () => {
  await using server = await TestServer.start();
  const sizes = { small: 1, large: 100, larger: 1000, middle: 10 };
  for (const [name, sizeBytes] of Object.entries(sizes)) {
    await server.request("PUT", `/${name}-bucket`);
    await put(server, `/${name}-bucket/key`, Buffer.alloc(sizeBytes));
  }
  const { census: counted } = await census(server.store, { maxNamed: 2 });
  // With the empty one that was there before.
  assert.equal(counted?.buckets, 5);
  assert.deepEqual(
    counted.largest.map(({ name, counts }) => [name, counts.current.sizeBytes]),
    [
      ["larger-bucket", 1000],
      ["large-bucket", 100],
    ],
  );
  assert.deepEqual(counted.others, {
    current: { count: 2, sizeBytes: 11 },
    noncurrent: NONE,
    deleteMarker: NONE,
    part: NONE,
  });
});

/** A store with a bucket of as many empty objects. */
async function storeOf(objects: number): Promise<Store> {
  const store = await openTestStore();
  await putObject(store, "0", Buffer.alloc(0));
  const record = (await objectRecord(store, "0"))!;
  const rows = Array.from({ length: objects }, (_, index) => putRow(objectRow(BUCKET.id, String(index)), record));
  await commit(store, rows);
  return store;
}

test("bucketCensus: it reads ten thousand rows a second, and rests for buckets without any, too", async () => {
  const few = await census(await storeOf(1000));
  const many = await census(await storeOf(6000));
  assert.equal(many.census?.largest[0]!.counts.current.count, 6000);
  const total = (rests: readonly number[]): number => rests.reduce((sum, ms) => sum + ms, 0);
  const moreMs = total(many.rests) - total(few.rests);
  assert.ok(moreMs >= 500 && moreMs < 600, `${moreMs} ms for 5,000 rows`);
  for (const restMs of many.rests) assert.ok(restMs < 60, `${restMs} ms at once`);
  await using server = await TestServer.start();
  for (let count = 0; count < 40; count += 1) await server.request("PUT", `/empty-bucket-${count}`);
  assert.ok(total((await census(server.store)).rests) > 100);
});

test("bucketCensus: what was aborted tells nothing", async () => {
  const abort = new AbortController();
  const { census: counted } = await census(await storeOf(1000), { signal: abort.signal, pause: async () => abort.abort() });
  assert.equal(counted, undefined);
});
