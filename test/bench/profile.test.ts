import assert from "node:assert/strict";
import { test } from "node:test";
import type { CpuProfile } from "../../bench/profile.ts";
import { STAGES, stageTimes } from "../../bench/profile.ts";

function node(id: number, functionName: string, url: string, children: readonly number[] = []) {
  return { id, callFrame: { functionName, url }, children };
}

const ROOT = "file:///home/somebody/holdfast";
const nodes = [
  node(1, "(root)", "", [2, 3, 4, 5]),
  node(2, "(idle)", ""),
  node(3, "(program)", ""),
  node(4, "(garbage collector)", ""),
  node(5, "onParse", "node:_http_server", [6]),
  node(6, "handleRequest", `${ROOT}/src/server/handleRequest.ts`, [7, 9]),
  node(7, "authenticate", `${ROOT}/src/auth/authenticate.ts`, [8]),
  node(8, "hash", "node:internal/crypto/hash", []),
  node(9, "read", `${ROOT}/src/store/metadata/lmdb/LmdbMetadataEngine.ts`, [10]),
  node(10, "get", `${ROOT}/node_modules/lmdb/src/read.js`),
];

function profileOf(samples: readonly number[]): CpuProfile {
  return { startTime: 1_000, nodes, samples, timeDeltas: samples.map((_, index) => (index === 0 ? 0 : 100)) };
}

test("stageTimes: counts a sample for the innermost room of its stack, and Node's work for the room that asked", () => {
  const times = stageTimes(profileOf([8, 8, 10, 6, 5, 3, 4, 2, 2]), 0, Infinity);
  assert.deepEqual(Object.fromEntries(times), {
    "signature and caller": 200,
    "index: reads and commits": 100,
    "request life, ids, headers, metrics": 100,
    "Node outside Holdfast's calls: node:http, streams, timers": 100,
    "system calls and the event loop": 100,
    "garbage collection": 100,
  });
  for (const stage of times.keys()) assert.ok(STAGES.includes(stage));
});

test("stageTimes: leaves out what ran before and after", () => {
  assert.deepEqual([...stageTimes(profileOf([8, 6, 6, 8, 8]), 1_100, 1_300)], [["request life, ids, headers, metrics", 200]]);
});
