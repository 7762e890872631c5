import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { checkHouseRules } from "../../scripts/checks/houseRules.ts";
import { problemLines } from "../../scripts/checks/Problem.ts";
import { readSources, SourceFile } from "../../scripts/checks/SourceFile.ts";

/** What the rules say about files given by path and text. */
function problemsOf(files: Readonly<Record<string, string>>): string[] {
  return problemLines(checkHouseRules(Object.entries(files).map(([path, text]) => new SourceFile(path, text))));
}

/** Files that break one rule each, and what they are told. */
const BREACHES: readonly { readonly rule: string; readonly files: Readonly<Record<string, string>>; readonly told: RegExp }[] = [
  {
    rule: "a room imports only the rooms below it",
    files: { "src/store/a.ts": 'import "../server/b.ts";' },
    told: /^src\/store\/a\.ts:1: store must not import server\/b\.ts$/,
  },
  {
    rule: "operations know no engine",
    files: { "src/operations/a.ts": 'import "../store/metadata/lmdb/LmdbMetadataEngine.ts";' },
    told: /is an engine; only who opens a store may know it$/,
  },
  {
    rule: "the protocol touches no network",
    files: { "src/protocol/a.ts": 'import "node:http";' },
    told: /protocol touches neither network nor disk, but imports node:http$/,
  },
  {
    rule: "imports run in no circle",
    files: { "src/store/a.ts": 'import "./b.ts";', "src/store/b.ts": 'import "./a.ts";' },
    told: /^src\/store\/b\.ts:1: a cycle of imports: src\/store\/a\.ts → src\/store\/b\.ts → src\/store\/a\.ts$/,
  },
  {
    rule: "functions have at most 70 lines",
    files: { "src/store/a.ts": `function long() {${"\n".repeat(70)}}\nlong();` },
    told: /^src\/store\/a\.ts:1: a function of 71 lines, more than 70$/,
  },
  {
    rule: "files have at most 500 lines",
    files: { "src/store/a.ts": "\n".repeat(501) },
    told: /^src\/store\/a\.ts: has 501 lines, more than 500$/,
  },
  {
    rule: "what is exported is documented",
    files: { "src/index.ts": "export function start(): void {}" },
    told: /^src\/index\.ts:1: start is exported without a docstring$/,
  },
  {
    rule: "what is exported is used",
    files: { "src/store/a.ts": "/** Starts. */\nexport function start(): void {}" },
    told: /^src\/store\/a\.ts:2: start is exported, but nobody imports it$/,
  },
  {
    rule: "time is handed in",
    files: { "src/store/a.ts": "void Date.now();" },
    told: /^src\/store\/a\.ts:1: Date\.now: time is handed in$/,
  },
  {
    rule: "chance is handed in",
    files: { "src/store/a.ts": 'import { randomBytes } from "node:crypto";\nvoid randomBytes;' },
    told: /randomBytes: randomness is handed in$/,
  },
  {
    rule: "nothing is left unfinished",
    files: { "src/store/a.ts": "// TODO: later" },
    told: /^src\/store\/a\.ts:1: says that something is unfinished/,
  },
  {
    rule: "no file is a drawer",
    files: { "src/store/utils.ts": "" },
    told: /^src\/store\/utils\.ts: is named as a drawer/,
  },
  {
    rule: "limits name their unit",
    files: { "src/store/a.ts": "const IDLE_TIMEOUT = 5;" },
    told: /^src\/store\/a\.ts:1: IDLE_TIMEOUT does not name its unit/,
  },
  {
    rule: "an operation has a test",
    files: {
      "src/operations/objects/GetObject.ts": "/** See /API_GetObject.html. */\nexport const GetObject = 1;",
      "src/operations/registry.ts": 'import { GetObject } from "./objects/GetObject.ts";\nvoid GetObject;',
    },
    told: /^src\/operations\/objects\/GetObject\.ts: has no test: one whose name begins with "GetObject: "$/,
  },
  {
    rule: "each operation of a setting has a test",
    files: {
      "src/operations/settings/BucketCors.ts":
        "/** See /API_GetBucketCors.html. */\nexport const GetBucketCors = 1;\n" +
        "/** See /API_DeleteBucketCors.html. */\nexport const DeleteBucketCors = 2;",
      "src/operations/registry.ts":
        'import { DeleteBucketCors, GetBucketCors } from "./settings/BucketCors.ts";\nvoid [DeleteBucketCors, GetBucketCors];',
      "test/operations/settings/BucketCors.test.ts": 'test("GetBucketCors: there are none", () => {});',
    },
    told: /^src\/operations\/settings\/BucketCors\.ts: has no test: one whose name begins with "DeleteBucketCors: "$/,
  },
  {
    rule: "a setting has operations and nothing else",
    files: {
      "src/operations/settings/BucketCors.ts": "/** See /API_corsRules.html. */\nexport const corsRules = 1;",
      "src/operations/registry.ts": 'import { corsRules } from "./settings/BucketCors.ts";\nvoid corsRules;',
      "test/operations/settings/BucketCors.test.ts": 'test("corsRules: there are none", () => {});',
    },
    told: /^src\/operations\/settings\/BucketCors\.ts: exports corsRules, which is no operation of S3's, IAM's or STS's$/,
  },
  ...[
    'export const isRead = (name: string): boolean => name === "GetObject";',
    "export const isRead = (name: string): boolean => name === `GetObject`;",
    "export const reads: Readonly<Record<string, true>> = { GetObject: true };",
    "export const isRead = (known: Known, name: string): boolean => known.GetObject.includes(name);",
  ].map((text) => ({
    rule: `nobody but the declarations and the deviations asks for an operation's name: ${text}`,
    files: { "src/server/a.ts": `/** Yes. */\n${text}`, "test/a.ts": 'import * as a from "../src/server/a.ts";\nvoid a;' },
    told: /^src\/server\/a\.ts:2: asks for GetObject by name: say it in the operation's declaration or in src\/protocol\/deviations\.ts$/,
  })),
  {
    rule: "an operation does not know the request behind its input",
    files: {
      "src/operations/a.ts":
        'import type { WireRequest } from "../protocol/WireRequest.ts";\nvoid (0 as unknown as WireRequest);',
    },
    told: /^src\/operations\/a\.ts:1: src\/protocol\/WireRequest\.ts: an operation reads its input and its context; /,
  },
  {
    rule: "an operation does not reach past its input",
    files: { "src/operations/a.ts": "function secure(context: any) { return context.request.secure; }\nvoid secure;" },
    told: /^src\/operations\/a\.ts:1: context\.request: an operation reads its input and its context; /,
  },
  ...[
    { pattern: "/(.*?)[ \\t]*\\r?$/", told: /^src\/server\/a\.ts:1: .* takes quadratic time on many "[ \\t.]+": write it so/ },
    { pattern: "/,+$/", told: /^src\/server\/a\.ts:1: \/,\+\$\/ takes quadratic time on many ",": write it so/ },
    { pattern: "/^(?:a+)+$/", told: /^src\/server\/a\.ts:1: .* takes exponential time on many "a": write it so/ },
    { pattern: 'new RegExp("a")', told: /^src\/server\/a\.ts:1: makes a pattern at run time, whose cost no check can judge$/ },
    { pattern: 'RegExp("a")', told: /^src\/server\/a\.ts:1: makes a pattern at run time, whose cost no check can judge$/ },
  ].map(({ pattern, told }) => ({
    rule: `patterns take linear time: ${pattern}`,
    files: { "src/server/a.ts": `void ${pattern}.test("");` },
    told,
  })),
  {
    rule: "a test says what of what",
    files: { "test/a.test.ts": 'test("works", () => {});' },
    told: /^test\/a\.test\.ts:1: a test is named "thing: behaviour", not "works"$/,
  },
  {
    rule: "no test is left out",
    files: { "test/a.test.ts": 'test.skip("a: b", () => {});' },
    told: /^test\/a\.test\.ts:1: test\.skip: every test runs$/,
  },
  {
    rule: "a test's folder goes last",
    files: { "test/a.test.ts": 'test("a: b", (t) => t.after(() => rm("folder")));' },
    told: /^test\/a\.test\.ts:1: a folder of a test is a newFolder, which goes last$/,
  },
];

