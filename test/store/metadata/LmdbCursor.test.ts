import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { RootDatabase } from "lmdb";
import { open } from "lmdb";
import { LmdbCursor, MAX_KEY_SIZE_BYTES } from "../../../src/store/metadata/lmdb/LmdbCursor.ts";
import { ByteKeys } from "../../../src/store/metadata/lmdb/nativeCursors.ts";

const scratch = mkdtempSync(join(tmpdir(), "holdfast-cursor-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

/** The ends of the order, two neighbours, and one beyond them. */
const LETTERS = [0x00, 0x61, 0x62, 0x64, 0xff];
const words = (sizeBytes: number): Buffer[] =>
  sizeBytes === 0
    ? [Buffer.alloc(0)]
    : words(sizeBytes - 1).flatMap((word) => LETTERS.map((letter) => Buffer.from([...word, letter])));
const byOrder = (keys: readonly Buffer[]): Buffer[] => keys.toSorted((left, right) => Buffer.compare(left, right));

const LONGEST = Buffer.alloc(MAX_KEY_SIZE_BYTES, "b");
const LONGER = Buffer.concat([LONGEST, Buffer.of(0)]);

/** What each key has for a value. */
function valueOf(key: Buffer): Buffer {
  return Buffer.concat([Buffer.from("value of "), key]);
}

let indexes = 0;
/** An index of these keys, while `work` runs. */
async function withIndex(
  keys: readonly Buffer[],
  work: (newCursor: () => LmdbCursor, database: RootDatabase<Uint8Array, Uint8Array>) => void,
): Promise<void> {
  const byteKeys = new ByteKeys();
  const database: RootDatabase<Uint8Array, Uint8Array> = open({
    path: join(scratch, String(indexes++)),
    encoder: { encode: (value: Uint8Array) => value, decode: (value: Uint8Array) => Buffer.from(value) },
    keyEncoder: byteKeys,
  });
  for (const key of keys) database.putSync(key, valueOf(key));
  work(() => new LmdbCursor(database, byteKeys.keyBuffer(database)), database);
  await database.close();
}

/** Where a cursor stands, once as it is read where it lies, and once as it stays. */
function standsOn(cursor: LmdbCursor): Buffer {
  const inMemory = Buffer.from(cursor.memory.subarray(cursor.keyStart, cursor.keyEnd));
  const { key, value } = cursor;
  assert.ok(key.equals(inMemory));
  assert.ok(valueOf(key).equals(value));
  // Behind them the key lies elsewhere.
  assert.ok(key.equals(cursor.memory.subarray(cursor.keyStart, cursor.keyEnd)));
  return key;
}

const KEYS: Readonly<Record<string, readonly Buffer[]>> = {
  none: [],
  one: [Buffer.from("b")],
  "all short ones": byOrder([...words(1), ...words(2)]),
  "the ends and the longest": byOrder([Buffer.of(0), Buffer.of(0xff), Buffer.of(0xff, 0xff), LONGEST, Buffer.from("c")]),
};
const ENDS = [undefined, Buffer.of(0), Buffer.from("a"), Buffer.from("b\xff", "latin1"), Buffer.of(0xff), LONGEST, LONGER];

for (const [which, keys] of Object.entries(KEYS)) {
  test(`LmdbCursor: it goes through an index as through a list, wherever a walk begins and ends: ${which}`, () =>
    withIndex(keys, (newCursor) => {
      using cursor = newCursor();
      assert.equal(cursor.next(), false, "it stands nowhere yet");
      for (const start of [...words(0), ...words(1), ...words(2), LONGEST, LONGER]) {
        for (const end of ENDS) {
          const wanted = keys.filter(
            (key) => Buffer.compare(key, start) >= 0 && (end === undefined || Buffer.compare(key, end) < 0),
          );
          const found: Buffer[] = [];
          for (let more = cursor.seek(start, end); more; more = cursor.next()) found.push(standsOn(cursor));
          assert.deepEqual(found, wanted, `${start.toString("hex")} to ${end?.toString("hex")}`);
          assert.equal(cursor.next(), false, "it stands nowhere any more");
        }
      }
    }));

  test(`LmdbCursor: it skips all keys with the first bytes of the one it stands on, and no other: ${which}`, () =>
    withIndex(keys, (newCursor) => {
      using cursor = newCursor();
      for (const from of keys) {
        for (const end of ENDS) {
          for (const sizeBytes of [1, 2, MAX_KEY_SIZE_BYTES].filter((size) => size <= from.length)) {
            if (!cursor.seek(from, end)) continue;
            // With and without a look at the key, which puts it elsewhere.
            if (sizeBytes === 1) standsOn(cursor);
            const prefix = from.subarray(0, sizeBytes);
            const next = keys.find((key) => Buffer.compare(key, from) > 0 && !key.subarray(0, sizeBytes).equals(prefix));
            const isThere = next !== undefined && (end === undefined || Buffer.compare(next, end) < 0);
            assert.equal(
              cursor.skip(sizeBytes),
              isThere,
              `${from.toString("hex")}, ${sizeBytes} bytes, to ${end?.toString("hex")}`,
            );
            if (isThere) assert.ok(standsOn(cursor).equals(next));
          }
        }
      }
    }));
}

test("LmdbCursor: a walk asks lmdb-js for a value once, and reads the others where that was", (t) =>
  withIndex(byOrder(words(1)), (newCursor, database) => {
    using cursor = newCursor();
    assert.ok(cursor.seek(Buffer.alloc(0)));
    standsOn(cursor);
    const asked = t.mock.method(database, "getBinaryFast");
    while (cursor.next()) standsOn(cursor);
    assert.equal(asked.mock.callCount(), 0);
  }));
