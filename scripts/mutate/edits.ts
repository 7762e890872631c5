/** The kinds of faults: for each node of the syntax tree, the texts that may stand in its place. */
import { isNode } from "../checks/SourceFile.ts";
import type { SyntaxNode } from "../checks/SourceFile.ts";

/** Replaces the text between two offsets. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly after: string;
}

/** Comparisons and what differs from them at the boundary only. */
const BOUNDARIES: Readonly<Record<string, string>> = { "<": "<=", "<=": "<", ">": ">=", ">=": ">" };
const COMPARISONS: ReadonlySet<string> = new Set([...Object.keys(BOUNDARIES), "===", "!==", "in", "instanceof"]);
const ARITHMETIC: Readonly<Record<string, string>> = {
  "+": "-",
  "-": "+",
  "*": "/",
  "/": "*",
  "%": "*",
  "<<": ">>>",
  ">>": "<<",
  ">>>": "<<",
  "&": "|",
  "|": "&",
  "^": "&",
};
const METHODS: Readonly<Record<string, string>> = {
  min: "max",
  max: "min",
  floor: "ceil",
  ceil: "floor",
  some: "every",
  every: "some",
  startsWith: "endsWith",
  endsWith: "startsWith",
  toLowerCase: "toUpperCase",
  toUpperCase: "toLowerCase",
};
/** Calls that hand on the object they are called on, changed a little. */
const REFINEMENTS: ReadonlySet<string> = new Set(["filter", "slice", "subarray", "trim", "toSorted", "toReversed"]);
/** Statements that are an expression are taken out if they are one of these. */
const REMOVABLE: ReadonlySet<string> = new Set(["CallExpression", "AwaitExpression", "YieldExpression", "UpdateExpression"]);
const LOOPS: ReadonlySet<string> = new Set(["ForStatement", "WhileStatement", "DoWhileStatement"]);

/** The faults of one node, those of the nodes inside it aside. `text` is the whole file. */
export function editsOf(node: SyntaxNode, parent: SyntaxNode | undefined, text: string): Edit[] {
  return [...decisionEdits(node, parent), ...(EDITS[node.type]?.(node, parent, text) ?? [])];
}

const EDITS: Readonly<Record<string, (node: SyntaxNode, parent: SyntaxNode | undefined, text: string) => Edit[]>> = {
  LogicalExpression: operandEdits,
  BinaryExpression: (node, _parent, text) => operatorEdits(node, text, { ...BOUNDARIES, ...arithmeticOf(node) }),
  AssignmentExpression: assignmentEdits,
  ExpressionStatement: statementEdits,
  ThrowStatement: (node, parent) => (isAlternative(parent) ? [] : [whole(node, ";")]),
  BreakStatement: (node, parent) => (parent?.type === "SwitchCase" ? [whole(node, ";")] : []),
  MemberExpression: (node, _parent, text) => optionalEdits(node, "object", text),
  CallExpression: (node, _parent, text) => [...optionalEdits(node, "callee", text), ...methodEdits(node, text)],
  ArrayExpression: (node, parent) => (isEmptied(node, parent) ? [whole(node, "[]")] : []),
  Literal: literalEdits,
  TemplateLiteral: (node, _parent, text) => (/[\s]|\\n/.test(text.slice(node.start, node.end)) ? [] : [whole(node, '""')]),
};

function whole({ start, end }: SyntaxNode, after: string): Edit {
  return { start, end, after };
}

/** What is true or false is always one of both. Loops never end by this. */
function decisionEdits(node: SyntaxNode, parent: SyntaxNode | undefined): Edit[] {
  if (node.type === "Literal") return [];
  const both = [whole(node, "true"), whole(node, "false")];
  if (parent?.["test"] === node) {
    if (LOOPS.has(parent.type)) return [both[1]!];
    // One of the operands alone decides, too: what is left is noticed by the same tests.
    if (node.type === "LogicalExpression" && node["operator"] !== "??") return [both[node["operator"] === "&&" ? 1 : 0]!];
    return both;
  }
  const isOperand = parent?.type === "LogicalExpression" || (parent?.type === "UnaryExpression" && parent["operator"] === "!");
  const isComparison = node.type === "BinaryExpression" && COMPARISONS.has(node["operator"] as string);
  const isNegation = node.type === "UnaryExpression" && node["operator"] === "!";
  return !isOperand && (isComparison || isNegation) ? both : [];
}

/** `a && b`, `a || b`, `a ?? b`: a alone, b alone. */
function operandEdits(node: SyntaxNode, _parent: SyntaxNode | undefined, text: string): Edit[] {
  return [child(node, "left"), child(node, "right")].map((operand) => whole(node, `(${text.slice(operand.start, operand.end)})`));
}

function operatorEdits(node: SyntaxNode, text: string, swaps: Readonly<Record<string, string>>): Edit[] {
  const operator = node["operator"] as string;
  const after = swaps[operator];
  if (after === undefined) return [];
  const start = text.indexOf(operator, child(node, "left").end);
  return [{ start, end: start + operator.length, after }];
}

