import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { isNode, readSources, walk } from "../../scripts/checks/SourceFile.ts";
import type { SourceFile, SyntaxNode } from "../../scripts/checks/SourceFile.ts";
import { errorLedger } from "../../scripts/ledger/ErrorLedger.ts";
import { codeOfCall, optionsOfCall } from "../../scripts/ledger/raisedCodes.ts";
import { canBeEqual, cataloguePattern, patternOf } from "../../scripts/ledger/textPatterns.ts";
import { errorCodes } from "../../src/errors/catalogue.ts";
import { messagesOf } from "../../src/errors/explanationOf.ts";
import type { ErrorCode } from "../../src/errors/ErrorCode.ts";
import { UNBUILT_FEATURES, UNREACHABLE, WAITING } from "../../src/errors/unraised.ts";
import { operations } from "../../src/operations/registry.ts";
import { routes } from "../../src/protocol/generated/routes.ts";
import type { OperationName } from "../../src/protocol/generated/types.ts";

const sources = readSources(join(import.meta.dirname, "../.."));
const ledger = errorLedger(sources);

test("Ledger: every code is raised, waits for something, or is unreachable for a reason; none is two of these", () => {
  for (const { code, raisedBy, waitsFor, reason } of ledger) {
    const places = [
      raisedBy.length > 0 ? "raised" : undefined,
      waitsFor === undefined ? undefined : "waiting",
      reason === undefined ? undefined : "unreachable",
    ].filter((place) => place !== undefined);
    assert.equal(places.length, 1, `${code} is ${places.join(" and ") || "nothing of these"}; see src/errors/unraised.ts`);
  }
});

test("Ledger: every code that is raised is shown by a test", () => {
  const unshown = ledger.filter(({ raisedBy, tests }) => raisedBy.length > 0 && tests.length === 0);
  assert.deepEqual(
    unshown.map(({ code }) => code),
    [],
  );
});

test("Ledger: what a code waits for is an operation that is not built, or a feature that is none", () => {
  for (const { waitsFor } of WAITING) {
    if (UNBUILT_FEATURES.has(waitsFor)) continue;
    assert.ok(waitsFor in routes, `S3 has no operation ${waitsFor}`);
    assert.equal(operations.has(waitsFor as OperationName), false, `${waitsFor} is built: its codes are to be raised`);
  }
});

test("Ledger: no code stands twice in the lists of codes that are not raised", () => {
  const codes = [...WAITING, ...UNREACHABLE].flatMap((entry) => entry.codes);
  assert.equal(new Set(codes).size, codes.length);
});

test("Ledger: the product makes errors of the catalogue's codes only, and forces no other text to be one", () => {
  const known: ReadonlySet<string> = new Set(errorCodes());
  for (const file of productFiles()) {
    walk(file.program, (node) => {
      const where = `${file.path}:${file.lineAt(node.start)}`;
      if (node.type === "TSAsExpression") assert.doesNotMatch(textOf(file, node["typeAnnotation"]), /\bErrorCode\b/, where);
      const code = codeOfCall(node);
      if (code !== undefined) assert.ok(known.has(code), `${where}: ${code}`);
    });
  }
});

test("Ledger: every text the product gives an error is one of its code's in the catalogue", () => {
  const unknown: string[] = [];
  for (const file of productFiles()) {
    walk(file.program, (node) => {
      const code = codeOfCall(node);
      const message = code === undefined ? undefined : writtenMessage(node);
      if (message === undefined) return;
      const known = messagesOf(code as ErrorCode).some(({ text }) => canBeEqual(message, cataloguePattern(text)));
      if (!known) unknown.push(`${file.path}:${file.lineAt(node.start)}: ${code} has no text "${message}"`);
    });
  }
  assert.deepEqual(unknown, []);
});

function productFiles(): SourceFile[] {
  return sources.filter(({ path }) => /^src\/(?!errors\/|cli\/)/.test(path));
}

function textOf(file: SourceFile, node: unknown): string {
  return isNode(node) ? file.text.slice(node.start, node.end) : "";
}

/** The message of an error that is made, where it is written there, with ANYTHING in place of what varies. */
function writtenMessage(node: SyntaxNode): string | undefined {
  const message = optionsOfCall(node).find(({ key }) => isNode(key) && key["name"] === "message")?.["value"];
  return isNode(message) ? patternOf(message) : undefined;
}
