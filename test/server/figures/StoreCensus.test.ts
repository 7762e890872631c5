import assert from "node:assert/strict";
import { test } from "node:test";
import { BUCKET_CENSUS_REST_MS, StoreCensus } from "../../../src/server/figures/StoreCensus.ts";
import { newFolder } from "../../newFolder.ts";
import { TestServer } from "../TestServer.ts";

/** A census of a server's store whose clock is the test's, and what it failed of. */
function censusOf(server: TestServer, folders: ReadonlyMap<string, string> = new Map()): [StoreCensus, string[]] {
  const failures: string[] = [];
  return [new StoreCensus(server.store, { folders, onFailure: (what) => failures.push(what) }), failures];
}

test("StoreCensus: buckets are counted for who asks, and again when it has rested", async () => {
  const time = { nowMs: Date.now() };
  await using server = await TestServer.start({ clock: () => time.nowMs });
  const [census, failures] = censusOf(server);
  const { signal } = new AbortController();
  assert.equal((await census.figures([])).buckets, undefined);
  await census.ended();
  assert.equal((await census.figures([])).buckets, undefined, "nothing is counted before it may be");
  await census.begin(signal);
  const count = async (): Promise<number | undefined> => {
    await census.figures([]);
    await census.ended();
    return (await census.figures([])).buckets?.largest[0]!.counts.current.count;
  };
  assert.equal(await count(), 0);
  await server.request("PUT", "/bucket/key", { body: "x" });
  time.nowMs += BUCKET_CENSUS_REST_MS - 1;
  assert.equal(await count(), 0);
  time.nowMs += 1;
  assert.equal(await count(), 1);
  assert.deepEqual(failures, []);
});

test("StoreCensus: the end ends counting; what could not be counted is told, and the figures go on", async (t) => {
  await using server = await TestServer.start();
  const [census] = censusOf(server);
  const abort = new AbortController();
  await census.begin(abort.signal);
  await census.figures([]);
  abort.abort();
  await census.ended();
  assert.equal((await census.figures([])).buckets, undefined);
  const [failing, failures] = censusOf(server);
  await failing.begin(new AbortController().signal);
  t.mock.method(server.store.metadata, "read", () => Promise.reject(new Error("the disk says no")));
  await failing.figures([]);
  await failing.ended();
  assert.deepEqual(failures, ["What is in the buckets could not be counted"]);
  const { metadataEntries, buckets } = await failing.figures([]);
  assert.deepEqual([metadataEntries > 0, buckets], [true, undefined]);
});

test("StoreCensus: the disks below the folders are told, and one that is not there is left out", async (t) => {
  await using server = await TestServer.start();
  const folder = newFolder(t);
  const [census] = censusOf(
    server,
    new Map([
      ["data", folder],
      ["GLACIER", `${folder}/nothing`],
    ]),
  );
  const { disks } = await census.figures([]);
  assert.deepEqual(
    disks.map((disk) => disk.folder),
    ["data"],
  );
  const [{ sizeBytes, freeBytes }] = disks as [(typeof disks)[number]];
  assert.ok(sizeBytes > freeBytes && freeBytes > 0, `${sizeBytes} ${freeBytes}`);
});
