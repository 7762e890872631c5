import assert from "node:assert/strict";
import { test } from "node:test";
import { groundsOf, OWNERS_GROUNDS } from "../../src/access/grounds.ts";
import { ANONYMOUS } from "../../src/auth/authenticate.ts";
import { MemoryMetadataEngine } from "../../src/store/metadata/memory/MemoryMetadataEngine.ts";
import { BUCKET, openTestStore } from "../store/testStore.ts";
import { rootOf } from "../testCallers.ts";

const OWNER = rootOf("o", BUCKET.ownerId, "AKIDOWNER");
const READ = { action: "s3:GetObject", bucket: BUCKET, key: "k" };

/** How often an engine was asked for rows. */
class CountingEngine extends MemoryMetadataEngine {
  reads = 0;
  override read(...args: Parameters<MemoryMetadataEngine["read"]>): ReturnType<MemoryMetadataEngine["read"]> {
    this.reads += 1;
    return super.read(...args);
  }
}

test("grounds: for the root of a bucket without policy and ACLs they are at hand, and nothing is read", async () => {
  const metadata = new CountingEngine();
  const store = await openTestStore({ metadata });
  metadata.reads = 0;
  assert.equal(groundsOf(store, { ...READ, caller: OWNER }), OWNERS_GROUNDS);
  assert.equal(groundsOf(store, { action: "s3:ListAllMyBuckets", bucket: undefined, caller: OWNER }), OWNERS_GROUNDS);
  assert.equal(metadata.reads, 0);
});

test("grounds: for others, and where ACLs count, they are read", async () => {
  const store = await openTestStore();
  for (const question of [
    { ...READ, caller: ANONYMOUS },
    { ...READ, caller: rootOf("b", "b".repeat(64), "AKIDOTHER") },
    { ...READ, caller: { ...OWNER, kind: "user" as const } },
    { ...READ, bucket: { ...BUCKET, objectOwnership: "ObjectWriter" as const }, caller: OWNER },
  ]) {
    const grounds = await groundsOf(store, question);
    assert.notEqual(grounds, OWNERS_GROUNDS);
    assert.equal(grounds.bucketPolicy, undefined);
  }
});
