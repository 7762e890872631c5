import assert from "node:assert/strict";
import { test } from "node:test";
import { HeaderList } from "../../src/protocol/HeaderList.ts";

/** Bytes of a header as Node hands them over: a character each. */
const asNodeReads = (bytes: Buffer): string => bytes.toString("latin1");

test("HeaderList: names count in any case, and lines of one name are joined by commas in their order", () => {
  const headers = new HeaderList(["Range", "bytes=0-", "X-Amz-Meta-A", "1", "x-amz-meta-a", "2", "X-AMZ-META-A", "3"]);
  assert.equal(headers.get("range"), "bytes=0-");
  assert.equal(headers.get("x-amz-meta-a"), "1,2,3");
  assert.deepEqual(headers.all("x-amz-meta-a"), ["1", "2", "3"]);
  assert.deepEqual(headers.names(), ["range", "x-amz-meta-a"]);
});

test("HeaderList: a header that did not come has no value and no lines", () => {
  const headers = new HeaderList(["Empty", ""]);
  assert.deepEqual([headers.has("empty"), headers.get("empty"), headers.all("empty")], [true, "", [""]]);
  assert.deepEqual([headers.has("range"), headers.get("range"), headers.all("range")], [false, undefined, []]);
  assert.deepEqual(new HeaderList([]).names(), []);
});

test("HeaderList: bytes are UTF-8, and Latin-1 where they are none", () => {
  for (const text of ["plain", "é", "日本 😀", "\u0080"]) {
    assert.equal(new HeaderList(["a", asNodeReads(Buffer.from(text))]).get("a"), text);
  }
  for (const text of ["\u00e9", "\u00c3", "caf\u00e9 \u00c3\u00a9", "\u00ed\u00a0\u0080"]) {
    assert.equal(new HeaderList(["a", text]).get("a"), text);
  }
});
