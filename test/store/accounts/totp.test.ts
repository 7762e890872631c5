import assert from "node:assert/strict";
import { test } from "node:test";
import { base32, codeOf, stepAt, stepOf } from "../../../src/store/accounts/totp.ts";

/** The secret of RFC 6238's examples for SHA-1. */
const SECRET = Buffer.from("12345678901234567890");
const STEP_MS = 30_000;
const NOW_MS = 1_800_000_000_000;
const NOW = stepAt(NOW_MS);

/** The examples of RFC 6238, appendix B, of which a device of six digits shows the last six. */
for (const [seconds, code] of [
  [59, "94287082"],
  [1_111_111_109, "07081804"],
  [1_111_111_111, "14050471"],
  [1_234_567_890, "89005924"],
  [2_000_000_000, "69279037"],
  [20_000_000_000, "65353130"],
] as const) {
  test(`codeOf: it is RFC 6238's at ${seconds} seconds`, () => {
    assert.equal(codeOf(SECRET, stepAt(seconds * 1000)), code.slice(-6));
  });
}

test("stepAt: a step begins each 30 seconds since 1970", () => {
  assert.deepEqual([0, 29_999, 30_000, 59_999].map(stepAt), [0, 0, 1, 1]);
});

test("stepOf: a code is taken one step before and behind its own, and no further", () => {
  const found = [-2, -1, 0, 1, 2].map((drift) => stepOf(SECRET, [codeOf(SECRET, NOW + drift)], NOW_MS));
  assert.deepEqual(found, [undefined, NOW - 1, NOW, NOW + 1, undefined]);
});

test("stepOf: two codes are taken in a row only, the second one at most a step away", () => {
  const codesAt = (first: number, second: number): string[] => [codeOf(SECRET, NOW + first), codeOf(SECRET, NOW + second)];
  assert.equal(stepOf(SECRET, codesAt(-1, 0), NOW_MS), NOW);
  assert.equal(stepOf(SECRET, codesAt(-1, 0), NOW_MS + STEP_MS), NOW);
  assert.equal(stepOf(SECRET, codesAt(-1, 0), NOW_MS + 2 * STEP_MS), undefined);
  for (const [first, second] of [
    [0, 0],
    [0, -1],
    [-2, 0],
  ] as const) {
    assert.equal(stepOf(SECRET, codesAt(first, second), NOW_MS), undefined);
  }
});

test("stepOf: what is no code of six digits is none", () => {
  const code = codeOf(SECRET, NOW);
  for (const wrong of ["", code.slice(1), ` ${code}`, `${code}0`, "ä".repeat(3), code.replace(/.$/, "x")]) {
    assert.equal(stepOf(SECRET, [wrong], NOW_MS), undefined, wrong);
  }
});

test("base32: as RFC 4648 has it", () => {
  assert.equal(base32(SECRET), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
  assert.equal(base32(Buffer.from("fooba")), "MZXW6YTB");
});
