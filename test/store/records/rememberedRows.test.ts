import assert from "node:assert/strict";
import { test } from "node:test";
import type { Codec } from "../../../src/store/records/Row.ts";
import { MAX_REMEMBERED_ROWS, rememberedRows } from "../../../src/store/records/rememberedRows.ts";
import { TABLES } from "../../../src/store/records/tables.ts";

interface Note {
  readonly text: string;
}

/** Rows of notes, and how often one was decoded. */
function notes() {
  let decoded = 0;
  const codec: Codec<Note, Buffer> = {
    encode: ({ text }) => Buffer.from(text),
    decode(bytes) {
      if (bytes.length === 0) throw new Error("unreadable");
      decoded += 1;
      return { text: Buffer.from(bytes).toString() };
    },
  };
  return { row: rememberedRows(TABLES.buckets, codec), decoded: () => decoded };
}

test("rememberedRows: the same bytes are decoded once, and other ones anew", () => {
  const { row, decoded } = notes();
  const read = (text: string): Note => row("a").codec.decode(Buffer.from(text), row("a").key);
  const first = read("one");
  assert.equal(read("one"), first);
  assert.equal(decoded(), 1);
  assert.deepEqual(read("two"), { text: "two" });
  assert.deepEqual(read("one"), { text: "one" });
  assert.equal(decoded(), 3);
});

test("rememberedRows: what was remembered does not change with the bytes that it was read from", () => {
  const { row } = notes();
  const bytes = Buffer.from("one");
  row("a").codec.decode(bytes, row("a").key);
  bytes.write("two");
  assert.deepEqual(row("a").codec.decode(bytes, row("a").key), { text: "two" });
});

test("rememberedRows: names of nothing, and of what cannot be read, are not remembered; of the others, so many", () => {
  const { row } = notes();
  const { key, codec } = row("a");
  assert.equal(key.toString("latin1"), "\x01a");
  assert.notEqual(row("a"), row("a"));
  assert.throws(() => codec.decode(Buffer.alloc(0), key), /unreadable/);
  assert.notEqual(row("a"), row("a"));
  const remember = (name: string): void => void row(name).codec.decode(codec.encode({ text: name }, key), key);
  remember("a");
  const remembered = row("a");
  assert.equal(row("a"), remembered);
  for (let index = 1; index < MAX_REMEMBERED_ROWS; index++) remember(`b${index}`);
  assert.equal(row("a"), remembered);
  remember("c");
  assert.notEqual(row("a"), remembered);
  assert.equal(row("c"), row("c"));
});
