import assert from "node:assert/strict";
import { test } from "node:test";
import { deleteBucket } from "../../src/store/buckets/buckets.ts";
import { writeBlob } from "../../src/store/objects/content.ts";
import { createUpload, putPart } from "../../src/store/uploads/multipart.ts";
import { buckets } from "../../src/store/records/BucketRecord.ts";
import { uploadsOf } from "../../src/store/records/UploadRecord.ts";
import { readRows } from "../../src/store/transact.ts";
import { collect, DEAD_BLOB_GRACE_MS } from "../../src/tasks/collect.ts";
import { BUCKET, openTestStore, source } from "../store/testStore.ts";
import { PLAIN_OBJECT } from "../../src/store/records/ObjectRecord.ts";

/** More than the collector deals with in one commit. */
const UPLOADS = 300;

test("collect: uploads of a deleted bucket go with their parts, in bounded commits", async () => {
  const store = await openTestStore();
  const before = (await store.metadata.statistics()).entries;
  const upload = {
    key: "key",
    initiatedAtMs: store.nowMs,
    storageClass: "STANDARD",
    ownerId: "o",
    ownerName: "O",
    initiatorId: "o",
    initiatorName: "O",
    system: {},
    user: [],
    checksumAlgorithm: undefined,
    ...PLAIN_OBJECT,
    checksumType: undefined,
  };
  for (let count = 0; count < UPLOADS; count++) {
    const record = await createUpload(store, BUCKET, upload);
    if (count % 100 !== 0) continue;
    const written = await writeBlob(store, source(Buffer.from("part")));
    const { blob, sizeBytes } = written;
    const checksum = { algorithm: "CRC32", type: "FULL_OBJECT", value: "AAAAAA==" } as const;
    await putPart(
      store,
      BUCKET,
      record,
      { partNumber: 1, sizeBytes, etag: "0", lastModifiedMs: 1, blob, checksum, cipher: undefined },
      written,
    );
  }
  await deleteBucket(store, BUCKET);
  const options = {
    signal: new AbortController().signal,
    onFailure: (what: string, cause: unknown) => assert.fail(`${what}: ${String(cause)}`),
    pause: async () => undefined,
  };
  assert.equal((await collect(store, options)).partsEnded, UPLOADS / 100);
  const left = await readRows(store, { buckets: buckets(10), uploads: uploadsOf(BUCKET.id, 1) });
  assert.deepEqual(left, { buckets: [], uploads: [] });
  store.nowMs += DEAD_BLOB_GRACE_MS + 1;
  await collect(store, options);
  assert.equal((await store.blobs.statistics()).blobs, 0);
  assert.equal((await store.metadata.statistics()).entries, before - 1, "only the bucket's row has changed");
});
