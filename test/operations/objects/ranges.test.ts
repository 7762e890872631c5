import assert from "node:assert/strict";
import { test } from "node:test";
import { contentRange, requestedRange } from "../../../src/operations/objects/ranges.ts";

const SIZE_BYTES = 10;

/** Ranges of ten bytes: start and end, exclusive; `undefined` where the whole object is sent. */
const RANGES: Readonly<Record<string, readonly [start: number, end: number] | undefined>> = {
  "bytes=0-0": [0, 1],
  "bytes=9-9": [9, 10],
  "bytes=9-10": [9, 10],
  "bytes=0-8": [0, 9],
  "bytes=0-9": [0, 10],
  "bytes=0-99999999999999999999": [0, 10],
  "bytes=9-": [9, 10],
  "bytes=0-": [0, 10],
  "bytes=-1": [9, 10],
  "bytes=-10": [0, 10],
  "bytes=-11": [0, 10],
  "bytes=3-3": [3, 4],
  "bytes=007-008": [7, 9],
  // The unit has no case.
  "BYTES=1-2": [1, 3],
  "Bytes=-3": [7, 10],
  // What is none is ignored.
  "bytes=4-3": undefined,
  "bytes=99-98": undefined,
  "bytes=-": undefined,
  "bytes=": undefined,
  "bytes=0-1,3-4": undefined,
  "bytes=0-1,": undefined,
  "bytes=0-1 ": undefined,
  " bytes=0-1": undefined,
  "bytes =0-1": undefined,
  "bytes= 0-1": undefined,
  "bytes=0 -1": undefined,
  "bytes=0- 1": undefined,
  "xbytes=0-1": undefined,
  "bytes=+0-1": undefined,
  "bytes=0-1x": undefined,
  "bytes=0x1-2": undefined,
  "bytes=--1": undefined,
  "byte=0-1": undefined,
  "items=0-1": undefined,
  "0-1": undefined,
  "": undefined,
};

for (const [header, expected] of Object.entries(RANGES)) {
  test(`Range ${JSON.stringify(header)}: ${expected === undefined ? "counts for nothing" : `is bytes ${expected.join(" to ")}`}`, () => {
    const range = requestedRange(header, SIZE_BYTES);
    assert.deepEqual(range, expected === undefined ? undefined : { start: expected[0], end: expected[1] });
  });
}

test("Range: one that begins behind the end, or asks for the last no bytes, is InvalidRange", () => {
  for (const header of ["bytes=10-", "bytes=10-10", "bytes=10-11", "bytes=-0", "bytes=99999999999999999999-"]) {
    assert.throws(
      () => requestedRange(header, SIZE_BYTES),
      {
        code: "InvalidRange",
        details: [
          ["RangeRequested", header],
          ["ActualObjectSize", "10"],
        ],
        explanation: `Range is "${header}", and the object's bytes are 0 to 9; it holds none of them.`,
      },
      header,
    );
  }
});

test("Range: the last bytes of an empty object are all of it; it has no others", () => {
  assert.equal(requestedRange("bytes=-5", 0), undefined);
  for (const header of ["bytes=0-", "bytes=0-0", "bytes=-0"]) {
    assert.throws(() => requestedRange(header, 0), {
      code: "InvalidRange",
      explanation: `Range is "${header}", and the object has no bytes; leave Range out.`,
    });
  }
});

test("Content-Range: first and last byte and the size; none where there are no bytes", () => {
  assert.equal(contentRange({ start: 2, end: 5 }, 10), "bytes 2-4/10");
  assert.equal(contentRange({ start: 9, end: 10 }, 10), "bytes 9-9/10");
  assert.equal(contentRange({ start: 5, end: 5 }, 10), undefined);
});
