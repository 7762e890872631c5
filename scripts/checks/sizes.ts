import type { Problem } from "./Problem.ts";
import { isNode, walk } from "./SourceFile.ts";
import type { SourceFile, SyntaxNode } from "./SourceFile.ts";

const MAX_FUNCTION_LINES = 70;
const MAX_FILE_LINES = 500;

const FUNCTIONS: ReadonlySet<string> = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]);
/** Calls whose function argument is a list of tests rather than a function. */
const TEST_GROUPS: ReadonlySet<string> = new Set(["describe", "suite"]);
/** Functions that are lists of tests themselves, run for several engines. */
const TEST_LIST = /(?:Suite|Tests)$/;

/** Functions to 70 lines, files to 500; generated files aside. */
export function checkSizes(files: readonly SourceFile[]): Problem[] {
  return files.filter((file) => !file.isGenerated).flatMap((file) => [...checkFile(file), ...checkFunctions(file)]);
}

function checkFile(file: SourceFile): Problem[] {
  if (file.lineCount <= MAX_FILE_LINES) return [];
  return [{ path: file.path, line: 0, message: `has ${file.lineCount} lines, more than ${MAX_FILE_LINES}` }];
}

function checkFunctions(file: SourceFile): Problem[] {
  const problems: Problem[] = [];
  walk(file.program, (node, ancestors) => {
    if (!FUNCTIONS.has(node.type) || isTestGroup(node, ancestors.at(-1))) return;
    const lines = file.lineAt(node.end) - file.lineAt(node.start) + 1;
    if (lines > MAX_FUNCTION_LINES)
      problems.push(file.problem(node.start, `a function of ${lines} lines, more than ${MAX_FUNCTION_LINES}`));
  });
  return problems;
}

function isTestGroup(node: SyntaxNode, parent: SyntaxNode | undefined): boolean {
  const id = node["id"];
  if (isNode(id) && TEST_LIST.test(id["name"] as string)) return true;
  if (parent?.type !== "CallExpression" || parent["callee"] === node) return false;
  const callee = parent["callee"];
  return isNode(callee) && callee.type === "Identifier" && TEST_GROUPS.has(callee["name"] as string);
}
