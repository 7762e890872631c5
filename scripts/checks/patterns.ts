import { analyse } from "scslre";
import type { Problem } from "./Problem.ts";
import { isNode, walk } from "./SourceFile.ts";
import type { SourceFile, SyntaxNode } from "./SourceFile.ts";

/** A regular expression as the syntax tree has it. */
interface Pattern {
  readonly pattern: string;
  readonly flags: string;
}

/**
 * Every pattern of the product takes time in proportion to the text it is tried on: one that goes back over what it has read, `(.*?)[ \t]*$`,
 * lets a head of 30 KB hold up a worker for seconds. What is put together at run time cannot be judged here, and so is not done.
 */
export function checkPatterns(files: readonly SourceFile[]): Problem[] {
  return files.filter(({ path }) => path.startsWith("src/")).flatMap(checkFile);
}

function checkFile(file: SourceFile): Problem[] {
  const problems: Problem[] = [];
  walk(file.program, (node) => {
    const { regex } = node as { readonly regex?: Pattern };
    if (regex !== undefined) {
      const cost = costOf(regex);
      if (cost !== undefined)
        problems.push(file.problem(node.start, `/${regex.pattern}/ ${cost}: write it so that no text is read twice`));
    }
    if (makesPattern(node)) problems.push(file.problem(node.start, "makes a pattern at run time, whose cost no check can judge"));
  });
  return problems;
}

/** How a pattern takes more than linear time, and on which text; `undefined` if it does not. */
function costOf({ pattern, flags }: Pattern): string | undefined {
  const { reports } = analyse({ source: pattern, flags });
  if (reports.length === 0) return undefined;
  const worst = reports.find(({ exponential }) => exponential) ?? reports[0]!;
  return `takes ${worst.exponential ? "exponential" : "quadratic"} time on many ${JSON.stringify(worst.character.pick)}`;
}

function makesPattern({ type, callee }: SyntaxNode): boolean {
  return (type === "NewExpression" || type === "CallExpression") && isNode(callee) && callee["name"] === "RegExp";
}
