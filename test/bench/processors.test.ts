import assert from "node:assert/strict";
import { test } from "node:test";
import { parseProcessorList } from "../../bench/processors.ts";

test("parseProcessorList: reads single processors and ranges, and nothing from nothing", () => {
  assert.deepEqual(parseProcessorList("0-1"), [0, 1]);
  assert.deepEqual(parseProcessorList("3"), [3]);
  assert.deepEqual(parseProcessorList("0-2,5,8-9\n"), [0, 1, 2, 5, 8, 9]);
  assert.deepEqual(parseProcessorList(""), []);
});