/** Arithmetic on numbers: "+" of texts has no opposite. */
function arithmeticOf(node: SyntaxNode): Readonly<Record<string, string>> {
  const isText = (operand: SyntaxNode): boolean =>
    operand.type === "TemplateLiteral" ||
    typeof operand["value"] === "string" ||
    (isNode(operand["left"]) && isText(operand["left"]));
  return isText(child(node, "left")) || isText(child(node, "right")) ? {} : ARITHMETIC;
}

function assignmentEdits(node: SyntaxNode, _parent: SyntaxNode | undefined, text: string): Edit[] {
  const swaps = Object.entries(ARITHMETIC).map(([operator, after]) => [`${operator}=`, `${after}=`]);
  const isText = typeof child(node, "right")["value"] === "string" || child(node, "right").type === "TemplateLiteral";
  return isText ? [] : operatorEdits(node, text, Object.fromEntries(swaps) as Record<string, string>);
}

/** What a statement does, it does no more. */
function statementEdits(node: SyntaxNode): Edit[] {
  const expression = child(node, "expression");
  const callee = expression["callee"];
  if (isNode(callee) && callee.type === "Super") return [];
  const assigns = expression.type === "AssignmentExpression" && expression["operator"] === "=";
  return assigns || REMOVABLE.has(expression.type) ? [whole(node, ";")] : [];
}

/** True for the only statement behind a condition: taking it out would be the condition's fault again. */
function isAlternative(parent: SyntaxNode | undefined): boolean {
  if (parent?.type === "BlockStatement") return (parent["body"] as unknown[]).length === 1;
  return parent?.type === "IfStatement";
}

/** `a?.b`: `a.b`. */
function optionalEdits(node: SyntaxNode, owner: string, text: string): Edit[] {
  if (node["optional"] !== true) return [];
  const start = text.indexOf("?.", child(node, owner).end);
  return [{ start, end: start + 2, after: node["computed"] === true || owner === "callee" ? "" : "." }];
}

function methodEdits(node: SyntaxNode, text: string): Edit[] {
  const callee = child(node, "callee");
  const { object, property } = callee;
  if (callee.type !== "MemberExpression" || callee["computed"] === true || !isNode(object) || !isNode(property)) return [];
  const name = property["name"] as string;
  if (Object.hasOwn(METHODS, name)) return [whole(property, METHODS[name]!)];
  return REFINEMENTS.has(name) ? [whole(node, text.slice(object.start, object.end))] : [];
}

/** Lists are emptied; the lists in a list are its rows, whose words are changed one by one. */
function isEmptied(node: SyntaxNode, parent: SyntaxNode | undefined): boolean {
  return (node["elements"] as unknown[]).length > 0 && parent?.type !== "ArrayExpression";
}

function literalEdits(node: SyntaxNode, parent: SyntaxNode | undefined, text: string): Edit[] {
  const { value } = node;
  if (isNode(parent) && isName(node, parent)) return [];
  if (typeof value === "boolean") return [whole(node, String(!value))];
  if (typeof value === "number") return [whole(node, String(value + 1))];
  if (typeof value === "bigint") return [whole(node, `${value + 1n}n`)];
  if (typeof value === "string") return textEdits(node, parent, value);
  return node["regex"] === undefined ? [] : patternEdits(node, text);
}

/** Keys of members are names, and so are the texts that a condition compares with, which is replaced as a whole. */
function isName(node: SyntaxNode, parent: SyntaxNode): boolean {
  if (parent["key"] === node) return parent["computed"] !== true;
  return typeof node["value"] === "string" && parent.type === "BinaryExpression" && COMPARISONS.has(parent["operator"] as string);
}

/** Words are wire facts, names and keys that something else must know. Prose, which has blanks, is for people. */
function textEdits(node: SyntaxNode, parent: SyntaxNode | undefined, value: string): Edit[] {
  if (/\S\s|\s\S/.test(value) || parent?.type === "ExpressionStatement") return [];
  return [whole(node, value === "" ? '"mutated"' : '""')];
}

/** A pattern matches in the middle, too, or other letters. */
function patternEdits(node: SyntaxNode, text: string): Edit[] {
  const raw = text.slice(node.start, node.end);
  const flags = raw.length - raw.lastIndexOf("/") - 1;
  const edits: Edit[] = [];
  if (raw.startsWith("/^")) edits.push({ start: node.start + 1, end: node.start + 2, after: "" });
  const last = node.end - flags - 2;
  if (text[last] === "$" && text[last - 1] !== "\\") edits.push({ start: last, end: last + 1, after: "" });
  if (raw.slice(raw.length - flags).includes("i"))
    edits.push(whole(node, raw.slice(0, raw.length - flags) + raw.slice(raw.length - flags).replace("i", "")));
  return edits;
}

function child(node: SyntaxNode, field: string): SyntaxNode {
  return node[field] as SyntaxNode;
}
