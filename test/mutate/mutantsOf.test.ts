import assert from "node:assert/strict";
import { test } from "node:test";
import { SourceFile } from "../../scripts/checks/SourceFile.ts";
import { describeMutant, mutatedText } from "../../scripts/mutate/Mutant.ts";
import { mutantsOf } from "../../scripts/mutate/mutantsOf.ts";

/** Each mutant of a text, as `before → after`. */
function faults(text: string): string[] {
  return mutantsOf(new SourceFile("src/store/a.ts", text)).map(({ before, after }) => `${before} → ${after}`);
}

/** Code, and every fault made in it. */
const CASES: readonly { readonly what: string; readonly code: string; readonly made: readonly string[] }[] = [
  {
    what: "a comparison is always true, always false, and other at its boundary",
    code: "f = a < b;",
    made: ["f = a < b; → ;", "a < b → true", "a < b → false", "< → <="],
  },
  { what: "a condition is always true and always false", code: "if (a) ;", made: ["a → true", "a → false"] },
  { what: "a negation is always true and always false", code: "const f = !a;", made: ["!a → true", "!a → false"] },
  {
    what: "each operand of a condition decides alone, or none",
    code: "if (a && b) ;",
    made: ["a && b → false", "a && b → (a)", "a && b → (b)"],
  },
  { what: "the same of an alternative", code: "if (a || !b) ;", made: ["a || !b → true", "a || !b → (a)", "a || !b → (!b)"] },
  { what: "a default is the only value, or none", code: "const f = a ?? b;", made: ["a ?? b → (a)", "a ?? b → (b)"] },
  { what: "a loop ends before it begins, and never counts backwards", code: "for (; a; i += b) ;", made: ["a → false"] },
  { what: "arithmetic is another", code: "const f = a + b * c;", made: ["+ → -", "* → /"] },
  { what: "texts are not subtracted", code: 'const f = `${a} b` + c + "d e" + g;', made: [] },
  { what: "an assignment of a sum is one of a difference", code: "a += b;", made: ["+= → -="] },
  { what: "numbers are one larger", code: "const f = [a(9), 8n];", made: ["[a(9), 8n] → []", "9 → 10", "8n → 9n"] },
  { what: "booleans are the other one", code: "f(true);", made: ["f(true); → ;", "true → false"] },
  {
    what: "words are empty, prose is left alone",
    code: 'const f = ["a-b", "a b", ""];',
    made: ['["a-b", "a b", ""] → []', '"a-b" → ""', '"" → "mutated"'],
  },
  {
    what: "the word of a case is another",
    code: 'switch (a) { case "b": f(); break; }',
    made: ['"b" → ""', "f(); → ;", "break; → ;"],
  },
  {
    what: "templates without blanks are empty",
    code: "const f = [`${a}/b`, `${a} b`] as const;",
    made: ["[`${a}/b`, `${a} b`] → []", '`${a}/b` → ""'],
  },
  { what: "a pattern has no ends and minds case", code: "const f = /^a$/i;", made: ["/^a$/i → /^a$/", "^ → ", "$ → "] },
  { what: "statements do nothing", code: "async function f() { await a(); }", made: ["await a(); → ;"] },
  { what: "a refusal behind a condition is its condition's", code: "if (a) throw b;", made: ["a → true", "a → false"] },
  { what: "another refusal is none", code: "function f() { a(); throw b; }", made: ["a(); → ;", "throw b; → ;"] },
  {
    what: "what may be missing must be there",
    code: "const f = a?.b ?? a?.[0] ?? a?.();",
    made: [
      "a?.b ?? a?.[0] → (a?.b)",
      "a?.b ?? a?.[0] → (a?.[0])",
      "a?.b ?? a?.[0] ?? a?.() → (a?.b ?? a?.[0])",
      "a?.b ?? a?.[0] ?? a?.() → (a?.())",
      "?. → .",
      "?. → ",
      "0 → 1",
      "?. → ",
    ],
  },
  { what: "methods have opposites", code: "const f = Math.min(a.trim(), b);", made: ["min → max", "a.trim() → a"] },
  {
    what: "types, imports, names and explanations have none",
    code: 'import a from "a"; type T = 1; const f: 1 = g as 1; const o: T = { "a-b": h, explanation: i ? "1" : "2" };',
    made: [],
  },
];

for (const { what, code, made } of CASES) {
  test(`Mutants: ${what}`, () => {
    assert.deepEqual(faults(code).toSorted(), made.toSorted());
  });
}

test("Mutants: a report names the place and both sides, on one line", () => {
  const text = "const a = b;\nexport const f =\n  a +\n  b;\n";
  const [mutant] = mutantsOf(new SourceFile("src/store/a.ts", text));
  assert.equal(describeMutant(mutant!), "src/store/a.ts:3:5 + → -");
  assert.equal(mutatedText(mutant!, text), text.replace("+", "-"));
});

test("Mutants: every one can be parsed", () => {
  const text =
    "export const f = (a: number[] | undefined): boolean => !(a?.some((b) => b > 0 || b === -1) ?? /^x$/i.test(`${a}`));";
  const mutants = mutantsOf(new SourceFile("src/store/a.ts", text));
  assert.ok(mutants.length > 10);
  for (const mutant of mutants) assert.doesNotThrow(() => new SourceFile("src/store/a.ts", mutatedText(mutant, text)));
});