for (const { rule, files, told } of BREACHES) {
  test(`House rules: ${rule}`, () => {
    const problems = problemsOf(files);
    assert.equal(problems.length, 1, problems.join("\n"));
    assert.match(problems[0]!, told);
  });
}

test("House rules: a clock that can be handed in may have a default", () => {
  assert.deepEqual(problemsOf({ "src/store/a.ts": "function age(now = Date.now()): number { return now; }\nvoid age;" }), []);
});

test("House rules: a pattern may repeat what cannot be told apart in one way only, and tests and scripts any", () => {
  const text = 'void /^([a-z]+)(?:-[a-z]+)*[ ]*$/u.test("");';
  assert.deepEqual(problemsOf({ "src/server/a.ts": text, "scripts/a.ts": 'void /,+$/.test("");' }), []);
});

test("House rules: the deviations name operations, and types may", () => {
  const files = {
    "src/protocol/deviations.ts": 'const quiet = new Set(["GetObject"]);\nvoid quiet;',
    "src/protocol/a.ts": 'type Read = Inputs["GetObject"] & { readonly GetObject: string };\nvoid (0 as unknown as Read);',
  };
  assert.deepEqual(problemsOf(files), []);
});

test("House rules: this repository keeps them", () => {
  assert.deepEqual(problemLines(checkHouseRules(readSources(join(import.meta.dirname, "..", "..")))), []);
});
