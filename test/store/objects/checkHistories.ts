import assert from "node:assert/strict";
import { sequenceOf } from "../../../src/store/objects/versionIds.ts";
import { objectCodec, keyOfObject } from "../../../src/store/records/ObjectRecord.ts";
import type { ObjectRecord } from "../../../src/store/records/ObjectRecord.ts";
import { bucketIdInKey, tableRange, TABLES } from "../../../src/store/records/tables.ts";
import { keyOfVersion, nullVersionCodec, nullVersionRow, versionRow } from "../../../src/store/records/versionRows.ts";
import type { Store } from "../../../src/store/Store.ts";
import { readRows } from "../../../src/store/transact.ts";

/** More rows than any of these tests has. */
const ALL = 1_000_000;

/** What the index holds of one S3 key. */
interface Histories {
  readonly bucketId: string;
  readonly key: string;
  current: ObjectRecord | undefined;
  /** In the order of their rows, with the keys of these. */
  readonly older: { readonly row: Uint8Array; readonly record: ObjectRecord }[];
}

/**
 * Throws unless the rows of every key's versions belong together: each lies at the place that its record and its id name, newest first and
 * below the current object; only a delete marker hides what is below it; and of null versions there is one, found where it is said to be.
 */
export async function checkHistories(store: Store): Promise<void> {
  const { current, older, nulls } = await readRows(store, {
    current: { ...tableRange(TABLES.objects), limit: ALL, decode: (entry) => entry },
    older: { ...tableRange(TABLES.versions), limit: ALL, decode: (entry) => entry },
    nulls: { ...tableRange(TABLES.nullVersions), limit: ALL, decode: (entry) => entry },
  });
  const all = new Map<string, Histories>();
  const of = (row: Uint8Array, key: string): Histories => {
    const bucketId = bucketIdInKey(row);
    const name = `${bucketId}/${key}`;
    const known = all.get(name) ?? { bucketId, key, current: undefined, older: [] };
    all.set(name, known);
    return known;
  };
  for (const { key, value } of current) of(key, keyOfObject(key)).current = objectCodec.decode(value, key);
  for (const { key, value } of older) of(key, keyOfVersion(key)).older.push({ row: key, record: objectCodec.decode(value, key) });
  for (const history of all.values()) checkOrder(history);
  const expected = [...all.values()].flatMap(({ bucketId, key, older: versions }) =>
    versions
      .filter(({ record }) => record.versionId === undefined)
      .map(({ record }) => [hex(nullVersionRow(bucketId, key).key), record.sequence] as const),
  );
  const found = nulls.map(({ key, value }) => [hex(key), nullVersionCodec.decode(value, key).sequence] as const);
  assert.deepEqual(found, expected.toSorted(), "where null versions are, and where they are said to be");
}

function checkOrder({ bucketId, key, current, older }: Histories): void {
  const name = `${JSON.stringify(key)} of ${bucketId}`;
  const records = older.map(({ record }) => record);
  for (const { row, record } of older) {
    assert.equal(hex(row), hex(versionRow(bucketId, key, record.sequence).key), `${name}: a version lies where its record says`);
  }
  const newestFirst = current === undefined ? records : [current, ...records];
  const sequences = newestFirst.map(({ sequence }) => sequence);
  const sorted = [...new Set(sequences)].toSorted((one, other) => other - one);
  assert.deepEqual(sequences, sorted, `${name}: the current object is the newest, and no two have one place`);
  for (const { versionId, sequence } of newestFirst) {
    if (versionId !== undefined) assert.equal(sequenceOf(versionId), sequence, `${name}: ${versionId} names its place`);
  }
  const nulls = newestFirst.filter(({ versionId }) => versionId === undefined);
  assert.ok(nulls.length <= 1, `${name} has ${nulls.length} null versions`);
  assert.notEqual(current?.isDeleteMarker, true, `${name}: the current object is no delete marker`);
  if (current === undefined)
    assert.equal(records[0]?.isDeleteMarker, true, `${name}: nothing but a delete marker hides versions`);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
