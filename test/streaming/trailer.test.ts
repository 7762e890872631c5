import assert from "node:assert/strict";
import { test } from "node:test";
import { parseTrailer } from "../../src/protocol/streaming/trailer.ts";

test("parseTrailer: the announced trailer and its signature, with line ends and blanks as clients write them", () => {
  for (const text of [
    "x-amz-checksum-crc32:AAAA\r\nx-amz-trailer-signature:s\r\n\r\n",
    "\n X-Amz-Checksum-CRC32 : AAAA \nx-amz-trailer-signature:s",
    "x-amz-trailer-signature:s\nx-amz-checksum-crc32:AAAA\n",
  ]) {
    const { values, signature, canonical } = parseTrailer(text, "x-amz-checksum-crc32");
    assert.deepEqual(
      [[...values], signature, canonical],
      [[["x-amz-checksum-crc32", "AAAA"]], "s", "x-amz-checksum-crc32:AAAA\n"],
    );
  }
  assert.deepEqual(parseTrailer("", undefined), { values: new Map(), signature: undefined, canonical: "" });
  assert.equal(parseTrailer("a:b:c", "a").values.get("a"), "b:c");
});

test("parseTrailer: anything else is MalformedTrailerError, and it is said why", () => {
  for (const [text, announced, explanation] of [
    ["b:c", "a", "The trailer holds b, but x-amz-trailer announced a."],
    ["b:c", undefined, "The trailer holds b, but x-amz-trailer announced none."],
    ["b", "b", "A line of the trailer has no name."],
    [":b", "b", "A line of the trailer has no name."],
    ["a:b\nA:b", "a", "The trailer a came twice."],
    ["a:b\nx-amz-trailer-signature:s\nx-amz-trailer-signature:s", "a", "The trailer x-amz-trailer-signature came twice."],
  ] as const)
    assert.throws(() => parseTrailer(text, announced), { code: "MalformedTrailerError", explanation }, text);
});
