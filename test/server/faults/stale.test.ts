import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { LmdbMetadataEngine } from "../../../src/store/metadata/lmdb/LmdbMetadataEngine.ts";
import { MemoryMetadataEngine } from "../../../src/store/metadata/memory/MemoryMetadataEngine.ts";
import type { MetadataEngine } from "../../../src/store/metadata/MetadataEngine.ts";
import { collect, DEAD_BLOB_GRACE_MS } from "../../../src/tasks/collect.ts";
import type { Asked } from "../../answers/AnswerServer.ts";
import { newFolder } from "../../newFolder.ts";
import { FaultyServer } from "./FaultyServer.ts";

/** Reads and lists that tell what was. */

const put = (key: string, body: string | Buffer): Asked => ({ method: "PUT", path: `/bucket/${key}`, body });
const get = (key: string): Asked => ({ method: "GET", path: `/bucket/${key}` });
const LIST: Asked = { method: "GET", path: "/bucket", query: { "list-type": "2" } };
const STALE = { action: { kind: "stale", staleMs: 5_000 } };
const LARGE = Buffer.alloc(300_000, "0123456789");

async function keysOf(faulty: FaultyServer, asked: Asked = LIST): Promise<string[]> {
  const { body } = await faulty.send(asked);
  return [...body.matchAll(/<(?:Key|Prefix)>([^<]+)</g)].map(([, key]) => key!);
}

for (const [engine, open] of [
  ["in memory", async () => new MemoryMetadataEngine()],
  [
    "on disk",
    (path: string) => LmdbMetadataEngine.open({ path, durability: "synced", mapSizeBytes: 2 ** 30 }) as Promise<MetadataEngine>,
  ],
] as const) {
  test(`stale: an index ${engine} tells what was there, until that is old`, async (t) => {
    const metadata = await open(newFolder(t));
    t.after(() => metadata.close());
    await using faulty = await FaultyServer.start({ metadata });
    await faulty.plan(STALE);
    await faulty.send(put("old", "first"));
    await faulty.send(put("gone", "here"));
    await faulty.send(put("b/x", "x"));
    faulty.pass(6_000);
    await faulty.send(put("old", "second"));
    await faulty.send(put("new", "new"));
    await faulty.send(put("c/x", "x"));
    await faulty.send({ method: "DELETE", path: "/bucket/gone" });
    faulty.pass(4_000);
    const delimited = { ...LIST, query: { ...LIST.query, delimiter: "/" } };
    assert.equal((await faulty.send(get("old"))).body, "first");
    assert.deepEqual((await faulty.lastRecord()).faults, ["stale-1"]);
    assert.equal((await faulty.send(get("new"))).status, 404);
    assert.equal((await faulty.send(get("gone"))).body, "here");
    assert.deepEqual(await keysOf(faulty), ["archived", "b/x", "gone", "key", "old"]);
    assert.deepEqual(await keysOf(faulty, delimited), ["archived", "gone", "key", "old", "b/"]);
    // A write sees what is.
    const conditional = { ...put("new", "newer"), headers: { "If-None-Match": "*" } };
    assert.equal((await faulty.send(conditional)).status, 412);
    faulty.pass(2_000);
    assert.equal((await faulty.send(get("old"))).body, "second");
    assert.equal((await faulty.send(get("new"))).body, "new");
    assert.deepEqual(await keysOf(faulty), ["archived", "b/x", "c/x", "key", "new", "old"]);
    assert.deepEqual(await keysOf(faulty, delimited), ["archived", "key", "new", "old", "b/", "c/"]);
    await faulty.assertUnharmed();
  });
}

test("stale: versions, tags and settings are those of then, and what is parsed of them does not last", async () => {
  await using faulty = await FaultyServer.start();
  const tagging = { method: "GET", path: "/bucket/twice", query: { tagging: "" } };
  const versions = { method: "GET", path: "/bucket", query: { versions: "" } };
  await faulty.plan(STALE);
  await faulty.send(put("twice", "once"));
  faulty.pass(6_000);
  const versioning = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
  const headers = { "Content-MD5": createHash("md5").update(versioning).digest("base64") };
  const enabling = { method: "PUT", path: "/bucket", query: { versioning: "" }, headers, body: versioning };
  assert.equal((await faulty.send(enabling)).status, 200);
  assert.equal((await faulty.send({ ...put("twice", "again"), headers: { "x-amz-tagging": "a=b" } })).status, 200);
  assert.doesNotMatch((await faulty.send(tagging)).body, /<Tag>/);
  assert.equal((await faulty.send(versions)).body.match(/<Key>twice<\/Key>/g)!.length, 1);
  faulty.pass(6_000);
  assert.match((await faulty.send(tagging)).body, /<Tag><Key>a<\/Key>/);
  assert.equal((await faulty.send(versions)).body.match(/<Key>twice<\/Key>/g)!.length, 2);
  await faulty.assertUnharmed();
});

test("stale: a large object that was overwritten is read as it was, and when that is collected, as it is", async () => {
  await using faulty = await FaultyServer.start();
  const { store, service } = faulty.answers.server;
  await faulty.plan({ action: { kind: "stale", staleMs: 60_000 } });
  await faulty.send(put("large", LARGE));
  faulty.pass(60_000);
  await faulty.send(put("large", Buffer.alloc(300_000, "x")));
  assert.equal((await faulty.send(get("large"))).body, LARGE.toString());
  faulty.pass(1_000);
  const options = { signal: new AbortController().signal, onFailure: (_: string, cause: unknown) => assert.fail(String(cause)) };
  await collect(store, options);
  // What is counted down is remembered, and the bytes are still there.
  assert.equal((await faulty.send(get("large"))).body, LARGE.toString());
  faulty.pass(DEAD_BLOB_GRACE_MS + 1_000);
  await collect(store, options);
  assert.equal((await faulty.send(get("large"))).body, "x".repeat(300_000));
  const [record] = await service.journal.find({ limit: 1 });
  assert.ok(record!.story!.steps.some(({ facts }) => facts?.["stale"] === "what was there then is gone"));
  await faulty.assertUnharmed();
});

test("stale: a store that remembers nothing tells what is", async () => {
  await using faulty = await FaultyServer.start({ remembersPast: false });
  await faulty.plan(STALE);
  await faulty.send(put("new", "new"));
  assert.equal((await faulty.send(get("new"))).body, "new");
  assert.equal((await faulty.lastRecord()).faults, undefined);
  await faulty.assertUnharmed();
});
