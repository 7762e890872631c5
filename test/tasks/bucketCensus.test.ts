import assert from "node:assert/strict";
import { test } from "node:test";
import type { BucketCensus, BucketCensusOptions } from "../../src/tasks/bucketCensus.ts";
import { takeBucketCensus } from "../../src/tasks/bucketCensus.ts";
import { element, TestServer } from "../server/TestServer.ts";

const NONE = { count: 0, sizeBytes: 0 };
const VERSIONING = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";

/** A census without rests, and how long those would have been. */
async function census(
  server: TestServer,
  options: Partial<BucketCensusOptions> = {},
): Promise<{ census: BucketCensus | undefined; rests: number[] }> {
  const rests: number[] = [];
  const { signal } = new AbortController();
  const pause = async (ms: number): Promise<void> => void rests.push(ms);
  return { census: await takeBucketCensus(server.store, { signal, maxNamed: 100, pause, ...options }), rests };
}

async function put(server: TestServer, path: string, body: string | Buffer): Promise<void> {
  assert.equal((await server.request("PUT", path, { body })).status, 200);
}

test("bucketCensus: current objects, older versions, delete markers and parts are counted, each with its bytes", async () => {
  await using server = await TestServer.start();
  await server.request("PUT", "/bucket", { query: { versioning: "" }, body: VERSIONING });
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
  const { census: counted } = await census(server);
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
  const { census: counted } = await census(server, { maxNamed: 2 });
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

test("bucketCensus: it rests for each row it reads, and for buckets without any", async () => {
  await using server = await TestServer.start();
  for (let count = 0; count < 600; count += 1) await put(server, `/bucket/${count}`, "");
  const { census: counted, rests } = await census(server);
  assert.equal(counted?.largest[0]!.counts.current.count, 600);
  const restMs = rests.reduce((sum, ms) => sum + ms, 0);
  // Ten thousand rows a second.
  assert.ok(restMs > 50 && restMs < 80, String(restMs));
  for (let count = 0; count < 40; count += 1) await server.request("PUT", `/empty-bucket-${count}`);
  const more = await census(server);
  const moreMs = more.rests.reduce((sum, ms) => sum + ms, 0);
  assert.ok(moreMs > restMs + 100 && moreMs < restMs + 300, `${moreMs} after ${restMs}`);
});

test("bucketCensus: what was aborted tells nothing", async () => {
  await using server = await TestServer.start();
  for (let count = 0; count < 300; count += 1) await put(server, `/bucket/${count}`, "");
  const abort = new AbortController();
  const { census: counted } = await census(server, {
    signal: abort.signal,
    pause: async () => abort.abort(),
  });
  assert.equal(counted, undefined);
});
