import { walk } from "../checks/SourceFile.ts";
import type { SyntaxNode } from "../checks/SourceFile.ts";

/** Stands in a text for any text. */
export const ANYTHING = "\0";

/** A text of the catalogue with ANYTHING in place of each pair of braces. */
export function cataloguePattern(text: string): string {
  return text.replaceAll(/\{[^{}]+\}/g, ANYTHING);
}

/** The text of strings and templates, also put together by +, with ANYTHING for what varies; `undefined` for any other node. */
export function patternOf(node: SyntaxNode): string | undefined {
  if (node.type === "Literal") return typeof node["value"] === "string" ? node["value"] : undefined;
  if (node.type === "TemplateLiteral") {
    return (node["quasis"] as SyntaxNode[]).map(({ value }) => (value as { cooked: string }).cooked).join(ANYTHING);
  }
  if (node.type !== "BinaryExpression" || node["operator"] !== "+") return undefined;
  const [left, right] = [patternOf(node["left"] as SyntaxNode), patternOf(node["right"] as SyntaxNode)];
  return left === undefined && right === undefined ? undefined : (left ?? ANYTHING) + (right ?? ANYTHING);
}

/** Every string and template below a node. */
export function patternsIn(node: SyntaxNode): Set<string> {
  const patterns = new Set<string>();
  walk(node, (current) => {
    const pattern = patternOf(current);
    if (pattern !== undefined) patterns.add(pattern);
  });
  return patterns;
}

/** As many characters may stand in place of ANYTHING when texts are compared; with no limit two that begin and end so would be equal. */
const MOST_CHARACTERS_OF_ANYTHING = 24;

/** Whether two texts can be the same, with something short in place of each ANYTHING. */
export function canBeEqual(left: string, right: string): boolean {
  // Most texts that are no match show it by how they begin or end.
  if ([0, -1].some((at) => differ(left.at(at), right.at(at)))) return false;
  const seen = new Set<number>();
  const open: (readonly [leftAt: number, rightAt: number, inAnything: number])[] = [[0, 0, 0]];
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    const [i, j, count] = state;
    if (i === left.length && j === right.length) return true;
    if (i > left.length || j > right.length || count > MOST_CHARACTERS_OF_ANYTHING) continue;
    const number = (i * (right.length + 1) + j) * (MOST_CHARACTERS_OF_ANYTHING + 1) + count;
    if (seen.has(number)) continue;
    seen.add(number);
    if (left[i] === ANYTHING) open.push([i + 1, j, 0], [i, j + 1, count + 1]);
    else if (right[j] === ANYTHING) open.push([i, j + 1, 0], [i + 1, j, count + 1]);
    else if (left[i] === right[j]) open.push([i + 1, j + 1, 0]);
  }
  return false;
}

function differ(left: string | undefined, right: string | undefined): boolean {
  return left !== right && left !== ANYTHING && right !== ANYTHING;
}
