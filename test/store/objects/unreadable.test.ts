import assert from "node:assert/strict";
import { test } from "node:test";
import { writeContent } from "../../../src/store/objects/content.ts";
import type { WriteConditions } from "../../../src/store/objects/conditions.ts";
import * as objects from "../../../src/store/objects/objects.ts";
import type { NewObject } from "../../../src/store/objects/KeyHistory.ts";
import { KeyHistory } from "../../../src/store/objects/KeyHistory.ts";
import { objectRow, PLAIN_OBJECT } from "../../../src/store/records/ObjectRecord.ts";
import { UnreadableRecordError } from "../../../src/store/records/UnreadableRecordError.ts";
import { patternBytes } from "../blobs/blobs.suite.ts";
import { expectLoose } from "../checkedStore.ts";
import type { TestStore } from "../testStore.ts";
import {
  BUCKET,
  copyObject,
  deleteObject,
  flipBit,
  objectRecord,
  openTestStore,
  putObject,
  source,
  targetOf,
} from "../testStore.ts";

/** A record that cannot be read must not be in the way of whoever writes its key anew or deletes it. */

const NEW_OBJECT: NewObject = {
  ownerId: BUCKET.ownerId,
  ownerName: BUCKET.ownerName,
  lastModifiedMs: 1,
  sizeBytes: 0,
  etag: "0",
  storageClass: "STANDARD",
  checksum: undefined,
  system: {},
  user: [],
  partsCount: 0,
  ...PLAIN_OBJECT,
};

async function openDamaged(): Promise<TestStore> {
  const store = await openTestStore();
  expectLoose(store);
  for (const key of ["key", "whole"]) await putObject(store, key, patternBytes(10));
  await flipBit(store, objectRow(BUCKET.id, "key").key, 70);
  await assert.rejects(objectRecord(store, "key"), UnreadableRecordError);
  return store;
}

test("putObject: takes the place of a record that cannot be read, unless it asks something of it", async () => {
  const store = await openDamaged();
  const put = async (conditions: WriteConditions): Promise<void> => {
    const written = await writeContent(store, source(patternBytes(20)), store.nowMs);
    const { content: _, ...described } = (await objectRecord(store, "whole"))!;
    await objects.putObject(store, { ...targetOf("key"), conditions }, { ...described, sizeBytes: 20 }, written);
  };
  await assert.rejects(put({ ifMatch: '"0"', ifNoneMatch: undefined }), UnreadableRecordError);
  await assert.rejects(put({ ifMatch: undefined, ifNoneMatch: "*" }), UnreadableRecordError);
  await put({ ifMatch: undefined, ifNoneMatch: undefined });
  assert.equal((await objectRecord(store, "key"))?.sizeBytes, 20);
});

test("KeyHistory: what takes the place of a record that cannot be read can be looked at", () => {
  const found = {
    object: new UnreadableRecordError(objectRow(BUCKET.id, "key").key, "is empty"),
    older: undefined,
    nullVersion: undefined,
    nullRecord: undefined,
    named: undefined,
  };
  const history = new KeyHistory(BUCKET, BUCKET, "key", found, { realNowMs: 1, newId: () => "id" });
  assert.throws(() => history.current, UnreadableRecordError);
  const added = history.add(NEW_OBJECT, { kind: "empty" }, 1);
  assert.equal(history.current, added);
});

test("copyObject: takes the place of a record that cannot be read", async () => {
  const store = await openDamaged();
  await copyObject(store, "whole", "key");
  assert.equal((await objectRecord(store, "key"))?.sizeBytes, 10);
});

test("deleteObject: deletes a record that cannot be read, unless it asks something of it", async () => {
  const store = await openDamaged();
  await assert.rejects(
    objects.deleteObject(
      store,
      BUCKET,
      { key: "key", versionId: undefined, ifMatch: "*", bypassesGovernance: false, hasSecondFactor: false },
      0,
    ),
    UnreadableRecordError,
  );
  await deleteObject(store, "key");
  assert.equal(await objectRecord(store, "key"), undefined);
});
