import { errorCodes } from "../../src/errors/catalogue.ts";
import type { ErrorCode } from "../../src/errors/ErrorCode.ts";
import { isNode, walk } from "../checks/SourceFile.ts";
import type { SourceFile, SyntaxNode } from "../checks/SourceFile.ts";
import { SourceUnits, textsIn } from "./SourceUnits.ts";

/** A test that expects an error. */
export interface ShowingTest {
  /** Path in the repository. */
  readonly path: string;
  /** The test's name; "…" for what varies in it. */
  readonly title: string;
  /** How plainly it shows the code, from 0: named in the title, named in the test itself, named in a table it goes through. */
  readonly distance: number;
}

/** Tests of the catalogue itself, and of what clients make of errors, raise them without a cause. */
const SPEAKS_ONLY = /^test\/(?:errors|checks|clientErrors)\//;

/**
 * The tests that expect each code: those that name it, or go through a table or function of their file that names it. Plainest first.
 */
export function shownCodes(files: readonly SourceFile[]): Map<ErrorCode, ShowingTest[]> {
  const tests = files.filter(({ path }) => path.startsWith("test/") && !SPEAKS_ONLY.test(path));
  const units = new SourceUnits(tests);
  const shown = new Map<ErrorCode, ShowingTest[]>(errorCodes().map((code) => [code, []]));
  for (const file of tests.filter(({ path }) => path.endsWith(".test.ts"))) {
    for (const { title, nodes, body } of testsOf(file)) {
      const own = codesIn(body.flatMap((quasi) => textsIn(quasi)));
      const inTitle = codesIn([title]);
      const reached = units.reachedFrom(
        nodes.map((node) => ({ file, node })),
        (to) => to.file === file,
      );
      const all = new Set([
        ...own,
        ...codesIn([...nodes.flatMap((node) => textsIn(node)), ...[...reached].flatMap(({ node }) => textsIn(node))]),
      ]);
      for (const code of all) {
        const distance = own.has(code) ? (inTitle.has(code) ? 0 : 1) : 2;
        shown.get(code)!.push({ path: file.path, title, distance });
      }
    }
  }
  for (const list of shown.values()) list.sort((left, right) => left.distance - right.distance);
  return shown;
}

interface TestCall {
  readonly title: string;
  /** What runs: the test's arguments behind its title. */
  readonly body: readonly SyntaxNode[];
  /** The body, and the lists it is run for. */
  readonly nodes: readonly SyntaxNode[];
}

function testsOf(file: SourceFile): TestCall[] {
  const calls: TestCall[] = [];
  walk(file.program, (node, ancestors) => {
    if (node.type !== "CallExpression") return;
    if (isTable(node["callee"])) calls.push(...rowsOf(node));
    if (!isTest(node["callee"])) return;
    const [title, ...body] = node["arguments"] as SyntaxNode[];
    if (title === undefined) return;
    const lists = ancestors.filter(({ type }) => type === "ForOfStatement").map(({ right }) => right as SyntaxNode);
    calls.push({ title: titleOf(title), body, nodes: [...body, ...lists] });
  });
  return calls;
}

/** Functions of test/answers that declare a test for each row of a table, whose title names what the row answers. */
const TABLES: ReadonlySet<unknown> = new Set(["refusals", "refuses"]);

function isTable(callee: unknown): boolean {
  return isNode(callee) && callee.type === "Identifier" && TABLES.has(callee["name"]);
}

/** The tests of a table: one for each object in it that has a `cause`. */
function rowsOf(table: SyntaxNode): TestCall[] {
  const calls: TestCall[] = [];
  const [operation] = table["arguments"] as SyntaxNode[];
  walk(table, (node) => {
    if (node.type !== "ObjectExpression") return;
    const cause = (node["properties"] as SyntaxNode[]).find(({ key }) => isNode(key) && key["name"] === "cause")?.["value"];
    if (!isNode(cause)) return;
    const [code] = codesIn(textsIn(node));
    const title = `${titleOf(operation!)}: ${titleOf(cause)} answers ${code ?? "…"}`;
    calls.push({ title, body: [node], nodes: [node] });
  });
  return calls;
}

function isTest(callee: unknown): boolean {
  if (!isNode(callee)) return false;
  if (callee.type === "Identifier") return callee["name"] === "test";
  return callee.type === "MemberExpression" && isNode(callee["property"]) && callee["property"]["name"] === "test";
}

function titleOf(node: SyntaxNode): string {
  if (node.type === "TemplateLiteral") return (node["quasis"] as SyntaxNode[]).flatMap((quasi) => textsIn(quasi)).join("…");
  return textsIn(node).join("") || "…";
}

const CODES: ReadonlySet<string> = new Set(errorCodes());

function codesIn(texts: readonly string[]): Set<ErrorCode> {
  // SOAP's faults have a side before the code.
  const words = texts
    .flatMap((text) => text.match(/[A-Za-z][\w.]*\w/g) ?? [])
    .map((word) => word.replace(/^(?:Client|Server)\./, ""));
  return new Set(words.filter((word) => CODES.has(word)) as ErrorCode[]);
}
