import type { SourceFile, SyntaxNode } from "../checks/SourceFile.ts";
import { isNode } from "../checks/SourceFile.ts";
import type { Edit } from "./edits.ts";
import { editsOf } from "./edits.ts";
import type { Mutant } from "./Mutant.ts";

/** Expressions that are wrapped into a type: what is inside runs. */
const TYPED_EXPRESSIONS: ReadonlySet<string> = new Set(["TSAsExpression", "TSNonNullExpression", "TSSatisfiesExpression"]);
/** What a module takes from others, and where from. */
const IMPORTS: ReadonlySet<string> = new Set(["ImportDeclaration", "ExportAllDeclaration"]);
/** Explanations are prose for people; what they say is held by tests that read them, not by programs. */
const PROSE = "explanation";

/** Every fault that the runner knows to make in a file, in the order of their places. Types, imports and explanations have none. */
export function mutantsOf(file: SourceFile): Mutant[] {
  const edits: Edit[] = [];
  const visit = (node: SyntaxNode, parent: SyntaxNode | undefined): void => {
    if (!runs(node)) return;
    if (TYPED_EXPRESSIONS.has(node.type)) return visit(node["expression"] as SyntaxNode, parent);
    edits.push(...editsOf(node, parent, file.text));
    for (const [field, value] of Object.entries(node)) {
      // A loop that counts the other way never ends, which shows nothing.
      if (node.type === "ForStatement" && field === "update") continue;
      for (const child of Array.isArray(value) ? (value as unknown[]) : [value]) if (isNode(child)) visit(child, node);
    }
  };
  visit(file.program, undefined);
  return edits.toSorted((a, b) => a.start - b.start || a.end - b.end).map((edit) => mutantOf(file, edit));
}

function runs(node: SyntaxNode): boolean {
  if (node.type.startsWith("TS") && !TYPED_EXPRESSIONS.has(node.type)) return false;
  const key = node["key"];
  if (node.type === "Property" && isNode(key) && key["name"] === PROSE) return false;
  return !IMPORTS.has(node.type) && !isNode(node["source"]);
}

function mutantOf(file: SourceFile, { start, end, after }: Edit): Mutant {
  const column = start - file.text.lastIndexOf("\n", start - 1);
  return { path: file.path, start, end, line: file.lineAt(start), column, before: file.text.slice(start, end), after };
}
